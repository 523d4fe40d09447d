"""Does the newcomer's walk lead where it says, and does the row it follows show what it says?"""

from __future__ import annotations

import ast
from datetime import date

import pytest

from tests.conftest import ROOT, load_pack
from tests.docs.pages import fences, links, rows
from xinheng.disclosure.rules import Asker, Channel, Ground, RecordFacts, SubjectFacts, apply, decide
from xinheng.intake.reading import check_file
from xinheng.intake.rules import provider_in_pack
from xinheng.law import lookup
from xinheng.law.enums import SubjectKind
from xinheng.records.rules import Period, RecordState

PAGE = ROOT / "docs" / "explanation" / "a-record-s-life.md"
FILE = ROOT / "lawpacks" / "zhangye" / "demo" / "scjgj-CF.csv"
TODAY = date(2026, 11, 20)
ROW = 26
SHOP, ACCOUNT, BUREAU = 7, 1, 2


def defined(source: str) -> set[str]:
    """The names of the functions and classes of a module, methods included."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return {node.name for node in ast.walk(ast.parse(source)) if isinstance(node, kinds)}


def test_every_function_that_the_walk_links_stands_in_the_file_it_links() -> None:
    found = list(links(PAGE))
    for text, path, _ in found:
        name = text.strip("`")
        if path.suffix == ".py" and name.isidentifier():
            assert name in defined(path.read_text(encoding="utf-8")), f"{name} in {path.name}"
    assert len(found) > 20


def test_every_line_that_the_walk_quotes_stands_in_a_file_it_links() -> None:
    for language, suffix in (("python", ".py"), ("yaml", ".yaml")):
        files = {path for _, path, _ in links(PAGE) if path.suffix == suffix}
        quotes = list(fences(PAGE, language))
        assert quotes
        for quote in quotes:
            assert any(quote in path.read_text(encoding="utf-8") for path in files), quote


def values() -> dict[str, str]:
    """The row as intake reads it."""
    pack = load_pack("zhangye")
    item = lookup.item(pack, "CF", TODAY)
    found = check_file(FILE.read_bytes(), item=item, pack=pack, provider=provider_in_pack(pack, "scjgj"), today=TODAY)
    row = next(row for row in found if row.row == ROW)
    assert row.verdict == "accept"
    return dict(row.values)


def shown(channel: Channel) -> dict[str, str]:
    """What leaves the house of that row on one channel."""
    pack = load_pack("zhangye")
    item = lookup.item(pack, "CF", TODAY)
    year = Period(date(2026, 4, 10), date(2027, 4, 10))
    record = RecordFacts(1, item, RecordState.ACTIVE, year, False, None, False, use=Period(date(2026, 4, 10), None))
    matter = lookup.matter(pack, "market_access", TODAY)
    asker = {
        Channel.PUBLIC: Asker(None, None, frozenset(), None, frozenset()),
        Channel.OFFICIAL: Asker(ACCOUNT, BUREAU, matter.powers, None, frozenset(), "state_organ"),
        Channel.OWN: Asker(ACCOUNT, None, frozenset(), SHOP, frozenset()),
    }[channel]
    official = channel is Channel.OFFICIAL
    ground = Ground(channel, "market_access" if official else None, "〔2026〕1号" if official else None, None, None)
    answer = decide(asker, ground, SubjectFacts(SHOP, SubjectKind.INDIVIDUAL_BUSINESS), [record], TODAY, pack)
    ((_, decision),) = answer.records
    return apply(decision, values())


@pytest.mark.req("PUB-1", "INV-4", "ZY-47", kind="rule")
def test_the_row_shows_to_each_what_the_table_says() -> None:
    told = [row for row in rows(PAGE) if row[0].startswith("`CF_")]
    assert len(told) == 4
    file = values()
    public, official, own = (shown(channel) for channel in (Channel.PUBLIC, Channel.OFFICIAL, Channel.OWN))
    for head, *cells in told:
        code = head.split("`")[1]
        assert cells == [file[code], *(who.get(code, "withheld") for who in (public, official, own))], code
