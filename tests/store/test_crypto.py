"""What is sealed cannot be read, moved or altered without notice, and can still be looked up."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinheng.lib.errors import Conflict
from xinheng.machine.keys import DataKey
from xinheng.store import crypto

SUITES = (crypto.AES, crypto.SM4)


@pytest.mark.parametrize("suite", SUITES)
@given(data=st.binary(max_size=200), place=st.binary(max_size=40))
def test_what_is_sealed_opens_only_in_its_place(suite: str, data: bytes, place: bytes) -> None:
    with _suite(suite):
        sealed = crypto.seal(data, aad=place)
        assert crypto.unseal(sealed, aad=place) == data
        with pytest.raises(Conflict, match="sealed_data_altered"):
            crypto.unseal(sealed, aad=place + b"!")


@pytest.mark.parametrize("suite", SUITES)
@given(many=st.lists(st.tuples(st.binary(max_size=50), st.binary(max_size=20)), max_size=5))
def test_what_is_sealed_together_opens_each_in_its_place(suite: str, many: list[tuple[bytes, bytes]]) -> None:
    with _suite(suite):
        sealed = crypto.seal_all([data for data, _ in many], [place for _, place in many])
        assert [crypto.unseal(one, aad=place) for one, (_, place) in zip(sealed, many, strict=True)] == [
            data for data, _ in many
        ]
        assert len({one[3:15] for one in sealed}) == len(many)  # no nonce twice


@pytest.mark.parametrize("suite", SUITES)
@given(data=st.binary(min_size=1, max_size=60), where=st.integers(min_value=3))
def test_a_flipped_bit_is_noticed(suite: str, data: bytes, where: int) -> None:
    with _suite(suite):
        sealed = bytearray(crypto.seal(data, aad=b"x"))
        sealed[3 + where % (len(sealed) - 3)] ^= 1
        with pytest.raises(Conflict, match="sealed_data_altered"):
            crypto.unseal(bytes(sealed), aad=b"x")


def test_the_same_text_never_gives_the_same_cipher() -> None:
    assert crypto.seal(b"same", aad=b"x") != crypto.seal(b"same", aad=b"x")


def test_old_key_versions_stay_readable_and_findable(settings: Any) -> None:
    old = crypto.seal(b"kept", aad=b"x")
    old_digest = crypto.blind_now("id", "622201197001010011")
    ring = settings.XINHENG_DATA_KEYS
    newer = DataKey(version=ring.versions[0].version + 1, encrypt=b"\x01" * 32, blind=b"\x02" * 32)
    settings.XINHENG_DATA_KEYS = type(ring)(demo=True, versions=(newer, *ring.versions))
    crypto.forget_keys()
    try:
        assert crypto.unseal(old, aad=b"x") == b"kept"
        assert crypto.blind_now("id", "622201197001010011") != old_digest
        assert old_digest in crypto.blind("id", "622201197001010011")
    finally:
        crypto.forget_keys()


def test_a_lost_key_is_said_and_nothing_is_guessed(settings: Any) -> None:
    sealed = crypto.seal(b"kept", aad=b"x")
    ring = settings.XINHENG_DATA_KEYS
    other = DataKey(version=ring.versions[0].version + 7, encrypt=b"\x01" * 32, blind=b"\x02" * 32)
    settings.XINHENG_DATA_KEYS = type(ring)(demo=True, versions=(other,))
    crypto.forget_keys()
    try:
        with pytest.raises(Conflict, match="data_key_missing"):
            crypto.unseal(sealed, aad=b"x")
    finally:
        crypto.forget_keys()


@given(text=st.text(max_size=30))
def test_digests_of_different_kinds_never_meet(text: str) -> None:
    assert crypto.blind_now("id", text) != crypto.blind_now("phone", text)


class _suite:
    """Choose a crypto suite for a block (hypothesis does not mix with function fixtures)."""

    def __init__(self, name: str) -> None:
        from django.test import override_settings

        self._override = override_settings(XINHENG_CRYPTO_SUITE=name)

    def __enter__(self) -> None:
        self._override.enable()

    def __exit__(self, *_: object) -> None:
        self._override.disable()
