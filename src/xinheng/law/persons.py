"""May records about a natural person be taken in, judged by age on the day of the conduct? (ZY-3, SP-3, INV-9)"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from xinheng.law import lookup
from xinheng.law.pack import Pack, PersonRule


class Admitted(StrEnum):
    """``review``: a person looks at the row before it is taken in."""

    YES = "yes"
    REVIEW = "review"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Admission:
    """The answer and the article it rests on."""

    admitted: Admitted
    article: str


def age(born: date, on: date) -> int:
    """Full years on a day; who is born on 29 February is a year older on 1 March of common years."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def admission(pack: Pack, *, born: date, on: date, adverse: bool = False) -> Admission:
    """Say whether a person born on that day is a subject for conduct on a day.

    ``adverse`` records about conduct as a minor are never admitted, whatever the city's law says (INV-9).
    """
    rule = lookup.person_rule(pack, on)
    return Admission(_judge(rule, age(born, on), adverse), rule.article)


def _judge(rule: PersonRule, years: int, adverse: bool) -> Admitted:
    adult = rule.full_capacity_from is None or years >= rule.full_capacity_from
    if adverse and not adult:
        return Admitted.NO
    if rule.admits == "everyone" or adult:
        return Admitted.YES
    if rule.own_work_from is not None and years >= rule.own_work_from:
        return Admitted.REVIEW if rule.own_work == "review" else Admitted.NO
    return Admitted.NO
