"""Two administrators put a machine client into use, any of them ends it at once, and the ledger has both."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from tests.accounts.machines import AT, administrator, client_of, law, proposed, revoke, row_of, token_of
from xinheng.accounts import selectors, services
from xinheng.accounts.checks import check_powers
from xinheng.accounts.models import Account, MachineClient, MachineToken, Organisation
from xinheng.accounts.rules import Role, Scope, may_grant_client
from xinheng.ledger import selectors as ledger
from xinheng.ledger.verify import Damage, Verification
from xinheng.lib.errors import Conflict, NotAllowed, NotFound

pytestmark = pytest.mark.django_db
ADMIN = frozenset({Role.ADMINISTRATOR})


@pytest.fixture
def bureau() -> Organisation:
    return selectors.organisation_by_code("scjgj")


@pytest.mark.req("ORG-1", "ACC-1", kind="rule")
@pytest.mark.parametrize(
    ("second", "roles", "second_roles", "reason"),
    [
        (2, ADMIN, ADMIN, ""),
        (1, ADMIN, ADMIN, "client_second_person_missing"),
        (2, frozenset({Role.OPERATOR}), ADMIN, "granter_not_administrator"),
        (2, ADMIN, frozenset({Role.SUPERVISOR}), "second_not_administrator"),
    ],
)
def test_a_client_needs_two_administrators(
    second: int, roles: frozenset[Role], second_roles: frozenset[Role], reason: str
) -> None:
    verdict = may_grant_client(proposed_by=1, second_by=second, proposer_roles=roles, second_roles=second_roles)
    assert bool(verdict) is not bool(reason)
    assert getattr(verdict, "reason", "") == reason


@pytest.mark.req("ORG-1", "IOP-1", "ACC-1", kind="journey")
def test_a_client_is_put_into_use_by_a_second_person_and_stands_in_the_ledger(bureau: Organisation) -> None:
    waiting = proposed(bureau, Scope.REPORT)
    assert waiting.secret_digest == ""
    issued = services.grant_client(number=waiting.id, second_by=administrator("admin.two"), law=law(), at=AT)
    row = row_of(issued)
    assert issued.secret not in "".join(str(value) for value in vars(row).values())
    entry = ledger.entries(act="client.granted")[0]
    assert entry.body is not None
    assert entry.entry_id == row.grant_entry
    assert {name: entry.body[name] for name in ("client_id", "holder", "scopes", "second", "actor", "org")} == {
        "client_id": issued.client_id,
        "holder": "scjgj",
        "scopes": "intake.report",
        "second": str(row.second_by),
        "actor": f"account:{row.proposed_by}",
        "org": "scjgj",
    }
    assert issued.secret not in str(entry.body)
    with pytest.raises(Conflict, match="client_decided"):
        services.grant_client(number=waiting.id, second_by=administrator("admin.two"), law=law(), at=AT)


@pytest.mark.req("ORG-1", "ACC-1", kind="refusal")
def test_nobody_puts_the_own_proposal_into_use(bureau: Organisation) -> None:
    waiting = proposed(bureau)
    for account, reason in (
        (administrator("admin.one"), "client_second_person_missing"),
        (Account.objects.get(username="scjgj.reviewer"), "second_not_administrator"),
    ):
        with pytest.raises(NotAllowed, match=reason):
            services.grant_client(number=waiting.id, second_by=account, law=law(), at=AT)
    with pytest.raises(NotAllowed, match="granter_not_administrator"):
        services.propose_client(
            organisation=bureau,
            name="x",
            scopes=[Scope.READ],
            proposed_by=Account.objects.get(username="scjgj.collector"),
            at=AT,
        )
    with pytest.raises(NotFound, match="client_unknown"):
        services.grant_client(number=-1, second_by=administrator("admin.two"), law=law(), at=AT)
    waiting.refresh_from_db()
    assert waiting.granted_at is None
    assert not ledger.entries(act="client.granted")


@pytest.mark.req("ACC-1", kind="refusal")
@pytest.mark.parametrize(
    "wrong",
    [
        {"second_by": 5, "granted_at": AT, "grant_entry": 1, "secret_digest": "x"},  # one person as both
        {"secret_digest": "x"},  # a secret without a grant
        {"second_by": 6, "granted_at": AT, "grant_entry": 1},  # a grant without a secret
        {"revoked_at": AT},  # an end by nobody
    ],
)
def test_the_database_refuses_a_client_by_one_person_or_by_halves(bureau: Organisation, wrong: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        MachineClient.objects.create(
            id=-1, client_id="x", organisation=bureau, name="x", scopes="", proposed_by=5, proposed_at=AT, **wrong
        )


@pytest.mark.req("ORG-1", "IOP-1", kind="refusal")
def test_a_revoked_client_is_ended_at_once_and_for_good(bureau: Organisation) -> None:
    issued = client_of(bureau)
    token = token_of(issued)
    assert selectors.machine_by_token(token) is not None
    revoke(issued)
    assert selectors.machine_by_token(token) is None
    assert services.authenticate_client(client_id=issued.client_id, secret=issued.secret, at=AT) is None
    entry = ledger.entries(act="client.revoked")[0]
    assert entry.body is not None
    assert (entry.body["client_id"], entry.entry_id) == (issued.client_id, row_of(issued).revoke_entry)
    with pytest.raises(Conflict, match="client_decided"):
        revoke(issued)
    with pytest.raises(NotAllowed, match="token_invalid"), transaction.atomic():
        services.hold_in_force(number=row_of(issued).id)


def damages() -> list[str]:
    found = [one.line() for one in check_powers(Verification({})) if isinstance(one, Damage)]
    return [str(line["damage"]["what"]) for line in found]  # type: ignore[index]


@pytest.mark.req("INV-3", "IOP-1", kind="refusal")
@pytest.mark.parametrize(
    ("changed", "what"),
    [
        ({"scopes": "intake.read"}, "machine_client_scopes"),
        ({"secret_digest": "0" * 64}, "machine_client_secret_sha256"),
        ({"second_by": 99}, "machine_client_second"),
        ({"grant_entry": 1}, "machine_client_without_entry"),
    ],
)
def test_a_client_that_is_not_what_was_granted_is_damage(
    bureau: Organisation, changed: dict[str, Any], what: str
) -> None:
    issued = client_of(bureau)
    assert damages() == []
    MachineClient.objects.filter(client_id=issued.client_id).update(**changed)
    assert what in damages()


@pytest.mark.req("INV-3", "IOP-1", kind="refusal")
def test_a_revocation_that_is_undone_is_damage(bureau: Organisation) -> None:
    issued = client_of(bureau)
    revoke(issued)
    assert damages() == []
    ended = MachineClient.objects.filter(client_id=issued.client_id)
    ended.update(revoked_by=None, revoked_at=None, revoke_entry=None)
    assert damages() == ["machine_client_missing"]


@pytest.mark.req("ORG-1", "IOP-1", kind="journey")
def test_the_page_shows_the_secret_once(client: Client, bureau: Organisation) -> None:
    second = Client()
    client.force_login(administrator("admin.one"))
    second.force_login(administrator("admin.two"))
    asked = {"organisation": "scjgj", "name": "双公示系统", "scopes": ["intake.report"]}
    assert client.post("/desk/clients", {**asked, "scopes": []}).status_code == 422
    assert client.post("/desk/clients", asked).status_code == 302
    number = MachineClient.objects.get().id
    assert f"/desk/clients/{number}/grant" not in client.get("/desk/clients").content.decode()
    assert f"/desk/clients/{number}/grant" in second.get("/desk/clients").content.decode()
    assert client.post(f"/desk/clients/{number}/grant").status_code == 403
    shown = second.post(f"/desk/clients/{number}/grant")
    assert (shown.status_code, "no-store" in shown.headers["Cache-Control"]) == (200, True)
    assert shown.content.decode().count("xhs_") == 1
    assert second.post(f"/desk/clients/{number}/grant").status_code == 409
    page = second.get("/desk/clients").content.decode()
    assert "双公示系统" in page and "使用中" in page and "xhs_" not in page
    assert client.post(f"/desk/clients/{number}/revoke").status_code == 302
    assert "已停用" in client.get("/desk/clients").content.decode()
    assert client.post("/desk/clients/999999/revoke").status_code == 404


def test_the_page_of_clients_speaks_english_and_escapes_names(client: Client, bureau: Organisation) -> None:
    from tests.architecture.test_pages import CHINESE, read

    client.force_login(administrator("admin.two"))
    client.cookies["xinheng_language"] = "en"
    used, waiting = client_of(bureau), proposed(bureau)
    revoke(client_of(bureau, Scope.READ))
    MachineClient.objects.filter(id=waiting.id).update(name="<b>系统</b>")
    for answer in (client.get("/desk/clients"), client.post(f"/desk/clients/{waiting.id}/grant")):
        page = read(answer.content.decode())
        assert (answer.status_code, page.wrong, page.headings) == (200, [], 1)
        assert not [words for words in page.said if CHINESE.search(words) and "王" not in words]
        assert "<b>系统" not in answer.content.decode()
    assert used.client_id in client.get("/desk/clients").content.decode()


def test_sweeps_forget_what_is_over(bureau: Organisation) -> None:
    from datetime import timedelta

    from django.db.models import F

    from xinheng.accounts.models import MachineRequest
    from xinheng.accounts.tasks import forget_ended_tokens, forget_old_requests

    issued = client_of(bureau)
    for _ in range(2):
        token_of(issued)
    number = row_of(issued).id
    for key in ("old", "new"):
        services.remember(client=number, key=key, body_digest="0" * 64, result=1)
    MachineToken.objects.filter(id=MachineToken.objects.latest("id").id).update(
        expires_at=F("expires_at") - timedelta(hours=1, seconds=1)
    )
    MachineRequest.objects.filter(id=MachineRequest.objects.earliest("id").id).update(
        done_at=F("done_at") - timedelta(days=31)
    )
    assert (forget_ended_tokens(at=AT), forget_old_requests(at=AT)) == (1, 1)
    assert MachineToken.objects.count() == 1
    assert services.done_before(client=number, key="old") is None
    assert services.done_before(client=number, key="new") is not None
    assert services.done_before(client=number + 1, key="new") is None
