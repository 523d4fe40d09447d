"""The vectorised pipeline, the web request and a verifier with the standard library hash the same bytes."""

from __future__ import annotations

import json

import orjson
import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from xinheng.lib.canonical import canonical

pytestmark = pytest.mark.req("INV-8", kind="rule")

HARD = '\x00\x1f\x7f\x85\u2028\u2029"\\/\b\f\n\r\t🏛信衡e\u0301'
text = st.text(alphabet=st.characters(codec="utf-8"), max_size=30)
values = st.recursive(
    text | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(text, inner, max_size=4),
    max_leaves=20,
)


@given(values)
@example({HARD: [HARD, {"\ue000": 1, "\U0001f600": True}]})
def test_standard_library_and_orjson_give_the_same_bytes(value: object) -> None:
    spelled = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()
    assert canonical(value) == spelled
    assert orjson.loads(canonical(value)) == value


def named(column: str) -> bool:
    """Whether Polars takes the text for the name of one column: it reads ``*`` and ``^…$`` as patterns."""
    return bool(column) and column != "*" and not (column.startswith("^") and column.endswith("$"))


@settings(deadline=None)  # the first call of Polars in a process starts its threads
@given(st.dictionaries(text.filter(named), text, min_size=1, max_size=6))
@example({"CF_NR": HARD, "CF_FRDB": "", "名称": "某某"})
def test_a_column_encoded_by_polars_gives_the_same_bytes(record: dict[str, str]) -> None:
    ordered = dict(sorted(record.items()))
    frame = pl.DataFrame(
        {name: [value, ""] for name, value in ordered.items()}, schema=dict.fromkeys(ordered, pl.String)
    )
    encoded = frame.select(pl.struct(list(ordered)).struct.json_encode()).to_series()
    assert encoded[0].encode() == canonical(record)
    assert encoded[1].encode() == canonical(dict.fromkeys(record, ""))
