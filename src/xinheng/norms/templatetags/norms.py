"""Words of the procedure: groups that are heard, steps, and what becomes of an opinion."""

from __future__ import annotations

from django import template

from xinheng.ui import wording

register = template.Library()


@register.simple_tag
def say_group(group: str) -> str:
    """A group whose opinion the law asks."""
    return wording.say(f"group.{group}", {})


@register.simple_tag
def say_act(act: str) -> str:
    """A step of the procedure."""
    return wording.say(f"norm_act.{act}", {})


@register.simple_tag
def say_outcome(outcome: str) -> str:
    """What became of an opinion."""
    return wording.say(f"norm_outcome.{outcome}", {})
