"""Machine clients for tests: made as in life, by two administrators, with a token from the door."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.test import Client

from xinheng.accounts import selectors, services
from xinheng.accounts.models import Account, MachineClient, Organisation
from xinheng.accounts.rules import COMPETENT, Role, Scope
from xinheng.accounts.services.machine import Issued
from xinheng.ledger.models import LawVersion
from xinheng.ledger.selectors import law_version
from xinheng.ui import city

AT = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
FORM = "application/x-www-form-urlencoded"


def law() -> LawVersion:
    """The law version of this deployment."""
    return law_version(city.pack().label)


def administrator(username: str) -> Account:
    """An account with the role of administrator of the competent department; made when there is none of that name."""
    found = Account.objects.filter(username=username).first()
    house = Organisation.objects.filter(powers__power=COMPETENT, powers__active=True)[0]
    account = found or services.create_account(username=username, password=None, organisation=house)
    if Role.ADMINISTRATOR not in selectors.roles_of(account.id):
        services.grant_role(
            account=account,
            role=Role.ADMINISTRATOR,
            granted_by=None,
            second_by=None,
            channel="cli",
            law=law(),
            at=AT,
        )
    return account


def proposed(body: Organisation, *scopes: Scope) -> MachineClient:
    """A client that waits for the second administrator."""
    return services.propose_client(
        organisation=body, name="报送系统", scopes=scopes or tuple(Scope), proposed_by=administrator("admin.one"), at=AT
    )


def client_of(body: Organisation, *scopes: Scope) -> Issued:
    """A client in use, with its secret."""
    second = administrator("admin.two")
    return services.grant_client(number=proposed(body, *scopes).id, second_by=second, law=law(), at=AT)


def row_of(issued: Issued) -> MachineClient:
    return MachineClient.objects.get(client_id=issued.client_id)


def revoke(issued: Issued) -> None:
    """End a client at once."""
    one = administrator("admin.one")
    services.revoke_client(number=row_of(issued).id, revoked_by=one, law=law(), at=AT)


def ask(issued: Issued, path: str = "/oauth/token", *, basic: bool = True, **form: str) -> Any:
    """Ask the door of tokens, showing the secret in the header or in the form."""
    from base64 import b64encode
    from urllib.parse import urlencode

    given = {"grant_type": "client_credentials", **form} if path.endswith("token") else form
    headers = {}
    if basic:
        shown = b64encode(f"{issued.client_id}:{issued.secret}".encode()).decode()
        headers["Authorization"] = f"Basic {shown}"
    else:
        given |= {"client_id": issued.client_id, "client_secret": issued.secret}
    return Client().post(path, urlencode(given), content_type=FORM, headers=headers)


def token_of(issued: Issued, **form: str) -> str:
    """A fresh token."""
    answer = ask(issued, **form)
    assert answer.status_code == 200, answer.content
    return str(answer.json()["access_token"])
