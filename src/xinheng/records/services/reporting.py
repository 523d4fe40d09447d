"""How does a machine report rows, once, however often it sends them? (INT-1, IOP-1)

The request is remembered in the transaction of its batch. Crashed before the commit, nothing is there and the next
request with the same key does the work; crashed after it, the next one is told of the batch that is there.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import IntegrityError

from xinheng.accounts.selectors import MachineFacts, organisation
from xinheng.accounts.services import alone, done_before, hold_in_force, remember
from xinheng.intake.rules import item_to_report
from xinheng.intake.rules.provider import may_report
from xinheng.lib.canonical import sha256
from xinheng.lib.clock import day_of
from xinheng.lib.errors import BadInput, RefusedByLaw
from xinheng.records.selectors import MACHINE, law_in_force, provider_facts
from xinheng.records.services.batches import accept_batch


@dataclass(frozen=True, slots=True)
class Reported:
    """The batch of a request; ``replayed`` when an earlier request with the same key made it."""

    batch_id: int
    replayed: bool


def may_report_by_machine(*, machine: MachineFacts, item_code: str, key: str, at: datetime) -> None:
    """Refuse a report before its body is read, unless it repeats one that was accepted.

    Raises NotFound ``item_not_in_force`` (INV-2), RefusedByLaw with the article when the organisation may not report
    the item (SUB-2, ORG-1) or the catalog has the item come by other channels (CAT-2).
    """
    if done_before(client=machine.number, key=key):
        return
    pack, _ = law_in_force()
    day = day_of(at, pack.zone)
    item = item_to_report(pack, item_code, day)
    verdict = may_report(pack, item, provider_facts(machine.organisation_id), day)
    if not verdict:
        raise RefusedByLaw(verdict.reason, verdict.article, item=item.label.zh)
    if MACHINE not in item.channel:
        raise RefusedByLaw("item_not_by_machine", item.article, item=item.label.zh)


def report_by_machine(
    *, machine: MachineFacts, item_code: str, key: str, file: Path, file_sha256: str, file_name: str, at: datetime
) -> Reported:
    """Accept the file as a batch of the machine's organisation, once for each ``key``. Call it outside a transaction.

    Raises what `accept_batch` raises, and remembers nothing then; Conflict ``request_running`` while a request with
    the key is carried out; BadInput ``idempotency_key_reused`` when the key stands for another item or body;
    NotAllowed ``token_invalid`` when the client is revoked before the batch commits.
    """
    asked = sha256(f"{item_code}\n{file_sha256}".encode()).hex()
    with alone(client=machine.number, key=key):
        earlier = _earlier(machine, key, asked)
        if earlier is not None:
            return earlier

        def within(batch_id: int) -> None:
            hold_in_force(number=machine.number)
            remember(client=machine.number, key=key, body_digest=asked, result=batch_id)

        try:
            receipt = accept_batch(
                file=file,
                file_name=file_name,
                item_code=item_code,
                provider=organisation(machine.organisation_id),
                actor=f"client:{machine.number}",
                channel="api",
                at=at,
                within=within,
            )
        except IntegrityError:  # a pooler between us and the database may lose the lock; the key itself is taken once
            earlier = _earlier(machine, key, asked)
            if earlier is None:
                raise
            return earlier
    return Reported(receipt.batch_id, replayed=False)


def _earlier(machine: MachineFacts, key: str, asked: str) -> Reported | None:
    done = done_before(client=machine.number, key=key)
    if done is None:
        return None
    if done.body_digest != asked:
        raise BadInput("idempotency_key_reused")
    return Reported(done.result, replayed=True)
