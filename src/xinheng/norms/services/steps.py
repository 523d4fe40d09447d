"""How is a step taken? The instrument is locked, the rule asked, step and entry are written, the state is set."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Max

from xinheng.accounts.rules import AskerFacts
from xinheng.accounts.selectors import organisation
from xinheng.casework.services import stop_clock
from xinheng.law.decision import Allowed, Refused
from xinheng.law.loader import drafts
from xinheng.law.pack import Pack
from xinheng.ledger.selectors import law_version
from xinheng.ledger.services import append
from xinheng.lib.canonical import canonical
from xinheng.lib.clock import day_of
from xinheng.lib.errors import BadInput, Conflict, NotFound, RefusedByLaw
from xinheng.lib.freetext import personal_numbers
from xinheng.norms import selectors
from xinheng.norms.models import Norm, NormEvent, NormText
from xinheng.norms.rules import TRANSITIONS, Act, State, Text, may
from xinheng.store.ids import next_id


@dataclass(frozen=True, slots=True)
class Taking:
    """A step that is being taken: the locked row and the instrument as it stood before."""

    row: Norm
    before: selectors.NormView
    asker: AskerFacts | None
    at: datetime
    pack: Pack

    @property
    def today(self) -> date:
        """The legal day."""
        return day_of(self.at, self.pack.zone)


def begin(norm_id: int, *, asker: AskerFacts | None, at: datetime, pack: Pack, text_n: int | None = None) -> Taking:
    """Lock an instrument and read it. Raises NotFound, and Conflict when ``text_n``, the text that whoever acts has
    seen, is not the present one: nobody agrees to, submits or changes what he has not read.
    """
    row = Norm.objects.select_for_update(of=("self",)).select_related("organisation").filter(id=norm_id).first()
    if row is None:
        raise NotFound("norm_unknown")
    before = selectors.view(row, pack=pack, today=day_of(at, pack.zone))
    if text_n is not None and text_n != before.text_n:
        raise Conflict("norm_text_moved_on")
    return Taking(row, before, asker, at, pack)


def take(
    taking: Taking, act: Act, fields: Mapping[str, Any], *, effective_from: date | None = None, article: str = ""
) -> NormEvent:
    """Take a step that its rule allows. Raises RefusedByLaw with the article otherwise."""
    assert taking.asker is not None
    need(may(act, taking.before.facts, taking.asker, taking.before.procedure, today=taking.today))
    return write(taking, act, fields, effective_from=effective_from, article=article)


def need(decision: Allowed | Refused) -> None:
    """Raise RefusedByLaw for a refusal."""
    if not decision:
        raise RefusedByLaw(decision.reason, decision.article)


def write(
    taking: Taking, act: Act, fields: Mapping[str, Any], *, effective_from: date | None = None, article: str = ""
) -> NormEvent:
    """Write a step that was allowed, with its entry, and set the state it leads to. ``article`` founds it when that is
    another one than the procedure's.
    """
    row, asker = taking.row, taking.asker
    founded = article or taking.before.procedure.article
    event = record(row, act, fields, asker=asker, at=taking.at, pack=taking.pack, article=founded)
    row.state = TRANSITIONS[act][State(row.state)]
    if effective_from is not None:
        row.effective_from = effective_from
    row.save(update_fields=["state", "effective_from"])
    return event


def record(
    row: Norm, act: Act, fields: Mapping[str, Any], *, asker: AskerFacts | None, at: datetime, pack: Pack, article: str
) -> NormEvent:
    """Write a step and its ledger entry; the caller has judged it."""
    n = (NormEvent.objects.filter(norm=row).aggregate(last=Max("n"))["last"] or 0) + 1
    head = {"norm": str(row.id), "n": n, "act": act.value, "kind": row.kind, "code": row.code, "change": row.change}
    entry = append(
        act="norm.step",
        at=at,
        law=law_version(pack.label),
        actor=actor_of(asker, act),
        organisation=asker.organisation_code if asker else "",
        channel="web",
        subject=None,
        ground={"article": article},
        result="done",
        fields={**head, **fields},
    )
    body = organisation(asker.organisation_id) if asker and asker.organisation_id else None
    return NormEvent.objects.create(
        id=next_id("local"),
        norm=row,
        n=n,
        act=act.value,
        account_id=asker.account_id if asker else None,
        organisation=body,
        at=at,
        fields=canonical(dict(fields)).decode(),
        entry_id=entry.entry_id,
    )


def actor_of(asker: AskerFacts | None, act: Act) -> str:
    """Who took a step: an account, the public with an opinion, or the platform when a time has run out."""
    if asker is not None:
        return f"account:{asker.account_id}"
    return "public" if act is Act.OPINION_RECEIVED else "platform"


def stop_waiting(taking: Taking) -> None:
    """The time for opinions is over: its last day moves no more."""
    clock = taking.before.clock
    if clock is not None and clock.stopped_at is None:
        case = {"case_kind": clock.case_kind, "deadline": clock.deadline}
        stop_clock(case_id=clock.case_id, at=taking.at, waited=True, **case)


def keep_text(row: Norm, text: Text) -> NormText:
    """Keep a text as the next one of its instrument."""
    n = (NormText.objects.filter(norm=row).aggregate(last=Max("n"))["last"] or 0) + 1
    written = drafts.text_of(text.tree())
    return NormText.objects.create(
        id=next_id("local"), norm=row, n=n, text=written, sha256=hashlib.sha256(written.encode()).hexdigest()
    )


def said(text: str, *, missing: str, most: int = 4000) -> str:
    """A text that somebody wrote for the record: there, not longer than ``most``, without numbers of persons.

    Raises BadInput ``missing``, ``norm_text_too_long`` or ``norm_text_personal``.
    """
    clean = text.strip()
    if not clean:
        raise BadInput(missing)
    if len(clean) > most:
        raise BadInput("norm_text_too_long", most=str(most))
    if next(iter(personal_numbers(clean)), None) is not None:
        raise BadInput("norm_text_personal")
    return clean
