"""Which issuer of OpenID Connect verifies persons here? None without ``XINHENG_OIDC_ISSUER``."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from xinheng.machine.errors import MachineError
from xinheng.machine.mode import Mode, mode


@dataclass(frozen=True, slots=True)
class Provider:
    """The issuer and what the house is there. ``levels``: the values of acr that are taken; ``claims``: which claim
    holds the uscc, the id number and the name.
    """

    issuer: str = ""
    client: str = ""
    secret: str = field(default="", repr=False)
    scope: str = "openid"
    levels: tuple[str, ...] = ()
    claims: Mapping[str, str] = field(default_factory=dict)


def provider() -> Provider:
    """The issuer of the settings. Raises MachineError when they are not whole: an issuer needs a client, a secret,
    claims and, in production, levels and https.
    """
    said = {name: os.environ.get(f"XINHENG_OIDC_{name}", "") for name in ("ISSUER", "CLIENT", "SECRET", "CLAIMS")}
    if not said["ISSUER"]:
        return Provider()
    claims = dict(part.strip().split("=", 1) for part in said["CLAIMS"].split(",") if "=" in part)
    levels = tuple(part.strip() for part in os.environ.get("XINHENG_OIDC_LEVELS", "").split(",") if part.strip())
    production = mode() is Mode.PRODUCTION
    if not said["CLIENT"] or not {"id", "uscc"} & claims.keys() or (production and not levels):
        raise _wrong("XINHENG_OIDC_CLIENT, XINHENG_OIDC_CLAIMS, XINHENG_OIDC_LEVELS")
    if production and urlsplit(said["ISSUER"]).scheme != "https":
        raise _wrong("XINHENG_OIDC_ISSUER")
    try:
        secret = Path(said["SECRET"]).read_text(encoding="utf-8").strip()
    except OSError:
        raise _wrong("XINHENG_OIDC_SECRET") from None
    scope = os.environ.get("XINHENG_OIDC_SCOPE") or "openid profile"
    return Provider(said["ISSUER"], said["CLIENT"], secret, scope, levels, claims)


def _wrong(setting: str) -> MachineError:
    return MachineError(
        "oidc_settings",
        zh=f"身份核验的设置不完整或不安全，请看 docs/reference/settings.md：{setting}。",
        en=f"Identity verification is not set whole or not safely, see docs/reference/settings.md: {setting}.",
        setting=setting,
    )
