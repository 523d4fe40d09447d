"""How do records that national law has sealed since they were taken in leave the platform? (INV-9)

Intake returns what is sealed; this sweep removes what was there before the rule's day, or before the law that brought
the rule. Each round looks at a few contents and goes on where the one before ended.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator
from datetime import date, datetime

from xinheng.law.conditions import holds
from xinheng.law.enums import SubjectKind
from xinheng.law.errors import NoValueInForce
from xinheng.law.items import Sealed
from xinheng.law.pack import Pack
from xinheng.lib.clock import day_of
from xinheng.lib.errors import Conflict, RefusedByLaw
from xinheng.records import selectors
from xinheng.records.models import PERSON, Record
from xinheng.records.rules import Content, HeldRecord, RecordState
from xinheng.records.services.endings import AT_ONCE, PLATFORM, erase_content
from xinheng.store.guard import across_subjects

GROUND = "record_sealed"
log = logging.getLogger(__name__)
Rules = tuple[tuple[str, tuple[Sealed, ...]], ...]  # item -> its rules in force
Place = tuple[int, int]  # (subject, record)

# (law, day, rules) -> how far this process has looked, None at the end; the next day and another law begin anew
_looked: dict[tuple[str, date, Rules], Place | None] = {}


def remove_sealed(*, at: datetime) -> int:
    """The sweep: erase the records of persons whose content a rule in force seals, wherever it is still held.

    Ended records too, since their content is held and shown to its subject. What concerns an individual business a
    person decides, as in intake. Idempotent; looks at 500 records at most and returns how many it erased.
    """
    pack, _ = selectors.law_in_force()
    day = day_of(at, pack.zone)
    rules = _rules(pack, day)
    key = (pack.label, day, rules)
    if key not in _looked:
        _looked.clear()
        _looked[key] = (0, 0)
    place = _looked[key]
    if place is None or not rules:
        return 0
    found = _after(place, [item for item, _ in rules])
    by_item = dict(rules)
    removed = sum(_removed(held, by_item[held.item_code], at) for held in found)
    _looked[key] = (found[-1].subject_id, found[-1].record_id) if len(found) == AT_ONCE else None
    return removed


def _rules(pack: Pack, day: date) -> Rules:
    """Item -> what it seals for good about persons on this day, whichever version says so."""
    found: dict[str, tuple[Sealed, ...]] = {}
    for code, item in sorted(pack.items.items()):
        said = (rule for version in item.versions if version.state == "on" for rule in version.sealed)
        found[code] = tuple(dict.fromkeys(rule for rule in said if _for_good(rule, day)))
    return tuple((code, rules) for code, rules in found.items() if rules)


def _for_good(rule: Sealed, day: date) -> bool:
    return rule.kind is SubjectKind.NATURAL_PERSON and rule.verdict == "reject" and rule.from_ <= day


@across_subjects("sweep: records that have come to be sealed; primary key, limited")
def _after(place: Place, items: Collection[str]) -> list[HeldRecord]:
    """The next records of persons under these items, in the order of the primary key, without content."""
    held = Record.objects.filter(pk__gt=place, subject_kind=PERSON, item_code__in=items)
    return selectors.facts_of(held.exclude(state=RecordState.ERASED.value).order_by("subject_id", "id")[:AT_ONCE])


def _removed(held: HeldRecord, rules: Collection[Sealed], at: datetime) -> bool:
    """Erase a record that a rule seals; False when none does, or somebody was quicker."""
    for content in _contents(held):
        rule = next((rule for rule in rules if holds(rule.when, content, held.subject_kind)), None)
        if rule is None:
            continue
        try:
            erase_content(
                subject_id=held.subject_id,
                record_id=held.record_id,
                ground=GROUND,
                article=rule.article,
                actor=PLATFORM,
                organisation="",
                channel="system",
                at=at,
            )
        except RefusedByLaw:
            return False
        except NoValueInForce:
            log.error("record %s cannot be erased: its item is not in the law in use", held.record_id)
            return False
        return True
    return False


def _contents(held: HeldRecord) -> Iterator[Content]:
    """The content of a record; none when it can't be opened, which `ledger verify` tells."""
    try:
        yield from selectors.content_of([held]).values()
    except (Conflict, ValueError):
        log.error("the content of record %s cannot be opened; see `xinheng ledger verify`", held.record_id)
