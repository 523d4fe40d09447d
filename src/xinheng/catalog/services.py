"""How does an item come into force in this database? It is published once for each text, with a ledger entry."""

from __future__ import annotations

from datetime import datetime

from xinheng.catalog.models import CatalogItem, CatalogItemVersion
from xinheng.law.items import ItemVersion
from xinheng.law.pack import Pack
from xinheng.ledger import services as ledger
from xinheng.ledger.models import LawVersion
from xinheng.store import ids


def publish_items(*, pack: Pack, law_version: LawVersion, at: datetime, actor: str) -> int:
    """Publish every item version of ``pack`` that is not yet there; returns how many were new (ZY-32, SP-8).

    Drafts and versions that are switched off are not published. Idempotent.
    A level that the law does not know never gets here: the loader refuses the pack (CAT-1).
    """
    known = set(CatalogItemVersion.objects.values_list("item__code", "valid_from", "sha256"))
    fresh = [
        version
        for item in pack.items.values()
        for version in item.versions
        if version.state == "on" and (version.code, version.from_, version.sha256) not in known
    ]
    for version in fresh:
        _publish(version, law_version=law_version, at=at, actor=actor)
    return len(fresh)


def _publish(version: ItemVersion, *, law_version: LawVersion, at: datetime, actor: str) -> None:
    item, _ = CatalogItem.objects.get_or_create(
        code=version.code, defaults={"id": ids.next_id("local"), "level": str(version.level)}
    )
    made = CatalogItemVersion.objects.create(
        id=ids.next_id("local"),
        item=item,
        law_version=law_version,
        valid_from=version.from_,
        valid_until=version.until,
        sha256=version.sha256,
    )
    ledger.append(
        act="norm.published",
        at=at,
        law=law_version,
        actor=actor,
        organisation="",
        channel="system",
        subject=None,
        ground={"article": version.article},
        result="done",
        fields={
            "id": str(made.id),
            "item": version.code,
            "level": item.level,
            "from": version.from_.isoformat(),
            "until": version.until.isoformat() if version.until else "",
            "sha256": version.sha256,
        },
    )
