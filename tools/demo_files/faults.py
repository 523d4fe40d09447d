"""What goes wrong in offices? Each fault spoils a row that was right, and puts down what intake must find.

A fault answers False when the row does not lend itself to it; then another row is tried.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from demo_files.first import wrong_check_character
from demo_files.people import People
from demo_files.rows import BUSINESS, ID_CARD, ORGANISATION, PERSON, Layout, Party, Raw, Sent


@dataclass(frozen=True)
class Office:
    """What a fault may need to know: the item, the people of the place, another organ, the day of receipt."""

    layout: Layout
    people: People
    stranger: tuple[str, str]  # name and code of another organ
    received: date
    form: str = "csv"
    encoding: str = ""

    def of(self, row: Sent, role: str) -> str:
        """The text of the field that plays a role."""
        cell = row.cells.get(self.layout.roles.get(role, ""), "")
        return str(cell)

    def put(self, row: Sent, role: str, text: str) -> None:
        """Write a cell that nobody dresses."""
        row.cells[self.layout.roles[role]] = Raw(text)

    def about(self, row: Sent, party: Party) -> None:
        """Make the row one about a person."""
        was = self.of(row, "name")
        for code, cell in row.cells.items():
            if isinstance(cell, str) and was in cell and self.layout.types[code] == "text":
                row.cells[code] = cell.replace(was, party.name)
        parts = {"name": party.name, "kind": PERSON, "id_type": ID_CARD, "id_number": party.identity}
        for role, text in {**parts, "uscc": "", "representative": ""}.items():
            if role in self.layout.roles:
                row.cells[self.layout.roles[role]] = text


type Fault = Callable[[Office, Sent], bool]
FAULTS: dict[str, Fault] = {}


def fault(spoil: Fault) -> Fault:
    """Enter a fault under its name."""
    FAULTS[spoil.__name__] = spoil
    return spoil


def _organisation(office: Office, row: Sent) -> bool:
    return office.of(row, "kind") == ORGANISATION and "uscc" in office.layout.roles


def _code(name: str, spoil: Callable[[str], str], found: str) -> None:
    """Enter a fault in the unified code of an organisation."""

    def put(office: Office, row: Sent) -> bool:
        if not _organisation(office, row):
            return False
        office.put(row, "uscc", spoil(office.of(row, "uscc")))
        row.find("reject", found)
        return True

    FAULTS[name] = put


_code("wrong_check_character", wrong_check_character, "uscc_check_character")
_code("letter_o", lambda c: c[:12] + "O" + c[13:], "uscc_letter")
_code("one_short", lambda c: c[:-2] + c[-1], "uscc_length")
_code("scientific", lambda c: f"{c[0]}.{c[1:6]}E+17", "excel_scientific")
_code("cyrillic", lambda c: c.replace("A", "А", 1), "look_alike")
_code("formula_text", lambda c: f'="{c}"', "formula")


def _day(name: str, text: str, found: str, role: str = "decided_on") -> None:
    """Enter a fault in a date."""

    def put(office: Office, row: Sent) -> bool:
        office.put(row, role, text)
        row.find("reject", found)
        return True

    FAULTS[name] = put


_day("day_that_is_not", "2026/02/30", "date_not_real")
_day("american_day", "5/1/2026", "date_ambiguous")
_day("short_year", "26.5.1", "date_ambiguous")
_day("day_in_words", "五月上旬", "date_unreadable")
_day("thousand_years_ago", "1026/05/01", "date_implausible")


@fault
def tomorrow(office: Office, row: Sent) -> bool:
    """A decision of a day that has not come."""
    office.put(row, "decided_on", f"{office.received + timedelta(days=40):%Y/%m/%d}")
    row.find("reject", "decided_in_future")
    return True


@fault
def end_before_beginning(office: Office, row: Sent) -> bool:
    """The last day lies before the first."""
    if office.layout.item == "CF":
        row.find("review", "valid_until_before_decision")
    elif office.layout.item == "XK":
        row.find("reject", "valid_until_before_from")
    else:
        return False
    office.put(row, "valid_until", "2020/01/01")
    return True


@fault
def publicity_ended_before(office: Office, row: Sent) -> bool:
    """The sender's own last day of publicity lies before the decision."""
    if office.layout.item != "CF":
        return False
    office.put(row, "publicity_end", "2021-06-30")
    row.find("review", "publicity_end_before_decision")
    return True


@fault
def without_number(office: Office, row: Sent) -> bool:
    """No document number: what is adverse has no founding document."""
    office.put(row, "document_number", "")
    row.find("reject", "document_missing" if office.layout.adverse else "required_missing")
    return True


@fault
def without_representative(office: Office, row: Sent) -> bool:
    """The legal representative, or the operator, is left out."""
    if not office.of(row, "representative"):
        return False
    office.put(row, "representative", "")
    row.find("reject", "required_missing")
    return True


@fault
def without_code(office: Office, row: Sent) -> bool:
    """The unified code is left out, as a slash."""
    if not _organisation(office, row):
        return False
    office.put(row, "uscc", "/")
    row.find("reject", "required_missing")
    return True


@fault
def placeholder(office: Office, row: Sent) -> bool:
    """The code that stands for none."""
    if not _organisation(office, row):
        return False
    office.put(row, "uscc", "00000000000000000X")
    row.find("review", "placeholder")
    return True


@fault
def unknown_kind(office: Office, row: Sent) -> bool:
    """A kind of subject in the clerk's own words."""
    if not _organisation(office, row):
        return False
    office.put(row, "kind", "公司")
    row.find("reject", "enum_unknown")
    return True


@fault
def unknown_penalty(office: Office, row: Sent) -> bool:
    """A kind of penalty that the standard does not know."""
    if office.layout.item != "CF":
        return False
    office.put(row, "penalty_kinds", "罚金")
    row.find("reject", "enum_unknown")
    return True


@fault
def yuan_for_ten_thousands(office: Office, row: Sent) -> bool:
    """The amount in yuan where 10,000 yuan is the unit."""
    amount = row.cells.get("CF_NR_FK")
    if not isinstance(amount, Decimal) or row.cells["CF_CFLB"] not in ("罚款", "警告;罚款"):
        return False
    row.cells["CF_NR"] = Raw(f"罚款{int(amount * 10_000)}元。")
    row.cells["CF_NR_FK"] = Raw(str(int(amount * 10_000)))
    row.find("review", "fine_unit_suspected")
    return True


def _amount(name: str, text: str, found: str) -> None:
    """Enter a fault in the fine."""

    def put(office: Office, row: Sent) -> bool:
        if not isinstance(row.cells.get("CF_NR_FK"), Decimal):
            return False
        row.cells["CF_NR_FK"] = Raw(text)
        row.find("reject", found)
        return True

    FAULTS[name] = put


_amount("amount_in_words", "约贰仟元", "decimal_unreadable")
_amount("amount_scientific", "2E+03", "decimal_scientific")
_amount("amount_negative", "-0.5", "decimal_negative")
_amount("amount_too_fine", "0.12345678", "decimal_places")


@fault
def amount_missing(office: Office, row: Sent) -> bool:
    """A fine without its amount."""
    if "CF_NR_FK" not in row.cells:
        return False
    row.cells["CF_NR_FK"] = ""
    row.find("reject", "required_missing")
    return True


@fault
def lost_character(office: Office, row: Sent) -> bool:
    """A rare character of the name became a question mark."""
    name = office.of(row, "name")
    if not _organisation(office, row):
        return False
    office.put(row, "name", name[:4] + "?" + name[5:])
    row.find("reject", "name_character")
    return True


@fault
def endless_number(office: Office, row: Sent) -> bool:
    """The whole story in the cell of the document number."""
    office.put(row, "document_number", "关于对该单位有关违法行为作出处理决定的通知" * 4)
    row.find("reject", "too_long")
    return True


@fault
def identity_in_text(office: Office, row: Sent) -> bool:
    """A witness with the number of the document in the facts."""
    facts = row.cells.get("CF_SY") or row.cells.get("SS")
    if not facts:
        return False
    witness = office.people.adults[5]
    code = "CF_SY" if "CF_SY" in row.cells else "SS"
    row.cells[code] = Raw(f"{facts}现场由{witness.name}（{witness.identity}）签字。")
    row.find("accept", "personal_in_text")
    return True


@fault
def character_gone(office: Office, row: Sent) -> bool:
    """A character that an export could not write."""
    facts = row.cells.get("CF_SY") or row.cells.get("SS") or row.cells.get("XK_NR")
    if not facts or office.encoding.startswith("gb"):
        return False
    code = next(code for code in ("CF_SY", "SS", "XK_NR") if code in row.cells)
    row.cells[code] = Raw(f"{str(facts)[:-1]}\ufffd。")
    row.find("reject", "character_lost")
    return True


@fault
def formula_in_remark(office: Office, row: Sent) -> bool:
    """A formula in a text is data: kept, never executed, and no fault."""
    if "BZ" not in office.layout.labels:
        return False
    row.cells["BZ"] = Raw('=HYPERLINK("http://files.example.invalid/1","见附件")')
    return True


@fault
def licence_ended(office: Office, row: Sent) -> bool:
    """A licence that is no longer valid, told by its state."""
    if "XK_ZT" not in row.cells:
        return False
    row.cells["XK_ZT"] = Raw("无效")
    row.note("XK_ZT", "normalised")
    row.find("reject", "status_revoked")
    return True


@fault
def anothers_decision(office: Office, row: Sent) -> bool:
    """A decision of another organ, sent along."""
    office.put(row, "authority", office.stranger[0])
    office.put(row, "authority_code", office.stranger[1])
    row.find("review", "authority_is_not_the_sender")
    return True


@fault
def business_as_company(office: Office, row: Sent) -> bool:
    """An individual business under the kind of organisations."""
    if office.of(row, "kind") != BUSINESS or office.layout.item == "GAZZ":
        return False
    office.put(row, "kind", ORGANISATION)
    row.find("review", "kind_does_not_fit_code")
    return True


@fault
def company_as_business(office: Office, row: Sent) -> bool:
    """An enterprise under the kind of individual businesses."""
    if not _organisation(office, row) or office.layout.item not in ("CF", "XK"):
        return False
    office.put(row, "kind", BUSINESS)
    row.find("review", "individual_business_code_not_92")
    return True


def apply(names: Sequence[str], most: int, office: Office, rows: Sequence[Sent]) -> list[str]:
    """Put the first ``most`` faults that find a row into rows of their own, spread over the file; gives their names."""
    done: list[str] = []
    for name in names:
        if len(done) == most:
            break
        start = (len(done) + 1) * len(rows) // (most + 1)
        if any(row.sound and FAULTS[name](office, row) for row in (*rows[start:], *rows[:start])):
            done.append(name)
    return done
