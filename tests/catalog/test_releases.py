"""What the city made or ended by its procedure and what a release of its pack brings make one row of versions."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from tests.norms.city import CODE, Road
from xinheng.catalog.models import CatalogItemVersion
from xinheng.catalog.selectors import item_version_id, supplemented
from xinheng.catalog.services import publish_items
from xinheng.law.items import Item, ItemVersion
from xinheng.law.pack import Pack
from xinheng.ledger import verify
from xinheng.ledger.selectors import law_version
from xinheng.lib.errors import Conflict, NotFound
from xinheng.norms.rules import Basis, Change, Text, begun
from xinheng.start import publish_law
from xinheng.ui import wording

pytestmark = [pytest.mark.django_db, pytest.mark.req("CAT-2", "CAT-3", "ZY-32", kind="rule")]
OWN = "CPZL"
YEAR = timedelta(days=365)


def carried(pack: Pack, change: Change, **wanted: Any) -> tuple[Road, date]:
    """An amendment or the end of the pack's own item, all the road; and the first day it holds."""
    version = pack.items[OWN].versions[-1]
    road = Road(pack, change=change)
    tree = begun(version, code=OWN, label={"zh": "甲", "en": "a"}, article=version.article, proposed=road.today)
    text = Text(tree, (Basis("regulation", "《建设工程质量管理条例》第六十四条"),), "理由", "不影响个人。")
    road.draft(text).cosigned()
    if change is not Change.RETIRE:
        road.consulting().heard().over().closed()
    road.submitted().approved()
    day = wanted.get("day") or road.today + timedelta(days=1)
    road.published(day)
    return road, day


def with_versions(pack: Pack, code: str, *versions: ItemVersion) -> Pack:
    last = versions[-1]
    return replace(pack, items={**pack.items, code: Item(code, last.level, last.label, versions)})


def later(version: ItemVersion, day: date, sha256: str = "1" * 64) -> ItemVersion:
    return replace(version, from_=day, until=None, version=day.isoformat(), sha256=sha256)


def release(pack: Pack, road: Road) -> int:
    return publish_items(pack=pack, law_version=law_version(road.pack.label), at=road.at, actor="platform")


def spans(pack: Pack, code: str = OWN) -> list[tuple[date, date | None]]:
    return [(v.from_, v.until) for v in supplemented(pack).items[code].versions]


def agree(pack: Pack, *days: date, code: str = OWN) -> None:
    """The law and the table name the same version on each day."""
    for day in days:
        held = supplemented(pack).items[code].on(day)
        try:
            found = CatalogItemVersion.objects.get(id=item_version_id(code=code, on=day))
        except NotFound:
            assert held is None, day
        else:
            assert held is not None and held.from_ == found.valid_from, day


def whole() -> bool:
    return not [one for one in verify.run() if isinstance(one, verify.Damage)]


def test_a_release_that_would_overrule_an_amendment_is_refused_and_says_what_to_do(pack: Pack) -> None:
    road, day = carried(pack, Change.AMEND)
    own = pack.items[OWN].versions[-1]
    with pytest.raises(Conflict) as refused:
        release(with_versions(pack, OWN, replace(own, until=day + YEAR), later(own, day + YEAR)), road)
    assert refused.value.code == "catalog_supplement_collides"
    said = wording.plain(refused.value.code, refused.value.params)
    assert OWN in said and "先把平台上公布的版本和终止日原样写进法规包" in said
    with pytest.raises(Conflict):  # another text for the day from which the city's own holds
        release(with_versions(pack, OWN, replace(own, until=day), later(own, day)), road)
    assert not CatalogItemVersion.objects.filter(sha256="1" * 64).exists()


def test_a_release_that_holds_the_supplement_unchanged_may_go_on_from_there(pack: Pack) -> None:
    road, day = carried(pack, Change.AMEND)
    own, made = supplemented(pack).items[OWN].versions
    moved = with_versions(
        pack,
        OWN,
        replace(own, sha256="8" * 64),
        replace(made, until=day + YEAR, sha256="2" * 64),
        later(own, day + YEAR),
    )
    # the file of the pack has another hash for the same words: the row of the instrument stays the one
    assert release(moved, road) == 2  # the corrected end of the old version is its own text, and the new version
    assert release(moved, road) == 0
    assert not CatalogItemVersion.objects.filter(sha256="2" * 64).exists()
    assert spans(moved) == [(own.from_, day), (day, day + YEAR), (day + YEAR, None)]
    agree(moved, day - timedelta(days=1), day, day + YEAR - timedelta(days=1), day + YEAR)
    assert whole()


def test_versions_are_sorted_and_never_overlap(pack: Pack) -> None:
    """Also when a pack that would be refused is looked at."""
    _, day = carried(pack, Change.AMEND)
    own = pack.items[OWN].versions[-1]
    wild = with_versions(pack, OWN, own, later(own, day + YEAR))
    assert spans(wild) == [(own.from_, day), (day, day + YEAR), (day + YEAR, None)]


def test_an_ended_item_stays_ended_when_its_text_is_corrected(pack: Pack) -> None:
    road, day = carried(pack, Change.RETIRE)
    own = pack.items[OWN].versions[-1]
    corrected = with_versions(pack, OWN, replace(own, sha256="3" * 64))
    assert release(corrected, road) == 1
    assert set(CatalogItemVersion.objects.filter(item__code=OWN).values_list("valid_until", flat=True)) == {day}
    agree(corrected, day - timedelta(days=1), day, day + YEAR)
    with pytest.raises(NotFound):
        item_version_id(code=OWN, on=day)
    assert whole()
    with pytest.raises(Conflict):  # nor does a new version bring it back
        release(with_versions(pack, OWN, own, later(own, day + YEAR)), road)
    ended = with_versions(pack, OWN, replace(own, until=day), later(own, day + YEAR))
    assert release(ended, road) == 1  # unless the pack holds the end itself
    agree(ended, day - timedelta(days=1), day, day + YEAR)


def test_every_text_of_the_version_is_ended(pack: Pack) -> None:
    own = pack.items[OWN].versions[-1]
    corrected = with_versions(pack, OWN, replace(own, sha256="4" * 64))
    assert release(corrected, Road(pack)) == 1
    _, day = carried(pack, Change.RETIRE)
    assert set(CatalogItemVersion.objects.filter(item__code=OWN).values_list("valid_until", flat=True)) == {day}
    assert whole()


def test_a_version_with_an_end_is_amended_and_gives_way_to_the_next(pack: Pack) -> None:
    own, end = pack.items[OWN].versions[-1], date(2030, 1, 1)
    planned = with_versions(pack, OWN, replace(own, until=end, sha256="5" * 64), later(own, end))
    release(planned, Road(pack))
    _, day = carried(pack, Change.AMEND)
    assert spans(planned) == [(own.from_, day), (day, end), (end, None)]
    agree(planned, day - timedelta(days=1), day, end - timedelta(days=1), end)
    assert whole()


def test_an_item_with_a_version_to_come_does_not_end_before_it(pack: Pack) -> None:
    own, end = pack.items[OWN].versions[-1], date(2030, 1, 1)
    release(with_versions(pack, OWN, replace(own, until=end, sha256="5" * 64), later(own, end)), Road(pack))
    with pytest.raises(Conflict, match="norm_nothing_to_follow"):
        carried(pack, Change.RETIRE)
    assert item_version_id(code=OWN, on=end) != item_version_id(code=OWN, on=end - timedelta(days=1))


def test_a_version_that_ends_before_the_first_day_has_no_amendment(pack: Pack) -> None:
    own = pack.items[OWN].versions[-1]
    release(with_versions(pack, OWN, replace(own, until=date(2026, 12, 1), sha256="6" * 64)), Road(pack))
    with pytest.raises(Conflict, match="norm_nothing_to_follow"):
        carried(pack, Change.AMEND, day=date(2026, 12, 20))


def test_a_start_with_the_same_pack_changes_nothing_after_a_supplement(pack: Pack) -> None:
    road = Road(pack).ready_to_publish()
    road.published(road.today + timedelta(days=1))
    before = CatalogItemVersion.objects.count()
    publish_law()
    assert CatalogItemVersion.objects.count() == before
    assert CODE in supplemented(pack).items
