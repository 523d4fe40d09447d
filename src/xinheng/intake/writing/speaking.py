"""In whose words does a workbook speak? In Chinese always; a second instruction sheet may be in English."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils import translation

from xinheng.law import citation, saying
from xinheng.law.enums import Unit
from xinheng.law.errors import NoValueInForce
from xinheng.law.pack import Amount, Pack
from xinheng.ui import format, wording
from xinheng.ui.language import ENGLISH

_ZH = {Unit.WORKING_DAY: "个工作日", Unit.CALENDAR_DAY: "天", Unit.MONTH: "个月", Unit.YEAR: "年"}
_EN = {Unit.WORKING_DAY: "working day", Unit.CALENDAR_DAY: "day", Unit.MONTH: "month", Unit.YEAR: "year"}


@dataclass(frozen=True, slots=True)
class Words:
    """Says the catalog and the words of the sheets in one language, whatever that of the page is."""

    pack: Pack
    english: bool = False

    def say(self, code: str, **params: str) -> str:
        """The sentence of a code."""
        if not self.english:
            return wording.plain(code, params)
        with translation.override(ENGLISH):
            return wording.say(code, params)

    def amount(self, amount: Amount) -> str:
        """A length of time."""
        if self.english:
            return f"{amount.count} {_EN[amount.unit]}{'s' if amount.count != 1 else ''}"
        return f"{amount.count}{_ZH[amount.unit]}"

    def day(self, day: date) -> str:
        """A day."""
        return format.day(day, ENGLISH if self.english else "zh-hans")

    def cite(self, article: str) -> str:
        """An article by the name of its instrument."""
        try:
            return citation.cite(self.pack, article, "en" if self.english else "zh")
        except NoValueInForce:
            return article

    def labelled(self, attribute: str, code: str) -> str:
        """The label of a source or a matter."""
        return saying.text_of(saying.label_in(self.pack, attribute, code), self)
