"""The one style sheet: built from its sources, fetching nothing, readable in every city's colours."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import PACKS, ROOT, load_pack

UI = ROOT / "src" / "xinheng" / "ui"
BUILT = (UI / "static" / "ui" / "xinheng.css").read_text(encoding="utf-8")


def test_the_committed_sheet_is_what_its_sources_give() -> None:
    done = subprocess.run(
        [sys.executable, "tools/build_css.py", "--check"], cwd=ROOT, check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout


def test_the_sheet_fetches_nothing_and_names_no_font_of_gov_uk() -> None:
    assert "url(" not in BUILT
    assert "@font-face" not in BUILT
    assert "GDS Transport" not in BUILT
    assert "@import" not in BUILT


def test_the_vendors_sheet_lies_in_its_own_layer_with_its_licence_beside_it() -> None:
    assert BUILT.index("@layer govuk{") < BUILT.index("--xh-paper")
    licence = next((UI / "css" / "vendor").rglob("LICENSE.txt")).read_text()
    assert "The MIT License" in licence


def _luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The ratio of WCAG 2 between two #rrggbb colours."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("name", PACKS)
def test_a_citys_colours_keep_their_contrast(name: str) -> None:
    tree = load_pack(name).presentation["brand"]
    brand: dict[str, str] = {key: str(value) for key, value in tree.items()}  # type: ignore[union-attr]
    assert contrast(brand["brand"], "#ffffff") >= 4.5
    assert contrast(brand["brand"], "#fbfaf6") >= 4.5
    assert contrast(brand["brand"], brand["brand_tint"]) >= 4.5
    assert contrast(brand["brand_deep"], "#ffffff") >= 7
    assert contrast(brand["seal"], "#ffffff") >= 4.5
    assert contrast("#1c2428", brand["sky"]) >= 7


@pytest.mark.parametrize("name", PACKS)
def test_a_citys_stylesheet_sets_only_colours_and_its_picture_is_its_own(name: str, settings: object) -> None:
    from xinheng.ui import city

    settings.XINHENG_LAW = name  # type: ignore[attr-defined]
    sheet = city.stylesheet()
    assert len(re.findall(r"--xh-[a-z-]+: #[0-9a-f]{6};", sheet)) == 10
    assert set(re.findall(r"--xh-([a-z-]+)", sheet)) == {"brand", "brand-deep", "brand-tint", "seal", "sky"}
    picture = city.hero_file()
    assert picture is not None and picture.parent.name == name
    drawing = picture.read_text()
    assert "<script" not in drawing and "href" not in drawing and "style" not in drawing


def test_a_value_that_is_no_colour_never_reaches_the_sheet(monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    from xinheng.ui import city

    evil = replace(load_pack("demo-city"), presentation={"brand": {"brand": "red;} body{x", "seal": "#112233"}})
    monkeypatch.setattr(city, "pack", lambda: evil)
    assert "body" not in city.stylesheet()
    assert "--xh-seal: #112233" in city.stylesheet()


def test_templates_carry_no_inline_style_script_or_handler() -> None:
    wrong = re.compile(r"<script|<style|\sstyle=|\son[a-z]+=|javascript:|\|safe\b|autoescape off")
    found = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path in Path(ROOT / "src" / "xinheng").rglob("*.html")
        for match in wrong.finditer(path.read_text(encoding="utf-8"))
    ]
    assert found == []
