"""May a measure or an incentive be applied, left out, or take effect? May serious dishonesty be determined?

Answers come from the row of the list and from what an official states; nothing is applied by itself (INV-6). Refusals
name the article: of the row where the row says no, else what the city's pack names for the ground.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from xinheng.law import lookup
from xinheng.law.conditions import holds
from xinheng.law.decision import Allowed, Decision, Refused
from xinheng.law.enums import SubjectKind
from xinheng.law.lists import Bar, Measure, Modality, Relation, SevereCategory, SevereField, Side, Step
from xinheng.law.pack import Pack


def may_apply(
    pack: Pack,
    row: Measure,
    *,
    on: date,
    powers: frozenset[str],
    target: SubjectKind,
    conduct: str,
    until: date | None,
    severity: int | None = None,
    reasons: str = "",
    relation: Relation = Relation.SUBJECT,
    own_responsibility: bool = False,
    consent: bool = False,
) -> Decision:
    """Say whether an official with ``powers`` may decide on a day to apply a row to a subject.

    ``until`` is the first day on which it no longer holds; only an incentive without a longest duration may go without.
    ``severity`` is how heavily an adverse row is applied (1 to 3). Refuses outside the list, the power, the target, the
    linked conduct, the severity or the duration (ZY-40 to 43, SP-21, SP-23), and a person's incentive without a named
    honour and consent.
    """
    if not _in_force(row, on):
        return Refused("measure_not_in_force", row.article)
    if not powers & row.powers:
        return Refused("measure_power_missing", _limits(pack, row, on))
    if target not in row.targets:
        return Refused("measure_target_not_named", _limits(pack, row, on))
    if relation not in row.reaches:
        return Refused("measure_passed_on", _limits(pack, row, on))
    if relation is not Relation.SUBJECT and not own_responsibility:
        return Refused("measure_responsibility_missing", _limits(pack, row, on))
    if conduct not in row.conduct:
        return Refused("measure_conduct_not_linked", _limits(pack, row, on))
    if row.side.adverse:
        return _adverse(pack, row, on=on, until=until, severity=severity, reasons=reasons)
    return _incentive(pack, row, on=on, until=until, target=target, conduct=conduct, consent=consent)


def may_omit(pack: Pack, row: Measure, *, on: date, reasons: str) -> Decision:
    """Say whether a row that applies may be left out: never a bar by law; one that shall be applied with reasons."""
    if not _in_force(row, on):
        return Refused("measure_not_in_force", row.article)
    if row.bar is Bar.MANDATORY:
        return Refused("measure_mandatory", row.article)
    needs = row.modality is Modality.SHALL or row.bar is Bar.DISCRETION
    if needs and not reasons.strip():
        return Refused("measure_reasons_missing", lookup.ground(pack, "measure.told", on).article)
    return Allowed()


def may_take_effect(pack: Pack, row: Measure, *, on: date, served_on: date | None) -> Decision:
    """Say whether a decided measure has effect on a day: not before it was served (INV-6)."""
    if row.needs_service and (served_on is None or on < served_on):
        return Refused("measure_not_served", lookup.ground(pack, "measure.told", on).article)
    return Allowed()


def linked_conducts(
    pack: Pack, row: Measure, *, item: str, values: Mapping[str, str], kind: SubjectKind, on: date
) -> tuple[str, ...]:
    """Give the conducts of a row that a record of ``item`` with these values shows; a proposal, never a decision."""
    found = []
    for code in sorted(row.conduct & pack.conducts.keys()):
        conduct = pack.conducts[code].on(on)
        if conduct is not None and conduct.item == item and (conduct.when is None or holds(conduct.when, values, kind)):
            found.append(code)
    return tuple(found)


def may_determine(
    pack: Pack,
    category: SevereCategory,
    field: SevereField,
    *,
    on: date,
    powers: frozenset[str],
    found: frozenset[str],
) -> Decision:
    """Say whether serious dishonesty of a category may be determined in a field; ``found`` are the elements found.

    Refuses a category or field that is off, a field that does not found the category, an organ without the power and
    elements that are not all found (ZY-41, SP-22, SP-23).
    """
    if not category.on or not _dated(category.from_, category.until, on):
        return Refused("severe_not_in_force", category.article)
    if field.code not in category.founded_by or not field.on or not _dated(field.from_, field.until, on):
        return Refused("severe_field_off", field.article)
    if not powers & category.powers:
        return Refused("severe_power_missing", category.article)
    if any(element.code not in found for element in category.elements):
        return Refused("severe_element_missing", category.article)
    return Allowed()


def steps_of(category: SevereCategory, field: SevereField) -> tuple[Step, ...]:
    """Give the steps of a determination; publication only where the rule that founds the list orders it (SER-1)."""
    return tuple(step for step in category.steps if step is not Step.PUBLICATION or field.published)


def _adverse(pack: Pack, row: Measure, *, on: date, until: date | None, severity: int | None, reasons: str) -> Decision:
    if severity is None or severity < 1 or severity > (row.severity_max or 0):
        return Refused("measure_too_heavy", _limits(pack, row, on))
    if not _within(row, on, until):
        return Refused("measure_too_long", _limits(pack, row, on))
    if not reasons.strip():
        return Refused("measure_reasons_missing", lookup.ground(pack, "measure.told", on).article)
    return Allowed()


def _incentive(
    pack: Pack, row: Measure, *, on: date, until: date | None, target: SubjectKind, conduct: str, consent: bool
) -> Decision:
    if target is SubjectKind.NATURAL_PERSON and conduct not in row.person_conduct:
        return Refused("incentive_honour_missing", lookup.ground(pack, "incentive.person", on).article)
    if target in row.consent_of and not consent:
        return Refused("incentive_consent_missing", lookup.ground(pack, "incentive.person", on).article)
    if not _within(row, on, until):
        return Refused("measure_too_long", row.article)
    return Allowed()


def _within(row: Measure, on: date, until: date | None) -> bool:
    """Say whether a measure ends after it begins and no later than the row permits."""
    if until is None:
        return row.longest is None and row.side is Side.INCENTIVE
    return on < until and (row.longest is None or until <= row.longest.after(on))


def _in_force(row: Measure, on: date) -> bool:
    return row.on and _dated(row.from_, row.until, on)


def _dated(from_: date, until: date | None, on: date) -> bool:
    return from_ <= on and (until is None or on < until)


def _limits(pack: Pack, row: Measure, on: date) -> str:
    """The article that forbids going beyond the list; incentives are bounded by their own."""
    return lookup.ground(pack, "measure.limits", on).article if row.side.adverse else row.article
