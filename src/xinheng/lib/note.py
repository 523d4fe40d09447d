"""Who vouches for this text? Signed notes as C2SP specifies them (c2sp.org/signed-note).

A note is a text that ends in a newline, an empty line, and one line for each signature:
``— <key name> <base64(key id ‖ signature)>``. A verifier key ("vkey") is
``<name>+<key id in hex>+<base64(type ‖ public key)>``.
Signing is behind `Signer`, so another suite or a hardware module is another class and nothing else.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from xinheng.lib.errors import BadInput

ED25519 = 0x01
_DASH = "— "
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")  # all but the newline


class Signer(Protocol):
    """Holds a private key and signs texts under a name."""

    @property
    def verifier(self) -> Verifier: ...

    def sign(self, text: bytes) -> bytes: ...


class Verifier(Protocol):
    """Knows a public key."""

    @property
    def name(self) -> str: ...

    @property
    def key_id(self) -> bytes: ...

    @property
    def vkey(self) -> str: ...

    def verify(self, text: bytes, signature: bytes) -> bool: ...


@dataclass(frozen=True, slots=True)
class Ed25519Verifier:
    """The public half of an Ed25519 key under a name."""

    name: str
    public: bytes

    def __post_init__(self) -> None:
        check_name(self.name)
        if len(self.public) != 32:
            raise BadInput("vkey_malformed")

    @property
    def key_id(self) -> bytes:
        return _key_id(self.name, self.public)

    @property
    def vkey(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{_encode(bytes([ED25519]) + self.public)}"

    @classmethod
    def from_vkey(cls, vkey: str) -> Ed25519Verifier:
        """Read a vkey. Raises BadInput when it is malformed or its key id does not fit."""
        name, _, rest = vkey.partition("+")
        key_id, _, material = rest.partition("+")
        key = _decode(material, "vkey_malformed")
        if key[:1] != bytes([ED25519]):
            raise BadInput("vkey_not_ed25519")
        verifier = cls(name, key[1:])
        if verifier.key_id.hex() != key_id:
            raise BadInput("vkey_malformed")
        return verifier

    def verify(self, text: bytes, signature: bytes) -> bool:
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text)
        except (InvalidSignature, ValueError):
            return False
        return True


@lru_cache(maxsize=64)
def _key_id(name: str, public: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + bytes([ED25519]) + public).digest()[:4]


class Ed25519Signer:
    """An Ed25519 private key, from its seed of 32 bytes, under a name."""

    __slots__ = ("_key", "verifier")

    def __init__(self, name: str, seed: bytes) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self.verifier = Ed25519Verifier(name, self._key.public_key().public_bytes_raw())

    def sign(self, text: bytes) -> bytes:
        return self._key.sign(text)


def sign_note(text: str, *signers: Signer) -> str:
    """The signed note over ``text``, which must end in a newline and hold no other control character."""
    _check_text(text)
    lines = []
    for signer in signers:
        verifier = signer.verifier
        lines.append(f"{_DASH}{verifier.name} {_encode(verifier.key_id + signer.sign(text.encode()))}\n")
    return text + "\n" + "".join(lines)


def open_note(note: str, *verifiers: Verifier) -> str:
    """The text of ``note`` once every one of ``verifiers`` is found to have signed it.

    Signatures of unknown keys are passed over. Raises BadInput: ``note_malformed``, ``note_unsigned`` (a verifier's
    signature is missing) or ``note_forged`` (it does not fit the text).
    """
    text, separator, tail = note.rpartition("\n\n")
    text += "\n"
    if not separator or not tail.endswith("\n"):
        raise BadInput("note_malformed")
    _check_text(text)
    found: dict[tuple[str, bytes], bytes] = {}
    for line in tail[:-1].split("\n"):
        name, _, blob = line.removeprefix(_DASH).partition(" ")
        raw = _decode(blob, "note_malformed")
        if not line.startswith(_DASH) or not name or len(raw) < 5 or (name, raw[:4]) in found:
            raise BadInput("note_malformed")
        found[(name, raw[:4])] = raw[4:]
    for verifier in verifiers:
        signature = found.get((verifier.name, verifier.key_id))
        if signature is None:
            raise BadInput("note_unsigned", key=verifier.name)
        if not verifier.verify(text.encode(), signature):
            raise BadInput("note_forged", key=verifier.name)
    return text


@lru_cache(maxsize=64)
def check_name(name: str) -> str:
    """A key name or origin: no spaces, no plus sign, no control characters. Raises BadInput."""
    if not name or "+" in name or any(c.isspace() or ord(c) < 0x20 for c in name):
        raise BadInput("key_name_malformed")
    return name


def _check_text(text: str) -> None:
    if not text.endswith("\n") or _CONTROL.search(text):
        raise BadInput("note_malformed")


def _encode(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _decode(text: str, code: str) -> bytes:
    """Standard base64, and only in the one form that `_encode` gives."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise BadInput(code) from None
    if _encode(data) != text:
        raise BadInput(code)
    return data
