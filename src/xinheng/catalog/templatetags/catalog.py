"""How do the catalog's pages say attributes, fields and differences in the visitor's language?"""

from __future__ import annotations

import re
from datetime import date

from django import template
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from xinheng.catalog.rules import Standing
from xinheng.law import citation, saying
from xinheng.law.comparing import Change, Comparison
from xinheng.law.enums import ChannelName
from xinheng.law.errors import NoValueInForce
from xinheng.law.items import Field, ItemVersion
from xinheng.law.judging import Fit, Reach
from xinheng.law.pack import Amount
from xinheng.ui import city, format, icons, wording
from xinheng.ui.language import ENGLISH, current
from xinheng.ui.templatetags.xinheng import length_word

register = template.Library()

_CHINESE = re.compile("[一-鿿][一-鿿　-〿（），；：、。“”]*")
_STANDINGS = {
    Standing.IN_FORCE: ("ok", "tick"),
    Standing.COMING: ("info", "clock"),
    Standing.ENDED: ("plain", "dash"),
    Standing.DRAFT: ("disputed", "pen"),
    Standing.OFF: ("plain", "pause"),
}
_REACHES = {
    Reach.WIDER: ("disputed", "eye"),
    Reach.NARROWER: ("ok", "lock"),
    Reach.OWN_WIDER: ("info", "eye"),
    Reach.OWN_NARROWER: ("info", "lock"),
    Reach.UNCLEAR: ("disputed", "warn"),
    Reach.SAME: ("", "dash"),
}
_FITS = {Fit.FITS: ("", "tick"), Fit.BREAKS: ("bad", "cross"), Fit.UNCLEAR: ("disputed", "warn")}
_RELEASES = {"full": "tick", "masked": "half", "withheld": "dash"}


class Visitor:
    """Says the catalog in the language of the page."""

    @property
    def english(self) -> bool:
        return current() == ENGLISH

    def say(self, code: str, **params: str) -> str:
        return wording.say(code, params)

    def amount(self, amount: Amount) -> str:
        return length_word(amount)

    def day(self, day: date) -> str:
        return format.day(day, current())

    def cite(self, article: str) -> str:
        try:
            return citation.cite(city.pack(), article, current())
        except NoValueInForce:
            return article

    def labelled(self, attribute: str, code: str) -> str:
        return saying.label_in(city.pack(), attribute, code).get(current())


TO = Visitor()


def tongues(text: str) -> SafeString:
    """A text in which Chinese words of the law are marked as Chinese where the page speaks English."""
    escaped = conditional_escape(text)
    if current() != ENGLISH:
        return escaped
    return mark_safe(_CHINESE.sub(lambda found: f'<span lang="zh-CN">{found.group()}</span>', escaped))  # noqa: S308


@register.simple_tag
def told(version: ItemVersion, name: str) -> SafeString:
    """An attribute of an item in words; several members as a list."""
    value = getattr(version, name)
    if name == "providers" and not value:
        return tongues(TO.say("catalog.any_provider"))
    members = _members(value, name, version)
    if len(members) > 1:
        return format_html('<ul class="xh-list">{}</ul>', format_html_join("", "<li>{}</li>", ((m,) for m in members)))
    return members[0] if members else tongues(TO.say("catalog.nothing"))


def _members(value: object, name: str, version: ItemVersion) -> list[SafeString]:
    if isinstance(value, tuple):
        return [tongues(saying.value(one, TO, name, version)) for one in value]
    if name == "kinds":
        pairs = [(TO.say(f"kind.{k}"), saying.value(one, TO, name)) for k, one in version.kinds.items()]
        return [tongues(TO.say("catalog.pair", key=key, value=said)) for key, said in pairs]
    return [tongues(saying.value(value, TO, name, version))]


@register.simple_tag
def property_word(name: str) -> str:
    """The name of an attribute."""
    return TO.say(f"property.{name}")


@register.simple_tag
def standing_mark(standing: Standing) -> SafeString:
    """How a version stands, as a mark."""
    tone, icon = _STANDINGS[standing]
    return _mark(tone, icon, TO.say(f"standing.{standing}"))


@register.simple_tag
def reach_mark(reach: Reach) -> SafeString:
    """What a difference does to disclosure; a mark where it does something, a quiet word where it does not."""
    tone, icon = _REACHES[reach]
    return _mark(tone, icon, TO.say(f"reach.{reach}"))


@register.simple_tag
def fit_mark(fit: Fit | str) -> SafeString:
    """Whether old files still fit."""
    tone, icon = _FITS[Fit(fit)]
    return _mark(tone, icon, TO.say(f"fit.{fit}"))


def _mark(tone: str, icon: str, word: str) -> SafeString:
    if not tone:
        return format_html('<span class="xh-2">{}</span>', word)
    return format_html('<strong class="xh-mark xh-mark--{}">{}{}</strong>', tone, icons.icon(icon), word)


@register.simple_tag
def level_word(level: str) -> str:
    """The catalog of a level."""
    return TO.say(f"level.{level}")


@register.simple_tag
def attribute_word(attribute: str) -> str:
    """A publicity attribute."""
    return TO.say(f"attribute.{attribute}")


@register.simple_tag
def field_type(field: Field) -> str:
    """Type and size of a field."""
    return saying.type_of(field, TO)


@register.simple_tag
def field_required(field: Field, version: ItemVersion) -> SafeString:
    """Whether the field must be filled, and when."""
    return tongues(saying.required(field, version, TO))


@register.simple_tag
def channels() -> list[tuple[str, str]]:
    """(channel, its name), in the order of the columns."""
    return [(channel.value, TO.say(f"column.{channel}")) for channel in ChannelName]


@register.simple_tag
def release(field: Field, channel: str) -> SafeString:
    """What a channel sees of a field: symbol and word."""
    word = field.disclosure[ChannelName(channel)]
    said = TO.say(f"release.{word}")
    return format_html('<span class="xh-rel xh-rel--{}">{}{}</span>', word, icons.icon(_RELEASES[word]), said)


@register.simple_tag
def mask_word(field: Field) -> str:
    """How the field is masked; empty where no channel masks it."""
    return "" if field.mask == "none" else TO.say(f"mask.{field.mask}")


@register.simple_tag
def exceptions(field: Field) -> list[tuple[str, str]]:
    """(kind of subject, what differs for it)."""
    return saying.exceptions(field, TO)


@register.simple_tag
def change_place(change: Change) -> SafeString:
    """Which property a difference is about."""
    return tongues(saying.place(change, TO))


@register.simple_tag
def change_field(change: Change, comparison: Comparison) -> SafeString:
    """The field that a difference is in."""
    code = change.field or ""
    field = comparison.new.by_code.get(code) or comparison.old.by_code[code]
    return tongues(field.label.get(current()))


@register.simple_tag
def change_what(change: Change) -> str:
    """Added, removed, changed, reordered."""
    return TO.say(f"what.change.{change.what}")


@register.simple_tag
def change_side(change: Change, comparison: Comparison, after: bool) -> SafeString:
    """One side of a difference."""
    return tongues(saying.side(change, comparison, TO, after=after))


@register.simple_tag
def chinese(text: str) -> SafeString:
    """A text of the pack that may hold Chinese on an English page."""
    return tongues(text)
