"""Are the packs of this house sound, and do their worked examples come out?"""

from __future__ import annotations

from pathlib import Path

import pytest

from xinheng.law.citation import cite
from xinheng.law.errors import PackError, UnknownPack
from xinheng.law.loader import check, load
from xinheng.law.loader import examples as worked
from xinheng.law.loader.layers import chain
from xinheng.law.loader.reading import Faults
from xinheng.law.pack import Pack

ROOT = Path(__file__).resolve().parents[2] / "lawpacks"
CITIES = sorted(path.parent.name for path in ROOT.glob("*/pack.yaml"))


def _examples() -> list[tuple[str, str, object]]:
    found: list[tuple[str, str, object]] = []
    for city in CITIES:
        pack = load(city, root=ROOT)
        for layer in chain(ROOT / city, ROOT, Faults()):
            found.extend((city, case["name"], (case, pack)) for _, _, case in worked.cases(layer))
    return found


@pytest.mark.parametrize("name", CITIES)
def test_every_pack_of_the_house_is_without_fault(name: str) -> None:
    assert check(name, root=ROOT) == ()


@pytest.mark.req("ZY-46", "SP-25", "OBJ-1", "REP-1", kind="rule")
@pytest.mark.parametrize(("case", "pack"), [e[2] for e in _examples()], ids=[f"{e[0]}:{e[1]}" for e in _examples()])
def test_worked_example_comes_out_as_its_sentence_says(case: dict[str, object], pack: Pack) -> None:
    assert worked.differs(case, pack) is None


def test_label_names_id_version_and_twelve_digits_of_the_hash(law_pack: Pack) -> None:
    id, _, rest = law_pack.label.partition("@")
    version, _, digits = rest.partition("#")
    assert (id, version) == (law_pack.id, law_pack.version)
    assert len(digits) == 12
    assert set(digits) <= set("0123456789abcdef")


def test_hash_changes_with_any_file_of_the_chain(tmp_path: Path) -> None:
    import shutil

    root = tmp_path / "packs"
    shutil.copytree(ROOT, root)
    before = load("zhangye", root=root).hash
    (root / "cn-national" / "CHANGELOG.md").write_text("changed\n", encoding="utf-8")
    after = load("zhangye", root=root).hash
    assert before != after
    assert before == load("zhangye", root=ROOT).hash


def test_every_value_of_a_pack_cites_an_article_that_can_be_named(law_pack: Pack) -> None:
    cited = [value.article for timeline in law_pack.deadlines.values() for value in timeline.values if not value.house]
    cited += [value.article for timeline in law_pack.matters.values() for value in timeline.values]
    cited += [value.article for timeline in law_pack.powers.values() for value in timeline.values if value.article]
    cited += [value.article for timeline in law_pack.grounds.values() for value in timeline.values if not value.house]
    for article in cited:
        assert "第" in cite(law_pack, article) or cite(law_pack, article)
        assert cite(law_pack, article, "en").isascii()


def test_unchanged_pack_is_read_once(law_pack: Pack) -> None:
    assert load(law_pack.id, root=ROOT) is law_pack


def test_unknown_pack_is_an_error_of_its_own() -> None:
    with pytest.raises(UnknownPack):
        load("atlantis", root=ROOT)


def test_refused_pack_says_every_fault(tmp_path: Path) -> None:
    from tests.law.packs import write

    write(tmp_path, {"deadlines.yaml": ('count: "7"', 'count: "seven"')})
    with pytest.raises(PackError) as refused:
        load("toytown", root=tmp_path)
    assert [fault.code for fault in refused.value.findings] == ["not_a_number"]
    assert "deadlines.yaml:3:" in str(refused.value)


def test_demonstration_and_presentation_of_a_city_are_read(law_pack: Pack) -> None:
    assert law_pack.demo["organisations"]
    assert law_pack.presentation["portal"]
    assert load("cn-national", root=ROOT).demo == {}
