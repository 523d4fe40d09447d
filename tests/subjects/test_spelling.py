"""Under which spellings an organisation is searched: written with its names, never with an operator's."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinheng.law.enums import SubjectKind
from xinheng.law.pack import Pack
from xinheng.ledger.models import LawVersion
from xinheng.ledger.services import publish_pack
from xinheng.subjects.models import SubjectSpelling
from xinheng.subjects.rules import Scheme, SubjectClaim, pairs, plain, spelled
from xinheng.subjects.services import find_or_register_many, latin, spell_all, spell_earlier

AT = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
DAY = date(2026, 11, 1)
COMPANY, SHOP, PERSON = "91620702MA7AAAAA1X", "92620702MA7BBBBB1X", "62220119700101001X"
LEGAL, BUSINESS, NATURAL = SubjectKind.LEGAL_PERSON, SubjectKind.INDIVIDUAL_BUSINESS, SubjectKind.NATURAL_PERSON


@pytest.fixture
def law(pack: Pack, db: None) -> LawVersion:
    return publish_pack(pack=pack, at=AT)


def company(name: str = "衡川市（云衡）食品有限公司", on: date = DAY) -> SubjectClaim:
    return SubjectClaim(LEGAL, Scheme.USCC, COMPANY, name, on)


def shop(name: str = "吴大勇五金店", operator: str = "吴大勇", on: date = DAY) -> SubjectClaim:
    return SubjectClaim(BUSINESS, Scheme.USCC, SHOP, name, on, "", operator)


def told(*names: str):
    return lambda numbers: dict.fromkeys(numbers, names)


def spellings() -> list[tuple[str, bool]]:
    return sorted(SubjectSpelling.objects.values_list("name", "present"))


def test_a_name_is_compared_without_width_case_and_punctuation() -> None:
    assert plain(" 衡川（ＡＢ）·Food 公司") == "衡川abfood公司"
    assert plain("**五金店") == "**五金店"
    assert pairs("云衡云衡") == ["云衡", "衡云"]
    assert latin("云衡食品ABC") == "yunhengshipinabc yhspabc"


@pytest.mark.req("INV-4", kind="rule")
@given(st.text("吴大勇李春生 ·", min_size=2, max_size=4), st.text("衡川五金店吴李", max_size=8))
def test_no_spelling_of_a_business_holds_its_operator(operator: str, rest: str) -> None:
    bare = "".join(c for c in operator if c not in " ·")
    said = spelled(f"{rest}{operator}店", BUSINESS, [operator])
    assert len(bare) < 2 or bare not in plain(said)
    assert spelled(operator, NATURAL, []) == ""


@pytest.mark.req("QRY-4", "INV-4", kind="journey")
def test_every_name_of_an_organisation_is_spelled_and_none_of_a_person(law: LawVersion) -> None:
    person = SubjectClaim(NATURAL, Scheme.ID, PERSON, "甄某某", DAY)
    find_or_register_many([company(), person], law_version=law, at=AT)
    assert spellings() == [("衡川市（云衡）食品有限公司", True)]
    find_or_register_many([company("衡川新衡食品有限公司", date(2026, 11, 9)), person], law_version=law, at=AT)
    assert spellings() == [("衡川市（云衡）食品有限公司", False), ("衡川新衡食品有限公司", True)]


@pytest.mark.req("INV-4", "ZY-47", kind="refusal")
def test_an_operator_known_later_leaves_every_spelling(law: LawVersion) -> None:
    find_or_register_many([shop(operator="")], law_version=law, at=AT, operators_of=told())
    assert spellings() == [("吴大勇五金店", True)]  # nobody has said yet who that is
    find_or_register_many([shop("李春生五金店", "李春生")], law_version=law, at=AT, operators_of=told("吴 大勇"))
    assert {name for name, _ in spellings()} == {"**五金店"}
    find_or_register_many([shop("大钱五金店", "")], law_version=law, at=AT, operators_of=told("吴大勇", "李春生"))
    find_or_register_many([shop("大钱五金店", "大钱")], law_version=law, at=AT, operators_of=told("吴大勇", "李春生"))
    assert {name for name, _ in spellings()} == {"**五金店"}


@pytest.mark.req("INV-4", kind="refusal")
def test_a_business_whose_operators_nobody_tells_has_no_spelling_until_somebody_does(law: LawVersion) -> None:
    find_or_register_many([shop()], law_version=law, at=AT)
    assert spellings() == []
    find_or_register_many([shop()], law_version=law, at=AT, operators_of=told())
    assert spellings() == [("**五金店", True)]


@pytest.mark.req("QRY-4", kind="journey")
def test_spellings_are_written_anew_from_the_names(law: LawVersion) -> None:
    find_or_register_many([company(), shop()], law_version=law, at=AT, operators_of=told("吴大勇"))
    kept = spellings()
    assert len(kept) == 2 and spell_earlier(operators_of=told("吴大勇")) == 0
    SubjectSpelling.objects.all().delete()
    assert spell_earlier(operators_of=told("吴大勇")) == 2
    assert spellings() == kept
    assert spell_all(operators_of=told("吴大勇", "五金店")) == 2
    assert {name for name, _ in spellings()} == {kept[1][0], "****"}


@pytest.mark.req("QRY-4", kind="rule")
def test_a_known_name_writes_no_spelling(law: LawVersion) -> None:
    find_or_register_many([company(), shop()], law_version=law, at=AT, operators_of=told("吴大勇"))
    before = set(SubjectSpelling.objects.values_list("id", flat=True))
    find_or_register_many([company(), shop()], law_version=law, at=AT, operators_of=told("吴大勇"))
    assert set(SubjectSpelling.objects.values_list("id", flat=True)) == before
