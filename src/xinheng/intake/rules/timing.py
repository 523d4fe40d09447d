"""Until which day was a decision to be reported? (ZY-33, SP-8; the seven working days of dual publicity)"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import polars as pl

from xinheng.law.calendar import add_workdays
from xinheng.law.enums import Unit
from xinheng.law.items import ItemVersion
from xinheng.law.pack import Pack
from xinheng.lib.errors import BadInput

EARLIEST_COUNTED = date(2004, 1, 1)  # before it no calendar of working days is known


def due_on(pack: Pack, item: ItemVersion, decided: date) -> date | None:
    """The last day on which a decision of this day is reported in time; None where no calendar reaches."""
    if item.frequency.unit is not Unit.WORKING_DAY:
        return item.frequency.after(decided)
    if decided < EARLIEST_COUNTED:
        return None
    try:
        return add_workdays(pack, decided, item.frequency.count)[-1].date
    except (BadInput, LookupError):
        return None


@dataclass(slots=True)
class DueDays:
    """The due days of the rows of one file, each day of decision counted once. ``today``: the legal day of receipt."""

    pack: Pack
    item: ItemVersion
    today: date
    _held: dict[str, date | None] = field(default_factory=dict)

    def of(self, decided: pl.Series) -> pl.Series:
        """The due day for each day of decision (ISO text, empty where it can't be read); none for a day to come, which
        can't be one.
        """
        days = decided.unique().to_list()
        for text in days:
            if text not in self._held:
                on = date.fromisoformat(text) if text else None
                self._held[text] = due_on(self.pack, self.item, on) if on and on <= self.today else None
        return decided.replace_strict(days, [self._held[text] for text in days], return_dtype=pl.Date)
