"""What does a cell say, in the one canonical form of its field?

Each function gives the canonical text and what was found. A note says what was changed, with the text before and
after, whenever more than outer white space was; what the format leaves open (2024/05/01, 0.200000) is no change. A
fault leaves the value out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from xinheng.intake.rules import choices
from xinheng.intake.rules.layout import Column
from xinheng.intake.rules.verdicts import Finding
from xinheng.law.enums import FieldType
from xinheng.law.items import Field
from xinheng.lib import dates, freetext
from xinheng.lib.codes import PLACEHOLDER, CodeVerdict, idnumber, orgcode, uscc
from xinheng.lib.codes.clean import clean as clean_code
from xinheng.lib.codes.clean import invisible
from xinheng.lib.errors import BadInput
from xinheng.lib.money import money_text, parse_decimal, parse_ten_thousands
from xinheng.lib.text import clean, one_line

EARLIEST = date(1949, 10, 1)
_LOST = "\ufffd"
# A number that a workbook has cut short, with or without its sign; 1E14 alone may be a code.
SCIENTIFIC = re.compile(r"(?:[0-9](?:[.][0-9]+)?[Ee][+][0-9]{1,3}|[0-9][.][0-9]+[Ee][0-9]{1,3})")
FRACTION = re.compile(r"[0-9]{5,}[.]0*")  # a number that went through a program that counts: no code has a point
_NEVER = date(1970, 1, 1)  # what programs write where there is no day
_ERROR = re.compile("#(?:REF!|VALUE!|NAME[?]|DIV/0!|NULL!|NUM!|SPILL!|CALC!|FIELD!|BLOCKED!|CONNECT!|UNKNOWN!)|#{3,}")
_USUAL_DAY = re.compile(r"[0-9]{4}([-/])[0-9]{1,2}\1[0-9]{1,2}( 0?0:00(:00)?)?|[0-9]{8}")
_ID_FORM = re.compile("[0-9]{15}|[0-9]{17}[0-9X]")
_USUAL_NUMBER = re.compile(r"-?[0-9]+([.][0-9]*)?")
_EXPONENT = re.compile(r"[-+]?[0-9.]+[Ee][-+]?[0-9]+")
_HAS_UNIT = re.compile("[元圆圓万萬亿億角分]")
_MARKS = "'’‘"  # what makes a text of a number in a spreadsheet
_SHOWN, _BEFORE = 40, 10  # characters of a text in a note, and how many before the change
NOTHING = frozenset({"无", "/", "-", "--", "—", "——", "\\", "空", "暂无", "null", "NULL", "None", "N/A", "n/a", "#N/A"})


@dataclass(frozen=True, slots=True)
class Read:
    """``text``: canonical, empty when there is none or it can't be read; ``unreadable`` tells the two apart."""

    text: str
    findings: tuple[Finding, ...] = ()
    unreadable: bool = False


def read_cell(cell: str, column: Column, entry: Field, today: date) -> Read:
    """The value of one cell of the column of ``entry``."""
    if not cell or cell.isspace():
        return Read("")
    read = _READERS[entry.type](cell, column, entry, today)
    if read.text and entry.length and len(read.text) > entry.length:
        params = called(entry, length=str(len(read.text)), longest=str(entry.length))
        return Read("", (*read.findings, Finding(entry.code, "too_long", params)), unreadable=True)
    return read


def called(entry: Field, **more: str) -> dict[str, str]:
    """Params of a sentence about ``entry``: its label, and more."""
    return {"field": entry.label.zh, **more}


def _fault(entry: Field, code: str, **params: str) -> Read:
    return Read("", (Finding(entry.code, code, called(entry, **params)),), unreadable=True)


def _noted(entry: Field, was: str, now: str) -> Read:
    """A value with the note of what was done to it; what identifies a person is not repeated in the note."""
    start = _first_change(was, now)
    shown = {"was": _visible(was, start), "now": _visible(now, start)}
    params = called(entry, was="…", now="…") if entry.personal else called(entry, **shown)
    return Read(now, (Finding(entry.code, "normalised", params),))


def kept(entry: Field, cell: str, now: str) -> Read:
    """A value, with a note if it is not what stood in the cell; a line end of another system is the same line end."""
    was = cell.strip().replace("\r\n", "\n").replace("\r", "\n")
    return Read(now) if was == now else _noted(entry, was, now)


def _first_change(was: str, now: str) -> int:
    """Where the part of a note begins: a little before the first character that differs, 0 in a short text."""
    if max(len(was), len(now)) <= _SHOWN:
        return 0
    same = next((n for n, (one, other) in enumerate(zip(was, now, strict=False)) if one != other), len(now))
    return max(0, same - _BEFORE)


def _visible(text: str, start: int) -> str:
    """A piece of a text for a note: numbers of persons masked, what draws nothing named, line breaks shown."""
    text = freetext.masked(text)
    drawn = "".join(
        "⏎" if c in "\n\x0b\x0c\x85\u2028\u2029" else f"‹U+{ord(c):04X}›" if invisible(c) else c
        for c in text[start : start + _SHOWN]
    )
    return ("…" if start else "") + drawn + ("…" if len(text) > start + _SHOWN else "")


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def _text(cell: str, column: Column, entry: Field, today: date) -> Read:
    text = clean(cell) if entry.type is FieldType.TEXT else one_line(cell)
    if _LOST in text:
        return _fault(entry, "character_lost")
    if entry.type is FieldType.STRING and (fault := _spoilt(text)):
        return _fault(entry, fault)
    if entry.type is FieldType.STRING and text.startswith("'") and text.count("'") == 1:
        text = text[1:].strip()
    if _ERROR.fullmatch(text):
        return _fault(entry, "cell_error", value=text)
    if text in NOTHING and (entry.required == "always" or entry.type is FieldType.STRING):
        return Read("")
    return kept(entry, cell, text)


def _spoilt(text: str) -> str | None:
    """What a spreadsheet made of a name or number, if it is none any more: it is never guessed back."""
    if text.startswith("=") and len(text) > 1:
        return "cell_formula"
    if SCIENTIFIC.fullmatch(text):
        return "excel_scientific"
    return "excel_number" if FRACTION.fullmatch(text) else None


def _date(cell: str, column: Column, entry: Field, today: date) -> Read:
    written = one_line(cell).lstrip(_MARKS)
    if written in NOTHING:
        return Read("")
    if dates.is_long_term(written):
        if not column.endless:
            return _fault(entry, "date_without_end", value=_short(written))
        return _noted(entry, cell.strip(), dates.LONG_TERM.isoformat())
    try:
        day = dates.parse_day(written)
    except BadInput as error:
        if error.code != "date_serial":
            return _fault(entry, error.code, value=_short(written))
        if column.since_1904:
            return _fault(entry, "date_ambiguous", value=_short(written))
        day = dates.parse_serial(written)
        params = called(entry, was=written, now=day.isoformat())
        return Read(day.isoformat(), (Finding(entry.code, "date_serial", params),))
    if not EARLIEST <= day <= dates.LONG_TERM or day == _NEVER:
        return _fault(entry, "date_implausible", value=day.isoformat())
    return Read(day.isoformat()) if _USUAL_DAY.fullmatch(cell.strip()) else _noted(entry, cell.strip(), day.isoformat())


def _decimal(cell: str, column: Column, entry: Field, today: date) -> Read:
    assert entry.digits is not None and entry.places is not None
    written = one_line(cell).lstrip(_MARKS)
    if written in NOTHING:
        return Read("")
    # A unit in the header counts where the cell has none of its own.
    united = column.unit not in (None, "万元") and not _HAS_UNIT.search(written) and not _EXPONENT.fullmatch(written)
    meant = f"{written}{column.unit}" if united else written
    try:
        if "万元" in entry.label.zh:
            amount = parse_ten_thousands(meant, digits=entry.digits, places=entry.places)
            value, unit = amount.value, amount.unit
        else:
            value, unit = parse_decimal(meant, digits=entry.digits, places=entry.places), None
    except BadInput as error:
        return _fault(entry, error.code, value=_short(written), **error.params)
    if value < 0:
        return _fault(entry, "decimal_negative", value=_short(written))
    if not unit and _USUAL_NUMBER.fullmatch(cell.strip()):
        return Read(money_text(value))
    return _noted(entry, meant if united else cell.strip(), money_text(value))


def _enum(cell: str, column: Column, entry: Field, today: date) -> Read:
    assert entry.enum is not None
    written = one_line(cell).lstrip(_MARKS)
    if written in NOTHING:
        return Read("")
    found = choices.one(entry.enum, written)
    if found is None:
        return _fault(entry, "enum_unknown", value=_short(written), values=_choices(entry))
    return kept(entry, cell, found)


def _multi_enum(cell: str, column: Column, entry: Field, today: date) -> Read:
    assert entry.enum is not None
    written = clean(cell).lstrip(_MARKS)
    if written in NOTHING:
        return Read("")
    values, wrong = choices.several(entry.enum, written)
    if wrong or not values:
        return _fault(entry, "enum_unknown", value=_short("、".join(wrong) or written), values=_choices(entry))
    return kept(entry, cell, entry.enum.separator.join(values))


def _choices(entry: Field) -> str:
    assert entry.enum is not None
    named = [value.value for value in entry.enum.values]
    return "、".join([*named, *([f"{entry.enum.open_prefix}（写明名称）"] if entry.enum.open_prefix else [])])


def _code(judge: Callable[[str, date], CodeVerdict]) -> Callable[[str, Column, Field, date], Read]:
    """A reader for a field that holds a code of one kind."""

    def read(cell: str, column: Column, entry: Field, today: date) -> Read:
        cleaned = clean_code(cell)
        if not cleaned.text or clean(cell) in NOTHING:
            return Read("")
        if cleaned.fault is not None:
            code, params = cleaned.fault
            return _fault(entry, code, **_harmless(entry, params))
        verdict = judge(cleaned.text, today)
        return code_read(verdict, cell, entry)

    return read


def code_read(verdict: CodeVerdict, cell: str, entry: Field) -> Read:
    """A verdict on a code as the value of a cell: refused, or canonical with its warning and what was undone."""
    if verdict.code == "placeholder":
        return Read(PLACEHOLDER)
    if not verdict.valid or verdict.canonical is None:
        assert verdict.code is not None
        return _fault(entry, verdict.code, **_harmless(entry, verdict.params))
    findings = [Finding(entry.code, verdict.code, called(entry, **verdict.params))] if verdict.code else []
    if verdict.canonical != cell.strip():
        findings += _noted(entry, cell, verdict.canonical).findings
    return Read(verdict.canonical, tuple(findings))


def _harmless(entry: Field, params: Mapping[str, str]) -> dict[str, str]:
    """Params without digits of a person's number: the place of a fault may be told, not what stands there."""
    if not entry.personal:
        return dict(params)
    return {name: value if name in ("position", "length", "like") else "…" for name, value in params.items()}


def _judge_uscc(text: str, today: date) -> CodeVerdict:
    if text == PLACEHOLDER:
        return CodeVerdict("uscc", False, None, "placeholder")
    if len(text) != 18 or "-" in text:
        return CodeVerdict("uscc", False, None, "uscc_length", {"length": str(len(text))})
    return uscc.check_uscc(text)


def _judge_org(text: str, today: date) -> CodeVerdict:
    bare = text[:8] + text[9:] if len(text) == 10 and text[8] == "-" else text
    if len(bare) != 9:
        return CodeVerdict("org", False, None, "org_length", {"length": str(len(text))})
    return orgcode.check_org(bare)


def judge_id(text: str, today: date) -> CodeVerdict:
    """The number of an identity card."""
    if not _ID_FORM.fullmatch(text):
        return CodeVerdict("id", False, None, "id_form", {"length": str(len(text))})
    return idnumber.check_id(text, today)


def _identity(cell: str, column: Column, entry: Field, today: date) -> Read:
    """Document numbers are judged with the kind of document, in `rows`, as they stand in the cell."""
    return Read("" if clean(cell) in NOTHING else cell.strip())


_READERS: dict[FieldType, Callable[[str, Column, Field, date], Read]] = {
    FieldType.STRING: _text,
    FieldType.TEXT: _text,
    FieldType.DATE: _date,
    FieldType.DECIMAL: _decimal,
    FieldType.ENUM: _enum,
    FieldType.MULTI_ENUM: _multi_enum,
    FieldType.USCC: _code(_judge_uscc),
    FieldType.ORG_CODE: _code(_judge_org),
    FieldType.IDNUMBER: _identity,
}
