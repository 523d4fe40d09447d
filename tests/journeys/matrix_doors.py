"""How the access matrix goes to the doors: one answer in one shape, whatever the door."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from urllib.parse import quote

import orjson
from click.testing import CliRunner
from django.test import Client

from tests.accounts.machines import ask as ask_machine
from tests.accounts.machines import client_of, revoke, token_of
from tests.conftest import PACKS, load_pack
from tests.journeys.cast import CASE, UNKNOWN_COMPANY, UNKNOWN_PERSON, UNLISTED, Page, page_of
from tests.journeys.matrix_city import MatrixCity
from tests.records.rows import sheet
from xinheng.accounts.models import Account, MachineToken, Organisation
from xinheng.accounts.rules import STAFF, Role, Scope
from xinheng.disclosure.commands import query
from xinheng.intake.models import IntakeBatch
from xinheng.law import lookup
from xinheng.law.pack import Matter
from xinheng.lib import clock
from xinheng.lib.errors import XinhengError
from xinheng.ui import pages

JSON = {"Accept": "application/json"}
TOKEN = "m" * 32  # a secret of forms; a browser would have it from the page
UNKNOWN_STATUTE = "《从未公布法》第九百条"


@dataclass(frozen=True, slots=True)
class Told:
    """What came through a door. ``code`` and ``article``: of a refusal, where the door states them for machines."""

    status: int
    text: str
    words: str
    code: str = ""
    article: str = ""


Door = Callable[[], Told]


def told(page: Page, *, typed: str = "") -> Told:
    """An answer over HTTP, without what the asker typed; a machine's refusal with its code and article."""
    code = article = ""
    if "json" in page.headers.get("Content-Type", "") and page.source.startswith("{"):
        body = orjson.loads(page.source)
        refusal = body.get("error") or next(iter(body.get("answers", ())), {})
        code, article = str(refusal.get("code") or refusal.get("reason") or ""), str(refusal.get("article") or "")
    text = page.all
    for word in {typed, *typed.split()} - {""}:
        text = text.replace(word, "").replace(quote(word), "")
    return Told(page.status, text, page.words, code, article)


def matter_of(city: MatrixCity, ground: str) -> Matter | None:
    """The matter of a listed ground; None where this law has none of the kind."""
    listed = lookup.matters(city.cast.pack, city.cast.today)
    if "statute" in ground:
        return next((m for m in listed if m.statute == "must_cite" and "CF" in m.items and m.statutes), None)
    if ground == "organisations only":
        return next((m for m in listed if not m.persons_admitted and m.statute == "none"), None)
    return city.cast.matter


def elsewhere(city: MatrixCity) -> str:
    """The code of a matter that another law lists and this one does not."""
    here = {m.code for m in lookup.matters(city.cast.pack, city.cast.today)}
    return min({m.code for name in PACKS for m in lookup.matters(load_pack(name), city.cast.today)} - here)


def question(city: MatrixCity, cell: Mapping[str, str]) -> dict[str, str]:
    """The form of a cell of the official query."""
    ground, about, matter = cell["ground"], cell["about"], matter_of(city, cell["ground"])
    assert matter is not None
    codes = {"none": "", "unlisted": UNLISTED, "of another law": elsewhere(city)}
    cited = next((one for one in matter.statutes if one[-1].isdigit()), "")  # an article, no whole instrument
    statute = cited if ground == "statute cited" else ""
    form = {
        "matter": codes.get(ground, matter.code),
        "case_number": "" if ground == "no case number" else CASE,
        "statute": UNKNOWN_STATUTE if ground == "statute unknown" else statute,
        "who": "",
        "party_list": "",
    }
    listed = "person" in about and not about.endswith("no party")
    return {**form, "party_list" if listed else "who": who(city, about)}


def who(city: MatrixCity, about: str) -> str:
    """The line that names whom a cell asks about."""
    cast = city.cast
    known = {"organisation": cast.company_code, "person": cast.person_id}
    known |= {"unknown organisation": UNKNOWN_COMPANY, "unknown person": UNKNOWN_PERSON}
    kind, _, more = about.partition(", ")
    wrong = {"organisation": cast.other["CF_XDR_MC"], "person": "张冠李"}
    return f"{known[kind]} {wrong[kind]}" if more == "another's name" else known[kind]


def ask(city: MatrixCity, cell: Mapping[str, str], folder: Path) -> Door:
    """The question of a cell at its door."""
    place = "no role" if cell["asker"] == "no role" else f"{cell['asker']}/querier"
    account, form = city.accounts[place], question(city, cell)
    if cell["door"] == "command line":
        city.mishap(account, cell["session"])
        username = "m_nobody" if cell["session"] == "anonymous" else account.username
        return partial(by_command, username, form, folder)
    client = city.browser(account, cell["session"])
    client.handler.enforce_csrf_checks = True
    client.cookies["xinheng_csrf"] = TOKEN
    client.cookies["xinheng_language"] = "en" if cell["door"] == "json" else "zh-hans"
    headers = {"X-CSRFToken": TOKEN, **({} if cell["door"] == "page" else JSON)}
    return lambda: told(
        page_of(client.post("/desk/query", form, headers=headers)), typed=form["who"] or form["party_list"]
    )


def by_command(username: str, form: Mapping[str, str], folder: Path) -> Told:
    """The same question on the command line."""
    path = folder / "ids.csv"
    code, _, name = (form["who"] or form["party_list"]).partition(" ")
    path.write_text(f"identifier,kind,name\r\n{code},,{name}\r\n", encoding="utf-8")
    flags = ["--as", username, "--matter", form["matter"], "--case", form["case_number"], "--file", str(path), "--json"]
    flags += ["--statute", form["statute"]] if form["statute"] else []
    done = CliRunner().invoke(query, flags)
    if done.exception is not None:
        assert isinstance(done.exception, XinhengError), done.exception
        return Told(0, done.output, done.output, done.exception.code, done.exception.article or "")
    line = orjson.loads(done.output.splitlines()[0])
    return Told(0, done.output, done.output, line.get("reason", ""), line["article"])


OWN = {"file": "/my/file", "looks": "/my/looks", "copy.json": "/my/copy.json", "copy.csv": "/my/copy.csv"}


def own(city: MatrixCity, cell: Mapping[str, str]) -> Door:
    """The own file of a cell."""
    places = {"own": "gongmin", "representative": "qiye", "staff": "holder/querier"}
    account = city.accounts[places.get(cell["standing"], cell["standing"])]
    if cell["link"] == "ended":
        city.end_link(account)
    if cell["file"] == "frozen":
        city.freeze()
    other = {"subject": str(city.subject_id), "account": str(city.accounts["gongmin"].id)}
    asked = other if cell["address"] == "naming another subject" else {}
    client = city.browser(account, cell["session"])
    return lambda: told(page_of(client.get(OWN[cell["door"]], asked)))


def public(city: MatrixCity, cell: Mapping[str, str]) -> Door:
    """A look at what is public."""
    cast = city.cast
    named = {
        "organisation": (cast.company_code, cast.company["CF_XDR_MC"]),
        "business": (cast.shop["CF_XDR_SHXYM"], cast.shop["CF_XDR_MC"]),
        "person by number": (cast.person_id, cast.person_id),
        "person by name": (cast.person_name, cast.person_name),
        "unknown": (UNKNOWN_COMPANY, "无此名氏公司"),
    }
    code, name = named[cell["about"]]
    account = {"visitor": None, "querier": "competent/querier", "subject": "qiye"}[cell["asker"]]
    client = city.browser(city.accounts[account] if account else None, "signed in")
    door, _, form = cell["door"].partition(".")
    paths = {"subject": f"/subjects/{code}", "list": "/publicity/CF", "home": "/"}
    if door == "search":
        return lambda: told(page_of(client.post("/search", {"q": name}, follow=True)), typed=name)
    address = paths[door] + (f"/export.{form}" if form else "")
    return lambda: told(page_of(client.get(address)), typed=code)


API = {"items": "/items", "batch": "/batches/{}", "rows": "/batches/{}/rows", "report": "/CF"}


def machine(city: MatrixCity, cell: Mapping[str, str]) -> Door:
    """A door of machines, with the token of a cell."""
    door, token = cell["door"], cell["token"]
    body = city.organisation("without the power" if token == "of another organisation" else "")
    needed = Scope.REPORT if door == "report" else Scope.READ
    issued = client_of(body, *(scope for scope in Scope if (scope is needed) != (token == "other scope")))
    client, headers = Client(raise_request_exception=False), {"Authorization": f"Bearer {token_of(issued)}"}
    match token:
        case "none":
            headers = {}
        case "unknown":
            headers["Authorization"] += "x"
        case "session instead":
            client, headers = city.browser(city.accounts["holder/collector"], "signed in"), {}
        case "expired":
            MachineToken.objects.update(expires_at=clock.now() - timedelta(days=400))
        case "revoked":
            ask_machine(issued, "/oauth/revoke", token=headers["Authorization"].removeprefix("Bearer "))
        case "client revoked":
            revoke(issued)
        case "organisation ended":
            Organisation.objects.filter(id=body.id).update(active=False)
    number = IntakeBatch.objects.latest("id").id + (cell["number"] == "guessed")
    address = "/api/v1/intake" + API[door].format(number)
    if door != "report":
        return lambda: told(page_of(client.get(address, headers=headers)))
    rows = sheet([city.cast.penalty("机01", city.cast.other)])
    headers["Idempotency-Key"] = "matrix"
    return lambda: told(page_of(client.post(address, rows, content_type="text/csv", headers=headers)))


def roam(city: MatrixCity, cell: Mapping[str, str]) -> Door | None:
    """Any page of the registry as somebody; an act gets an empty form. None where nobody of the kind can be."""
    page = pages.page(cell["page"])
    account = somebody(city, page, cell["who"])
    if account is None and cell["who"] != "visitor":
        return None
    places = {"organisation": city.cast.company_code, "batch": str(IntakeBatch.objects.latest("id").id)}
    address = re.sub(r"\{(\w+)\}", lambda found: {"format": "json", **places}.get(found[1], "1"), page.example)
    client = city.browser(account, cell["session"])
    send = client.post if page.kind == "act" else client.get
    return lambda: told(page_of(send(address)))


def somebody(city: MatrixCity, page: pages.Page, who: str) -> Account | None:
    """The account that stands for a word of the axis on this page."""
    subjects = "subject" in page.roles
    role = next((one.value for one in Role if one.value in page.roles), "querier")
    others = [one.value for one in Role if one in STAFF and one.value not in page.roles]
    named = {
        "no role": "no role",
        "another role": f"holder/{others[0]}" if page.roles and others else "gongmin",
        "organisation ended": "" if subjects else f"inactive/{role}",
        "same role elsewhere": "qiye" if subjects else f"without the power/{role}",
        "holder": "gongmin" if subjects else f"holder/{role}",
    }
    return city.accounts.get(named.get(who, ""))
