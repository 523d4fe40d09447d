"""How does a law pack come into force in this database? Once for each version, with an entry that names its hash."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from xinheng.law.pack import Pack
from xinheng.ledger.models import LawVersion
from xinheng.ledger.rules import PACK_PUBLISHED
from xinheng.ledger.services.writing import append
from xinheng.store import ids


def publish_pack(*, pack: Pack, at: datetime) -> LawVersion:
    """The row of this version of ``pack``, made and entered in the log when it is new. Idempotent."""
    known = LawVersion.objects.filter(label=pack.label).first()
    if known is not None:
        return known
    fresh = LawVersion(
        id=ids.next_id("local"), pack=pack.id, version=pack.version, hash=pack.hash, label=pack.label, loaded_at=at
    )
    with transaction.atomic():
        LawVersion.objects.bulk_create([fresh], ignore_conflicts=True)
        version = LawVersion.objects.get(label=pack.label)
        if version.id == fresh.id:  # otherwise another process published it at the same time, and wrote the entry
            append(
                act=PACK_PUBLISHED,
                at=at,
                law=version,
                actor="system",
                organisation="",
                channel="system",
                subject=None,
                ground={},
                result="done",
                fields={"id": str(version.id), "pack": pack.id, "version": pack.version, "hash": pack.hash},
            )
    return version
