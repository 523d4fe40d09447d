"""Is each instrument where its steps lead, and is each step, text and opinion what the ledger says?

Registered with `ledger verify`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import orjson

from xinheng.ledger.verify import Damage, Finding, Tally, Verification
from xinheng.lib.clock import stamp
from xinheng.lib.errors import XinhengError
from xinheng.norms.models import Norm, NormEvent, NormOpinion, NormText
from xinheng.norms.rules import Act, state_after
from xinheng.norms.selectors import open_opinion
from xinheng.norms.services.hearing import commitment
from xinheng.norms.services.steps import actor_of

type Said = dict[int, tuple[Mapping[str, Any], str, str, str]]


def check_procedures(verification: Verification) -> Iterator[Finding]:
    """Steps stand as their entries say, states follow from steps, texts and opinions have the hash of their step.

    One CheckResult ``procedures``, counting steps.
    """
    tally = Tally("procedures")
    said = _said(verification)
    for row in Norm.objects.select_related("organisation").order_by("id"):
        events = list(NormEvent.objects.filter(norm=row).order_by("n"))
        yield from _beginning(tally, row, events, said)
        yield from _steps(tally, row, events, said)
        yield from _text_hashes(tally, row, events)
        yield from _opinions(tally, row, events)
        reached = state_after([Act(event.act) for event in events])
        if reached is None or reached.value != row.state:
            yield tally.damage("norm_state", "norm", expected=reached or "a possible road", found=row.state, entry=0)
        day = next((orjson.loads(e.fields)["effective_from"] for e in events if e.act == Act.PUBLISHED), "")
        if day != (row.effective_from.isoformat() if row.effective_from else ""):
            yield tally.damage("norm_effective_from", "norm", expected=day, found=row.effective_from, entry=0)
    for entry in said:
        yield tally.damage("norm_event_missing", "norm_event", expected="a step", found="none", entry=entry)
    yield tally.result()


def _said(verification: Verification) -> Said:
    """Entry -> fields, actor, organisation and instant."""
    return {
        entry: (body["fields"], body["actor"], body["org"], facts.at)
        for entry, body in verification.bodies("norm.step")
        if body is not None and (facts := verification.facts(entry)) is not None
    }


def _beginning(tally: Tally, row: Norm, events: Sequence[NormEvent], said: Said) -> Iterator[Damage]:
    """Kind, drafting organ and first instant of an instrument are those of its first step."""
    first = events[0] if events else None
    if first is None or first.entry_id not in said:
        return  # told by its state and its steps
    fields, _, body, at = said[first.entry_id]
    found = {"organisation": row.organisation.code, "opened_at": stamp(row.opened_at), "kind": row.kind}
    for name, expected in {"organisation": body, "opened_at": at, "kind": fields.get("kind", row.kind)}.items():
        if found[name] != expected:
            yield tally.damage(f"norm_{name}", "norm", expected=expected, found=found[name], entry=first.entry_id)


def _steps(tally: Tally, row: Norm, events: Sequence[NormEvent], said: Said) -> Iterator[Damage]:
    for place, event in enumerate(events, 1):
        tally.count += 1
        head = {
            "norm": str(row.id),
            "n": event.n,
            "act": event.act,
            "kind": row.kind,
            "code": row.code,
            "change": row.change,
        }
        actor = f"account:{event.account_id}" if event.account_id else actor_of(None, Act(event.act))
        body = event.organisation.code if event.organisation else ""
        expected = said.pop(event.entry_id, None)
        if expected is not None and "kind" in expected[0]:
            head["kind"] = row.kind
        found = ({**head, **orjson.loads(event.fields)}, actor, body, stamp(event.at))
        if expected is None or (dict(expected[0]), *expected[1:]) != found or event.n != place:
            what = "norm_event_differs" if expected else "norm_event_without_entry"
            yield tally.damage(what, "norm_event", expected=expected or "an entry", found=found, entry=event.entry_id)


def _text_hashes(tally: Tally, row: Norm, events: Sequence[NormEvent]) -> Iterator[Damage]:
    hashes = {
        int(fields["text"]): fields["sha256"] for event in events if "sha256" in (fields := orjson.loads(event.fields))
    }
    found = {
        text.n: (text.sha256, hashlib.sha256(text.text.encode()).hexdigest())
        for text in NormText.objects.filter(norm=row)
    }
    for n in hashes.keys() | found.keys():
        if found.get(n) != (hashes.get(n), hashes.get(n)):
            yield tally.damage("norm_text", "norm_text", expected=hashes.get(n), found=found.get(n), entry=0)


def _opinions(tally: Tally, row: Norm, events: Sequence[NormEvent]) -> Iterator[Damage]:
    kept = {opinion.id: opinion for opinion in NormOpinion.objects.filter(norm=row)}
    fields = [(event, orjson.loads(event.fields)) for event in events]
    erased = {int(said["opinion"]) for event, said in fields if event.act == Act.OPINION_ERASED}
    for event, said in fields:
        if event.act != Act.OPINION_RECEIVED:
            continue
        number = int(said["opinion"])
        opinion = kept.pop(number, None)
        if opinion is None and number in erased:
            continue
        found = _commit(opinion) if opinion else "none"
        if found != (said["group"], said["commit"]):
            yield tally.damage(
                "norm_opinion", "norm_opinion", expected=said["commit"], found=found, entry=event.entry_id
            )
    for number in kept:
        yield tally.damage("norm_opinion_unknown", "norm_opinion", expected="a step", found=number, entry=0)


def _commit(opinion: NormOpinion) -> tuple[str, str]:
    try:
        return opinion.group, commitment(bytes(opinion.salt), open_opinion(opinion)["text"])
    except (XinhengError, ValueError, KeyError):
        return opinion.group, "unreadable"
