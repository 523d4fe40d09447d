"""Does a row hold together: kinds, conditions, dates in order, documents of persons, amounts?

The checks of one row that need more than one cell. Law about persons is in `persons`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from unicodedata import numeric

from xinheng.intake.rules.amounts import CONFISCATED, FINES, Told
from xinheng.intake.rules.layout import Layout
from xinheng.intake.rules.provider import ProviderFacts
from xinheng.intake.rules.roles import Roles
from xinheng.intake.rules.values import Read, called, code_read, judge_id, kept, read_cell
from xinheng.intake.rules.verdicts import Finding, Verdict, Weight, verdict_of
from xinheng.law.conditions import holds
from xinheng.law.enums import FieldType, SubjectKind
from xinheng.law.items import Check, Field
from xinheng.law.pack import Pack
from xinheng.law.publicity import latest_end
from xinheng.lib import freetext
from xinheng.lib.codes import PLACEHOLDER
from xinheng.lib.codes.clean import clean as clean_code
from xinheng.lib.money import money_text
from xinheng.lib.text import clean, half_width

ID_CARD = "身份证"
ODD_IN_NAMES = re.compile("[?？*＊#<>{}|^~`\x7f□■▢〓]")
_DOCUMENT_NUMBER = re.compile(r"[0-9A-Z()\-]{4,40}")
_YEAR = re.compile(r"[〔\[(（【﹝〖][ ]*(?:19|20)[0-9]{2}[ ]*年?[ ]*[〕\])）】﹞〗]")
_OF_COMPANIES = ("91", "92", "93")  # codes of enterprises, individual businesses and cooperatives
_LONG_STRING = 100  # characters: shorter strings are codes and numbers, not free text


@dataclass(slots=True)
class Row:
    """One row while it is judged."""

    number: int
    values: dict[str, str] = field(default_factory=dict)
    unreadable: set[str] = field(default_factory=set)
    findings: list[Finding] = field(default_factory=list)
    kind: SubjectKind | None = None

    def take(self, code: str, read: Read) -> None:
        """Keep what was read of one field."""
        self.findings += read.findings
        if read.unreadable:
            self.unreadable.add(code)
        elif read.text:
            self.values[code] = read.text

    def find(self, code: str, entry: Field | None = None, *, article: str | None = None, **params: str) -> None:
        """Add a finding on one field, or on the row."""
        told = called(entry, **params) if entry else params
        self.findings.append(Finding(entry.code if entry else "", code, told, article))


@dataclass(frozen=True, slots=True)
class Judge:
    """All that the rows of one file have in common."""

    roles: Roles
    pack: Pack
    provider: ProviderFacts
    layout: Layout
    today: date
    document_article: str | None

    def role_field(self, role: str) -> Field | None:
        """The field that plays a role."""
        code = self.roles.code(role)
        return self.roles.item.by_code.get(code) if code else None


def read_row(judge: Judge, number: int, cells: list[str]) -> Row:
    """The values of one record whose cells fit the columns."""
    row = Row(number)
    for column, cell in zip(judge.layout.columns, cells, strict=False):
        if column.status or (judge.layout.old and column.field is not None and _is_status(judge, column.field)):
            _old_status(judge, row, cell, column.field)
        elif column.field is not None:
            row.take(column.field.code, read_cell(cell, column, column.field, judge.today))
    if judge.layout.old:
        _fill_old_layout(judge, row)
    row.kind = judge.roles.subject_kind(row.values)
    _documents(judge, row)
    return row


def check_row(judge: Judge, row: Row) -> None:
    """Everything about one row that looks at more than one cell, persons apart."""
    _required(judge, row)
    _subject(judge, row)
    _sender(judge, row)
    _revoked(judge, row)
    _numbered(judge, row)
    _names(judge, row)
    _identified(judge, row)
    for check in judge.roles.item.checks:
        _pack_check(judge, row, check)
    _publicity_end(judge, row)
    _amounts(judge, row)
    _free_text(judge, row)


def _is_status(judge: Judge, entry: Field) -> bool:
    status = judge.roles.item.legacy_status
    return status is not None and entry.code == status.column


def _old_status(judge: Judge, row: Row, cell: str, entry: Field | None) -> None:
    """The status column of 2015: normal, revoked, disputed. A field of that name gets its first value."""
    status = judge.roles.item.legacy_status
    written = half_width(clean(cell)).removesuffix(".0")
    assert status is not None
    number = next((n for n, label in status.labels.items() if written in (n, label.zh)), None)
    if number is None:
        if written:
            row.find("old_status_unknown", entry, value=written[:20])
            row.unreadable |= {entry.code} if entry is not None else set()
        return
    verdict = status.verdicts[number]
    if verdict == "accept":
        if entry is not None and entry.enum is not None:
            row.values[entry.code] = entry.enum.values[0].value
        return
    if entry is not None:
        row.unreadable.add(entry.code)  # read, yet no value of the present field: not to be reported as missing
    row.find(_OLD_STATUS[verdict], entry, value=status.labels[number].zh)


_OLD_STATUS = {"revoke": "old_status_revoked", "reject": "old_status_refused", "review": "old_status_open"}


def _documents(judge: Judge, row: Row) -> None:
    """Document numbers, judged with the kind of document that stands beside them."""
    for entry in judge.roles.item.fields:
        if entry.type is FieldType.IDNUMBER and entry.code in row.values:
            row.take(entry.code, _document(entry, row.values.pop(entry.code), row.values, judge.today))


def _document(entry: Field, written: str, values: Mapping[str, str], today: date) -> Read:
    kind = values.get(entry.document_kind or "", "")
    cleaned = clean_code(written)
    if kind == ID_CARD or (not kind and len(cleaned.text) in (15, 18)):
        if cleaned.fault is not None and cleaned.fault[0] != "length":
            code, params = cleaned.fault
            shown = {k: v if k in ("position", "like") else "…" for k, v in params.items()}
            return Read("", (Finding(entry.code, code, called(entry, **shown)),), unreadable=True)
        return code_read(judge_id(cleaned.text, today), written, entry)
    if cleaned.fault is not None and cleaned.fault[0] == "excel_scientific":
        return Read("", (Finding(entry.code, "excel_scientific", called(entry)),), unreadable=True)
    if not _DOCUMENT_NUMBER.fullmatch(cleaned.text):
        return Read("", (Finding(entry.code, "document_number_form", called(entry)),), unreadable=True)
    return kept(entry, written, cleaned.text)


def _required(judge: Judge, row: Row) -> None:
    document = {judge.roles.code(role) for role in ("document_number", "decided_on", "authority")}
    for entry in judge.roles.item.fields:
        if entry.code in row.values or entry.code in row.unreadable:
            continue
        if not entry.required_for(row.values, row.kind):
            continue
        if judge.layout.old and entry.code not in judge.layout.present:
            row.find("absent_in_old_layout", entry)
        elif judge.roles.item.adverse and entry.code in document:
            row.find("document_missing", entry, article=judge.document_article)
        else:
            row.find("required_missing", entry)


def _subject(judge: Judge, row: Row) -> None:
    """The code and the kind of the subject go together; the placeholder identifies nobody."""
    uscc = judge.role_field("uscc")
    code = row.values.get(uscc.code, "") if uscc else ""
    if row.kind is SubjectKind.NATURAL_PERSON:
        if uscc and code:
            row.find("code_for_person", uscc, kind=_likely_kind(code))
    elif uscc and code == PLACEHOLDER:
        row.find("placeholder", uscc)
    elif uscc and row.kind is SubjectKind.LEGAL_PERSON and code.startswith("92"):
        row.find("kind_does_not_fit_code", judge.role_field("kind") or uscc, kind="个体工商户")
    for role in ("authority_code", "source_code"):
        entry = judge.role_field(role)
        if entry and row.values.get(entry.code) == PLACEHOLDER:
            row.find("code_placeholder", entry)


def _sender(judge: Judge, row: Row) -> None:
    """Who decided, and where the data comes from, is who sends it; otherwise it is told (ZY-33, ORG-1).

    An organ forwards what its subordinates decided; yet nobody publishes unseen in the name of another organisation
    that reports for itself, or in that of a company, which decides nothing by law: there a second person looks.
    """
    for role in ("authority_code", "source_code"):
        entry = judge.role_field(role)
        code = row.values.get(entry.code, "") if entry else ""
        if code and code not in (PLACEHOLDER, judge.provider.uscc):
            told = called(entry, value=code, sender=judge.provider.name) if entry else {}
            company = role == "authority_code" and code.startswith(_OF_COMPANIES)
            weight = Weight.REVIEW if company or code in judge.provider.others else Weight.NOTE
            found = "authority_is_not_the_sender" if weight is Weight.REVIEW else "authority_is_another"
            row.findings.append(Finding(entry.code if entry else "", found, told, None, weight))
            return


def _revoked(judge: Judge, row: Row) -> None:
    """What is no longer in force makes no record; what is on file of it ends (INV-2)."""
    told = judge.roles.item.revocation
    if told is not None and row.values.get(told.field) in told.values:
        entry = judge.roles.item.field(told.field)
        row.find("status_revoked", entry, value=_meant(entry, row.values[told.field]))


def _meant(entry: Field, value: str) -> str:
    """A value of a list in words: the standard writes codes, and words as their other spelling."""
    found = (one for one in entry.enum.values if one.value == value) if entry.enum else iter(())
    return next((alias for one in found for alias in one.aliases), value)


def _identified(judge: Judge, row: Row) -> None:
    """An accepted row names a subject; the old layout can leave that open without a missing column."""
    if verdict_of(row.findings) is Verdict.ACCEPT and judge.roles.identifier(row.values) is None:
        row.find("subject_unidentified", judge.role_field("uscc"))


def _likely_kind(code: str) -> str:
    return "个体工商户" if code.startswith("92") else "法人及非法人组织"


def _numbered(judge: Judge, row: Row) -> None:
    """The number of the document has a number in it: 无文号 and 〔2026〕号 name no document (INV-2)."""
    entry = judge.role_field("document_number")
    written = row.values.get(entry.code) if entry else None
    if entry is None or written is None or has_number(written):
        return
    if judge.roles.item.adverse:
        row.find("document_without_number", entry, article=judge.document_article, value=written)
    else:
        row.find("number_without_figures", entry, value=written)


def has_number(written: str) -> bool:
    """Whether anything but the year in brackets is a figure or a Chinese numeral; a bare nought is none."""
    return bool(written.strip("0")) and any(numeric(one, None) is not None for one in _YEAR.sub("", written))


def _names(judge: Judge, row: Row) -> None:
    for role in ("name", "representative", "authority", "source"):
        entry = judge.role_field(role)
        odd = ODD_IN_NAMES.search(row.values.get(entry.code, "")) if entry else None
        if entry and odd:
            row.find("name_character", entry, character=odd.group())


def _pack_check(judge: Judge, row: Row, check: Check) -> None:
    """A check that the pack names; it is silent where a value it needs is missing."""
    value = row.values.get(check.field)
    if value is None or (check.when is not None and not holds(check.when, row.values, row.kind)):
        return
    entry = judge.roles.item.field(check.field)
    params = called(entry, value=value)
    match check.check:
        case "not_after_today":
            wrong = value > judge.today.isoformat()
            params["today"] = judge.today.isoformat()
        case "not_before":
            other = row.values.get(check.other or "")
            wrong = other is not None and value < other
            params |= {"other": judge.roles.item.field(check.other or "").label.zh, "other_value": other or ""}
        case "code_prefix":
            wrong = value != PLACEHOLDER and not value.startswith(check.prefixes)
            params["prefixes"] = "、".join(check.prefixes)
        case _:
            raise AssertionError(f"unknown check {check.check}")
    if wrong:
        weight = Weight.REJECT if check.severity == "error" else Weight.REVIEW
        row.findings.append(Finding(entry.code, check.code, params, None, weight))


def _publicity_end(judge: Judge, row: Row) -> None:
    """The sender's own last day of publicity is never later than the longest period of the law (ZY-45, Order 36)."""
    entry = judge.role_field("publicity_end")
    stated, decided = row.values.get(entry.code) if entry else None, judge.roles.value("decided_on", row.values)
    if entry is None or stated is None or not decided:
        return
    severity = judge.roles.value("severity", row.values)
    latest = latest_end(judge.pack, judge.roles.item, date.fromisoformat(decided), severity)
    if latest is not None and stated > latest[0].isoformat():
        row.find("publicity_end_too_late", entry, article=latest[1], value=stated, latest=latest[0].isoformat())


def _amounts(judge: Judge, row: Row) -> None:
    """An amount in another unit than 10,000 yuan, told by the amount that the decision states; a fine of nought."""
    content = row.values.get(judge.roles.code("content") or "", "")
    for role, patterns in (("fine", FINES), ("confiscated", CONFISCATED)):
        entry = judge.role_field(role)
        amount = row.values.get(entry.code) if entry else None
        if entry is None or amount is None:
            continue
        stated = (pattern.told(content) for pattern in patterns)
        told = next((one for one in stated if one and _mistaken(Decimal(amount), one)), None)
        if told is not None:
            proposed = money_text(told.yuan / 10_000)
            row.find("fine_unit_suspected", entry, value=amount, stated=money_text(told.yuan), proposed=proposed)
        elif role == "fine" and Decimal(amount) == 0 and entry.required_for(row.values, row.kind):
            row.find("fine_zero", entry)


def _mistaken(amount: Decimal, told: Told) -> bool:
    """Whether an amount is 10,000 times what was decided; told in figures, also 10,000 times too small."""
    return told.yuan != 0 and (amount == told.yuan or (told.in_figures and amount == told.yuan / 10**8))


def _free_text(judge: Judge, row: Row) -> None:
    for entry in judge.roles.item.fields:
        if is_free(entry) and entry.code in row.values:
            kinds = {found.kind for found in freetext.personal_numbers(row.values[entry.code])}
            if kinds:
                row.find("personal_in_text", entry, kinds="、".join(_FOUND[k] for k in sorted(kinds)))


def is_free(entry: Field) -> bool:
    """Whether a field holds free text, where a number of a person may stand."""
    return entry.type is FieldType.TEXT or (entry.type is FieldType.STRING and (entry.length or 0) >= _LONG_STRING)


_FOUND = {"id": "身份证号码", "phone": "手机号码", "card": "银行卡号"}


def _fill_old_layout(judge: Judge, row: Row) -> None:
    """What the layout of 2015 had no column for and the row or the sender tells for certain."""
    for entry, text in _told(judge, row):
        if entry.code not in judge.layout.present:
            row.values[entry.code] = text
            row.find("filled_in", entry, now=text if not entry.personal else "…")


def _told(judge: Judge, row: Row) -> Iterator[tuple[Field, str]]:
    roles, provider = judge.roles, judge.provider
    kind = judge.role_field("kind")
    if kind and (told := _kind_told(roles, row.values)):
        yield kind, told
    id_type = judge.role_field("id_type")
    number = roles.value("id_number", row.values)
    if id_type and number and judge_id(clean_code(number).text, judge.today).valid:
        yield id_type, ID_CARD
    code = judge.role_field("authority_code")
    if code and provider.uscc and roles.value("authority", row.values) == provider.name:
        yield code, provider.uscc
    for role, text in (("source", provider.name), ("source_code", provider.uscc)):
        entry = judge.role_field(role)
        if entry and text:
            yield entry, text


def _kind_told(roles: Roles, values: Mapping[str, str]) -> str | None:
    """The kind in the words of the item, told by the code: 92 is an individual business, any other a body."""
    uscc = roles.value("uscc", values)
    if uscc and uscc != PLACEHOLDER:
        wanted = SubjectKind.INDIVIDUAL_BUSINESS if uscc.startswith("92") else SubjectKind.LEGAL_PERSON
    elif roles.value("org_code", values) or uscc:
        wanted = SubjectKind.LEGAL_PERSON
    elif roles.value("id_number", values):
        wanted = SubjectKind.NATURAL_PERSON
    else:
        return None
    return next((word for word, kind in roles.item.kinds_map.items() if kind is wanted), None)
