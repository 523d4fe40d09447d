"""What was probably meant by a cell that was found wrong?

Only what can be told from the row itself and has one answer; never who a person is, never which of two days. The value
is put beside the cell for the clerk to take or to leave: nothing here changes a row.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from itertools import islice, product

from xinheng.intake.rules.layout import Column
from xinheng.intake.rules.values import read_cell
from xinheng.intake.rules.verdicts import Weight
from xinheng.law.enums import FieldType
from xinheng.law.items import Enumeration, Field, ItemVersion
from xinheng.lib import dates
from xinheng.lib.codes import CodeVerdict, orgcode, uscc
from xinheng.lib.codes.clean import clean as clean_code
from xinheng.lib.codes.clean import looks_like
from xinheng.lib.errors import BadInput
from xinheng.lib.text import clean, half_width, one_line

_YEAR = re.compile(r"[\[(〔【〈]((?:19|20)[0-9]{2})年?[\])〕】〉]")
_PARTS = re.compile(r"[;；,，、/\\\n+|&＆。·\s]+|和|并|及|与")
_OTHER = re.compile(r"其[他它]\s*[-－—–_:：(（]*\s*([^()（）]+?)\s*[)）]?")
# Characters of the traditional script in the values of lists: a value written so is proposed, not taken.
_SIMPLIFIED = str.maketrans(
    "罰處報評沒違財產業責關閉暫許證銷資質級從營開經動認錄記護號個體戶組織國來陸臺灣獎變團",
    "罚处报评没违财产业责关闭暂许证销资质级从营开经动认录记护号个体户组织国来陆台湾奖变团",
)
_TRIED = 64  # readings of one code: with more of its characters in doubt none is probable
_NEAR, _APART = 0.75, 0.1  # how alike a value must be, and how much less the next one
_SHORTEST = 3  # characters of a value that may be told by likeness
_TYPED = {"O": "0", "Q": "0", "D": "0", "I": "1", "L": "1", "Z": "2", "S": "5", "B": "8", "G": "6"}


@dataclass(frozen=True, slots=True)
class _Case:
    """A finding on a cell, with the row it stands in."""

    item: ItemVersion
    entry: Field
    cell: str
    values: Mapping[str, str]
    params: Mapping[str, str]
    today: date


def suggest(  # noqa: PLR0917 - one call, the same everywhere
    item: ItemVersion,
    finding_code: str,
    field_code: str,
    cell: str,
    values: Mapping[str, str],
    params: Mapping[str, str],
    today: date,
) -> str | None:
    """The value that was probably meant, as a file may state it, or None when that would be a guess.

    ``cell``: as it was sent; ``values``: the canonical values of the row, as far as they could be read; ``params``:
    those of the finding. What is suggested reads without a fault.
    """
    entry = item.by_code.get(field_code)
    rule = _rule(item, finding_code, field_code)
    if entry is None or rule is None or entry.personal or entry.type is FieldType.IDNUMBER:
        return None
    proposed = rule(_Case(item, entry, cell, values, params, today))
    return proposed if proposed and proposed != cell.strip() and _reads(proposed, entry, today) else None


def _rule(item: ItemVersion, finding_code: str, field_code: str) -> Callable[[_Case], str | None] | None:
    for check in item.checks:
        if (check.code, check.field, check.check) == (finding_code, field_code, "not_after_today"):
            return _day
    return _RULES.get(finding_code)


def _reads(proposed: str, entry: Field, today: date) -> bool:
    read = read_cell(proposed, Column("", entry), entry, today)
    return not read.unreadable and all(found.effect is Weight.NOTE for found in read.findings)


# Codes -------------------------------------------------------------------------------------------------------------


def _code(case: _Case) -> str | None:
    """The one reading of look-alike characters under which the code holds, check characters and all."""
    judge = {FieldType.USCC: uscc.check_uscc, FieldType.ORG_CODE: orgcode.check_org}.get(case.entry.type)
    if judge is None:
        return None
    length = 18 if case.entry.type is FieldType.USCC else 9
    tried = list(islice(_readings(clean_code(case.cell).text, length), _TRIED + 1))
    held = {text for text in tried if len(text) == length and _holds(judge(text))}
    return held.pop() if len(tried) <= _TRIED and len(held) == 1 else None


def _holds(verdict: CodeVerdict) -> bool:
    """Valid without a warning: one code in 31 passes by chance, one in 300 does so inside as well."""
    return verdict.valid and verdict.code is None


def _readings(text: str, length: int) -> Iterator[str]:
    """Every way to read the characters of a code that can't stand there; punctuation is left out."""
    shown = [c if c.isascii() else looks_like(c) or "" for c in text]
    kept = [c for c in shown if c.isalnum()]
    return ("".join(way) for way in product(*(_ways(c, at, length) for at, c in enumerate(kept))))


def _ways(character: str, at: int, length: int) -> tuple[str, ...]:
    if length != 18:
        return (character,)
    if 2 <= at < 8 and not character.isdigit():  # the division is digits
        return (_TYPED.get(character, character),) if character in _TYPED else ("",)
    if character in uscc.VALUES:
        return (character,)
    return ("U", "Y") if character == "V" else (uscc.LIKE.get(character, ""),)


# Days --------------------------------------------------------------------------------------------------------------


def _day(case: _Case) -> str | None:
    """The day in the year of the document number, where the year of the cell is a slip of it and the day has come."""
    numbered = case.values.get(case.item.role("document_number") or "", "")
    years = set(_YEAR.findall(half_width(clean(numbered))))
    if case.entry.code != case.item.role("decided_on") or len(years) != 1:
        return None
    try:
        written = dates.parse_day(one_line(case.cell))
        meant = written.replace(year=int(years.pop()))
    except (BadInput, ValueError):
        return None
    return f"{meant:%Y/%m/%d}" if _slip(written.year, meant.year) and meant <= case.today else None


def _slip(written: int, meant: int) -> bool:
    """Whether a year is another with one digit wrong, or with two changed places."""
    one, other = f"{written:04}", f"{meant:04}"
    wrong = [place for place in range(4) if one[place] != other[place]]
    return len(wrong) == 1 or (len(wrong) == 2 and sorted(one) == sorted(other))


# Values of a list --------------------------------------------------------------------------------------------------


def _listed(case: _Case) -> str | None:
    enum = case.entry.enum
    if enum is None:
        return None
    if case.entry.type is FieldType.ENUM:
        return _value(one_line(case.cell), enum)
    whole = _value(clean(case.cell), enum)
    parts = [part for part in _PARTS.split(clean(case.cell)) if part]
    found = [whole] if whole and not enum.open_prefix else [_value(part, enum) for part in parts]
    known = list(dict.fromkeys(value for value in found if value))
    return enum.separator.join(known) if known and None not in found else None


def _value(written: str, enum: Enumeration) -> str | None:
    """The value itself, the open value written otherwise, or the one value of the list that it is nearly."""
    plain = half_width(written).translate(_SIMPLIFIED)
    known = enum.canonical(written) or enum.canonical(half_width(written)) or enum.canonical(plain)
    if known:
        return known
    other = _OTHER.fullmatch(written)
    if other and enum.open_prefix:
        return enum.canonical(enum.open_prefix + other[1])
    return _nearest(written, enum)


def _nearest(written: str, enum: Enumeration) -> str | None:
    if len(written) < _SHORTEST:
        return None
    ranked = sorted((_likeness(written, entry.value, *entry.aliases), entry.value) for entry in enum.values)[::-1]
    best, value = ranked[0]
    following = ranked[1][0] if len(ranked) > 1 else 0.0
    return value if best >= _NEAR and best - following >= _APART else None


def _likeness(written: str, *names: str) -> float:
    long = [name for name in names if len(name) >= _SHORTEST]
    return max((SequenceMatcher(None, written, name, autojunk=False).ratio() for name in long), default=0.0)


# What the finding itself says --------------------------------------------------------------------------------------


def _amount(case: _Case) -> str | None:
    """The amount in 10,000 yuan that the decision states in yuan."""
    return case.params.get("proposed")


def _kind(case: _Case) -> str | None:
    """The kind of subject that a registered code tells."""
    kind = case.params.get("kind", "")
    return kind if kind in case.item.kinds_map else None


_RULES: dict[str, Callable[[_Case], str | None]] = {
    "uscc_letter": _code,
    "uscc_division_digits": _code,
    "look_alike": _code,
    "character": _code,
    "date_implausible": _day,
    "enum_unknown": _listed,
    "fine_unit_suspected": _amount,
    "kind_does_not_fit_code": _kind,
}
