"""Which bytes stand for a value, so that everyone computes the same hash?

UTF-8 JSON, keys sorted by code point, no white space; only strings, integers below 2^53, booleans, lists and objects.
No float and no null: money is a decimal string, absence is an absent key or an empty string.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from xinheng.lib.errors import BadInput

_LARGEST = 2**53


def canonical(value: Any) -> bytes:
    """The canonical bytes of ``value``. Raises BadInput for a float, a null, a large integer or any other type."""
    _check(value)
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def _check(value: Any) -> None:
    kind = type(value)
    if kind is str or kind is bool:
        return
    if kind is dict:
        for key, inner in value.items():
            if type(key) is not str:
                _check_key(key)
            if type(inner) is not str:
                _check(inner)
    elif kind is list or kind is tuple:
        for inner in value:
            if type(inner) is not str:
                _check(inner)
    else:
        _check_other(value)


def _check_key(key: Any) -> None:
    if not isinstance(key, str):
        raise BadInput("key_not_text")


def _check_other(value: Any) -> None:
    """What is none of the plain types: integers, and whatever is derived from a plain type."""
    if isinstance(value, int):
        if not isinstance(value, bool) and not -_LARGEST < value < _LARGEST:
            raise BadInput("integer_too_large")
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            _check_key(key)
            _check(inner)
    elif isinstance(value, Sequence) and not isinstance(value, str | bytes | bytearray):
        for inner in value:
            _check(inner)
    elif not isinstance(value, str):
        raise BadInput("not_canonical", type=type(value).__name__)


def sha256(data: bytes) -> bytes:
    """SHA-256 of ``data``, 32 bytes."""
    return hashlib.sha256(data).digest()


def leaf_hash(data: bytes) -> bytes:
    """RFC 6962 hash of a leaf: SHA-256(0x00 ‖ data)."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """RFC 6962 hash of an inner node: SHA-256(0x01 ‖ left ‖ right)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def commitment(salt: bytes, body: bytes) -> bytes:
    """SHA-256(salt ‖ body): binds to ``body`` without telling it once ``salt`` (32 bytes) is destroyed."""
    return hashlib.sha256(salt + body).digest()
