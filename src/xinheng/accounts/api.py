"""Where does a machine get its token, and where does it give it back?

OAuth 2.0 client credentials (RFC 6749, 4.4) and revocation (RFC 7009), by the framework-independent part of Authlib
(decision 0012 says why). Errors are those of the RFC, in JSON. No cookie is looked at, nothing is taken from an
address, and no answer is kept by anybody.
"""

from __future__ import annotations

import json
from typing import Any

from authlib.oauth2 import OAuth2Error
from authlib.oauth2.rfc6749 import (
    AuthorizationServer,
    ClientMixin,
    InvalidClientError,
    InvalidRequestError,
    InvalidScopeError,
    OAuth2Request,
)
from authlib.oauth2.rfc6749.grants import ClientCredentialsGrant
from authlib.oauth2.rfc6749.requests import BasicOAuth2Payload
from authlib.oauth2.rfc7009 import RevocationEndpoint
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from xinheng.accounts import services
from xinheng.accounts.rules import TOKEN_LIFE
from xinheng.accounts.selectors import ClientFacts
from xinheng.lib import clock
from xinheng.lib.errors import NotAllowed

METHODS = ["client_secret_basic", "client_secret_post"]
GRANT = "client_credentials"
FORM = "application/x-www-form-urlencoded"


@sensitive_post_parameters("client_secret")
@csrf_exempt
@require_POST
def token(request: HttpRequest) -> HttpResponse:
    """A token for an hour, for a client that shows its secret."""
    return _answered(request, _server.create_token_response)


@sensitive_post_parameters("client_secret", "token")
@csrf_exempt
@require_POST
def revoke(request: HttpRequest) -> HttpResponse:
    """End a token before its hour is over."""
    return _answered(request, lambda asked: _server.create_endpoint_response("revocation", asked))


class _Locked(InvalidClientError):  # type: ignore[misc] # the library is untyped
    """Too many wrong secrets under this name."""

    status_code = 429

    def __init__(self, minutes: int) -> None:
        super().__init__(f"Too many wrong secrets; wait {minutes} minutes.")
        self.minutes = minutes

    def get_headers(self) -> list[tuple[str, str]]:
        return [*super().get_headers(), ("Retry-After", str(60 * self.minutes))]


class _Client(ClientMixin):  # type: ignore[misc] # the library is untyped
    """A client by the name that was shown. Whether there is one is told by its secret alone."""

    def __init__(self, client_id: str) -> None:
        self.client_id = client_id
        self.facts: ClientFacts | None = None

    def get_client_id(self) -> str:
        return self.client_id

    def check_client_secret(self, client_secret: str) -> bool:
        try:
            self.facts = services.authenticate_client(client_id=self.client_id, secret=client_secret, at=clock.now())
        except NotAllowed as locked:
            raise _Locked(int(locked.params["minutes"])) from None
        return self.facts is not None

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method in METHODS

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == GRANT

    def get_allowed_scope(self, scope: str | None) -> str:
        """What is asked for, or all that the client has; more than that is an error, never silently less."""
        assert self.facts is not None
        wanted = set(scope.split()) if scope else set(self.facts.scopes)
        if not wanted or not wanted <= self.facts.scopes:
            raise InvalidScopeError()
        return " ".join(sorted(wanted))


class _Request(OAuth2Request):  # type: ignore[misc] # the library is untyped
    """What the library sees: the method, the headers and the form, never the address."""

    def __init__(self, request: HttpRequest) -> None:
        # `_checked` has looked at the transport; the library would only know an address of this machine as safe.
        super().__init__(method=request.method, uri=f"https://localhost{request.path}", headers=request.headers)
        self.payload = BasicOAuth2Payload(request.POST.dict())

    @property
    def form(self) -> dict[str, str]:
        given: dict[str, str] = self.payload.data
        return given


class _Grant(ClientCredentialsGrant):  # type: ignore[misc] # the library is untyped
    TOKEN_ENDPOINT_AUTH_METHODS = METHODS


class _Revocation(RevocationEndpoint):  # type: ignore[misc] # the library is untyped
    CLIENT_AUTH_METHODS = METHODS

    def authenticate_token(self, request: OAuth2Request, client: _Client) -> str:
        self.check_params(request, client)
        return str(request.form["token"])

    def revoke_token(self, token: str, request: OAuth2Request) -> None:
        services.revoke_token(number=request.client.facts.number, token=token)


class _Server(AuthorizationServer):  # type: ignore[misc] # the library is untyped
    def query_client(self, client_id: str) -> _Client:
        return _Client(client_id)

    def get_token_grant(self, request: OAuth2Request) -> Any:
        if not request.payload.grant_type:
            raise InvalidRequestError("The parameter grant_type is missing.")
        return super().get_token_grant(request)

    def authenticate_client(self, request: OAuth2Request, methods: list[str], endpoint: str = "token") -> Any:
        try:
            return super().authenticate_client(request, methods, endpoint)
        except UnicodeDecodeError:  # a header that is base64 of no text
            raise InvalidClientError(status_code=401) from None

    def generate_token(self, grant_type: str, client: _Client, *_: Any, **asked: Any) -> dict[str, Any]:
        """The token as it is answered; the digest of it is kept by the verb that makes it."""
        scope = client.get_allowed_scope(asked.get("scope"))
        assert client.facts is not None
        try:
            issued = services.issue_token(number=client.facts.number, scopes=scope)
        except NotAllowed:
            raise InvalidClientError(status_code=401) from None
        seconds = int(TOKEN_LIFE.total_seconds())
        return {"token_type": "Bearer", "access_token": issued, "expires_in": seconds, "scope": scope}

    def save_token(self, token: dict[str, Any], request: OAuth2Request) -> None:
        """Kept already."""

    def send_signal(self, name: str, *args: Any, **kwargs: Any) -> None:
        """Nobody listens: what follows an act is called, never signalled."""

    def create_oauth2_request(self, request: HttpRequest | OAuth2Request) -> OAuth2Request:
        return _Request(request) if isinstance(request, HttpRequest) else request

    def handle_response(self, status: int, body: Any, headers: list[tuple[str, str]]) -> HttpResponse:
        text = json.dumps(dict(body)) if body else "{}"
        return HttpResponse(text, status=status, headers=dict(headers))


_server = _Server()
_server.register_grant(_Grant)
_server.register_endpoint(_Revocation)


def _answered(request: HttpRequest, act: Any) -> HttpResponse:
    response: HttpResponse
    try:
        _checked(request)
        response = act(request)
    except OAuth2Error as error:
        response = _server.handle_error_response(None, error)
    response.headers["Content-Type"] = "application/json"
    response.headers["Cache-Control"] = "no-store"
    response.headers["Pragma"] = "no-cache"
    return response


def _checked(request: HttpRequest) -> None:
    """Refuse what the RFC forbids: no encryption, parameters in the address or twice, two ways to show a secret."""
    if settings.XINHENG_MODE == "production" and not request.is_secure():
        raise InvalidRequestError("The connection is not encrypted.")
    if request.GET:
        raise InvalidRequestError("Parameters stand in the body, never in the address.")
    if request.content_type != FORM:
        raise InvalidRequestError(f"The body is {FORM}.")
    if any(len(values) > 1 for _, values in request.POST.lists()):
        raise InvalidRequestError("A parameter is repeated.")
    if "Authorization" in request.headers and "client_secret" in request.POST:
        raise InvalidRequestError("The client shows its secret in two ways.")
