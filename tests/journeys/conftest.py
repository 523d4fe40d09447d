"""What journeys stand on: a city under each law, a generated one among them, with penalties reported through the door.

Each module builds the city of a law once, inside a transaction in which every test opens a savepoint.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import PACKS, ROOT, load_pack
from tests.journeys.cast import THIRD, Cast
from tests.law import odd
from xinheng.law.pack import Pack

LAWS = (*PACKS, odd.ID)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One worker plays all journeys of one law."""
    for item in items:
        law = getattr(item, "callspec", None) and item.callspec.params.get("law")  # type: ignore[attr-defined]
        if law in LAWS and Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.xdist_group(str(law)))


@pytest.fixture(scope="session")
def odd_pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a generated pack in which every value is another one than code might take for granted."""
    return odd.write(tmp_path_factory.mktemp("packs"), ROOT / "lawpacks")


@pytest.fixture(scope="module", params=LAWS)
def law(request: pytest.FixtureRequest, odd_pack: Path) -> Iterator[Pack]:
    """Each law in turn as the law of this deployment; the generated one is read from its folder."""
    yield from the_law(request.param, odd_pack)


def the_law(name: str, odd_pack: Path) -> Iterator[Pack]:
    """The law of this deployment for as long as it is used."""
    from django.conf import settings

    chosen = str(odd_pack) if name == odd.ID else name
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "XINHENG_LAW", chosen)
        yield load_pack(chosen)


def people_of(pack: Pack) -> Cast:
    """The pack published, its organisations, officers and subjects' accounts in place."""
    from xinheng.accounts.services import load_demo_accounts
    from xinheng.lib import clock
    from xinheng.start import publish_law
    from xinheng.subjects.services import link_demo_subjects

    publish_law()
    people = load_demo_accounts(pack=pack, at=clock.now())
    link_demo_subjects(pack=pack, at=clock.now())
    return Cast(pack, tuple(people))


def report_four(cast: Cast) -> None:
    """A company, another one, a shop and a person with a penalty each."""
    page = cast.report(
        cast.penalty(1, cast.company, CF_SY=f"证人身份证{THIRD}，电话13812345678"),
        cast.penalty(2, cast.other),
        cast.penalty(3, cast.shop, CF_SY=f"经营者{cast.operator}在店内销售过期食品"),
        cast.penalty(4, cast.person()),
    )
    assert "4行已接收，没有要处理的" in page.words, page.words[:600]


@pytest.fixture(scope="module")
def built(law: Pack, django_db_setup: None, django_db_blocker: Any) -> Iterator[Cast]:
    """The people of one law, for all tests of a module."""
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        yield people_of(law)
        transaction.set_rollback(True)


@pytest.fixture
def bare(built: Cast, db: None) -> Cast:
    """A city in which nothing was reported yet."""
    return replace(built, browsers={})


@pytest.fixture
def cast(bare: Cast) -> Cast:
    """A company, another one, a shop and a person with a penalty each."""
    report_four(bare)
    return bare
