"""Does the JSON Schema of an item say of real rows what intake says of them, where a schema can say it?"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from tests.conftest import load_pack
from tests.intake.made import penalty
from xinheng.intake.reading import FileReport, check_file
from xinheng.intake.reading.text import read_text
from xinheng.intake.rules import provider_in_pack
from xinheng.intake.rules.layout import find_layout
from xinheng.intake.rules.reader import records
from xinheng.law import lookup
from xinheng.law.conditions import Comparison, Condition, holds
from xinheng.law.enums import SubjectKind
from xinheng.law.items import ItemVersion
from xinheng.law.pack import Pack
from xinheng.law.rowschema import condition_schema, json_schema

TODAY = date(2026, 11, 20)
CF = load_pack("demo-city").items["CF"].versions[0]
# What intake refuses and no schema can: said in the docstring of the module.
WEAKER = {"uscc_check_character", "valid_until_before_from"}


def validator(version: ItemVersion) -> Draft202012Validator:
    return Draft202012Validator(json_schema(version))


def rows(data: bytes, version: ItemVersion) -> Iterator[tuple[int, dict[str, str]]]:
    """(number, field code → text) of every row of a file, as it was reported; cells without text left out."""
    table = read_text(io.BytesIO(data)).table
    table.text.seek(table.start)
    text = table.text.read().decode()
    layout = find_layout(text, version)
    for record in records(text, layout.separator, width=layout.width):
        if record.number != layout.header_row and any(record.cells):
            pairs = zip(layout.columns, record.cells, strict=True)
            yield record.number, {c.field.code: cell for c, cell in pairs if c.field is not None and cell}


@pytest.mark.req("CAT-2", "IOP-1", "ZY-32", "SP-8", kind="rule")
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_schema_of_every_version_is_a_schema(law_pack: Pack, lang: str) -> None:
    for item in law_pack.items.values():
        for version in item.versions:
            schema = json_schema(version, lang, address=f"https://city.example/{item.code}")
            Draft202012Validator.check_schema(schema)
            assert schema["title"] == version.label.get(lang)
            assert list(schema["properties"]) == [field.code for field in version.fields]


@pytest.mark.req("CAT-2", "INT-1", "ZY-32", "SP-8", kind="journey")
def test_every_row_of_the_demo_files_is_judged_as_intake_judges_it(law_pack: Pack) -> None:
    files: Any = law_pack.demo["files"]
    seen: Counter[str] = Counter()
    for file in files:
        data = (law_pack.folder / "demo" / file["file"]).read_bytes()
        version = lookup.item(law_pack, file["item"], TODAY)
        judge = validator(version)
        reported = dict(rows(data, version))
        provider = provider_in_pack(law_pack, file["provider"])
        for result in check_file(
            data, item=version, pack=law_pack, provider=provider, today=TODAY, report=FileReport()
        ):
            valid = judge.is_valid(reported[result.row])
            faults = {finding.code for finding in result.findings}
            weaker = bool(faults & WEAKER)
            assert valid is (result.verdict != "reject" or weaker), (file["file"], result.row, faults)
            seen["weaker" if weaker else str(result.verdict)] += 1
    assert seen == {"accept": 150, "review": 2, "reject": 4, "weaker": 4}


def _row(**changes: str | None) -> dict[str, str]:
    return {code: text for code, text in {**penalty(), **changes}.items() if text is not None}


FAULTS: list[dict[str, str | None]] = [
    {"CF_WSH": None},
    {"CF_WSH": ""},
    {"CF_JDRQ": "2026/02/30"},
    {"CF_JDRQ": "2026/13/01"},
    {"CF_JDRQ": "5/1/2024"},
    {"CF_JDRQ": "2026-04-31"},
    {"CF_XDR_SHXYM": "91620799MA9000"},
    {"CF_XDR_SHXYM": "91620799MA9000097I"},
    {"CF_XDR_SHXYM": None},
    {"CF_FRDB": None},
    {"CF_CFLB": "罚金"},
    {"CF_CFLB": "罚款;罚金"},
    {"CF_CFLB": "其他-"},
    {"CF_NR_FK": None},
    {"CF_NR_FK": "两千"},
    {"CF_NR_FK": "0.0000001"},
    {"CF_NR_FK": "1234567890123"},
    {"CF_NR_FK": "-1"},
    {"CF_CFLB": "没收违法所得", "CF_NR_FK": None},
    {"CF_CFLB": "吊销许可证件", "CF_NR_FK": None},
    {"CF_XDR_LB": "公司"},
    {"CF_XDR_LB": "自然人", "CF_XDR_SHXYM": None, "CF_FRDB": None},
    {"CF_NR": "字" * 4001},
    {"X_SXCD": "很严重"},
]
FINE: list[dict[str, str | None]] = [
    {},
    {"CF_JDRQ": "2024-02-29"},
    {"CF_JDRQ": "2026/3/5"},
    {"CF_CFLB": "警告;罚款"},
    {"CF_CFLB": "警告；罚款"},
    {"CF_CFLB": "警告", "CF_NR": "警告", "CF_NR_FK": None},
    {"CF_CFLB": "罚款;其他-责令改正"},
    {"CF_NR_FK": "123456789012.123456", "CF_NR": "罚款"},
    {"CF_XDR_LB": "法人"},
    {"X_SXCD": "2"},
    {"BZ": "无误"},
]


def _verdict(row: Mapping[str, str], pack: Pack) -> str:
    """What intake says of one row."""
    data = "\n".join([",".join(row), ",".join(f'"{text}"' for text in row.values())]).encode()
    provider = provider_in_pack(load_pack("zhangye"), "scjgj")
    (result,) = check_file(data, item=pack.items["CF"].versions[0], pack=pack, provider=provider, today=TODAY)
    return str(result.verdict)


@pytest.mark.req("CAT-2", "INT-1", "ZY-32", kind="refusal")
@pytest.mark.parametrize("changes", FAULTS)
def test_a_row_with_a_fault_of_shape_is_refused_by_schema_and_intake(
    changes: dict[str, str | None], pack: Pack
) -> None:
    row = _row(**changes)
    assert not validator(CF).is_valid(row)
    if set(row) >= {"CF_WSH", "CF_XDR_SHXYM"}:  # a file without the column is returned whole, before any row
        assert _verdict(row | dict.fromkeys({"CF_NR_FK", "CF_FRDB"} - set(row), ""), pack) == "reject"


@pytest.mark.req("CAT-2", "ZY-32", kind="rule")
@pytest.mark.parametrize("changes", FINE)
def test_a_faultless_row_is_accepted_by_schema_and_intake(changes: dict[str, str | None], pack: Pack) -> None:
    row = _row(**changes)
    assert list(validator(CF).iter_errors(row)) == []
    assert _verdict(row, pack) == "accept"


def test_a_column_nobody_knows_is_refused_and_a_sealed_row_passes_for_the_schema_is_no_judge_of_law() -> None:
    assert not validator(CF).is_valid(_row() | {"CF_ODD": "x"})
    person = _row(CF_XDR_LB="自然人", CF_XDR_SHXYM=None, CF_FRDB=None, CF_YJ="《治安管理处罚法》")
    assert validator(CF).is_valid(person | {"CF_XDR_ZJLX": "身份证", "CF_XDR_ZJHM": "622201195501010011"})


def test_the_placeholder_of_an_unknown_code_has_the_shape_of_a_row() -> None:
    assert validator(CF).is_valid(_row(CF_XDR_SHXYM="00000000000000000X"))


# The closed vocabulary of conditions


@st.composite
def conditions(draw: st.DrawFn) -> Condition:
    """Any condition on the kinds of a penalty, or on the kind of the subject."""
    test = draw(st.sampled_from(list(Comparison)))
    enum = CF.by_code["CF_CFLB"].enum
    assert enum is not None
    words = [value.value for value in enum.values]
    if test is Comparison.KIND_IS:
        kinds = draw(st.lists(st.sampled_from([k.value for k in SubjectKind]), min_size=1, unique=True))
        return Condition("CF_XDR_LB", test, tuple(kinds))
    if test is Comparison.EMPTY:
        return Condition("CF_CFLB", test, (draw(st.sampled_from(["true", "false"])),))
    values = draw(st.lists(st.sampled_from(words), min_size=1, max_size=3, unique=True))
    values = values[:1] if test is Comparison.EQUALS else values
    return Condition("CF_CFLB", test, tuple(values), only=test is Comparison.ANY_OF and draw(st.booleans()))


@pytest.mark.req("CAT-2", kind="rule")
@given(conditions(), st.data())
def test_a_condition_says_the_same_as_schema_and_as_rule(condition: Condition, data: st.DataObject) -> None:
    enum = CF.by_code["CF_CFLB"].enum
    assert enum is not None
    kinds = data.draw(st.lists(st.sampled_from([value.value for value in enum.values]), max_size=3, unique=True))
    word = data.draw(st.sampled_from([*CF.kinds_map]))
    row = {"CF_XDR_LB": word, **({"CF_CFLB": ";".join(kinds)} if kinds else {})}
    judge = Draft202012Validator(condition_schema(condition, CF))
    assert judge.is_valid(row) is holds(condition, row, CF.kinds_map[word])


def test_disclosure_and_masks_stand_beside_each_field() -> None:
    number = json_schema(CF)["properties"]["CF_XDR_ZJHM"]
    assert number["x-disclosure"] == {
        "public": "withheld",
        "government": "masked",
        "authorised": "masked",
        "own": "full",
    }
    assert (number["x-mask"], number["x-personal"]) == ("id_tail", True)
    name = json_schema(CF)["properties"]["CF_XDR_MC"]["x-disclosure-for"]
    assert name["individual_business"]["public"] == {"release": "masked", "mask": "operator_in_name"}
