"""How does an item come into force in this database? It is published once for each text, with a ledger entry.

Items of a law pack with the pack, those of the city's own supplement by their instrument (ZY-32).
"""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from xinheng.accounts.rules import AskerFacts
from xinheng.catalog.models import CatalogItem, CatalogItemVersion
from xinheng.law.items import ItemVersion
from xinheng.law.pack import Pack
from xinheng.ledger import services as ledger
from xinheng.ledger.models import LawVersion
from xinheng.ledger.selectors import law_version as law_version_of
from xinheng.lib.errors import Conflict
from xinheng.norms import services as norms
from xinheng.norms.rules import Change
from xinheng.store import ids
from xinheng.ui import city


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


@transaction.atomic
def publish_norm(*, norm_id: int, effective_from: date, asker: AskerFacts, at: datetime, pack: Pack) -> None:
    """Publish an approved supplement: the item, its new version or its end holds from ``effective_from`` (ZY-32).

    Raises what `norms.services.publish` raises, and Conflict when the version that it would follow holds no longer.
    """
    done = norms.publish(norm_id=norm_id, effective_from=effective_from, asker=asker, at=at, pack=pack)
    law, actor = law_version_of(pack.label), f"account:{asker.account_id}"
    running = CatalogItemVersion.objects.filter(item__code=done.code, valid_until__isnull=True).select_for_update()
    before = running.order_by("-valid_from").first()
    if (before is None) is (done.change is not Change.ENACT) or (before and before.valid_from >= effective_from):
        raise Conflict("norm_nothing_to_follow", item=done.code)
    if before is not None:
        _close(before, by=done, law_version=law, at=at, asker=asker)
    if done.version is not None:
        _publish(done.version, law_version=law, at=at, actor=actor, norm_id=norm_id, text=done.text)
    transaction.on_commit(city.forget)


def _close(
    before: CatalogItemVersion, *, by: norms.Published, law_version: LawVersion, at: datetime, asker: AskerFacts
) -> None:
    """End a version on the day from which the new instrument holds."""
    CatalogItemVersion.objects.filter(id=before.id).update(valid_until=by.effective_from, closed_by_id=by.norm_id)
    ledger.append(
        act="norm.closed",
        at=at,
        law=law_version,
        actor=f"account:{asker.account_id}",
        organisation=asker.organisation_code,
        channel="web",
        subject=None,
        ground={"article": by.article},
        result="done",
        fields={"id": str(before.id), "until": by.effective_from.isoformat(), "norm": str(by.norm_id)},
    )


def _publish(
    version: ItemVersion,
    *,
    law_version: LawVersion,
    at: datetime,
    actor: str,
    norm_id: int | None = None,
    text: str = "",
) -> None:
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
        norm_id=norm_id,
        text=text,
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
