"""An organisation is found under its own names: another spelling, or none, is told by the next verification."""

from __future__ import annotations

import pytest
from django.db import connection

from tests.disclosure.city import City
from tests.disclosure.conftest import bureau, city, officers, send
from xinheng.ledger.verify import Damage, Verification
from xinheng.records.checks import check_spellings

__all__ = ["bureau", "city", "officers", "send"]
ATTACKS = {
    "a spelling is gone": ("DELETE FROM subject_spelling WHERE subject_kind = 'legal_person'", {"spelling_differs"}),
    "another name leads to a company": (
        "UPDATE subject_spelling SET name = name || '假', plain = plain || '假' WHERE subject_kind = 'legal_person'",
        {"spelling_differs", "spelling_form"},
    ),
    "a former name is said to be the present one": (
        "UPDATE subject_spelling SET present = NOT present",
        {"spelling_differs"},
    ),
    "what is searched is another name": ("UPDATE subject_spelling SET plain = '假公司'", {"spelling_form"}),
    "nothing is found by characters": ("UPDATE subject_spelling SET pairs = '{}'", {"spelling_form"}),
    "nothing is found by pinyin": ("UPDATE subject_spelling SET latin = 'x x'", {"spelling_form"}),
    "the operator stands in the name": (
        "UPDATE subject_spelling s SET name = n.name FROM subject_name n"
        " WHERE n.subject_id = s.subject_id AND s.name <> n.name",
        {"spelling_form", "spelling_says_operator"},
    ),
    "a business gets a name of its own": (
        "UPDATE subject_spelling SET name = '假店' WHERE subject_kind = 'individual_business'",
        {"spelling_form", "spelling_differs"},
    ),
}


def damages() -> set[str]:
    return {one.what for one in check_spellings(Verification({})) if isinstance(one, Damage)}


@pytest.mark.owner
@pytest.mark.req("INV-8", "INV-4", "QRY-4", kind="refusal")
@pytest.mark.parametrize("attack", ATTACKS)
def test_a_spelling_that_no_name_has_is_damage(as_owner: None, city: City, attack: str) -> None:
    statement, expected = ATTACKS[attack]
    assert damages() == set()
    with connection.cursor() as cursor:
        cursor.execute(statement)
        assert cursor.rowcount > 0
    assert damages() == expected
