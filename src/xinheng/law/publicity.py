"""From when to when is a record public, and from when may its repair be asked for? (ZY-45, SP-26, Orders 58 and 36)

The rule set in force on the day of the decision governs. A later rule set with an easier condition or a shorter period
also reaches a record that is still running when it comes into force; a longer one never does (this reading is marked
unverified). The authority sets the class of a record; where it set none the pack suggests one: a suggested minor is not
published, every other record without a class ends at the shortest maximum that fits.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from xinheng.law import lookup
from xinheng.law.conditions import holds
from xinheng.law.enums import Attribute, SubjectKind
from xinheng.law.errors import NoValueInForce
from xinheng.law.items import ItemVersion
from xinheng.law.pack import Pack, RepairClass, RuleSet

REACHES_RUNNING = "easier_or_shorter"
VERIFIED = frozenset({"text", "seen"})


@dataclass(frozen=True, slots=True)
class Step:
    """What one rule set makes of the record: the trace that the subject can read."""

    rule_set: str
    applied_from: date
    public: bool
    until: date | None
    earliest_repair: date | None
    article: str


@dataclass(frozen=True, slots=True)
class Publicity:
    """Publicity of one record: the half-open period [from_, until), both None when it is never public.

    ``severity`` is the class (None for items without classes); ``suggested`` when no authority set it.
    ``earliest_repair`` is the first day on which the shortest period is over. ``trace`` holds a step for each rule set
    that applied, the first by the day of the decision.
    """

    severity: str | None
    suggested: bool
    public: bool
    from_: date | None
    until: date | None
    earliest_repair: date | None
    article: str
    rule_set: str | None
    unverified: bool
    trace: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class _Case:
    """The record as the rule sets see it; ``shown``: its item is public for this kind of subject."""

    item: ItemVersion
    values: Mapping[str, str]
    decided_on: date
    shown: bool


@dataclass(frozen=True, slots=True)
class _Class:
    """The class of a record under one rule set, and the class whose periods apply to it."""

    severity: str
    suggested: bool
    periods: RepairClass


def publicity_period(
    pack: Pack, item: ItemVersion, values: Mapping[str, str], decided_on: date, *, kind: SubjectKind, on: date
) -> Publicity:
    """Say when a record is public and when its repair may be asked for, as judged on the day ``on``.

    ``values`` are the canonical fields. Only the item decides whether a kind of subject is public at all (INV-4).
    Raises `NoValueInForce` when no rule set is in force on the day of the decision.
    """
    shown = item.publicity is Attribute.PUBLIC and item.kinds.get(kind) is Attribute.PUBLIC
    if item.publicity_period != "repair_rules":
        return _without_classes(item, values, decided_on, shown)
    case = _Case(item, values, decided_on, shown)
    first = lookup.rule_set(pack, decided_on)
    found = _judge(first, case)
    for later in pack.rule_sets:
        if first.from_ < later.from_ <= on and later.running == REACHES_RUNNING:
            found = _reached(found, later, _judge(later, case))
    return found


def latest_end(pack: Pack, item: ItemVersion, decided_on: date, severity: str = "") -> tuple[date, str] | None:
    """(the day on which the longest period from a decision is over, article); None where no period is known.

    ``severity``: the value of the field of that role, empty where no authority set a class: then the longest of all.
    """
    if item.publicity_period != "repair_rules":
        return None
    try:
        rules = lookup.rule_set(pack, decided_on)
    except NoValueInForce:
        return None
    field = item.role("severity")
    stated = rules.classes.get(_class_code(item, field, severity)) if field and severity else None
    ends = [one.max.after(decided_on) for one in ([stated] if stated else rules.classes.values()) if one.max]
    return (max(ends), rules.article) if ends else None


def suggest(rules: RuleSet, values: Mapping[str, str]) -> str:
    """Give the class that a rule set suggests for a record without one: the first suggestion that holds."""
    for suggestion in rules.suggest:
        if holds(suggestion.when, values):
            return suggestion.suggests
    return rules.default


def _judge(rules: RuleSet, case: _Case) -> Publicity:
    """Apply one rule set from the day of the decision."""
    one = _class(rules, case.item, case.values)
    decided_on = case.decided_on
    public = case.shown and one.periods.publish
    until = one.periods.max.after(decided_on) if public and one.periods.max else None
    repair = one.periods.min.after(decided_on) if one.periods.min else decided_on
    return Publicity(
        severity=one.severity,
        suggested=one.suggested,
        public=public,
        from_=decided_on if public else None,
        until=until,
        earliest_repair=repair,
        article=rules.article,
        rule_set=rules.code,
        unverified=rules.evidence not in VERIFIED,
        trace=(Step(rules.code, decided_on, public, until, repair, rules.article),),
    )


def _reached(before: Publicity, later: RuleSet, now: Publicity) -> Publicity:
    """Let a later rule set reach a running record where it is the better one for the subject, never otherwise."""
    day = later.from_
    running = before.public and before.until is not None and before.until > day
    until, public = before.until, before.public
    if running:
        ends = max(now.until or day, day) if now.public else day
        until = min(before.until or ends, ends)
    assert before.earliest_repair is not None and now.earliest_repair is not None
    repair = before.earliest_repair
    if repair > day:
        repair = min(repair, max(now.earliest_repair, day))
    if (until, repair) == (before.until, before.earliest_repair):
        return before
    return Publicity(
        severity=now.severity,
        suggested=now.suggested,
        public=public,
        from_=before.from_,
        until=until,
        earliest_repair=repair,
        article=later.article,
        rule_set=later.code,
        unverified=before.unverified or later.transition_evidence not in VERIFIED,
        trace=(*before.trace, Step(later.code, day, public, until, repair, later.article)),
    )


def _class(rules: RuleSet, item: ItemVersion, values: Mapping[str, str]) -> _Class:
    """Take the class the authority set; else suggest one, and let the shortest maximum that fits apply."""
    field = item.role("severity")
    stated = values.get(field, "").strip() if field else ""
    if field and stated:
        one = rules.classes.get(_class_code(item, field, stated))
        if one is None:
            raise NoValueInForce(what="class", name=f"{rules.code}.{stated}", on=rules.from_.isoformat(), pack="")
        return _Class(one.code, False, one)
    suggested = suggest(rules, values)
    chosen = rules.classes[suggested]
    return _Class(suggested, True, chosen if not chosen.publish else rules.classes[rules.unset_class])


def _class_code(item: ItemVersion, field: str, stated: str) -> str:
    """Give the class that a value of the severity field names: the English label of its enumeration."""
    enum = item.field(field).enum
    return next((value.label_en for value in enum.values if value.value == stated), stated) if enum else stated


def _without_classes(item: ItemVersion, values: Mapping[str, str], decided_on: date, shown: bool) -> Publicity:
    """An item without classes is public while it is valid, at most until its retention ends.

    An adverse one ends at the latest when its retention, counted from the decision, is over: a day far away that a row
    states lengthens nothing (ZY-45).
    """
    ends = item.retention.after(decided_on)
    field = item.role("valid_until")
    stated = values.get(field, "") if field else ""
    if item.publicity_period == "validity" and stated:
        valid = max(date.fromisoformat(stated) + timedelta(days=1), decided_on)
        ends = min(valid, ends) if item.adverse else valid
    public = shown and item.publicity_period != "none"
    return Publicity(
        severity=None,
        suggested=False,
        public=public,
        from_=decided_on if public else None,
        until=ends if public else None,
        earliest_repair=None,
        article=item.article,
        rule_set=None,
        unverified=False,
        trace=(),
    )
