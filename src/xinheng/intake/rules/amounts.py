"""Which amount of money does the text of a decision state?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from xinheng.lib import han

_FIGURES = r"([0-9][0-9,]*(?:\.[0-9]+)?)\s*(万元|元)"
_UNTIL = "[^0-9。；;，,罚]{0,20}?"  # what may stand between a word and its amount


@dataclass(frozen=True, slots=True)
class Told:
    """An amount in yuan; ``in_figures``: not in Chinese numerals."""

    yuan: Decimal
    in_figures: bool


@dataclass(frozen=True, slots=True)
class Statement:
    """A way to state an amount: ``pattern`` finds number and unit, and is plain enough for the fast lane."""

    pattern: str
    in_figures: bool = True

    def told(self, text: str) -> Told | None:
        """The first amount that ``text`` states in this way."""
        found = re.search(self.pattern, text)
        if found is None:
            return None
        number = Decimal(found[1].replace(",", "")) if self.in_figures else han.number(found[1])
        times = 10_000 if found[2] == "万元" else 1
        return None if number is None else Told(number * times, self.in_figures)


FINES = (
    Statement("罚款[^0-9。；;，,]{0,12}?" + _FIGURES),
    Statement(_FIGURES + "[整正]?(?:人民币)?的?(?:行政)?罚款"),
    Statement(rf"罚款[^0-9。；;，,]{{0,12}}?({han.NUMERAL}+)([元圆])", in_figures=False),
)
CONFISCATED = (
    Statement("没收" + _UNTIL + _FIGURES),
    Statement(rf"没收{_UNTIL}({han.NUMERAL}+)([元圆])", in_figures=False),
)
