"""Doors of the quality of reporting: a provider's own figures, and those of all for the competent department.

A provider sees its own figures and no other's; the department sees the same figures, and no row of a file.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from xinheng.accounts.access import asker_of, needs_role
from xinheng.accounts.rules import AskerFacts, Role
from xinheng.intake import selectors, services
from xinheng.intake.export import csv_file
from xinheng.intake.rules.quality import COMPETENT, NEAR, WAITING_LONG, Kind, Measure, Month
from xinheng.intake.templatetags.quality import (
    cell,
    change,
    due_word,
    item_word,
    measures,
    month_year,
    place_word,
    share,
)
from xinheng.law import lookup
from xinheng.law.pack import Pack
from xinheng.lib import clock
from xinheng.lib.errors import BadInput, NotAllowed, RefusedByLaw
from xinheng.ui import city, format, language, wording
from xinheng.ui.tables import Column, Table, table

OPEN_SHOWN, LATE_SHOWN = 12, 30


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs_role(Role.COLLECTOR, Role.REVIEWER)
def quality(request: HttpRequest) -> HttpResponse:
    """How one's own organisation reports, what is still to be mended, why rows went back; POST: it was seen."""
    facts, pack, today = asker_of(request), city.pack(), city.today()
    own = _body(facts)
    if request.method == "POST":
        services.note_seen(provider_id=own, account_id=facts.account_id, at=clock.now())
        return HttpResponseRedirect(reverse("intake:quality"))
    month = Month.of(today)
    told = selectors.months(provider_id=own, until=month)
    open_rows = selectors.urgent(provider_id=own, limit=OPEN_SHOWN)
    reminders = _reminders(own)
    page = {
        **_how(pack, today),
        "month": month,
        "figures": _figures(own, told, today),
        "sent": told[0][1],
        "reminders": reminders,
        "unseen": any(not one["seen"] for one in reminders),
        "open_table": _open_table(open_rows, today) if open_rows else None,
        "open_total": selectors.returned_count(provider_id=own),
        "open_shown": sum(not one.waiting for one in open_rows),
        "faults": _faults(own, month, pack),
        "item_table": _item_table(selectors.report(month=month, provider_id=own)),
        "month_table": _month_table(told),
        "silent": sum(not month[1] for month in told),
        "late": selectors.late_rows(provider_id=own, since=month.back(1).first, limit=LATE_SHOWN),
        "late_from": month.back(1),
    }
    return render(request, "intake/quality.html", page)


@never_cache
@require_safe
@needs_role(Role.OPERATOR, Role.SUPERVISOR)
def providers(request: HttpRequest) -> HttpResponse:
    """How every provider reports, for the competent department; the order by ``?sort=``, the month by ``?month=``."""
    pack, today = city.pack(), city.today()
    _competent(asker_of(request), pack, today)
    month, sort = _month(request, today), _sort(request)
    lines = _sorted(selectors.report(month=month), sort)
    page = {
        **_how(pack, today),
        "month": month,
        "months": [Month.of(today).back(n) for n in range(selectors.MONTHS)],
        "sort": sort,
        "sorts": _sorts(),
        "table": _providers_table(lines),
        "providers": len({line.provider_id for line in lines}),
        "open": sum(line.open for line in lines),
        "reminder_table": _reminder_table(selectors.reminder_sums()),
        "competent": lookup.power(pack, COMPETENT, today).article,
    }
    return render(request, "intake/providers.html", page)


@never_cache
@require_safe
@needs_role(Role.OPERATOR, Role.SUPERVISOR)
def providers_csv(request: HttpRequest) -> HttpResponse:
    """The same lines as a file."""
    pack, today = city.pack(), city.today()
    _competent(asker_of(request), pack, today)
    month = _month(request, today)
    text = csv_file(_sorted(selectors.report(month=month), _sort(request)), month, _heads())
    headers = {"Content-Disposition": f'attachment; filename="quality-{month}.csv"'}
    return HttpResponse(text, content_type="text/csv; charset=utf-8", headers=headers)


# Who asks for what ---------------------------------------------------------------------------------------------------


def _body(facts: AskerFacts) -> int:
    """The organisation of the account; an account without one has reported nothing."""
    if facts.organisation_id is None:
        raise NotAllowed("role_missing")
    return facts.organisation_id


def _competent(facts: AskerFacts, pack: Pack, today: date) -> None:
    """Raises RefusedByLaw for an organisation that is not the competent department (ZY-5, SP-4)."""
    if COMPETENT not in facts.powers:
        raise RefusedByLaw("not_competent", lookup.power(pack, COMPETENT, today).article)


def _month(request: HttpRequest, today: date) -> Month:
    text = request.GET.get("month", "")
    found = Month.parse(text) if text else Month.of(today)
    if found is None or found.first > today:
        raise BadInput("month_unreadable")
    return found


def _share_key(measure: Measure) -> Callable[[selectors.Line], tuple[Any, ...]]:
    """The lowest share first, without a share last."""

    def key(line: selectors.Line) -> tuple[Any, ...]:
        found = line.share(measure)
        return (found.percent is None, found.percent or 0, line.code, line.item_code)

    return key


_KEYS: Mapping[str, Callable[[selectors.Line], tuple[Any, ...]]] = {
    "provider": lambda line: (line.code, line.item_code),
    "item": lambda line: (line.item_code, line.code),
    **{measure.value: _share_key(measure) for measure in Measure},
    "open": lambda line: (-line.open, line.code, line.item_code),
    "last": lambda line: (line.last_on or date.min, line.code, line.item_code),
}


def _sorts() -> list[tuple[str, str]]:
    return [
        ("provider", _("单位")),
        ("item", _("目录项")),
        ("timely", _("及时从低到高")),
        ("accurate", _("准确从低到高")),
        ("complete", _("完整从低到高")),
        ("open", _("退回未改从多到少")),
        ("last", _("最近报送从早到晚")),
    ]


def _sort(request: HttpRequest) -> str:
    asked = request.GET.get("sort", "")
    return asked if asked in _KEYS else "provider"


def _sorted(lines: Sequence[selectors.Line], sort: str) -> list[selectors.Line]:
    return sorted(lines, key=_KEYS[sort])


# What the pages show -------------------------------------------------------------------------------------------------


def _how(pack: Pack, today: date) -> dict[str, Any]:
    """How the figures are computed: the items with their times, and where the law says that they are owed."""
    return {
        "how_items": lookup.items(pack, today),
        "article": lookup.ground(pack, "intake.public", today).article,
        "near": NEAR,
        "waiting_long": WAITING_LONG,
    }


def _reminders(own: int) -> list[dict[str, Any]]:
    """The reminders that stand, those of a batch and kind in one sentence, the earliest last day first."""
    grouped: dict[tuple[int, Kind], list[selectors.ReminderView]] = {}
    for one in selectors.reminders(provider_id=own):
        grouped.setdefault((one.batch_id, one.kind), []).append(one)
    told = []
    for (batch, kind), some in grouped.items():
        rows, day = str(sum(one.rows for one in some)), format.day(some[0].due_on, language.current())
        said = {"rows": rows, "day": day, "days": str(WAITING_LONG)}
        says = wording.say(f"reminder.{kind}.{some[0].stage}", said)
        told.append({"says": says, "batch": batch, "file": some[0].file_name, "seen": all(one.seen_at for one in some)})
    return told


def _figures(own: int, told: Sequence[tuple[Month, int, Any]], today: date) -> list[dict[str, Any]]:
    now, before = told[0][2], told[1][2]
    figures = []
    for measure, word in measures():
        found = now.of(measure)
        rows = _("%(part)s/%(whole)s行") % {"part": found.part, "whole": found.whole} if found.whole else ""
        note = change(found, before.of(measure))
        figures.append(
            {
                "label": word,
                "value": share(found).removesuffix("%"),
                "unit": "%" if found.whole else "",
                "note": _("　").join(part for part in (rows, note) if part),
            }
        )
    due = selectors.next_due(provider_id=own, today=today)
    last = {"label": _("下次到期"), "value": _("没有"), "note": _("没有快到期的行")}
    if due:
        last = {"label": _("下次到期"), "value": due_word(due[0], today), "note": item_word(due[1])}
    return [*figures, last]


def _open_table(rows: Sequence[selectors.Urgent], today: date) -> Table:
    cells = [
        [
            format_html(
                '<a href="{}#row{}">{}</a><br><span class="xh-s xh-2">{}</span>',
                reverse("records:batch", args=[one.batch_id]), one.row, place_word(one.place), one.file_name,
            ),
            one.number or _("没有留存"),
            item_word(one.item_code),
            _("等第二人复核") if one.waiting else _("退回，等您改好再报"),
            _("收到日已计") if one.waiting else due_word(one.due_on, today),
        ]
        for one in rows
    ]  # fmt: skip
    return table(_("还要办的行，最急的在前"), [_("哪一行"), _("文号"), _("目录项"), _("怎么了"), _("到期")], cells)


def _faults(own: int, month: Month, pack: Pack) -> list[dict[str, Any]]:
    """The most frequent reasons of this month and the last, each with how it was said and what to do about it."""
    labels = {
        field.code: field.label.get(language.current())
        for item in pack.items.values()
        for version in item.written
        for field in version.fields
    }
    by_zh = {
        field.label.zh: field.label.get(language.current())
        for item in pack.items.values()
        for version in item.written
        for field in version.fields
    }
    return [
        {
            "title": labels.get(one.field, "") or _("整行"),
            "rows": one.rows,
            "says": wording.say(one.code, {name: by_zh.get(text, text) for name, text in one.params.items()}),
        }
        for one in selectors.faults(provider_id=own, since=month.back(1), until=month)
    ]


def _item_table(lines: Sequence[selectors.Line]) -> Table | None:
    cells = [
        [
            _unbroken(item_word(line.item_code)),
            *(cell(line.now.of(one), line.before.of(one)) for one in Measure),
            str(line.open),
            _unbroken(format.day(line.last_on, language.current())) if line.last_on else "",
        ]
        for line in lines
    ]
    columns: list[str | Column] = [
        _("目录项"),
        _("及时"),
        _("准确"),
        _("完整"),
        Column(_("退回未改"), True),
        _("最近报送"),
    ]
    return table(_("按目录项"), columns, cells) if cells else None


def _month_table(told: Sequence[tuple[Month, int, Any]]) -> Table | None:
    """The months in which something was sent."""
    cells = [
        [month_year(month), str(batches), *(share(sums.of(one)) for one in Measure), str(sums.late)]
        for month, batches, sums in told
        if batches
    ]
    columns: list[str | Column] = [
        _("月份"),
        *(Column(word, True) for word in (_("批次"), _("及时"), _("准确"), _("完整"), _("迟报的行"))),
    ]
    return table(_("近12个月"), columns, cells) if cells else None


def _providers_table(lines: Sequence[selectors.Line]) -> Table | None:
    english = language.current() == "en"
    cells = [
        [
            (english and line.name_en) or line.name_zh,
            _unbroken(item_word(line.item_code)),
            *(cell(line.now.of(one), line.before.of(one)) for one in Measure),
            str(line.open),
            _unbroken(format.day(line.last_on, language.current())) if line.last_on else "",
        ]
        for line in lines
    ]
    columns: list[str | Column] = [
        *(_("单位"), _("目录项"), _("及时"), _("准确"), _("完整")),
        Column(_("退回未改"), True),
        _("最近报送"),
    ]
    return table(_("各单位报送质量"), columns, cells) if cells else None


def _reminder_table(found: Sequence[selectors.ReminderSums]) -> Table | None:
    zone, now = city.pack().zone, language.current()
    kinds = {Kind.RETURNED: _("退回的行没有改好"), Kind.WAITING: _("等第二人复核太久")}
    cells = [
        [
            (now == "en" and one.name_en) or one.name_zh,
            kinds[one.kind],
            *(str(n) for n in (one.made, one.done, one.standing, one.unseen)),
            _unbroken(format.day(one.first_due, now)) if one.first_due else "–",
            _unbroken(format.moment(one.last_at, zone, now, seconds=False)),
        ]
        for one in found
    ]
    columns: list[str | Column] = [
        _("单位"),
        _("提醒的事"),
        *(Column(word, True) for word in (_("提醒过"), _("已办完"), _("还没办"), _("单位还没看"))),
        _("最早到期"),
        _("最近提醒"),
    ]
    return table(_("提醒过什么，办得怎样"), columns, cells) if cells else None


def _unbroken(text: str) -> SafeString:
    return format_html('<span class="xh-nw">{}</span>', text)


def _heads() -> list[str]:
    """The heads of the file, in the order of `export.line_facts`."""
    heads = [_("月份"), _("单位代码"), _("单位"), _("目录项"), _("批次")]
    for word in (_("及时"), _("准确"), _("完整")):
        heads += [_("%(word)s（行）") % {"word": word}, _("%(word)s（共几行）") % {"word": word}]
        heads += [_("%(word)s（%%）") % {"word": word}, _("上月%(word)s（%%）") % {"word": word}]
    return [*heads, _("退回未改"), _("最近报送")]
