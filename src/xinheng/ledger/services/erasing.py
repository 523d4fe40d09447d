"""How is content lawfully erased, so that the log still verifies? The erasure is itself an entry, appended first.

Verification accepts a missing body, or missing content of another room, only when such an entry is sealed. Erasures are
therefore sealed as soon as their transaction is committed; if we crash between, the sealer does it on its next round.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction

from xinheng.ledger import selectors
from xinheng.ledger.models import LawVersion, LedgerBody
from xinheng.ledger.rules import BINDING, CONTENT_ERASED, ENTRY_ERASED, Receipt, SubjectRef
from xinheng.ledger.services.sealing import seal
from xinheng.ledger.services.writing import append
from xinheng.lib.errors import Conflict


def erase(
    *, entry_id: int, ground: str, article: str, actor: str, at: datetime, law: LawVersion | str, organisation: str = ""
) -> Receipt:
    """Erase the body and the salt of one entry under ``article``; the entry and its leaf stay.

    Raises NotFound ``entry_unknown``, Conflict ``entry_erased_already`` or ``entry_is_kept`` (a body that binds rows).
    """
    with transaction.atomic():
        found = selectors.entry(entry_id)
        if found.body is None:
            raise Conflict("entry_erased_already", entry=str(entry_id))
        if found.act in BINDING:
            raise Conflict("entry_is_kept", entry=str(entry_id))
        subject = SubjectRef(int(found.body["subject"]), found.tag) if found.tag else None
        receipt = append(
            act=ENTRY_ERASED,
            at=at,
            law=law,
            actor=actor,
            organisation=organisation,
            channel="system",
            subject=subject,
            ground={"ground": ground, "article": article},
            result="done",
            fields={"entry": str(entry_id), "leaf": found.leaf, "seq": int(found.body["seq"])},
        )
        deleted, _ = LedgerBody.objects.filter(entry_id=entry_id).delete()
        if not deleted:  # another erasure came first; ours is rolled back
            raise Conflict("entry_erased_already", entry=str(entry_id))
        transaction.on_commit(lambda: seal_now(at=at))
    return receipt


def record_erasure(
    *,
    table: str,
    keys: Sequence[str | int],
    ground: str,
    article: str,
    actor: str,
    organisation: str,
    channel: str,
    at: datetime,
    law: LawVersion | str,
    subject: SubjectRef | None = None,
) -> Receipt:
    """Record that rows ``keys`` of ``table`` are erased under ``article``; the caller deletes them right afterwards.

    The caller is in a transaction. Verification of the room that owns ``table`` then finds these keys in
    `xinheng.ledger.verify.Verification.erasures`.
    """
    receipt = append(
        act=CONTENT_ERASED,
        at=at,
        law=law,
        actor=actor,
        organisation=organisation,
        channel=channel,
        subject=subject,
        ground={"ground": ground, "article": article},
        result="done",
        fields={"table": table, "keys": [str(key) for key in keys]},
    )
    transaction.on_commit(lambda: seal_now(at=at))
    return receipt


def seal_now(*, at: datetime) -> None:
    """Seal unless another sealer is at work, which then takes the entry along in its next round."""
    if not connection.in_atomic_block:
        seal(at=at, wait=False)
