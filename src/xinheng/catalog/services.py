"""How does an item come into force in this database? It is published once for each text, with a ledger entry.

Items of a law pack with the pack, those of the city's own supplement by their instrument (ZY-32).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from django.db import transaction

from xinheng.accounts.rules import AskerFacts
from xinheng.catalog.models import CatalogItem, CatalogItemVersion
from xinheng.catalog.selectors import instruments_of, published_text
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

    Drafts and versions that are switched off are not published. Idempotent. A new text of a version that the city ended
    stays ended. Raises Conflict ``catalog_supplement_collides`` for a release that would undo what the city published
    or ended by its procedure. A level that the law does not know never gets here: the loader refuses the pack (CAT-1).
    """
    known = set(CatalogItemVersion.objects.values_list("item__code", "valid_from", "sha256"))
    fresh = [
        version
        for item in pack.items.values()
        for version in item.versions
        if version.state == "on"
        and (version.code, version.from_, version.sha256) not in known
        and not _taken_over(version, pack)
    ]
    for version in fresh:
        closed = CatalogItemVersion.objects.filter(
            item__code=version.code, valid_from=version.from_, closed_by__isnull=False
        ).last()
        _publish(
            replace(version, until=closed.valid_until) if closed else version,
            law_version=law_version,
            at=at,
            actor=actor,
            closed_by_id=closed.closed_by_id if closed else None,
        )
    return len(fresh)


def _taken_over(version: ItemVersion, pack: Pack) -> bool:
    """Whether a version of the pack is one that the city put into force by its procedure, moved into the pack as it is.

    Raises Conflict where it says something else, or where it is a new version of an item of which the pack does not
    hold everything that the city made or ended: the release would silently overrule the procedure of ZY-32.
    """
    done = instruments_of(version.code)
    if not done:
        return False
    made, text = published_text(version.code, version.from_, pack)
    if made and (text is None or _same(text, version)):
        return True
    known = CatalogItemVersion.objects.filter(item__code=version.code, valid_from=version.from_).exists()
    if made or not (known or _moved(version, done, pack)):
        raise Conflict("catalog_supplement_collides", item=version.code, day=version.from_.isoformat())
    return False


def _moved(version: ItemVersion, done: Sequence[tuple[date, date | None, bool]], pack: Pack) -> bool:
    """Whether the pack holds all that the city made or ended of the item, and the version comes after it."""
    held = {one.from_: one for one in pack.items[version.code].versions}
    for first, until, made in done:
        one = held.get(first)
        text = published_text(version.code, first, pack)[1] if made else one
        ended = until is None or (one is not None and one.until is not None and one.until <= until)
        if one is None or text is None or not _same(text, one) or not ended or version.from_ < (until or first):
            return False
    return True


def _same(one: ItemVersion, other: ItemVersion) -> bool:
    """Whether two versions say the same; the end of each and the file it stands in make no difference."""
    return replace(one, until=None, sha256="") == replace(other, until=None, sha256="")


@transaction.atomic
def publish_norm(*, norm_id: int, effective_from: date, asker: AskerFacts, at: datetime, pack: Pack) -> None:
    """Publish an approved supplement: the item, its new version or its end holds from ``effective_from`` (ZY-32).

    What it follows is the version in force on the day before, which ends there, whatever end it had. Where a later
    version was published already, the new one holds until that begins. Raises what `norms.services.publish` raises, and
    Conflict when there is nothing to follow, when another instrument ended it, when a new item is in force already, or
    when an item is to end of which a later version was published.
    """
    done = norms.publish(norm_id=norm_id, effective_from=effective_from, asker=asker, at=at, pack=pack)
    law, actor = law_version_of(pack.label), f"account:{asker.account_id}"
    versions = list(CatalogItemVersion.objects.filter(item__code=done.code).select_for_update().order_by("id"))
    running = _running(versions, done)
    for before in running:
        _close(before, by=done, law_version=law, at=at, asker=asker)
    if done.version is not None:
        following = min((v.valid_from for v in versions if v.valid_from > effective_from), default=None)
        version = replace(done.version, until=following)
        _publish(version, law_version=law, at=at, actor=actor, norm_id=norm_id, text=done.text)
    transaction.on_commit(city.forget)


def _running(versions: Sequence[CatalogItemVersion], by: norms.Published) -> list[CatalogItemVersion]:
    """What an instrument follows, in every text that it had: the newest version begun before its first day."""
    day = by.effective_from
    newest = max((v.valid_from for v in versions if v.valid_from < day), default=None)
    same = [v for v in versions if v.valid_from == newest]
    later = any(v.valid_from > day for v in versions)  # it would bring an item back that ends
    if any(v.valid_from == day for v in versions) or (by.change is Change.RETIRE and later):
        raise Conflict("norm_nothing_to_follow", item=by.code)
    until = same[-1].valid_until if same else None  # the newest text of a version tells its end
    if by.change is Change.ENACT:
        if same and (until is None or until > day):
            raise Conflict("norm_nothing_to_follow", item=by.code)
        return []
    if not same or same[-1].closed_by_id is not None or (until is not None and until < day):
        raise Conflict("norm_nothing_to_follow", item=by.code)
    return [v for v in same if v.valid_until is None or v.valid_until >= day]


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
    closed_by_id: int | None = None,
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
        closed_by_id=closed_by_id,
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
            "norm": str(norm_id or ""),
            "closed_by": str(closed_by_id or ""),
        },
    )
