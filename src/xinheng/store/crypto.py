"""How are identifiers of persons kept so that the database alone tells nothing?

`seal` encrypts with authentication and carries the key version; `blind` gives keyed digests for exact look-up under
every live key version. Keys lie outside the database, in the file named by ``XINHENG_DATA_KEYS``. Two suites:
AES-256-GCM with HMAC-SHA-256, and SM4-GCM with HMAC-SM3.
"""

from __future__ import annotations

import hmac as hmac_of_stdlib
import os
from collections.abc import Sequence
from functools import cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from xinheng.lib.errors import Conflict
from xinheng.machine.keys import DataKey

_NONCE = 12
_TAG = 16
AES = "aes256gcm-sha256"
SM4 = "sm4gcm-sm3"
_SUITE_BYTE = {AES: 1, SM4: 2}


def _ring() -> tuple[DataKey, ...]:
    """Live keys, newest first."""
    versions: tuple[DataKey, ...] = settings.XINHENG_DATA_KEYS.versions
    return versions


@cache
def _aes(version: int) -> AESGCM:
    return AESGCM(_derive(_key(version).encrypt, "aes256gcm", 32))


@cache
def _sm4_key(version: int) -> bytes:
    return _derive(_key(version).encrypt, "sm4gcm", 16)


@cache
def _blind_key(version: int, suite: str) -> bytes:
    return _derive(_key(version).blind, f"blind/{suite}", 32)


def _derive(secret: bytes, purpose: str, length: int) -> bytes:
    """A key for one purpose, so that no key is used twice for different things."""
    return HKDF(hashes.SHA256(), length, None, f"xinheng/{purpose}".encode()).derive(secret)


def _key(version: int) -> DataKey:
    for key in _ring():
        if key.version == version:
            return key
    raise Conflict("data_key_missing", version=str(version))


def seal(data: bytes, *, aad: bytes) -> bytes:
    """Encrypt ``data`` bound to ``aad`` (table and row). Layout: suite, key version (2 bytes), nonce, cipher, tag."""
    version = _ring()[0].version
    suite = settings.XINHENG_CRYPTO_SUITE
    head = bytes([_SUITE_BYTE[suite]]) + version.to_bytes(2, "big")
    nonce = os.urandom(_NONCE)
    if suite == AES:
        return head + nonce + _aes(version).encrypt(nonce, data, head + aad)
    encryptor = Cipher(algorithms.SM4(_sm4_key(version)), modes.GCM(nonce)).encryptor()
    encryptor.authenticate_additional_data(head + aad)
    body = encryptor.update(data) + encryptor.finalize()
    return head + nonce + body + encryptor.tag


def seal_all(data: Sequence[bytes], aads: Sequence[bytes]) -> list[bytes]:
    """`seal` for many, each bound to its own place."""
    if settings.XINHENG_CRYPTO_SUITE != AES:
        return [seal(one, aad=aad) for one, aad in zip(data, aads, strict=True)]
    version = _ring()[0].version
    head, encrypt = bytes([_SUITE_BYTE[AES]]) + version.to_bytes(2, "big"), _aes(version).encrypt
    random = os.urandom(_NONCE * len(data))
    nonces = [random[at : at + _NONCE] for at in range(0, len(random), _NONCE)]
    return [head + nonce + encrypt(nonce, one, head + aad) for nonce, one, aad in zip(nonces, data, aads, strict=True)]


def unseal(sealed: bytes, *, aad: bytes) -> bytes:
    """Decrypt what `seal` made. Raises Conflict when it was altered, bound to another place, or its key is gone."""
    sealed = bytes(sealed)
    head, nonce, rest = sealed[:3], sealed[3 : 3 + _NONCE], sealed[3 + _NONCE :]
    version = int.from_bytes(head[1:3], "big")
    try:
        if head[0] == _SUITE_BYTE[AES]:
            return _aes(version).decrypt(nonce, rest, head + aad)
        decryptor = Cipher(algorithms.SM4(_sm4_key(version)), modes.GCM(nonce, rest[-_TAG:])).decryptor()
        decryptor.authenticate_additional_data(head + aad)
        return decryptor.update(rest[:-_TAG]) + decryptor.finalize()
    except InvalidTag:
        raise Conflict("sealed_data_altered") from None


def blind(kind: str, text: str) -> list[str]:
    """Keyed digests of ``text`` under every live key version, newest first: ``v<version>:<64 hex>``."""
    return [_blind(key.version, kind, text) for key in _ring()]


def blind_now(kind: str, text: str) -> str:
    """The digest under the newest key, the one that is written."""
    return _blind(_ring()[0].version, kind, text)


def blind_all(kind: str, texts: Sequence[str]) -> list[list[str]]:
    """The digests of many texts under every live key version, newest first: a list per version."""
    return [_blind_many(key.version, kind, texts) for key in _ring()]


def _blind_many(version: int, kind: str, texts: Sequence[str]) -> list[str]:
    suite = settings.XINHENG_CRYPTO_SUITE
    if suite != AES:
        return [_blind(version, kind, text) for text in texts]
    keyed = _keyed(version, kind)
    digests: list[str] = []
    for text in texts:
        mac = keyed.copy()
        mac.update(text.encode())
        digests.append(f"v{version}:{mac.hexdigest()}")
    return digests


def _blind(version: int, kind: str, text: str) -> str:
    suite = settings.XINHENG_CRYPTO_SUITE
    if suite == AES:
        return _blind_many(version, kind, [text])[0]
    mac = hmac.HMAC(_blind_key(version, suite), hashes.SM3())
    mac.update(f"{kind}\x00{text}".encode())
    return f"v{version}:{mac.finalize().hex()}"


@cache
def _keyed(version: int, kind: str) -> hmac_of_stdlib.HMAC:
    """HMAC-SHA-256 that has taken in key and kind; copied for each text, which costs a third of beginning anew."""
    return hmac_of_stdlib.new(_blind_key(version, AES), f"{kind}\x00".encode(), "sha256")


def forget_keys() -> None:
    """Drop derived keys (key rotation and tests)."""
    for cached in (_aes, _sm4_key, _blind_key, _keyed):
        cached.cache_clear()
