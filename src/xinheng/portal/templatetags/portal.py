"""Which of a record's public fields is its title, which lead, which follow? By the item's roles, never by codes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import template
from django.utils.translation import gettext, pgettext

from xinheng.law.citation import chinese_number
from xinheng.law.pack import Bilingual
from xinheng.ui.language import ENGLISH, current

register = template.Library()

_TITLES = ("conduct", "facts", "content", "document_name")
_LEADING = (
    "document_number",
    "document_name",
    "penalty_kinds",
    "content",
    "fine",
    "decided_on",
    "authority",
    "basis",
    "representative",
)
_NEVER = ("name", "kind", "uscc")  # they stand at the head of the page


@register.filter
def record_title(record: Any) -> str:
    """What the record is about in a few words: the conduct, the facts or the content of the decision."""
    for role in _TITLES:
        text = str(record.value(role))
        if text:
            return text if len(text) <= 60 else f"{text[:58]}…"
    return str(record.value("document_number"))


@register.filter
def role_value(record: Any, role: str) -> str:
    """The public value of a role; empty when there is none."""
    return str(record.value(role))


@register.filter
def authority(record: Any) -> str:
    """The deciding organ as the decision names it, else the provider."""
    own = str(record.value("authority"))
    if current() == ENGLISH and record.provider_en and own in {"", record.provider_zh}:
        return str(record.provider_en)
    return own or str(record.provider_zh)


@register.filter
def lapsed(record: Any, on: date) -> bool:
    """True when a licence's last day has passed; a licence without a readable day never has."""
    until = str(record.value("valid_until"))
    return bool(until) and until < on.isoformat()


@register.filter
def leading_fields(record: Any) -> list[Any]:
    """The fields that are read first, in their order of importance; the title is not repeated."""
    by_role = {field.role: field for field in record.fields if field.value}
    title = record_title(record)
    return [by_role[role] for role in _LEADING if role in by_role and by_role[role].value != title]


@register.filter
def other_fields(record: Any) -> list[Any]:
    """All further public fields in the order of the national format."""
    lead = {field.code for field in leading_fields(record)}
    return [field for field in record.fields if field.value and field.code not in lead and field.role not in _NEVER]


@register.filter
def why_word(why: str) -> str:
    """Why a search found an organisation, where its name does not say so itself."""
    words = {
        "exact": gettext("名称完全一致"),
        "sound": gettext("拼音相符"),
        "similar": gettext("差一个字或读音相同"),
    }
    return words.get(why, "")


@register.filter
def chapter_word(number: int) -> str:
    """第五章, Chapter 5."""
    return f"Chapter {number}" if current() == ENGLISH else f"第{chinese_number(number)}章"


@register.filter
def article_word(article: Any) -> str:
    """第四十六条, Article 46; the whole instrument for one that is cited whole."""
    number = article.number
    if number is None:
        return gettext("全文")
    if current() == ENGLISH:
        return f"Article {number}"
    return f"第{chinese_number(int(number))}条" if number.isdigit() and int(number) < 1000 else f"第{number}条"


@register.filter
def picked(mapping: Any, key: str) -> Any:
    """``mapping[key]`` or an empty text."""
    return mapping.get(key, "")


@register.filter
def pairs(mapping: Any) -> list[tuple[str, Any]]:
    """The items of a mapping in the order of their keys (a template's ``.items`` asks a Counter
    for the key "items" first).
    """
    return sorted(mapping.items())


@register.filter
def paragraphs(text: str) -> list[str]:
    """The paragraphs of a statute's text."""
    return [line.strip() for line in text.splitlines() if line.strip()]


@register.filter
def of_state(asks: Iterable[str], states: Any) -> list[tuple[str, str]]:
    """(requirement id, its state) for an article's requirements; state empty when nothing is known."""
    return [(one, states.get(one, "")) for one in asks]


@register.filter
def event_word(value: Any) -> str:
    """What happened on the day from which a deadline runs: 收到, 作出决定, 受理, 公布."""
    words = {
        "day_after_decision": pgettext("event", "作出决定"),
        "day_after_acceptance": gettext("受理"),
        "day_after_publication": pgettext("event", "公布"),
    }
    return words.get(value.starts) or gettext("收到")


@register.filter
def state_of(states: Any, article_id: str) -> str:
    """State of an article for its mark; one without a line is not yet done."""
    return str(states.get(article_id, "not_yet"))


@register.filter
def chapter_title(chapters: Any, number: int) -> str:
    """The title of a chapter; empty where the pack gives none."""
    title = chapters.get(str(number))
    return title.get(current()) if title else ""


@register.filter
def tree_text(tree: Any) -> str:
    """A ``{zh, en}`` text of a part of the pack that is not typed."""
    return Bilingual.of(tree).get(current()) if tree else ""
