"""The generated city is a sound pack, and odd."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from tests.conftest import ROOT, load_pack
from tests.law import odd
from xinheng.law import lookup
from xinheng.law.loader import check, load

TODAY = date(2026, 11, 20)


def test_the_generated_pack_is_sound_and_says_other_things_than_the_city_it_was_made_from(tmp_path: Path) -> None:
    folder = odd.write(tmp_path, ROOT / "lawpacks")
    assert check(folder, root=ROOT / "lawpacks") == ()
    made, source = load(folder, root=ROOT / "lawpacks"), load_pack("demo-city")
    assert {one.code for one in lookup.matters(made, TODAY)}.isdisjoint(
        one.code for one in lookup.matters(source, TODAY)
    )
    assert not {id for id in made.articles if id.startswith("DC-")}
    assert made.zone != source.zone
    term = lookup.deadline(made, "objection.decide", TODAY)
    assert (term.count, term.unit.value) == (3, "calendar_day")
    hidden = lookup.item(made, "CF", TODAY).by_code[odd.HIDDEN]
    assert {word.value for word in hidden.disclosure.values()} == {"withheld"}
