"""The lines of intake measure what they say: the truth of the made files is the rules' own answer, and a floor writes
what a run left behind.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import psycopg
import pytest

from bench import faults, files, load, made, ours, validation
from bench.floor import copied, left_behind, transaction_now
from bench.line import Line
from bench.peers import rules
from bench.process import told
from tests.conftest import HOME, load_pack
from xinheng.intake.rules import item_to_report, provider_in_pack
from xinheng.lib.codes import check, idnumber
from xinheng.machine import database, postgres


def _answers(path: Path) -> dict[int, tuple[str, frozenset[tuple[str, str]]]]:
    rows, verdicts = 0, {}
    findings: dict[int, set[tuple[str, str]]] = {}
    for count, found in ours.judged(path):
        rows += count
        for row, column, code, verdict in found:
            verdicts[row] = verdict
            findings.setdefault(row, set()).add((column, code))
    clean = {row: ("accept", frozenset[tuple[str, str]]()) for row in range(2, rows + 2)}
    return clean | {row: (verdict, frozenset(findings[row])) for row, verdict in verdicts.items()}


def _truth(one: made.Made) -> dict[int, tuple[str, frozenset[tuple[str, str]]]]:
    clean = {row: ("accept", frozenset[tuple[str, str]]()) for row in range(2, one.rows + 2)}
    return clean | {row: (expected.verdict, expected.findings) for row, expected in one.truth.items()}


def test_the_truth_of_a_months_file_is_what_the_rules_answer(tmp_path: Path) -> None:
    month = made.month(tmp_path / "m.csv", rows=4000)
    assert set(month.seeded) == set(faults.FAULTS), "every kind of fault stands in the file"
    assert len(month.truth) == 2 * 4000 // 100
    assert _answers(month.path) == _truth(month)


def test_each_seeded_defect_is_found_at_its_place_and_nothing_else(tmp_path: Path) -> None:
    seeded = made.seeded(tmp_path / "s.csv", rows=2000, each=20)
    assert {kind: len(places) for kind, places in seeded.seeded.items()} == dict.fromkeys(faults.SEEDED, 20)
    assert len(faults.SEEDED) == 14
    assert _answers(seeded.path) == _truth(seeded)


def test_what_is_on_file_before_is_without_fault_and_half_of_the_subjects(tmp_path: Path) -> None:
    before = made.earlier(tmp_path / "e.csv", rows=2000)
    assert before.rows == before.subjects == 200
    assert _answers(before.path) == _truth(before)


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    one, two, other = (
        made.month(tmp_path / name, rows=500, seed=seed).path.read_bytes()
        for name, seed in (("a", 1), ("b", 1), ("c", 2))
    )
    assert one == two != other


def test_the_files_of_a_week_are_of_different_subjects_and_documents(tmp_path: Path) -> None:
    week = made.week(tmp_path, files=3, rows=300)
    names, documents = [], []
    for one in week:
        with one.path.open(encoding="utf-8", newline="") as source:
            rows = [row for row in csv.DictReader(source) if None not in row.values()]
        names.append({row["CF_XDR_MC"] for row in rows if row["CF_XDR_LB"] != rules.PERSON})
        documents.append({row["CF_WSH"] for row in rows} - {""})
    assert not names[0] & names[1] and not names[1] & names[2]
    assert not documents[0] & documents[1]


def test_texts_are_as_long_as_real_ones_and_the_mix_is_as_said() -> None:
    lengths = [len(before) + len(after) for before, after in made._facts()]
    assert min(lengths) >= 60 and max(lengths) <= 150
    kinds = [made.kind_of(number) for number in range(1000)]
    assert (kinds.count(made.PERSON), kinds.count(made.BUSINESS)) == (150, 150)


def test_codes_and_numbers_of_the_made_subjects_are_valid_and_their_own() -> None:
    numbers = [made.identity_number(number) for number in range(3000)]
    assert all(idnumber.check_id(number).valid for number in numbers) and len(set(numbers)) == len(numbers)
    codes = [made._business_code(number) for number in range(300)]
    assert all(check(code).valid for code in codes) and len(set(codes)) == len(codes)


def test_the_sender_and_the_columns_are_those_of_the_pack() -> None:
    pack = load_pack("demo-city")
    sender = provider_in_pack(pack, made.PROVIDER)
    assert (sender.name, sender.uscc) == (made.AUTHORITY, made.AUTHORITY_CODE) and sender.uscc == rules.SENDER
    item = item_to_report(pack, "CF", ours.TODAY)
    fields = {entry.code: entry for entry in item.fields if not entry.platform}
    assert tuple(fields) == rules.COLUMNS == tuple(made.HEADER.split(","))
    assert {code: fields[code].length for code in rules.LENGTHS} == rules.LENGTHS
    assert {code for code, entry in fields.items() if entry.required == "always"} == set(rules.REQUIRED)


def test_the_peers_check_of_codes_is_the_standards() -> None:
    sound = [made._business_code(number) for number in range(50)]
    wrong = [code[:-1] + ("1" if code[-1] != "1" else "2") for code in sound]
    columns = pytest.importorskip("bench.peers.columns")
    assert columns.codes_fit([*sound, *wrong, "short"]).tolist() == [True] * 50 + [False] * 50 + [True]
    assert all(map(rules.code_fits, sound)) and not any(map(rules.code_fits, wrong))
    numbers = [made.identity_number(number) for number in range(50)]
    wrong = [number[:-1] + ("1" if number[-1] != "1" else "2") for number in numbers]
    assert columns.identities_fit([*numbers, *wrong]).tolist() == [True] * 50 + [False] * 50
    assert all(map(rules.identity_fits, numbers)) and not any(map(rules.identity_fits, wrong))


def test_the_table_of_tools_tells_missed_kinds_and_false_alarms(tmp_path: Path) -> None:
    seeded = made.seeded(tmp_path / "s.csv", rows=1000, each=10)
    found: list[list[Any]] = [[row, column] for places in seeded.seeded.values() for row, column in places]
    missed = seeded.seeded["ragged row"][0]
    clean = next(row for row in range(2, 1000) if row not in seeded.truth and row not in seeded.twins)
    twin = min(seeded.twins - seeded.truth.keys())
    found = [one for one in found if one[0] != missed[0]] + [[clean, "CF_SY"], [twin, ""]]
    data = {"rows": 1000, "seconds": 0.5, "peak": 99.5, "found": found, "broken": []}
    whole = validation.judged("tool", seeded, [told(data)])
    assert (whole.rows["ragged row"], whole.rows["bad date"], whole.alarms) == (0.9, 1.0, 1)
    table = validation.table([whole])
    assert len({line.count("|") for line in table}) == 1
    assert "2,000" in table[2] and "ragged row 90%" in table[2] and table[2].endswith("| 1 |")
    assert validation._broken(whole) == ("defects missed: ragged row", "1 false alarms")
    elsewhere = [[row, "BZ"] for row, _ in seeded.seeded["bad date"]]
    assert validation.judged("tool", seeded, [told(data | {"found": elsewhere})]).cells["bad date"] == 0


def test_what_must_hold_and_does_not_misses_the_line() -> None:
    line = Line(name="x", unit="/s", ours=[2], floor=[1], floor_is="y", reach=1, broken=("700 MB",), note="n")
    assert line.missed and line.cells()[-1] == "**700 MB**; n"


def test_the_sums_that_a_load_must_reach_come_from_the_truth(tmp_path: Path) -> None:
    month = made.month(tmp_path / "m.csv", rows=2000)
    sums = load._sums(month, again=False)
    assert sum(sums.values()) == 2000 and sums["unchanged"] == 20 and 0 < sums["rejected"] < 20
    again = load._sums(month, again=True)
    assert sum(again.values()) == 2000 and again["accepted"] == 0


def test_times_are_told_by_their_quantiles() -> None:
    assert files.said([number / 100 for number in range(101)]) == "p50 0.500 s, p95 0.950 s, longest 1.000 s"


TABLES = """
CREATE TABLE parent (id bigint PRIMARY KEY, name text NOT NULL, cry text GENERATED ALWAYS AS (name || '!') STORED);
CREATE TABLE child (a bigint, b bigint, parent_id bigint NOT NULL REFERENCES parent (id), at date, PRIMARY KEY (a, b));
CREATE TABLE head (id int PRIMARY KEY, n int); CREATE TABLE still (id int PRIMARY KEY);
INSERT INTO parent (id, name) VALUES (1, 'one'), (2, 'two'); INSERT INTO child VALUES (1, 1, 1, now());
INSERT INTO head VALUES (1, 0); INSERT INTO still VALUES (1)
"""
RUN = """
UPDATE parent SET name = 'uno' WHERE id = 1; UPDATE head SET n = 5;
INSERT INTO parent (id, name) SELECT n, 'x' || n FROM generate_series(9, 3, -1) n;
INSERT INTO child SELECT 2, n, n, now() FROM generate_series(3, 9) n; UPDATE child SET at = NULL WHERE b = 4
"""


def test_the_floor_writes_exactly_the_rows_that_a_run_added(database_urls: Any, tmp_path: Path) -> None:
    server = postgres.Server(HOME, durable=False)
    before = database.scratch("floor_before", server=server)
    after = empty = None
    try:
        with psycopg.connect(before.owner) as connection:
            connection.execute(TABLES)
            connection.execute("GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA public TO xinheng_app")
        after = database.clone(before, "floor_after", server=server)
        since = transaction_now(after.owner)
        with psycopg.connect(after.owner) as connection:
            connection.execute(RUN)
        left = left_behind(before=before.owner, after=after.owner, since=since, folder=tmp_path)
        assert [(one.table, one.rows) for one in left] == [("parent", 7), ("child", 7)], "those referred to come first"
        empty = database.clone(before, "floor_empty", server=server)
        floor = copied(empty.app, left)
        assert floor.parts.keys() == {"parent", "child", "commit"} and floor.largest(9).count("%") == 3
        kept = "SELECT * FROM child JOIN parent ON parent.id = parent_id WHERE parent_id > 2 ORDER BY b"
        with psycopg.connect(empty.owner) as one, psycopg.connect(after.owner) as two:
            assert one.execute(kept).fetchall() == two.execute(kept).fetchall() != []
            assert one.execute("SELECT name FROM parent WHERE id = 1").fetchone() == ("one",)
    finally:
        for urls in (before, after, empty):
            if urls is not None:
                database.drop(urls, server=server)
