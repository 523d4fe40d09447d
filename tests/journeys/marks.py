"""Values that tell where they come from: one for every field of every record, so that it is known wherever it turns up.

A mark is found in whatever leaves a door, however it is written there: escaped, quoted, in an address, in a workbook, a
day or an amount in each form that a page, a table or a machine could print.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from html import unescape
from typing import NamedTuple
from urllib.parse import unquote_plus

from xinheng.lib.codes import idnumber

FIRST, DIGITS = "龢", "垚垟埜塬墉嫄婳嬿岍岷峄峣嵛嶷巉帏"  # characters that no page, law or demo of ours has
_WORD = re.compile(f"{FIRST}([{DIGITS}]{{3}})")
_ISO = re.compile(r"(?<!\d)(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_ZH = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日")
_EN = re.compile(r"(?<!\d)(\d{1,2}) ([A-Z][a-z]{2})[a-z]* (\d{4})(?!\d)")
_EIGHT = re.compile(r"(?=((?:19|20)\d{6}))")  # a day of birth inside a number too
_TAIL = re.compile(r"\*(\d\d[\dX])")  # three characters of a number: one more than a mask may leave
_AMOUNT = re.compile(r"\d[\d,]*(?:\.\d+)?")
_PHONE = re.compile(r"1\d{10}")
_PAPER = re.compile(r"K9\d{5}ZP")
_JSON = re.compile(r"\\u([0-9a-fA-F]{4})")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
SATURDAY = 5
_UNSEEN = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]|<wbr>")


def weekends() -> Iterator[date]:
    """Days on which no deadline ends, newest first: Saturdays of this summer, Saturdays and Sundays of last year.
    A year after one of the latter is none of the former.
    """
    for day in (date(2026, 7, 25) - timedelta(days=back) for back in range(567)):
        summer = day >= date(2026, 4, 1) and day.weekday() == SATURDAY
        if summer or (day.year == 2025 and day.weekday() >= SATURDAY):
            yield day


class Mark(NamedTuple):
    """``owner``: a record or a subject; ``field``: the code of the field, or what it is of the subject."""

    owner: str
    field: str

    def __str__(self) -> str:
        return f"{self.owner}.{self.field}"


@dataclass
class Marks:
    """Hands out values, each once, and knows them again. ``weak``: words of a closed list that stand for a field.
    ``taken``: days that stand elsewhere.
    """

    taken: frozenset[date] = frozenset()
    known: dict[str, Mark] = field(default_factory=dict)
    weak: dict[str, Mark] = field(default_factory=dict)
    _given: int = 0
    _past: Iterator[date] = field(default_factory=weekends)
    _soon: date = date(2027, 2, 4)
    _coming: date = date(2061, 1, 1)
    _born: date = date(1951, 2, 3)

    def word(self, owner: str, name: str) -> str:
        """Four rare characters."""
        self._given += 1
        number = self._given
        text = FIRST + "".join(DIGITS[number >> shift & 15] for shift in (8, 4, 0))
        assert text not in self.known
        return self._keep(text, owner, name)

    def day(self, owner: str, name: str, *, when: str = "far") -> date:
        """A day that no other field has and that no rule arrives at: ``past`` is a day off (`weekends`), ``soon`` a
        Thursday of next year, which none of those is a number of years away from; else far ahead, never the day after
        another, as a last day and the first without are.
        """
        match when:
            case "past":
                day = next(self._past)
                while day in self.taken:
                    day = next(self._past)
            case "soon":
                day = self._soon = self._soon + timedelta(days=7)
            case _:
                day = self._coming = self._coming + timedelta(days=3)
        self._keep(f"{day:%Y%m%d}", owner, name)
        return day

    def amount(self, owner: str, name: str) -> str:
        """An amount in 万元, with places enough to be alone."""
        self._given += 1
        yuan = f"{130_000 + self._given}.17"
        self._keep(yuan, owner, name)
        return self._keep(f"{yuan[:2]}.{yuan[2:6]}17", owner, name)

    def identity(self, owner: str, name: str) -> str:
        """A well-formed identity number, alone in its day of birth and in its last three characters."""
        while True:
            self._born += timedelta(days=11)
            body = f"622201{self._born:%Y%m%d}{self._given % 1000:03}"
            self._given += 1
            number = body + idnumber.check_character(body)
            if f"*{number[-3:]}" not in self.known:
                return self.keep_identity(number, owner, name)

    def keep_identity(self, number: str, owner: str, name: str) -> str:
        """A number that is given."""
        self._keep(f"*{number[-3:]}", owner, name)
        self._keep(number[6:14], owner, name)
        return number

    def phone(self, owner: str, name: str) -> str:
        self._given += 1
        return self._keep(f"139{self._given:08}", owner, name)

    def paper(self, owner: str, name: str) -> str:
        """The number of a document that is no identity card."""
        self._given += 1
        return self._keep(f"K9{self._given:05}ZP", owner, name)

    def keep(self, text: str, owner: str, name: str) -> str:
        """A word that is given and stands nowhere else, like a name of the demo."""
        self.weak[text] = Mark(owner, name)
        return text

    def _keep(self, text: str, owner: str, name: str) -> str:
        self.known[text] = Mark(owner, name)
        return text

    def found(self, said: str | bytes) -> set[Mark]:
        """Every mark that stands in what was said, in whatever form."""
        text = said if isinstance(said, str) else plain(said)
        keys = {FIRST + found for found in _WORD.findall(text)}
        keys |= {f"{y}{int(m):02}{int(d):02}" for form in (_ISO, _ZH) for y, m, d in form.findall(text)}
        keys |= {f"{y}{_MONTHS.index(m) + 1:02}{int(d):02}" for d, m, y in _EN.findall(text) if m in _MONTHS}
        keys |= set(_EIGHT.findall(text)) | {f"*{tail}" for tail in _TAIL.findall(text)}
        keys |= {one.replace(",", "") for one in _AMOUNT.findall(text)}
        keys |= set(_PHONE.findall(text)) | set(_PAPER.findall(text))
        return {self.known[key] for key in keys & self.known.keys()} | {
            mark for word, mark in self.weak.items() if word in text
        }


def plain(data: bytes) -> str:
    """What a body says: a workbook unpacked, escapes of HTML, JSON and addresses undone beside what stands there."""
    if data[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            text = "\n".join(book.read(name).decode(errors="replace") for name in book.namelist())
    else:
        text = data.decode(errors="replace")
    said = [text]
    if "&" in text:
        said.append(unescape(text))
    if "%" in text:
        said.append(unquote_plus(text))
    if "\\u" in text:
        said.append(_JSON.sub(lambda found: chr(int(found[1], 16)), text))
    return _UNSEEN.sub("", "\n".join(said))
