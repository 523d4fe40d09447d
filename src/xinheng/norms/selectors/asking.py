"""Which instruments are there, which wait for whom, and what was said about one?"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from xinheng.accounts.rules import AskerFacts
from xinheng.law.norms import CATALOG_ITEM
from xinheng.law.pack import Pack
from xinheng.lib.errors import NotFound
from xinheng.norms.models import Norm, NormEvent, NormOpinion
from xinheng.norms.rules import (
    ENDED,
    UNFINISHED,
    Act,
    Outcome,
    State,
    concerns,
    waits_for,
)
from xinheng.norms.selectors.reading import history, view, views
from xinheng.norms.selectors.shapes import Answer, NormView, Opinion
from xinheng.store import crypto


def norm(norm_id: int, *, pack: Pack, today: date) -> NormView:
    """Everything about an instrument. Raises NotFound ``norm_unknown``."""
    return _one(Norm.objects.filter(id=norm_id), pack=pack, today=today)


def norms(*, pack: Pack, today: date, states: Iterable[State] = State) -> list[NormView]:
    """The instruments in these states, newest first."""
    found = Norm.objects.filter(state__in=[*states]).select_related("organisation").order_by("-opened_at", "-id")
    return views(list(found), pack=pack, today=today)


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


def opinions(norm_id: int, *, opened: bool) -> list[Opinion]:
    """The opinions in the order of receipt; texts and names only ``opened``, for who answers them."""
    steps = history(norm_id)
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


def ended_with_opinions() -> list[tuple[int, datetime]]:
    """The instruments that have ended and still hold what somebody wrote, and when each ended."""
    ends = NormEvent.objects.filter(act__in=[Act.PUBLISHED.value, Act.ABANDONED.value], norm__opinions__isnull=False)
    return list(ends.values_list("norm_id", "at").distinct())


def open_opinion(row: NormOpinion) -> dict[str, str]:
    """What an opinion says, and who said it."""
    content: dict[str, str] = json.loads(crypto.unseal(bytes(row.sealed), aad=opinion_place(row.id)))
    return content


def opinion_place(number: int) -> bytes:
    """What a sealed opinion is bound to."""
    return f"norm_opinion/{number}".encode()


def _one(found: Any, *, pack: Pack, today: date) -> NormView:
    row = found.select_related("organisation").first()
    if row is None:
        raise NotFound("norm_unknown")
    return view(row, pack=pack, today=today)
