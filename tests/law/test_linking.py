"""Which items a matter reaches on which day, when the items themselves name the matter."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import PACKS, load_pack
from tests.law.packs import write
from xinheng.law.items import Item, ItemVersion
from xinheng.law.linking import linked
from xinheng.law.loader import check, load
from xinheng.law.pack import Matter, Pack, Timeline

ROOT = Path(__file__).resolve().parents[2] / "lawpacks"
START = date(2020, 1, 1)


@pytest.fixture(scope="module")
def toys(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    root = tmp_path_factory.mktemp("toys")
    write(root)
    return load("toytown", root=root)


def item(pack: Pack, code: str, *periods: tuple[date, date | None, str, tuple[str, ...]]) -> Item:
    """An item whose versions are (first day, day it ends, state, matters)."""
    like = pack.items["TF"].versions[0]
    versions = tuple(
        replace(like, code=code, from_=first, until=end, state=state, matters=matters)
        for first, end, state, matters in periods
    )
    return Item(code, like.level, like.label, versions)


def on(matters: dict[str, Timeline[Matter]], day: date) -> frozenset[str]:
    value = matters["honours"].on(day)
    return value.items if value else frozenset()


@pytest.mark.req("QRY-1", "CAT-2", "ZY-34", kind="rule")
def test_an_item_is_linked_on_the_days_of_its_version_only(toys: Pack) -> None:
    one = item(toys, "NN", (date(2025, 1, 1), date(2026, 1, 1), "on", ("honours",)), (date(2026, 1, 1), None, "on", ()))
    found = linked(toys.matters, {"NN": one})
    assert on(found, date(2024, 12, 31)) == {"TF"}
    assert on(found, date(2025, 1, 1)) == on(found, date(2025, 12, 31)) == {"TF", "NN"}
    assert on(found, date(2026, 1, 1)) == {"TF"}
    assert on(found, date(2023, 12, 31)) == frozenset()  # the matter itself is younger


@pytest.mark.req("QRY-1", "INV-3", kind="refusal")
@pytest.mark.parametrize("state", ["off", "draft"])
def test_what_is_not_in_force_is_linked_to_nothing(toys: Pack, state: str) -> None:
    one = item(toys, "NN", (date(2025, 1, 1), None, state, ("honours",)))
    assert linked(toys.matters, {"NN": one}) == dict(toys.matters)


def test_a_draft_beside_a_version_links_nothing(toys: Pack) -> None:
    one = item(toys, "NN", (date(2025, 1, 1), None, "on", ()))
    draft = replace(one.versions[0], state="draft", matters=("honours",))
    assert linked(toys.matters, {"NN": replace(one, draft=draft)}) == dict(toys.matters)


def test_linking_may_be_repeated_with_items_that_come_later(toys: Pack) -> None:
    first = linked(toys.matters, {"AA": item(toys, "AA", (date(2025, 1, 1), None, "on", ("honours",)))})
    then = linked(first, {"BB": item(toys, "BB", (date(2026, 1, 1), None, "on", ("honours", "unknown")))})
    assert on(then, date(2025, 6, 1)) == {"TF", "AA"}
    assert on(then, date(2026, 6, 1)) == {"TF", "AA", "BB"}
    assert set(then) == set(toys.matters)


DAYS = st.integers(0, 3000).map(lambda days: START + timedelta(days=days))


@st.composite
def versions(draw: st.DrawFn) -> tuple[tuple[date, date | None, str, tuple[str, ...]], ...]:
    edges = sorted(draw(st.sets(DAYS, min_size=1, max_size=4)))
    ends = [*edges[1:], draw(st.sampled_from([None, edges[-1] + timedelta(days=90)]))]
    state, matters = st.sampled_from(["on", "on", "off"]), st.sampled_from([(), ("honours",), ("honours", "other")])
    return tuple((first, end, draw(state), draw(matters)) for first, end in zip(edges, ends, strict=True))


@pytest.mark.req("QRY-1", "CAT-2", kind="rule")
@given(told=st.lists(versions(), max_size=3), day=DAYS)
def test_on_every_day_a_matter_reaches_its_own_items_and_those_in_force_that_name_it(
    toys: Pack, told: list[tuple[tuple[date, date | None, str, tuple[str, ...]], ...]], day: date
) -> None:
    items = {f"N{n}": item(toys, f"N{n}", *periods) for n, periods in enumerate(told)}
    found = linked(toys.matters, items)
    in_force: list[ItemVersion] = [v for one in items.values() if (v := one.on(day)) is not None]
    before = toys.matters["honours"].on(day)
    named = {v.code for v in in_force if "honours" in v.matters}
    assert on(found, day) == ((before.items | named) if before else frozenset())
    parts = found["honours"].values
    assert all(left.until == right.from_ for left, right in pairwise(parts))


@pytest.mark.req("QRY-1", "CAT-2", kind="rule")
@pytest.mark.parametrize("law", PACKS)
def test_every_link_of_an_item_in_force_is_in_its_matter(law: str) -> None:
    pack, today = load_pack(law), date(2026, 11, 20)
    for one in pack.items.values():
        version = one.on(today)
        for code in version.matters if version else ():
            matter = pack.matters[code].on(today)
            assert matter is None or one.code in matter.items


@pytest.mark.req("CAT-1", "SP-8", kind="refusal")
@pytest.mark.parametrize("state", ["on", "draft"])
def test_a_city_without_a_catalog_of_its_own_takes_no_item_of_city_level(tmp_path: Path, state: str) -> None:
    root = tmp_path / "lawpacks"
    shutil.copytree(ROOT, root)
    text = (ROOT / "zhangye" / "catalog" / "CPZL.yaml").read_text(encoding="utf-8")
    text = text.replace("state: draft", f'state: "{state}"').replace(
        "evidence: bg\ndocument_kind", "evidence: text\ndocument_kind"
    )
    text = text.replace('article: "ZY-13"', 'article: "SP-8"').replace("market_access, ", "")
    text = re.sub(r"matters: \[[^]]*\]", "matters: []", text)
    (root / "siping" / "catalog").mkdir(exist_ok=True)
    (root / "siping" / "catalog" / "CPZL.yaml").write_text(text, encoding="utf-8")
    found = [fault for fault in check("siping", root=root) if fault.code == "level_not_allowed"]
    assert len(found) == 1
    assert found[0].file.endswith("siping/catalog/CPZL.yaml")
    assert (found[0].line, "本市法规不设这一级目录" in found[0].message) == (4, True)
    assert check("siping", root=ROOT) == ()
