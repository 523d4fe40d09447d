"""How does a line of the log read, in words?"""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from xinheng.oversight.forms import KINDS, RESULTS, WAYS
from xinheng.ui import wording

register = template.Library()
ORDERS = {"unusual": gettext_noop("异常的在前"), "newest": gettext_noop("从近到远")}


@register.filter
def order_word(order: str) -> str:
    """An order of the log in words."""
    return _(ORDERS[order])


@register.filter
def flag_word(flag: str) -> str:
    """What is unusual, in a few words."""
    return wording.say(f"flag.{flag}", {})


@register.filter
def flag_why(flag: str) -> str:
    """What is unusual, in a sentence: what to ask about."""
    return wording.say(f"flag.{flag}.why", {})


@register.filter
def kind_of_line(ground: str) -> str:
    """What kind of line it is."""
    return str(KINDS.get(ground, ground))


@register.filter
def way_word(channel: str) -> str:
    """Over which way it was asked."""
    return str(WAYS.get(channel, channel))


@register.filter
def outcome_word(result: str) -> str:
    """The result in words; "" for a reading."""
    return str(RESULTS.get(result, ""))
