"""Who has another body verified this person or organisation to be, and at which level?

A verifier sends the visitor away (`begin`) and reads what comes back (`finish`). Two are built: OpenID Connect, for the
identity platform of a province or the state, off without settings; and a list of invented people for the demo, which
production refuses. The rooms above know `Verified` alone.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol
from urllib.parse import urlsplit

import httpx
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from django.conf import settings
from django.utils.crypto import constant_time_compare
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from xinheng.lib.codes import check
from xinheng.lib.errors import NotAllowed
from xinheng.ui import city

ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA"]
SCHEMES = {"uscc": "uscc", "id": "id"}  # which identifiers are taken, and what `lib.codes` calls them
WAIT = 10.0  # seconds that the issuer has for each answer
CLOCKS_DIFFER = 60  # seconds


@dataclass(frozen=True, slots=True)
class Verified:
    """Somebody whom a verifier knows. ``scheme``: uscc or id; ``holder``: who holds the account there, whatever it is
    verified for; ``level``: the assurance in the verifier's own word.
    """

    verifier: str
    holder: str = field(repr=False)
    scheme: str
    identifier: str = field(repr=False)
    name: str = field(repr=False)
    level: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Begun:
    """Where the visitor goes, and what the visitor's browser keeps until the way back."""

    address: str
    remembered: Mapping[str, str]


class Verifier(Protocol):
    """One way to verify. Both verbs raise NotAllowed: ``verification_failed``, ``verification_unreachable``,
    ``verification_level``, ``verification_nobody``.
    """

    name: str

    def begin(self, *, back: str) -> Begun:
        """Begin; ``back`` is the address the visitor comes back to."""
        ...

    def finish(
        self, *, returned: Mapping[str, str], remembered: Mapping[str, str], back: str, at: datetime
    ) -> Verified:
        """Read what came back."""
        ...


def verifier() -> Verifier | None:
    """The verifier of this deployment; None when there is none."""
    if settings.XINHENG_OIDC_ISSUER:
        return OpenIdConnect()
    return None if settings.XINHENG_MODE == "production" else Demo()


class Demo:
    """Invented people of the pack's demo verify themselves by being chosen from a list."""

    name = "demo"

    def begin(self, *, back: str) -> Begun:
        """Nobody is sent away."""
        return Begun("", {})

    def finish(
        self, *, returned: Mapping[str, str], remembered: Mapping[str, str], back: str, at: datetime
    ) -> Verified:
        """The chosen one. Raises NotAllowed ``demo_in_production`` too."""
        if settings.XINHENG_MODE == "production":
            raise NotAllowed("demo_in_production")
        chosen = next((one for one in demo_people() if one[0] == returned.get("who")), None)
        if chosen is None:
            raise NotAllowed("verification_nobody")
        key, scheme, identifier, name = chosen
        return Verified(self.name, key, scheme, identifier, name, "demo", at)


def demo_people() -> list[tuple[str, str, str, str]]:
    """(key, scheme, identifier, name) of everybody in the pack's demo who can be verified."""
    demo: Any = city.pack().demo
    people = [(row["key"], "id", row["id_number"], row["name"]) for row in demo.get("persons") or ()]
    bodies = [*(demo.get("enterprises") or ()), *(demo.get("individual_businesses") or ())]
    return people + [
        (body["code"], "uscc", body["code"], body["name"]["zh"] if isinstance(body["name"], Mapping) else body["name"])
        for body in bodies
    ]


class OpenIdConnect:
    """Authorisation code with PKCE, state and nonce (OpenID Connect Core 1.0, RFC 7636, RFC 9207)."""

    def __init__(self) -> None:
        self.name: str = settings.XINHENG_OIDC_ISSUER

    def begin(self, *, back: str) -> Begun:
        """The address of the issuer's sign-in page with fresh random state, nonce and verifier."""
        kept = {name: secrets.token_urlsafe(48) for name in ("state", "nonce", "code_verifier")}
        asked = {
            "nonce": kept["nonce"],
            "code_challenge": create_s256_code_challenge(kept["code_verifier"]),
            "code_challenge_method": "S256",
        }
        if settings.XINHENG_OIDC_LEVELS:
            asked["acr_values"] = " ".join(settings.XINHENG_OIDC_LEVELS)
        address = prepare_grant_uri(
            self._described()["authorization_endpoint"],
            settings.XINHENG_OIDC_CLIENT,
            "code",
            redirect_uri=back,
            scope=settings.XINHENG_OIDC_SCOPE,
            state=kept["state"],
            **asked,
        )
        return Begun(str(address), kept)

    def finish(
        self, *, returned: Mapping[str, str], remembered: Mapping[str, str], back: str, at: datetime
    ) -> Verified:
        """The person of the issuer's token, once everything that binds it to this visitor and this house fits."""
        state = remembered.get("state", "")
        if not state or not constant_time_compare(returned.get("state", ""), state) or not returned.get("code"):
            raise NotAllowed("verification_failed")
        if returned.get("iss", self.name) != self.name:
            raise NotAllowed("verification_failed")
        described = self._described()
        answer = _ask(
            "POST",
            described["token_endpoint"],
            data={
                "grant_type": "authorization_code",
                "code": returned["code"],
                "redirect_uri": back,
                "code_verifier": remembered.get("code_verifier", ""),
            },
            auth=(settings.XINHENG_OIDC_CLIENT, settings.XINHENG_OIDC_SECRET),
        )
        claims = self._claims(str(answer.get("id_token", "")), described, remembered.get("nonce", ""))
        return self._verified(claims, at)

    def _described(self) -> dict[str, Any]:
        """What the issuer says of itself, which must be said by the issuer itself."""
        found = _ask("GET", self.name.rstrip("/") + "/.well-known/openid-configuration")
        if found.get("issuer") != self.name:
            raise NotAllowed("verification_failed")
        if settings.XINHENG_MODE == "production":
            for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
                if urlsplit(str(found.get(name))).scheme != "https":
                    raise NotAllowed("verification_failed")
        return found

    def _claims(self, token: str, described: Mapping[str, Any], nonce: str) -> Mapping[str, Any]:
        try:
            keys = KeySet.import_key_set(_ask("GET", described["jwks_uri"]))  # type: ignore[arg-type] # its own check
            claims = jwt.decode(token, keys, algorithms=ALGORITHMS).claims
            client = settings.XINHENG_OIDC_CLIENT
            rules = jwt.JWTClaimsRegistry(
                leeway=CLOCKS_DIFFER,
                iss={"essential": True, "value": self.name},
                aud={"essential": True, "value": client},
                sub={"essential": True},
                exp={"essential": True},
                iat={"essential": True},
                nonce={"essential": True, "value": nonce},
            )
            rules.validate(claims)
        except (JoseError, ValueError, KeyError, TypeError):
            raise NotAllowed("verification_failed") from None
        if not nonce or (isinstance(claims["aud"], list) and len(claims["aud"]) > 1 and claims.get("azp") != client):
            raise NotAllowed("verification_failed")
        return claims

    def _verified(self, claims: Mapping[str, Any], at: datetime) -> Verified:
        level = str(claims.get("acr", ""))
        if settings.XINHENG_OIDC_LEVELS and level not in settings.XINHENG_OIDC_LEVELS:
            raise NotAllowed("verification_level")
        named: Mapping[str, str] = settings.XINHENG_OIDC_CLAIMS
        for scheme, kind in SCHEMES.items():  # an organisation first: its representative came in its name
            given = str(claims.get(named.get(scheme, ""), "") or "")
            if given:
                verdict = check(given)
                if not verdict.valid or verdict.kind != kind or verdict.canonical is None:
                    raise NotAllowed("verification_nobody")
                name = str(claims.get(named.get("name", "name"), ""))
                return Verified(self.name, str(claims["sub"]), scheme, verdict.canonical, name, level, at)
        raise NotAllowed("verification_nobody")


def _ask(method: str, address: str, **sent: Any) -> dict[str, Any]:
    """The JSON object at an address of the issuer; redirects are not followed, what was sent reaches no log."""
    try:
        answer = httpx.request(method, address, timeout=WAIT, follow_redirects=False, **sent)
        found = answer.json() if answer.is_success else None
    except (httpx.HTTPError, httpx.InvalidURL, ValueError):
        raise NotAllowed("verification_unreachable") from None
    if answer.is_client_error:
        raise NotAllowed("verification_failed")
    if not isinstance(found, dict):
        raise NotAllowed("verification_unreachable")
    return found
