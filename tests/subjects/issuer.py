"""A real issuer of OpenID Connect on this machine: own keys, own pages, and whatever it is told to do wrong."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

CLIENT, SECRET = "xinheng", "a secret of the test"


class Issuer:
    """``person``: the claims of whoever signs in; ``changes``: claims of the token that differ from what is right;
    ``behaves``: faults of the issuer by name.
    """

    def __init__(self) -> None:
        self.key = RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})
        self.person: dict[str, Any] = {}
        self.changes: dict[str, Any] = {}
        self.behaves: set[str] = set()
        self.asked: dict[str, dict[str, str]] = {}
        self.used: set[str] = set()
        self.address = ""

    def described(self) -> dict[str, Any]:
        name = "https://another.invalid" if "names another" in self.behaves else self.address
        ways = {"authorization_endpoint": "/authorize", "token_endpoint": "/token", "jwks_uri": "/keys"}
        return {"issuer": name, **{way: self.address + path for way, path in ways.items()}}

    def sign_in(self, query: Mapping[str, str]) -> str:
        """The address to which the person is sent back."""
        assert query["response_type"] == "code" and query["code_challenge_method"] == "S256"
        assert "openid" in query["scope"].split() and query["client_id"] == CLIENT
        code = secrets.token_urlsafe()
        self.asked[code] = dict(query)
        return query["redirect_uri"] + "?" + urlencode({"code": code, "state": query["state"]})

    def token(self, form: Mapping[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        """The answer of the token endpoint, which is strict as RFC 6749 and 7636 want it."""
        asked = self.asked.get(form.get("code", ""))
        basic = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if authorization != f"Basic {basic}":
            return 401, {"error": "invalid_client"}
        if (
            asked is None
            or form["code"] in self.used
            or form["redirect_uri"] != asked["redirect_uri"]
            or challenge != asked["code_challenge"]
        ):
            return 400, {"error": "invalid_grant"}
        self.used.add(form["code"])
        now = int(time.time())
        claims = {"iss": self.address, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": asked["nonce"]}
        claims |= {"acr": "high", **self.person, **self.changes}
        claims = {name: value for name, value in claims.items() if value is not None}
        key, header = self.key, {"alg": "RS256", "kid": "one"}
        if "signs with another key" in self.behaves:
            key = RSAKey.generate_key(2048, {"kid": "one"})
        if "signs with nothing" in self.behaves:
            parts = [json.dumps(one).encode() for one in ({"alg": "none"}, claims)]
            told = ".".join(base64.urlsafe_b64encode(one).rstrip(b"=").decode() for one in parts) + "."
        else:
            told = jwt.encode(header, claims, key)
        return 200, {"access_token": "x", "token_type": "Bearer", "id_token": told}

    def keys(self) -> dict[str, Any]:
        return dict(KeySet([self.key]).as_dict(private=False))


@contextmanager
def running() -> Iterator[Issuer]:
    """An issuer that listens on a port of its own."""
    issuer = Issuer()

    class Door(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            if parts.path == "/.well-known/openid-configuration":
                self.tell(200, issuer.described())
            elif parts.path == "/keys":
                self.tell(200, issuer.keys())
            elif parts.path == "/authorize":
                self.send_response(302)
                self.send_header("Location", issuer.sign_in(query))
                self.end_headers()
            else:
                self.tell(404, {})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            self.tell(*issuer.token(form, self.headers.get("Authorization", "")))

        def tell(self, status: int, said: Mapping[str, Any]) -> None:
            data = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    issuer.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield issuer
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
