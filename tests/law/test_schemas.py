"""Do the schemas of fields agree wherever fields may be written?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

SCHEMAS = Path(__file__).resolve().parents[2] / "lawpacks" / "schema"


def schema(name: str) -> Any:
    return json.loads((SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("part", ["fields", "enums", "roles", "kinds_map"])
def test_a_block_may_hold_what_an_item_may(part: str) -> None:
    item, block = schema("catalog"), schema("fields")
    assert block["items"]["properties"][part] == item["properties"][part]
    assert block["$defs"].items() <= item["$defs"].items()
