"""What goes wrong with rows about persons? Documents, minors, sealed matters."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from demo_files.faults import FAULTS, Office, fault
from demo_files.rows import BUSINESS, PERSON, Raw, Sent
from xinheng.lib.codes import idnumber

SEALED_BASIS = "《中华人民共和国治安管理处罚法》"


def _person(office: Office, row: Sent) -> bool:
    """Make the row one about an adult, where the item has persons with documents."""
    if "id_number" not in office.layout.roles:
        return False
    if office.of(row, "kind") != PERSON:
        office.about(row, office.people.adults[3])
    return True


def _identity(name: str, spoil: Callable[[str], str], found: str) -> None:
    """Enter a fault in the number of an identity card."""

    def put(office: Office, row: Sent) -> bool:
        if not _person(office, row):
            return False
        office.put(row, "id_number", spoil(office.of(row, "id_number")))
        row.find("reject", found)
        return True

    FAULTS[name] = put


def _truncated(number: str) -> str:
    cut = number[:15] + "000"
    return cut if idnumber.check_character(cut[:17]) != "0" else number[:14] + str((int(number[14]) + 1) % 10) + "000"


def _mistyped(number: str) -> str:
    return number[:-1] + ("1" if number[-1] != "1" else "2")


_identity("identity_mistyped", _mistyped, "id_check_character")
_identity("identity_cut", _truncated, "id_truncated")
_identity("identity_scientific", lambda n: f"{n[0]}.{n[1:6]}E+17", "excel_scientific")
_identity("identity_short", lambda n: n[:17], "id_form")


@fault
def identity_as_number(office: Office, row: Sent) -> bool:
    """The number of an identity card in a cell of numbers: the last digits are gone for good."""
    if office.form not in ("xlsx", "xls") or not _person(office, row):
        return False
    row.cells[office.layout.code("id_number")] = float(office.of(row, "id_number").replace("X", "0"))
    row.find("reject", "excel_scientific")
    return True


@fault
def person_without_document(office: Office, row: Sent) -> bool:
    """A person of whom only the name is known."""
    if not _person(office, row):
        return False
    office.put(row, "id_type", "")
    office.put(row, "id_number", "")
    row.find("reject", "required_missing")
    return True


@fault
def person_with_code(office: Office, row: Sent) -> bool:
    """A person with the code of an enterprise beside."""
    code = office.of(row, "uscc")
    if not code or not _person(office, row):
        return False
    office.put(row, "uscc", code)
    row.find("reject", "code_for_person")
    return True


@fault
def minor(office: Office, row: Sent) -> bool:
    """Adverse, and about a minor."""
    if not office.layout.adverse or not _person(office, row):
        return False
    office.about(row, office.people.minor)
    row.find("reject", "minor_adverse")
    return True


@fault
def youth(office: Office, row: Sent) -> bool:
    """An adult by now; the facts speak of a day before the eighteenth birthday."""
    if office.layout.item != "CF":
        return False
    office.about(row, office.people.youth)
    row.cells["CF_SY"] = Raw(f"2025年11月3日检查发现：{office.people.youth.name}在禁止区域摆摊。")
    row.find("review", "conduct_as_minor_suspected")
    return True


@fault
def born_later(office: Office, row: Sent) -> bool:
    """A number whose day of birth lies behind the decision."""
    if not _person(office, row):
        return False
    office.put(row, "id_number", office.people.identity(office.received - timedelta(days=0), 877))
    row.find("reject", "born_after_decision")
    return True


@fault
def passport(office: Office, row: Sent) -> bool:
    """A document that tells no day of birth."""
    if not office.layout.adverse or not _person(office, row):
        return False
    office.put(row, "id_type", "护照号")
    office.put(row, "id_number", "E00000012")
    row.find("review", "age_unknown")
    return True


@fault
def sealed(office: Office, row: Sent) -> bool:
    """A public-order penalty of a person: returned unread."""
    if office.layout.item != "CF" or not _person(office, row):
        return False
    office.put(row, "basis", SEALED_BASIS)
    row.find("reject", "sealed")
    return True


@fault
def sealed_business(office: Office, row: Sent) -> bool:
    """A public-order penalty of an individual business: somebody looks whether it is its operator's."""
    if office.layout.item != "CF" or office.of(row, "kind") != BUSINESS:
        return False
    office.put(row, "basis", SEALED_BASIS)
    row.find("review", "sealed_suspected")
    return True


@fault
def detention(office: Office, row: Sent) -> bool:
    """Detention of a person: perhaps a sealed matter."""
    if office.layout.item != "CF" or not _person(office, row):
        return False
    office.put(row, "penalty_kinds", "行政拘留")
    office.put(row, "content", "行政拘留三日。")
    for code in ("CF_NR_FK", "CF_NR_WFFF", "CF_NR_ZKDX"):
        row.cells[code] = ""
    row.find("review", "sealed_suspected")
    return True


@fault
def person_not_collected(office: Office, row: Sent) -> bool:
    """A person in an item that collects organisations only."""
    if "id_number" in office.layout.roles or office.layout.item in ("CF", "XK"):
        return False
    office.about(row, office.people.adults[2])
    row.find("reject", "kind_not_collected", "subject_unidentified")
    return True
