"""How does a draft become law of the city: submitted, approved, published; or given up? (ZY-32)"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from xinheng.accounts.rules import AskerFacts
from xinheng.law.items import ItemVersion
from xinheng.law.loader import drafts
from xinheng.law.pack import Pack
from xinheng.lib.errors import BadInput, RefusedByLaw
from xinheng.norms.rules import Act, Change, Text, may_publish_on
from xinheng.norms.services.steps import begin, need, said, stop_waiting, take


@dataclass(frozen=True, slots=True)
class Published:
    """What an instrument put into force. ``version`` is what holds from its first day, None for a retirement."""

    norm_id: int
    code: str
    change: Change
    effective_from: date
    version: ItemVersion | None
    text: str
    article: str


@transaction.atomic
def submit(*, norm_id: int, asker: AskerFacts, at: datetime, pack: Pack, text_n: int | None = None) -> None:
    """Submit the present text to the city government. Raises RefusedByLaw while anything before it is missing."""
    taking = begin(norm_id, asker=asker, at=at, pack=pack, text_n=text_n)
    take(taking, Act.SUBMITTED, {"text": taking.before.text_n})


@transaction.atomic
def return_norm(*, norm_id: int, reason: str, asker: AskerFacts, at: datetime, pack: Pack) -> None:
    """Record that the city government returned the text, with its reasons."""
    taking = begin(norm_id, asker=asker, at=at, pack=pack)
    take(taking, Act.RETURNED, {"reason": said(reason, missing="reason_missing", most=2000)})


@transaction.atomic
def approve(*, norm_id: int, document: str, approved_on: date, asker: AskerFacts, at: datetime, pack: Pack) -> None:
    """Record the approval of the city government by number and day of its document.

    Raises RefusedByLaw for the account that wrote the text, BadInput for a day before the submission or to come.
    """
    taking = begin(norm_id, asker=asker, at=at, pack=pack)
    approver = taking.before.procedure.approver
    number = said(document, missing="norm_document_missing", most=100)
    submitted = next((step.at for step in reversed(taking.before.steps) if step.act is Act.SUBMITTED), None)
    if submitted is not None and not submitted.astimezone(pack.tz).date() <= approved_on <= taking.today:
        raise BadInput("norm_approval_day")
    fields = {
        "document": number,
        "on": approved_on.isoformat(),
        "by": approver.zh if approver else "",
        "text": taking.before.text_n,
    }
    take(taking, Act.APPROVED, fields)


@transaction.atomic
def publish(*, norm_id: int, effective_from: date, asker: AskerFacts, at: datetime, pack: Pack) -> Published:
    """Publish an approved text; it holds from ``effective_from``, the next day at the earliest.

    The version that comes into force is the approved text with this first day, judged once more under the pack in
    force. Called by the catalog, which makes it collectable (`catalog.services.publish_norm`). Raises RefusedByLaw.
    """
    taking = begin(norm_id, asker=asker, at=at, pack=pack)
    need(may_publish_on(effective_from, taking.before.procedure, today=taking.today))
    facts = taking.before.facts
    text = _dated(taking.before.text, effective_from)
    version = None
    if facts.change is not Change.RETIRE:
        found, faults = drafts.read(text, pack)
        if found is None or faults:
            raise RefusedByLaw("norm_text_faulty", taking.before.procedure.article)
        version = found.versions[-1]
    fields = {"effective_from": effective_from.isoformat(), "text": taking.before.text_n}
    take(taking, Act.PUBLISHED, fields, effective_from=effective_from)
    article = taking.before.procedure.article
    return Published(facts.id, facts.code, facts.change, effective_from, version, text, article)


@transaction.atomic
def abandon(*, norm_id: int, reason: str, asker: AskerFacts, at: datetime, pack: Pack) -> None:
    """Give a draft up, with reasons; what was said about it stays on record."""
    taking = begin(norm_id, asker=asker, at=at, pack=pack)
    take(taking, Act.ABANDONED, {"reason": said(reason, missing="reason_missing", most=2000)})
    stop_waiting(taking)


def _dated(text: Text, effective_from: date) -> str:
    """The item of a text with the first day it holds."""
    item = dict(text.item)
    item["versions"] = [{**item["versions"][0], "from": effective_from.isoformat(), "until": None, "state": "on"}]
    return drafts.text_of(item)
