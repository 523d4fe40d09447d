"""Items come into force once for each text, with a ledger entry, and records keep the version they came under."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from xinheng.catalog.models import CatalogItem, CatalogItemVersion
from xinheng.catalog.selectors import item_version_id, item_version_ids
from xinheng.catalog.services import publish_items
from xinheng.law.pack import Item, Pack
from xinheng.ledger import selectors as ledger
from xinheng.ledger.models import LawVersion
from xinheng.lib.errors import NotFound

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
TODAY = date(2026, 11, 20)


def law(pack: Pack) -> LawVersion:
    return LawVersion.objects.get(label=pack.label)


@pytest.mark.req("CAT-2", "ZY-32", "SP-8", kind="rule")
def test_every_item_of_the_pack_is_in_force_with_an_entry_of_its_own(pack: Pack) -> None:
    assert set(CatalogItem.objects.values_list("code", flat=True)) == set(pack.items)
    versions = sum(len(item.versions) for item in pack.items.values())
    assert CatalogItemVersion.objects.count() == versions
    published = [e.body for e in ledger.entries(act="norm.published", limit=500) if e.body]
    assert {body["fields"]["item"] for body in published} == set(pack.items)


def test_publishing_again_changes_nothing(pack: Pack) -> None:
    before = len(ledger.entries(act="norm.published", limit=500))
    assert publish_items(pack=pack, law_version=law(pack), at=AT, actor="platform") == 0
    assert len(ledger.entries(act="norm.published", limit=500)) == before


def test_a_new_text_of_an_item_is_a_new_version_and_the_old_one_stays(pack: Pack) -> None:
    old = item_version_id(code="CF", on=TODAY)
    version = replace(pack.items["CF"].versions[-1], from_=date(2026, 11, 1), version="2026-11-01", sha256="f" * 64)
    item = pack.items["CF"]
    changed = Item(item.code, item.level, item.label, (*item.versions, version))
    newer = replace(pack, items={**pack.items, "CF": changed})
    assert publish_items(pack=newer, law_version=law(pack), at=AT, actor="platform") == 1
    new = item_version_id(code="CF", on=TODAY)
    assert new != old
    assert item_version_id(code="CF", on=date(2026, 10, 31)) == old
    assert item_version_ids("CF")[-2:] == [old, new]


@pytest.mark.req("INV-2", "CAT-2", kind="refusal")
def test_what_no_catalog_in_force_names_is_not_collected() -> None:
    for code, day in (("NO", TODAY), ("CF", date(2000, 1, 1))):
        with pytest.raises(NotFound) as refused:
            item_version_id(code=code, on=day)
        assert refused.value.code == "item_not_in_force"
