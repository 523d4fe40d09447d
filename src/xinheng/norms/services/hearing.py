"""How are opinions on a draft asked for, received and answered? (ZY-32; that answers are published: house rule)"""

from __future__ import annotations

import hashlib
import json
import os
from datetime import datetime, timedelta

from django.db import transaction

from xinheng.accounts.rules import AskerFacts
from xinheng.casework.services import open_clock
from xinheng.law.norms import CATALOG_ITEM, GROUPS
from xinheng.law.pack import Pack
from xinheng.ledger.selectors import law_version
from xinheng.lib.clock import day_of
from xinheng.lib.errors import BadInput, Conflict, NotFound
from xinheng.norms import selectors
from xinheng.norms.models import NormOpinion
from xinheng.norms.rules import Act, Outcome, may_comment
from xinheng.norms.services.steps import Taking, begin, need, said, stop_waiting, take, write
from xinheng.store import crypto
from xinheng.store.ids import next_id

SALT = 32
AN_HOUR, AN_HOUR_TAKES = timedelta(hours=1), 120  # opinions on one draft: enough for a city, too few for a flood
ERASURE = "CN-PIPL-47"


@transaction.atomic
def open_consultation(*, norm_id: int, asker: AskerFacts, at: datetime, pack: Pack, text_n: int | None = None) -> None:
    """Publish a draft and ask for opinions; the day of publication is not counted.

    Raises RefusedByLaw when the text has faults, its basis is not named, a department has not agreed, or persons are
    concerned and no impact assessment stands with it.
    """
    taking = begin(norm_id, asker=asker, at=at, pack=pack, text_n=text_n)
    deadline = taking.before.procedure.consultation
    step = take(taking, Act.CONSULTED, {"text": taking.before.text_n, "deadline": deadline})
    open_clock(
        case_kind=selectors.ROUND,
        case_id=step.id,
        deadline=deadline,
        received_at=at,
        pack=pack,
        law_version=law_version(pack.label),
        at=at,
    )


@transaction.atomic
def record_hearing(*, norm_id: int, group: str, how: str, asker: AskerFacts, at: datetime, pack: Pack) -> None:
    """Record that a group which the law names was asked: whom and how, organisations by name, persons by number."""
    taking = begin(norm_id, asker=asker, at=at, pack=pack)
    if group not in taking.before.procedure.consult:
        raise BadInput("norm_group_unknown")
    take(taking, Act.HEARD, {"group": group, "how": said(how, missing="norm_how_missing", most=1000)})


@transaction.atomic
def receive_opinion(*, norm_id: int, group: str, text: str, name: str, at: datetime, pack: Pack) -> int:
    """Take an opinion from anybody, while opinions are open; gives its number.

    Kept sealed; the entry holds a salted commitment. Raises RefusedByLaw ``norm_opinions_closed``, BadInput for a text
    with identity, phone or card numbers: what is not needed is not kept (CN-PIPL-6).
    """
    taking = begin(norm_id, asker=None, at=at, pack=pack)
    need(may_comment(taking.before.facts, taking.before.procedure, today=taking.today))
    if group not in GROUPS:
        raise BadInput("norm_group_unknown")
    if _received_since(taking, at - AN_HOUR) >= AN_HOUR_TAKES:
        raise Conflict("norm_opinions_too_many")
    clean = said(text, missing="norm_opinion_empty")
    content = {"text": clean, "name": said(name, missing="", most=100) if name.strip() else ""}
    number, salt = next_id("local"), os.urandom(SALT)
    NormOpinion.objects.create(
        id=number,
        norm=taking.row,
        group=group,
        sealed=crypto.seal(json.dumps(content, ensure_ascii=False).encode(), aad=selectors.opinion_place(number)),
        salt=salt,
    )
    write(taking, Act.OPINION_RECEIVED, {"opinion": str(number), "group": group, "commit": commitment(salt, clean)})
    return number


@transaction.atomic
def answer_opinion(
    *,
    norm_id: int,
    opinion: int,
    outcome: Outcome,
    gist: str,
    reasons: str,
    asker: AskerFacts,
    at: datetime,
    pack: Pack,
) -> None:
    """Say what becomes of an opinion. Gist and reasons are published, so neither names a person.

    Raises Conflict when it is answered already, NotFound for an opinion of another draft.
    """
    taking = begin(norm_id, asker=asker, at=at, pack=pack)
    found = _opinion(taking, opinion)
    if found.answer is not None:
        raise Conflict("norm_opinion_answered")
    fields = {
        "opinion": str(opinion),
        "outcome": outcome.value,
        "gist": said(gist, missing="norm_gist_missing", most=1000),
        "reasons": said(reasons, missing="reason_missing", most=2000),
    }
    take(taking, Act.OPINION_ANSWERED, fields)


@transaction.atomic
def erase_opinion(*, norm_id: int, opinion: int, reason: str, asker: AskerFacts, at: datetime, pack: Pack) -> None:
    """Delete what somebody wrote, when its author asks for it; answer and gist stay (CN-PIPL-47)."""
    taking = begin(norm_id, asker=asker, at=at, pack=pack)
    found = _opinion(taking, opinion)
    if found.erased:
        raise Conflict("norm_opinion_erased")
    if found.answer is None:  # else an inconvenient opinion could go before anybody answers it
        raise Conflict("norm_opinion_not_answered")
    why = said(reason, missing="reason_missing", most=500)
    take(taking, Act.OPINION_ERASED, {"opinion": str(opinion), "reason": why}, article=ERASURE)
    NormOpinion.objects.filter(id=opinion, norm=taking.row).delete()


@transaction.atomic
def forget_opinions(*, at: datetime, pack: Pack) -> int:
    """The sweep: what was written goes when its time after the end of the procedure has run out; how many went.

    Idempotent. Answers and gists stay; each deletion is a step of its own, bound by an entry.
    """
    went, today = 0, day_of(at, pack.zone)
    law = pack.norms.get(CATALOG_ITEM)
    now = law.on(today) if law else None
    if now is None or now.opinions_kept is None:
        return 0
    for number, ended in selectors.ended_with_opinions():
        if today < now.opinions_kept.after(day_of(ended, pack.zone)):
            continue
        taking = begin(number, asker=None, at=at, pack=pack)
        for one in NormOpinion.objects.filter(norm=taking.row).order_by("id"):
            write(taking, Act.OPINION_ERASED, {"opinion": str(one.id), "reason": "保存期满"}, article=ERASURE)
            one.delete()
            went += 1
    return went


@transaction.atomic
def close_consultation(*, norm_id: int, asker: AskerFacts, at: datetime, pack: Pack) -> None:
    """End the time for opinions, after its last day and when every group was asked. Raises RefusedByLaw."""
    taking = begin(norm_id, asker=asker, at=at, pack=pack)
    take(taking, Act.CLOSED, {})
    stop_waiting(taking)


@transaction.atomic
def reopen(*, norm_id: int, reason: str, asker: AskerFacts, at: datetime, pack: Pack) -> None:
    """Go back to drafting, so that opinions are asked for again."""
    taking = begin(norm_id, asker=asker, at=at, pack=pack)
    take(taking, Act.REOPENED, {"reason": said(reason, missing="reason_missing", most=2000)})


def commitment(salt: bytes, text: str) -> str:
    """What the entry says of an opinion without telling it."""
    return hashlib.sha256(salt + text.encode()).hexdigest()


def _received_since(taking: Taking, since: datetime) -> int:
    return sum(step.act is Act.OPINION_RECEIVED and step.at > since for step in taking.before.steps)


def _opinion(taking: Taking, number: int) -> selectors.Opinion:
    for one in selectors.opinions(taking.row.id, opened=False):
        if one.id == number:
            return one
    raise NotFound("norm_opinion_unknown")
