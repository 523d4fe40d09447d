"""The tags every template may use without loading them (a builtin of the template engine).

Days and money: ``{% day record.decided_on %}`` or ``{{ record.decided_on|day }}``, ``|day_short``, ``|moment``,
``|money``. Components: ``icon``, ``mark``, ``article``, ``clock``, ``withheld``, ``scale``, ``day_strip``,
``figures``, ``table``, ``steps``, ``receipt``, ``timeline_entry``, ``finding``, ``empty``, ``breadcrumbs``,
``pager``, ``field``, ``error_summary``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django import template
from django.template.context import Context
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, ngettext

from xinheng.law.citation import cite
from xinheng.law.errors import NoValueInForce
from xinheng.ui import city, clocks, format, icons, marks, scale, wording
from xinheng.ui.forms import asked_again
from xinheng.ui.language import current
from xinheng.ui.paging import KeyPage
from xinheng.ui.tables import Table

register = template.Library()
_UNIT_AT_END = re.compile(r"\s*[（(](万元|10,000 (CNY|yuan))[）)]$")


# Days, instants, money


@register.simple_tag(name="day")
def day_tag(value: date | str | None) -> SafeString:
    """A day that does not break at the end of a line; a long-term day is its word; nothing for None and empty."""
    text = format.day(value, current()) if value else ""
    return format_html('<span class="xh-nw">{}</span>', text) if text else mark_safe("")


@register.filter(name="day")
def day_filter(value: date | str | None) -> str:
    """The same as plain text, for titles, attributes and sentences."""
    return format.day(value, current()) if value else ""


@register.filter
def day_short(value: date) -> str:
    """11月26日（四）, 26 Nov (Thu)."""
    return format.day_short(value, current())


@register.filter
def weekday(value: date) -> str:
    """星期四, Thursday."""
    return format.weekday(value, current())


@register.filter
def weekday_short(value: date) -> str:
    """周四, Thu."""
    return format.weekday_short(value, current())


@register.filter
def moment(value: datetime | None) -> str:
    """An instant on the city's clock, with seconds."""
    return format.moment(value, city.pack().zone, current()) if value else ""


@register.filter
def moment_short(value: datetime | None) -> str:
    """An instant on the city's clock, to the minute."""
    return format.moment(value, city.pack().zone, current(), seconds=False) if value else ""


@register.simple_tag(name="money")
def money_tag(value: str | Decimal) -> SafeString:
    """An amount kept in 万元, unbroken."""
    return format_html('<span class="xh-nw">{}</span>', format.money(value, current()))


@register.filter(name="money")
def money_filter(value: str | Decimal) -> str:
    """The same as plain text."""
    return format.money(value, current())


# Words


@register.simple_tag
def icon(name: str) -> SafeString:
    """A line drawing beside a word."""
    return icons.icon(name)


@register.simple_tag
def mark(kind: str, word: str = "") -> SafeString:
    """A state mark by its kind in ``ui.marks.MARKS``; ``word`` replaces the usual word."""
    found = marks.MARKS[kind]
    return format_html(
        '<strong class="xh-mark xh-mark--{}">{}{}</strong>',
        found.tone,
        icons.icon(found.icon),
        word or gettext(found.word),
    )


@register.simple_tag
def article(article_id: str | None) -> SafeString:
    """A reference to an article, in the law's own type, leading to it on the law page; a house rule says so."""
    if not article_id:
        return format_html('<span class="xh-2">{}</span>', gettext("平台规则"))
    try:
        text = cite(city.pack(), article_id, current())
    except NoValueInForce:
        return format_html('<span class="xh-art">{}</span>', article_id)
    return format_html('<a class="xh-art" href="{}#{}">{}</a>', reverse("portal:law"), anchor(article_id), text)


@register.filter
def anchor(article_id: str) -> str:
    """Where an article stands on the law page; its paragraphs have no place of their own."""
    return re.sub(r"\(.*", "", article_id)


@register.simple_tag
def say(code: str, **params: str) -> str:
    """The sentence of a code."""
    return wording.say(code, params)


@register.filter
def said(code: str) -> str:
    """The sentence of a code without parameters."""
    return wording.say(code, {})


@register.filter
def instead(code: str) -> str:
    """What the reader can do instead; empty when nothing is worded."""
    return wording.instead(code, {})


@register.filter
def bilingual(value: Any) -> str:
    """A text of the law pack (``Bilingual``) in the language of the page."""
    return value.get(current()) if value else ""


@register.filter
def kind_word(kind: str) -> str:
    """A kind of subject in words."""
    return wording.say(f"kind.{kind}", {})


@register.filter
def severity_word(severity: str) -> str:
    """A class of severity in words."""
    return wording.say(f"severity.{severity}", {})


@register.filter
def role_word(role: str) -> str:
    """A role of staff in words."""
    return wording.say(f"role.{role}", {})


@register.filter
def unit_word(amount: Any) -> str:
    """The unit of a length of time with ``count`` and ``unit``: 个工作日, working days."""
    words = {
        "working_day": ngettext("个工作日", "个工作日", amount.count),
        "calendar_day": ngettext("天", "天", amount.count),
        "month": ngettext("个月", "个月", amount.count),
        "year": ngettext("年", "年", amount.count),
    }
    return words[str(amount.unit)]


@register.filter
def length_word(amount: Any) -> str:
    """A length of time: 7个工作日, 7 working days."""
    return f"{amount.count}{' ' if current() == 'en' else ''}{unit_word(amount)}"


@register.filter
def item_word(code: str) -> str:
    """The name of a catalogue item."""
    item = city.pack().items.get(code)
    return item.label.get(current()) if item else code


@register.filter
def field_value(shown: Any) -> str:
    """The released value of a field (``value`` and ``type``) as a reader expects it: days and money in words."""
    if not shown.value:
        return ""
    if shown.type == "date":
        return format.day(shown.value, current())
    return format.money(shown.value, current()) if shown.type == "decimal" else str(shown.value)


@register.filter
def field_label(shown: Any) -> str:
    """The label of a field; the unit at its end is left out where the value carries it."""
    label = shown.label.get(current())
    return _UNIT_AT_END.sub("", label) if shown.type == "decimal" else label


@register.filter
def speaks_chinese(shown: Any) -> bool:
    """True when a field's value is Chinese text whatever the page speaks: everything but days, money and codes."""
    return shown.type in {"string", "text", "enum", "multi_enum"}


@register.simple_tag
def demo_accounts() -> list[tuple[str, str, str]]:
    """(user name, roles in words, organisation) of the demonstration accounts; none in production."""
    return city.demo_accounts(current())


@register.simple_tag
def withheld(reason: str, article_id: str | None = None, *, cite_here: bool = True) -> SafeString:
    """A withheld field: a bar of one length, the reason, and the article unless it has a column of its own."""
    return format_html(
        '<span class="xh-wh"><span class="xh-wh__bar" aria-hidden="true"></span><span>{}{}</span></span>',
        gettext("不向您显示：%(why)s") % {"why": wording.say(reason, {})},
        format_html("{}{}", gettext("　"), article(article_id)) if article_id and cite_here else "",
    )


# Components


@register.inclusion_tag("ui/parts/clock.html")
def clock(chip: clocks.Chip) -> dict[str, Any]:
    """A clock chip made by ``ui.clocks.chip``."""
    return {"chip": chip}


@register.inclusion_tag("ui/parts/scale.html")
def publicity_scale(from_on: date, until_on: date, earliest_repair: date | None, on: date) -> dict[str, Any]:
    """The beam under a published penalty; ``until_on`` is the first day on which publicity has ended."""
    return {"scale": scale.scale(from_on=from_on, until_on=until_on, earliest_repair=earliest_repair, today=on)}


@register.inclusion_tag("ui/parts/day_strip.html")
def day_strip(days: Sequence[clocks.StripDay]) -> dict[str, Any]:
    """The days counted for a deadline, from ``ui.clocks.strip``."""
    return {"days": days}


@register.inclusion_tag("ui/parts/figures.html")
def figures(items: Sequence[Mapping[str, Any]], many: bool = False) -> dict[str, Any]:
    """Figures: each ``{"label", "value", "unit"?, "note"?}``; ``many`` for six small ones."""
    return {"items": items, "columns": 6 if many else len(items) if len(items) in {2, 3} else 0}


@register.inclusion_tag("ui/parts/table.html", name="table")
def table_tag(table: Table) -> dict[str, Any]:
    """A table that folds into cards on a phone, from ``ui.tables.table``."""
    return {"table": table}


@register.inclusion_tag("ui/parts/steps.html")
def steps(items: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Steps: each ``{"text", "small"?, "state"?}`` with state done, here or empty."""
    return {"items": items}


@register.inclusion_tag("ui/parts/receipt.html")
def receipt(
    title: str, rows: Sequence[tuple[str, Any]], note: str = "", kind: str = "written", level: int = 2
) -> dict[str, Any]:
    """A receipt: rows of (label, value); ``note`` below the line beside the mark ``kind`` (empty for no mark)."""
    return {"title": title, "rows": rows, "note": note, "kind": kind, "level": level}


@register.inclusion_tag("ui/parts/timeline_entry.html")
def timeline_entry(entry: Mapping[str, Any]) -> dict[str, Any]:
    """An entry of "who looked": when, who, verb, refused?, self?, rows, seen, unseen."""
    return {"entry": entry}


@register.inclusion_tag("ui/parts/finding.html")
def finding(item: Mapping[str, Any]) -> dict[str, Any]:
    """A finding of intake: id, title, kind (returned | confirm), whose, says, yours, proposed, rule, article."""
    return {"item": item}


@register.inclusion_tag("ui/parts/empty.html")
def empty(title: str, text: str = "", link_url: str = "", link_text: str = "") -> dict[str, Any]:
    """An empty state: what is so, and what comes next; never a drawing."""
    return {"title": title, "text": text, "link_url": link_url, "link_text": link_text}


@register.inclusion_tag("ui/parts/breadcrumbs.html")
def breadcrumbs(*pairs: str) -> dict[str, Any]:
    """The way here: text and address in turn, ``{% breadcrumbs text1 url1 text2 url2 %}``."""
    return {"crumbs": list(zip(pairs[::2], pairs[1::2], strict=True))}


@register.inclusion_tag("ui/parts/pager.html", takes_context=True)
def pager(context: Context, page: KeyPage[Any]) -> dict[str, Any]:
    """Links to the next page and back to the top, keeping the other parts of the address."""
    asked = context["request"].GET
    kept = [(name, value) for name in asked for value in asked.getlist(name) if name != "after"]
    return {
        "page": page,
        "next_url": "?" + urlencode([*kept, ("after", page.next_key)]),
        "top_url": "?" + urlencode(kept) if kept else context["request"].path,
    }


# Forms

_INPUTS = {
    "TextInput": "govuk-input",
    "EmailInput": "govuk-input",
    "NumberInput": "govuk-input",
    "PasswordInput": "govuk-input",
    "DateInput": "govuk-input",
    "Textarea": "govuk-textarea",
    "Select": "govuk-select",
    "ClearableFileInput": "govuk-file-upload",
    "FileInput": "govuk-file-upload",
}
_CHOICES = {"RadioSelect": "radios", "CheckboxSelectMultiple": "checkboxes"}


@register.inclusion_tag("ui/parts/field.html")
def field(bound: Any, size: str = "s", small: bool = False) -> dict[str, Any]:
    """A question of a Django form: label, hint, its error, the control; radios and boxes as a fieldset.

    ``size`` is the weight of the label (s, m, l or empty), ``small`` makes small radios.
    """
    widget = bound.field.widget
    kind = type(widget).__name__
    told = [f"{bound.auto_id}_hint"] if bound.help_text else []
    told += [f"{bound.auto_id}_error"] if bound.errors else []
    described = {"aria-describedby": " ".join(told)} if told else {}
    choice = _CHOICES.get(kind, "")
    single = kind == "CheckboxInput"
    control = ""
    if not choice:
        base = "govuk-checkboxes__input" if single else _INPUTS.get(kind, "")
        css = f"{base} {base}--error" if bound.errors and not single else base
        own = widget.attrs.get("class", "")
        control = bound.as_widget(attrs={"class": f"{css} {own}".strip(), **described})
    return {
        "bound": bound,
        "size": size,
        "small": small,
        "choice": choice,
        "single": single,
        "hidden": bound.is_hidden,
        "control": control,
        "described": " ".join(told),
        "options": _options(bound) if choice else [],
    }


def _options(bound: Any) -> list[dict[str, Any]]:
    """The radios or boxes of a question; the first one carries the field's id, where links of the summary lead."""
    return [
        {
            "id": bound.auto_id if n == 0 else f"{bound.auto_id}_{n}",
            "value": sub.data["value"],
            "label": sub.choice_label,
            "checked": sub.data["selected"],
        }
        for n, sub in enumerate(bound.subwidgets)
    ]


@register.inclusion_tag("ui/parts/mend_choices.html")
def mend_choices(bound: Any) -> dict[str, Any]:
    """What to do with a row, in one line of small radios: the question is there for who does not see the row."""
    return {"bound": bound, "options": _options(bound)}


@register.inclusion_tag("ui/parts/error_summary.html")
def error_summary(form: Any) -> dict[str, Any]:
    """All errors of a form at the head of the page, each leading to its question; nothing when there are none."""
    errors = [
        (f"#{form[name].auto_id}" if name in form.fields else "", text)
        for name, texts in form.errors.items()
        for text in texts
    ]
    return {"errors": errors, "count": len(errors), "again": asked_again(form)}
