"""A law pack enters the log once for each version, and every act names the version it was judged by."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.ledger.conftest import AT
from xinheng.ledger import selectors, services
from xinheng.ledger.models import LawVersion
from xinheng.lib.errors import NotFound

if TYPE_CHECKING:
    from xinheng.law.pack import Pack

pytestmark = [pytest.mark.django_db, pytest.mark.req("INV-8", kind="rule")]


def test_a_version_is_published_once_with_an_entry_that_names_its_hash(law_pack: Pack) -> None:
    before = len(selectors.entries(act="pack.published", limit=1000))
    known = LawVersion.objects.filter(label=law_pack.label).exists()
    version = services.publish_pack(pack=law_pack, at=AT)
    again = services.publish_pack(pack=law_pack, at=AT)
    assert version == again
    assert (version.pack, version.version, version.hash) == (law_pack.id, law_pack.version, law_pack.hash)
    found = selectors.entries(act="pack.published", limit=1000)
    assert len(found) == before + (not known)
    mine = [one for one in found if one.law == law_pack.label]
    assert len(mine) == 1
    assert mine[0].body is not None
    assert mine[0].body["fields"] == {
        "id": str(version.id), "pack": law_pack.id, "version": law_pack.version, "hash": law_pack.hash,
    }  # fmt: skip
    assert selectors.law_version(law_pack.label) == version


@pytest.mark.req("INV-8", kind="refusal")
def test_an_unknown_version_is_an_error() -> None:
    with pytest.raises(NotFound, match="law_version_unknown"):
        selectors.law_version("nowhere@1#0")
