"""Who has no business here, under each law: visitor, other organisation, other subject, officer without the role.

They read nothing, by page, JSON, copy, guessed numbers or error text; and nobody learns whether a person has a file.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

import pytest

from tests.journeys.cast import CASE, FINE, UNKNOWN_COMPANY, UNKNOWN_PERSON, Cast, Page
from xinheng.accounts.models import Account
from xinheng.disclosure.tasks import read_query_log
from xinheng.intake.models import IntakeBatch
from xinheng.ledger.services import seal
from xinheng.records.models import Record
from xinheng.ui.pages import PAGES

pytestmark = pytest.mark.django_db
OWN = (
    *("/my", "/my/file", "/my/looks", "/my/looks.json", "/my/looks.csv", "/my/notice"),
    *("/my/copy", "/my/copy.json", "/my/copy.csv"),
)


VERIFY = "/sign-in/verify"  # the verification of a demonstration offers its invented people to everybody


def addresses(cast: Cast) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every address of the registry and guessed ones, with the roles that may open it."""
    batch = IntakeBatch.objects.latest("id").id
    for page in PAGES:
        places = {"organisation": cast.company_code, "batch": str(batch), "format": "json"}
        places |= {"norm": "1", "consultation": "1", "field": "XDR_MC", "query": "1", "receipt": "1"}
        places |= {"record": str(Record.objects.latest("id").id), "account": str(Account.objects.latest("id").id)}
        if page.kind != "act":
            yield page.example.format(**places), page.roles or ((page.scope,) if page.scope else ())
    for number in (batch - 1, batch + 1, 0, 999_999_999):
        yield f"/desk/intake/{number}", ("collector", "reviewer")
    for guess in (cast.person_id, cast.person_name, UNKNOWN_PERSON):
        yield f"/subjects/{guess}", ()
        yield f"/subjects/{guess}/export.json", ()
    yield "/my/file?account=1", ("subject",)
    yield "/desk/log?case_number=1", ("auditor", "supervisor")
    for path in ("/my/file.json", "/desk/query.json", "/api/", "/api/v1/intake/batches/1/rows?after=0", "/admin/"):
        yield path, ("nobody",)


def nothing_about(cast: Cast, page: Page, *hidden: str) -> None:
    """Nothing of the person of the demo, nor of ``hidden``; the name in the corner of its own browser is no news."""
    said = page.all.replace(f'/my/file" lang="zh-CN">{cast.person_name}</a>', "")
    for secret in (*cast.secrets(), *hidden):
        assert secret not in said, (secret, page.status)


def same_but(page: str, name: str) -> str:
    """A page without what the visitor typed."""
    return page.replace(name, "").replace(quote(name), "")


@pytest.mark.req("INV-3", "INV-4", "QRY-2", "QRY-4", "ZY-47", "SP-24", kind="refusal")
def test_a_visitor_reads_nothing_behind_any_door(cast: Cast) -> None:
    cast.ask(cast.person_id)
    for path, roles in addresses(cast):
        for machine in (False, True):
            page = cast.get(path, machine=machine)
            if path != VERIFY:
                nothing_about(cast, page, CASE)
            assert page.status < 500, path
            if roles:
                assert page.status in (302, 401, 403, 404), path
                assert FINE not in page.all


@pytest.mark.req("INV-3", "QRY-1", "QRY-2", "ORG-1", "SUB-1", "ZY-35", "SP-15", kind="refusal")
@pytest.mark.parametrize("who", ["stranger", "powerless", "auditor", "qiye"])
def test_an_account_reads_only_behind_its_own_doors(cast: Cast, who: str) -> None:
    username = who if who == "qiye" else getattr(cast, who)
    held = {role.value for person in cast.people if person.username == username for role in person.roles}
    cast.ask(cast.person_id)
    for path, roles in addresses(cast):
        own = "intake/" not in path or "intake/templates" in path  # a batch is its sender's alone
        if not roles or (held & set(roles) and own):
            continue
        page = cast.get(path, username)
        assert page.status in (401, 403, 404), (path, page.status)
        nothing_about(cast, page, FINE)


@pytest.mark.req("INV-3", "QRY-1", "INT-1", kind="refusal")
@pytest.mark.parametrize("who", ["", "stranger", "auditor", "gongmin"])
def test_nobody_else_can_make_the_acts_of_an_officer(cast: Cast, who: str) -> None:
    username = getattr(cast, who) if who in ("stranger", "auditor") else who
    held = {role.value for person in cast.people if person.username == username for role in person.roles}
    before = [(record.id, record.state) for record in cast.records()]
    if "querier" not in held:
        page = cast.ask(cast.company_code, by=username) if username else cast.post("/desk/query", {"who": "x"})
        assert page.status == 403
        nothing_about(cast, page, FINE)
    if "collector" not in held:
        assert cast.post("/desk/intake", {"item": "CF"}, username).status == 403
    answer = {"row_id": "1", "outcome": "accept", "reason": "没有这个权力的人"}
    assert cast.post("/desk/review", answer, username).status == 403
    assert [(record.id, record.state) for record in cast.records()] == before


@pytest.mark.req("QRY-2", "INV-3", "ZY-44", "SP-24", kind="refusal")
def test_a_subject_reads_only_its_own_file(cast: Cast) -> None:
    cast.ask(f"{cast.person_id}\n{cast.company_code}")
    for path in OWN:
        company, person, shop = (cast.get(path, who) for who in ("qiye", "gongmin", "getihu"))
        for hidden in (cast.person_name, cast.person_id):
            assert hidden not in company.all
        for other in (person, shop):
            assert cast.company["CF_XDR_MC"] not in other.all
            assert cast.company_code not in other.all
        assert cast.person_id not in shop.all
    assert FINE in cast.get("/my/file", "getihu").words


@pytest.mark.req("INV-4", "QRY-4", "ZY-47", kind="refusal")
def test_the_public_learns_nothing_about_persons(cast: Cast) -> None:
    """A person with a file, a representative, an operator and a person nobody knows are answered alike."""
    unknown = cast.post("/search", {"q": "无此人氏"})
    for name in (cast.person_name, cast.company["CF_FRDB"], cast.operator):
        found = cast.browser().post("/search", {"q": name}, follow=True)
        nothing = "无" * len(name)
        nobody = cast.browser().post("/search", {"q": nothing}, follow=True)
        assert found.status_code == nobody.status_code == 200
        told, other = (bytes(answer.content).decode() for answer in (found, nobody))
        assert same_but(told, name) == same_but(other, nothing)
    assert unknown.status == 302
    numbers = [cast.post("/search", {"q": number}) for number in (cast.person_id, UNKNOWN_PERSON)]
    assert numbers[0].source == numbers[1].source
    pages = [cast.get(f"/subjects/{number}") for number in (cast.person_id, UNKNOWN_PERSON, UNKNOWN_COMPANY)]
    assert pages[0].status == pages[1].status == pages[2].status == 200
    assert same_but(pages[0].source, cast.person_id) == same_but(pages[1].source, UNKNOWN_PERSON)
    for page in (*numbers, *pages):
        nothing_about(cast, page)


@pytest.mark.req("INV-4", "PUB-1", "ZY-47", kind="refusal")
def test_an_operator_is_not_public_not_even_inside_the_name_of_the_shop(cast: Cast) -> None:
    code = cast.shop["CF_XDR_SHXYM"]
    for path in (
        f"/subjects/{code}",
        f"/subjects/{code}/export.csv",
        "/publicity/CF",
        "/publicity/CF/export.json",
        "/",
    ):
        page = cast.get(path)
        assert page.status == 200
        assert cast.operator not in page.all, path
    assert cast.operator in cast.get("/my/file", "getihu").words


@pytest.mark.req("INV-3", kind="refusal")
def test_numbers_of_persons_stand_in_no_address_and_no_log(cast: Cast, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("DEBUG"):
        cast.ask(cast.person_id)
        cast.post("/search", {"q": cast.person_id})
        cast.post("/desk/query", {"who": cast.person_id, "matter": cast.matter.code}, cast.stranger)
        cast.get("/my/copy.csv", "gongmin")
    assert not [r for r in caplog.records if not r.name.startswith("django.db") and cast.person_id in r.getMessage()]


@pytest.mark.req("QRY-5", "ACC-1", "INV-3", "ZY-35", "SP-15", kind="journey")
def test_the_auditor_reads_the_log_is_logged_and_can_do_nothing_else(cast: Cast) -> None:
    from xinheng.ledger import selectors as ledger

    cast.ask(cast.person_id)
    seal(at=cast.now())
    read_query_log(at=cast.now())
    page = cast.get("/desk/log", cast.auditor)
    assert CASE in page.words
    nothing_about(cast, page, FINE)
    last = ledger.entries(act="log.read", limit=1)[0]
    assert last.body is not None
    assert (last.law, last.body["org"]) == (
        cast.pack.label,
        next(p.organisation for p in cast.people if p.username == cast.auditor),
    )
    assert cast.get("/desk", cast.auditor).status == 200
    for path in ("/desk/query", "/desk/intake", "/desk/review", "/desk/accounts", *OWN):
        assert cast.get(path, cast.auditor).status == 403
    assert cast.ask(cast.company_code, by=cast.auditor).status == 403
