"""Codes made for tests; nobody bears them on purpose."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import strategies as st

from xinheng.lib.codes import idnumber, orgcode, uscc

TODAY = date(2026, 11, 20)
PROVINCES = ["622201", "620799", "220382", "110105", "810000", "659001"]


def make_uscc(head: str) -> str:
    """A code from 16 characters: the inner and the outer check character are added."""
    inner = head + orgcode.check_character(head[8:16])
    return inner + uscc.check_character(inner)


@st.composite
def usccs(draw: st.DrawFn) -> str:
    authority = draw(st.sampled_from(sorted(uscc.AUTHORITIES)))
    kind = draw(st.sampled_from(uscc.AUTHORITIES[authority][1]))
    division = draw(st.sampled_from(["620702", "620721", "220302", "100000", "110119", "620721"]))
    body = draw(st.text(uscc.ALPHABET, min_size=8, max_size=8))
    return make_uscc(authority + kind + division + body)


@st.composite
def id_numbers(draw: st.DrawFn) -> str:
    born = date(1900, 1, 1) + timedelta(days=draw(st.integers(0, (TODAY - date(1900, 1, 1)).days)))
    body = f"{draw(st.sampled_from(PROVINCES))}{born:%Y%m%d}{draw(st.integers(0, 999)):03}"
    return body + idnumber.check_character(body)


@st.composite
def old_id_numbers(draw: st.DrawFn) -> str:
    born = date(1900, 1, 1) + timedelta(days=draw(st.integers(0, 36_000)))
    return f"{draw(st.sampled_from(PROVINCES))}{born:%y%m%d}{draw(st.integers(0, 999)):03}"


@st.composite
def org_codes(draw: st.DrawFn) -> str:
    body = draw(st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=8, max_size=8))
    return body + orgcode.check_character(body)
