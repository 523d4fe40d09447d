"""How is an instrument put together from its history: steps, texts, clock, departments, and what the law says of it?"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date

import orjson

from xinheng.accounts.models import Organisation, OrganisationPower
from xinheng.casework.rules import ClockFacts
from xinheng.casework.selectors import clocks_of
from xinheng.law.errors import Finding
from xinheng.law.items import Item, ItemVersion
from xinheng.law.loader import drafts
from xinheng.law.norms import procedure
from xinheng.law.pack import Bilingual, Pack
from xinheng.norms.models import Norm, NormEvent, NormText
from xinheng.norms.rules import (
    Act,
    Change,
    NormFacts,
    State,
    Text,
    basis_faults,
    goes_beyond,
)
from xinheng.norms.selectors.shapes import Department, NormView, Step

ROUND = "norm_round"  # the clock of a round of opinions belongs to the step that opened it


def view(row: Norm, *, pack: Pack, today: date) -> NormView:
    """Put an instrument together from its history."""
    return views([row], pack=pack, today=today)[0]


def views(rows: Sequence[Norm], *, pack: Pack, today: date) -> list[NormView]:
    """Put instruments together, in as many questions for fifty as for one."""
    numbers = [row.id for row in rows]
    steps: dict[int, list[Step]] = {number: [] for number in numbers}
    for event in NormEvent.objects.filter(norm__in=numbers).select_related("organisation").order_by("norm_id", "n"):
        steps[event.norm_id].append(_step(event))
    texts: dict[int, dict[int, Text]] = {number: {} for number in numbers}
    for number, n, text in NormText.objects.filter(norm__in=numbers).values_list("norm_id", "n", "text"):
        texts[number][n] = Text.of(json.loads(text))
    rounds = {row.id: _last(steps[row.id], Act.CONSULTED) for row in rows}
    running = clocks_of(case_kind=ROUND, case_ids=[step.id for step in rounds.values() if step])
    named = {int(n) for history in steps.values() for n in history[0].fields["departments"]}
    bodies = Organisation.objects.in_bulk(named)
    powers: dict[int, set[str]] = {}
    asked = {*named, *(row.organisation_id for row in rows)}
    held = OrganisationPower.objects.filter(organisation_id__in=asked, active=True)
    for body, power in held.values_list("organisation_id", "power"):
        powers.setdefault(body, set()).add(power)
    return [
        _view(
            row,
            steps=tuple(steps[row.id]),
            texts=texts[row.id],
            clock=next(iter(running.get(asked_in.id, ())), None) if (asked_in := rounds[row.id]) else None,
            bodies=bodies,
            powers=powers,
            pack=pack,
            today=today,
        )
        for row in rows
    ]


def _view(
    row: Norm,
    *,
    steps: tuple[Step, ...],
    texts: Mapping[int, Text],
    clock: ClockFacts | None,
    bodies: Mapping[int, Organisation],
    powers: Mapping[int, set[str]],
    pack: Pack,
    today: date,
) -> NormView:
    last = max(texts)
    found, faults = _judged(texts[last], pack)
    law = procedure(pack, row.kind, today)
    departments = _departments(steps, last, bodies)
    asked_in = _last(steps, Act.CONSULTED)
    before = texts[int(asked_in.fields["text"])] if asked_in else None
    wrong = basis_faults(texts[last].basis, law)
    along = powers.get(row.organisation_id, set()).union(*(powers.get(d.organisation_id, set()) for d in departments))
    sources = texts[last].item["versions"][0].get("providers", ())
    facts = NormFacts(
        id=row.id,
        kind=row.kind,
        code=row.code,
        change=Change(row.change),
        state=State(row.state),
        organisation_id=row.organisation_id,
        authors=frozenset(s.account_id for s in steps if s.act in {Act.DRAFTED, Act.REVISED} and s.account_id),
        departments={one.organisation_id: one.agreed for one in departments},
        heard=frozenset(s.fields["group"] for s in _since_consulted(steps) if s.act is Act.HEARD),
        unanswered=sum(s.act is Act.OPINION_RECEIVED for s in steps) - _answered(steps),
        due_on=clock.due_on if clock else None,
        faults=len(faults) + len(wrong),
        persons="natural_person" in texts[last].kinds,
        assessed=bool(texts[last].assessment.strip()),
        beyond=_beyond(before, texts[last], pack),
        unheard=frozenset(sources) - along,
    )
    return NormView(
        facts=facts,
        procedure=law,
        opened_at=row.opened_at,
        effective_from=row.effective_from,
        organisation=Bilingual(row.organisation.name_zh, row.organisation.name_en),
        text=texts[last],
        text_n=last,
        version=found.versions[-1] if found else None,
        faults=faults,
        basis_faults=wrong,
        departments=departments,
        steps=steps,
        consulted=before,
        before=_before(row, before, texts[last], pack, today),
        clock=clock,
    )


_judgements: dict[tuple[str, str], tuple[Item | None, tuple[Finding, ...]]] = {}
KEPT = 256


def _judged(text: Text, pack: Pack) -> tuple[Item | None, tuple[Finding, ...]]:
    """What the law room says of a text; said once for each text and edition, for a list asks about many."""
    key = (drafts.text_of(text.item), pack.label)
    if key not in _judgements:
        if len(_judgements) >= KEPT:
            _judgements.clear()
        _judgements[key] = drafts.read(key[0], pack)
    return _judgements[key]


def _before(row: Norm, asked: Text | None, now: Text, pack: Pack, today: date) -> ItemVersion | None:
    """What the present text is compared with."""
    known = pack.items.get(row.code)
    in_force = known.on(today) if known is not None else None
    if row.change == Change.AMEND and in_force is not None:
        return in_force
    if asked is None or asked.item == now.item:
        return None
    item, _ = _judged(asked, pack)
    return item.versions[-1] if item is not None else None


def _beyond(asked: Text | None, now: Text, pack: Pack) -> bool:
    """Does the present text go beyond the one that opinions were asked about?"""
    if asked is None or asked == now:
        return False
    one, other = _judged(asked, pack)[0], _judged(now, pack)[0]
    if one is None or other is None or asked.basis != now.basis:
        return True
    return goes_beyond(one.versions[-1], other.versions[-1])


def history(norm_id: int) -> list[Step]:
    """The steps of one instrument, oldest first."""
    rows = NormEvent.objects.filter(norm_id=norm_id).select_related("organisation").order_by("n")
    return [_step(row) for row in rows]


def _step(row: NormEvent) -> Step:
    body = row.organisation
    return Step(
        id=row.id,
        n=row.n,
        act=Act(row.act),
        at=row.at,
        account_id=row.account_id,
        organisation=Bilingual(body.name_zh, body.name_en) if body else None,
        fields=orjson.loads(row.fields),
        entry_id=row.entry_id,
    )


def _departments(steps: Sequence[Step], text_n: int, bodies: Mapping[int, Organisation]) -> tuple[Department, ...]:
    """The departments named at the start, with what each said about the present text."""
    said = {
        int(step.fields["department"]): step.fields
        for step in steps
        if step.act is Act.COSIGNED and int(step.fields["text"]) == text_n
    }
    return tuple(
        Department(
            number,
            Bilingual(bodies[number].name_zh, bodies[number].name_en),
            said[number]["agreed"] if number in said else None,
            said[number]["reason"] if number in said else "",
        )
        for number in map(int, steps[0].fields["departments"])
    )


def _since_consulted(steps: Sequence[Step]) -> Sequence[Step]:
    """The steps of the present round of opinions."""
    starts = [place for place, step in enumerate(steps) if step.act is Act.CONSULTED]
    return steps[starts[-1] :] if starts else ()


def _last(steps: Sequence[Step], act: Act) -> Step | None:
    return next((step for step in reversed(steps) if step.act is act), None)


def _answered(steps: Sequence[Step]) -> int:
    return len({step.fields["opinion"] for step in steps if step.act is Act.OPINION_ANSWERED})
