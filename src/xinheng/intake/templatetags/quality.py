"""Figures of a provider in words, the card of its month, and what a batch's page says of its timeliness."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from xinheng.intake import selectors
from xinheng.intake.rules.quality import Measure, Month, Share, Sums
from xinheng.law import lookup
from xinheng.ui import city, format
from xinheng.ui.language import current

register = template.Library()


@register.filter
def share(found: Share) -> str:
    """97.4%, or that nothing was sent."""
    percent = found.percent
    return _("没有报送") if percent is None else f"{_whole(percent)}%"


def _whole(percent: Decimal) -> str:
    """Every row is 100, none is 0; anything between has its place."""
    return str(int(percent)) if percent in (0, 100) else str(percent)


def change(now: Share, before: Share) -> str:
    """上月95.0%，多2.4个百分点: the month before and the difference; empty when nothing was sent then."""
    if before.percent is None:
        return _("上月没有报送")
    told = _("上月%(share)s") % {"share": share(before)}
    step = now.since(before)
    if not step:
        return told
    word = _("%(before)s，升%(n)s个百分点") if step > 0 else _("%(before)s，降%(n)s个百分点")
    return word % {"before": told, "n": abs(step)}


def rows_of(found: Share) -> str:
    """304/312, with the gap behind it."""
    return f"{found.part}/{found.whole}{_('　')}" if found.whole else ""


def cell(now: Share, before: Share) -> SafeString:
    """A share in a table: the percentage, the rows behind it, the month before; short when neither has any row."""
    if not now.whole and not before.whole:
        return format_html('<span class="xh-2">{}</span>', share(now))
    return format_html(
        '<b>{}</b><br><span class="xh-s xh-2">{}{}</span>',
        share(now),
        rows_of(now),
        change(now, before),
    )


@register.filter
def month_word(month: Month) -> str:
    """11月, November."""
    return format.month(month.month, current())


@register.filter
def month_year(month: Month) -> str:
    """2026年11月, November 2026."""
    return format.month_year(month.year, month.month, current())


def item_word(code: str) -> str:
    """The name of an item in the language of the page."""
    item = city.pack().items.get(code)
    return str(item.label.get(current())) if item else code


def due_word(due: date | None, today: date) -> str:
    """今天, 12月4日（五）, 11月3日（二）已过: a last day as seen today."""
    if due is None:
        return _("算不出")
    if due == today:
        return _("今天")
    day = format.day_short(due, current()) if due.year == today.year else format.day(due, current())
    return _("%(day)s已过") % {"day": day} if due < today else day


@register.filter(name="place")
def place_word(place: tuple[str, int]) -> str:
    """第57行, “许可”表第57行."""
    sheet, row = place
    if sheet:
        return _("“%(sheet)s”表第%(row)s行") % {"sheet": sheet, "row": row}
    return _("第%(row)s行") % {"row": row}


@register.simple_tag
def measured(sums: Sums, measure: str) -> Share:
    """What a measure looks at in these sums."""
    return sums.of(Measure(measure))


@register.inclusion_tag("intake/_quality_card.html")
def quality_card(provider_id: int) -> dict[str, Any]:
    """The card "your organisation this month": three shares beside last month's, the next last day, how and why."""
    pack, today = city.pack(), city.today()
    month = Month.of(today)
    told = selectors.months(provider_id=provider_id, until=month)
    now, before = told[0][2], told[1][2]
    due = selectors.next_due(provider_id=provider_id, today=today)
    return {
        "month": month,
        "shares": [(word, now.of(one), before.of(one)) for one, word in measures()],
        "due": f"{due_word(due[0], today)}{_('，')}{item_word(due[1])}" if due else "",
        "article": lookup.ground(pack, "intake.public", today).article,
    }


def measures() -> list[tuple[Measure, str]]:
    """The three measures with their words."""
    return [(Measure.TIMELY, _("及时")), (Measure.ACCURATE, _("准确")), (Measure.COMPLETE, _("完整"))]


@register.simple_tag
def batch_figures(batch_id: int) -> list[dict[str, str]]:
    """Two figures of a batch for ``{% figures %}``: the share that came in time, and the most urgent row."""
    batch, today = selectors.batch(batch_id), city.today()
    frequency = selectors.item_of(batch_id).frequency
    timely = Share(batch.timely, batch.timely + batch.late)
    told = [
        {
            "label": _("及时率"),
            "value": share(timely).removesuffix("%"),
            "unit": "%" if timely.whole else "",
            "note": _in_time(batch.timely, frequency) if timely.whole else _("没有收下的行"),
        }
    ]
    first = next(iter(selectors.urgent(provider_id=batch.provider_id, batch_id=batch_id, limit=1)), None)
    if first is None:
        return [*told, {"label": _("最急的一行"), "value": _("没有"), "note": _("没有等处理的行")}]
    if first.waiting:
        note = _("%(place)s，等第二人复核") % {"place": place_word(first.place)}
        return [*told, {"label": _("最急的一行"), "value": _("等复核"), "note": note}]
    note = _("%(place)s，过后记为迟报") if first.due_on and first.due_on >= today else _("%(place)s，尽快处理")
    value = due_word(first.due_on, today)
    return [*told, {"label": _("最急的一行"), "value": value, "note": note % {"place": place_word(first.place)}}]


def _in_time(rows: int, frequency: Any) -> str:
    from xinheng.ui.templatetags.xinheng import length_word

    said = ngettext("%(n)s行在%(time)s内", "%(n)s行在%(time)s内", rows)
    return said % {"n": rows, "time": length_word(frequency)}
