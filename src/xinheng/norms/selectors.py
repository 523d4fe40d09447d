"""How far is each instrument, what does its text say, and what happened on the way?"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import orjson

from xinheng.accounts.models import Organisation
from xinheng.accounts.rules import AskerFacts
from xinheng.casework.rules import ClockFacts
from xinheng.casework.selectors import clocks
from xinheng.law.comparing import compare
from xinheng.law.errors import Finding
from xinheng.law.items import Item, ItemVersion
from xinheng.law.judging import Reach
from xinheng.law.loader import drafts
from xinheng.law.norms import CATALOG_ITEM, Procedure, procedure
from xinheng.law.pack import Bilingual, Pack
from xinheng.lib.errors import NotFound
from xinheng.norms.models import Norm, NormEvent, NormOpinion, NormText
from xinheng.norms.rules import (
    ENDED,
    UNFINISHED,
    Act,
    Change,
    NormFacts,
    Outcome,
    State,
    Text,
    basis_faults,
    concerns,
    waits_for,
)
from xinheng.store import crypto

ROUND = "norm_round"  # the clock of a round of opinions belongs to the step that opened it


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the procedure. ``organisation`` is who took it; nobody's name stands here."""

    id: int
    n: int
    act: Act
    at: datetime
    account_id: int | None
    organisation: Bilingual | None
    fields: Mapping[str, Any]
    entry_id: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of an opinion; ``gist`` and ``reasons`` are published with it."""

    outcome: Outcome
    gist: str
    reasons: str


@dataclass(frozen=True, slots=True)
class Opinion:
    """An opinion. ``text`` and ``name`` are None unless opened for who answers it, or erased since."""

    id: int
    group: str
    at: datetime
    text: str | None
    name: str | None
    erased: bool
    answer: Answer | None


@dataclass(frozen=True, slots=True)
class Department:
    """A department that drafts along: ``agreed`` is None until it has answered about the present text."""

    organisation_id: int
    name: Bilingual
    agreed: bool | None
    reason: str


@dataclass(frozen=True, slots=True)
class NormView:
    """An instrument with everything the pages of its procedure show.

    ``before`` is what the present text is compared with: the version in force that it follows, or the text that
    opinions were asked about when it was changed since; None when there is nothing to compare.
    """

    facts: NormFacts
    procedure: Procedure
    opened_at: datetime
    effective_from: date | None
    organisation: Bilingual
    text: Text
    text_n: int
    version: ItemVersion | None
    faults: tuple[Finding, ...]
    basis_faults: tuple[str, ...]
    departments: tuple[Department, ...]
    steps: tuple[Step, ...]
    consulted: Text | None
    before: ItemVersion | None
    clock: ClockFacts | None

    @property
    def label(self) -> Bilingual:
        """The name of the item, as its present text has it."""
        said = self.text.item.get("label") or {}
        return Bilingual(said.get("zh") or self.facts.code, said.get("en") or self.facts.code)

    @property
    def public(self) -> bool:
        """May everybody read it? From the day opinions are asked, unless it was given up or is drafted anew."""
        return self.consulted is not None and self.facts.state not in {State.DRAFT, State.ABANDONED}

    @property
    def change_code(self) -> str:
        """The code under which the words for what the instrument does stand."""
        return f"norm_change.{self.facts.change.value}"

    @property
    def state_code(self) -> str:
        """The code under which the words for its state stand."""
        return f"norm_state.{self.facts.state.value}"

    @property
    def approval(self) -> Mapping[str, Any] | None:
        """Number, day and organ of the approval, None before it."""
        return next((step.fields for step in reversed(self.steps) if step.act is Act.APPROVED), None)


def norm(norm_id: int, *, pack: Pack, today: date) -> NormView:
    """Everything about an instrument. Raises NotFound ``norm_unknown``."""
    return _one(Norm.objects.filter(id=norm_id), pack=pack, today=today)


def norms(*, pack: Pack, today: date, states: Iterable[State] = State) -> list[NormView]:
    """The instruments in these states, newest first."""
    found = Norm.objects.filter(state__in=[*states]).select_related("organisation").order_by("-opened_at", "-id")
    return [view(row, pack=pack, today=today) for row in found]


def waiting(asker: AskerFacts, *, pack: Pack, today: date) -> int | None:
    """How many instruments wait for this account; None where the city makes none, or this organ has to do with none."""
    law = pack.norms.get(CATALOG_ITEM)
    now = law.on(today) if law else None
    if now is None or not now.provided:
        return None
    running = norms(pack=pack, today=today, states=UNFINISHED)
    mine = [one for one in running if concerns(one.facts, asker)]
    if not mine and now.drafter not in asker.powers:
        return None
    return sum(waits_for(one.facts, asker, now, today=today) for one in mine)


def on_its_way(*, kind: str, code: str) -> int | None:
    """The number of the instrument about this code that is neither published nor abandoned, None when none is."""
    found = Norm.objects.filter(kind=kind, code=code).exclude(state__in=[*ENDED])
    return found.values_list("id", flat=True).first()


def published_text(norm_id: int) -> str:
    """The last text of an instrument, as it is kept."""
    return NormText.objects.filter(norm_id=norm_id).order_by("-n").values_list("text", flat=True)[0]


def opinions(norm_id: int, *, opened: bool) -> list[Opinion]:
    """The opinions in the order of receipt; texts and names only ``opened``, for who answers them."""
    steps = [_step(row) for row in _events(norm_id)]
    answers = {
        int(step.fields["opinion"]): Answer(
            Outcome(step.fields["outcome"]), step.fields["gist"], step.fields["reasons"]
        )
        for step in steps
        if step.act is Act.OPINION_ANSWERED
    }
    kept = {row.id: row for row in NormOpinion.objects.filter(norm_id=norm_id)}
    found = []
    for step in steps:
        if step.act is not Act.OPINION_RECEIVED:
            continue
        number = int(step.fields["opinion"])
        row = kept.get(number)
        content = open_opinion(row) if opened and row is not None else {}
        found.append(
            Opinion(
                id=number,
                group=step.fields["group"],
                at=step.at,
                text=content.get("text"),
                name=content.get("name"),
                erased=row is None,
                answer=answers.get(number),
            )
        )
    return found


def open_opinion(row: NormOpinion) -> dict[str, str]:
    """What an opinion says, and who said it."""
    content: dict[str, str] = json.loads(crypto.unseal(bytes(row.sealed), aad=opinion_place(row.id)))
    return content


def opinion_place(number: int) -> bytes:
    """What a sealed opinion is bound to."""
    return f"norm_opinion/{number}".encode()


def view(row: Norm, *, pack: Pack, today: date) -> NormView:
    """Put an instrument together from its history."""
    steps = tuple(_step(event) for event in _events(row.id))
    texts = {text.n: Text.of(json.loads(text.text)) for text in NormText.objects.filter(norm_id=row.id)}
    last = max(texts)
    found, faults = _judged(texts[last], pack)
    law = procedure(pack, row.kind, today)
    departments = _departments(steps, last)
    consulted_n = next((int(s.fields["text"]) for s in reversed(steps) if s.act is Act.CONSULTED), None)
    before = texts[consulted_n] if consulted_n is not None else None
    clock = _clock(steps)
    wrong = basis_faults(texts[last].basis, law)
    facts = NormFacts(
        id=row.id,
        kind=row.kind,
        code=row.code,
        change=Change(row.change),
        state=State(row.state),
        organisation_id=row.organisation.id,
        authors=frozenset(s.account_id for s in steps if s.act in {Act.DRAFTED, Act.REVISED} and s.account_id),
        departments={one.organisation_id: one.agreed for one in departments},
        heard=frozenset(s.fields["group"] for s in _since_consulted(steps) if s.act is Act.HEARD),
        unanswered=_count(steps, Act.OPINION_RECEIVED) - _answered(steps),
        due_on=clock.due_on if clock else None,
        faults=len(faults) + len(wrong),
        persons="natural_person" in texts[last].kinds,
        assessed=bool(texts[last].assessment.strip()),
        wider=_wider(before, found, pack),
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


def _wider(before: Text | None, now: Item | None, pack: Pack) -> bool:
    """Does the present text disclose more than the one that opinions were asked about?"""
    if before is None or now is None:
        return False
    asked, _ = _judged(before, pack)
    if asked is None:
        return True
    return bool(compare(asked.versions[-1], now.versions[-1]).reaching(Reach.WIDER, Reach.UNCLEAR))


def _one(found: Any, *, pack: Pack, today: date) -> NormView:
    row = found.select_related("organisation").first()
    if row is None:
        raise NotFound("norm_unknown")
    return view(row, pack=pack, today=today)


def _events(norm_id: int) -> list[NormEvent]:
    return list(NormEvent.objects.filter(norm_id=norm_id).select_related("organisation").order_by("n"))


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


def _departments(steps: Sequence[Step], text_n: int) -> tuple[Department, ...]:
    """The departments named at the start, with what each said about the present text."""
    numbers = [int(number) for number in steps[0].fields["departments"]]
    said = {
        int(step.fields["department"]): step.fields
        for step in steps
        if step.act is Act.COSIGNED and int(step.fields["text"]) == text_n
    }
    bodies = Organisation.objects.in_bulk(numbers)
    return tuple(
        Department(
            number,
            Bilingual(bodies[number].name_zh, bodies[number].name_en),
            said[number]["agreed"] if number in said else None,
            said[number]["reason"] if number in said else "",
        )
        for number in numbers
    )


def _since_consulted(steps: Sequence[Step]) -> Sequence[Step]:
    """The steps of the present round of opinions."""
    starts = [place for place, step in enumerate(steps) if step.act is Act.CONSULTED]
    return steps[starts[-1] :] if starts else ()


def _clock(steps: Sequence[Step]) -> ClockFacts | None:
    """The clock of the present round of opinions."""
    opened = next((step for step in reversed(steps) if step.act is Act.CONSULTED), None)
    return next(iter(clocks(case_kind=ROUND, case_id=opened.id)), None) if opened else None


def _answered(steps: Sequence[Step]) -> int:
    return len({step.fields["opinion"] for step in steps if step.act is Act.OPINION_ANSWERED})


def _count(steps: Sequence[Step], act: Act) -> int:
    return sum(step.act is act for step in steps)
