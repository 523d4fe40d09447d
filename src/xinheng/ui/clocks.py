"""How is a deadline shown: how much is left, and why is it this day?

The chip counts in the unit of the law (working days of the pack's calendar); a late one stays. The strip shows every
day from receipt to the due day and whether it counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

SOON = 3


@dataclass(frozen=True, slots=True)
class Chip:
    """``kind``: ok, soon, today, late, paused, prov; ``icon`` a drawing; ``text`` the words; ``why`` the address that
    explains the day, "" for none.
    """

    kind: str
    icon: str
    text: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class StripDay:
    """A day of the strip; ``state``: "" (counts), off, now, due; ``note`` says what it is."""

    on: date
    state: str
    note: str


def why_url(*, deadline: str, received: date) -> str:
    """Where the public page explains a deadline received on a day. It tells of no case: the day alone is in it."""
    return f"{reverse('portal:date')}?{urlencode({'deadline': deadline, 'received': received.isoformat()})}"


def chip(*, due: date, today: date, left: int, provisional: bool = False, waiting_for: str = "", why: str = "") -> Chip:
    """The chip for a deadline on ``due``: ``left`` working days remain after today (negative: passed).

    ``why``: the address made by `why_url`; give it wherever the clock's deadline and receipt are known.
    """
    if waiting_for:
        return Chip("paused", "pause", _("已暂停，等%(who)s") % {"who": waiting_for}, why)
    if today > due:
        late = abs(left)
        return Chip("late", "warn", ngettext("逾期%(n)d个工作日", "逾期%(n)d个工作日", late) % {"n": late}, why)
    if today == due:
        return Chip("today", "clock", _("今天24:00前"), why)
    text = ngettext("剩%(n)d个工作日", "剩%(n)d个工作日", left) % {"n": left}
    if provisional:
        return Chip("prov", "clock", _("%(text)s，暂定") % {"text": text}, why)
    return Chip("soon" if left <= SOON else "ok", "clock", text, why)


def strip(
    *, received: date, counted: tuple[date, ...], today: date, names: Mapping[date, str] | None = None
) -> tuple[StripDay, ...]:
    """Every day from receipt to the last counted one; days not in ``counted`` are days off (or the day of receipt).

    ``names``: what a day off is called, where it is more than a weekend.
    """
    days = []
    number = {on: n for n, on in enumerate(counted, start=1)}
    on = received
    while on <= counted[-1]:
        if on == received and on not in number:
            note, state = _("收到"), "off"
        elif on in number:
            note, state = _("第%(n)d天") % {"n": number[on]}, ""
        else:
            note, state = (names or {}).get(on) or _("休息"), "off"
        if on == counted[-1]:
            state = "due"
        elif on == today:
            state = "now"
        days.append(StripDay(on, state, note))
        on += timedelta(days=1)
    return tuple(days)
