"""The city that is measured: a database of its own on the durable server, filled through the real intake."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

ORGANISATIONS = 4_000
PORT = 18_473
LAW = "demo-city"
ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class World:
    """Addresses of the database and the server, the organisations' codes, and a signed-in querier."""

    app_url: str = field(repr=False)
    owner_url: str = field(repr=False)
    folder: Path
    base: str
    codes: tuple[str, ...]
    matter: str
    username: str
    cookies: str
    token: str


@contextmanager
def world(organisations: int = ORGANISATIONS) -> Iterator[World]:
    """Build the city, serve it under Granian, sign a querier in; all of it is gone afterwards."""
    from xinheng.machine import database

    os.environ["XINHENG_MODE"] = "demo"
    os.environ["XINHENG_LAW"] = LAW
    os.environ["XINHENG_TODAY"] = "2026-11-20"
    urls = database.scratch("bench")
    folder = Path(tempfile.mkdtemp(prefix="xinheng-bench-"))
    folder.chmod(0o755)
    os.environ["XINHENG_DATABASE_URL"] = urls.app
    os.environ["XINHENG_OWNER_DATABASE_URL"] = urls.owner
    os.environ["XINHENG_CHECKPOINT_DIR"] = str(folder / "checkpoints")
    os.environ["XINHENG_LEDGER_ORIGIN"] = "bench.xinheng.invalid/log"
    server = None
    try:
        codes, matter, username, password = _fill(organisations)
        from xinheng.serving import collect_static, start_server

        collect_static()
        server = start_server(port=PORT)
        base = f"http://127.0.0.1:{PORT}"
        cookies, token = _sign_in(base, username, password)
        yield World(urls.app, urls.owner, folder, base, tuple(codes), matter, username, cookies, token)
    finally:
        if server is not None:
            server.terminate()
            server.wait(timeout=10)
        from django.db import connections

        connections.close_all()
        database.drop(urls)
        shutil.rmtree(folder, ignore_errors=True)


def _fill(organisations: int) -> tuple[list[str], str, str, str]:
    """Publish the law, load officers, receive penalties and licences of the organisations by the real verbs."""
    from xinheng.start import prepare

    prepare(LAW)
    from django.conf import settings

    from xinheng.accounts import selectors as accounts
    from xinheng.accounts.services import load_demo_accounts
    from xinheng.law import lookup
    from xinheng.law.loader import load
    from xinheng.lib import clock
    from xinheng.records.services import accept_batch

    pack = load(settings.XINHENG_LAW, root=settings.XINHENG_LAWPACKS)
    at = clock.now()
    people = load_demo_accounts(pack=pack, at=at)
    codes = [code_of(number) for number in range(organisations)]
    provider = accounts.organisation_by_code("scjgj")
    for item, text in (("CF", penalties(codes, provider.name_zh, provider.uscc)),):
        receipt = accept_batch(
            file=text.encode(),
            file_name=f"bench-{item}.csv",
            item_code=item,
            provider=provider,
            actor="platform",
            channel="cli",
            at=at,
        )
        if receipt.records < len(codes):
            raise SystemExit(f"only {receipt.records} of the bench's records were accepted")
    querier = next(person for person in people if person.username == "scjgj.querier")
    powers = accounts.asker_by_username(querier.username).powers
    day = clock.day_of(at, pack.zone)
    matter = next(
        m.code for m in lookup.matters(pack, day) if m.statute == "none" and m.powers & powers and "CF" in m.items
    )
    return codes, matter, querier.username, querier.password


def code_of(number: int) -> str:
    """A credit code with valid check characters in a division that does not exist."""
    body = f"91620798{_with_check(f'MB{number:06d}')}"
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    total = sum(alphabet.index(c) * pow(3, i, 31) for i, c in enumerate(body))
    return body + alphabet[(31 - total % 31) % 31]


def _with_check(body: str) -> str:
    """An organisation code: eight characters and the check character of GB 11714."""
    values = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    rest = 11 - sum(values.index(c) * w for c, w in zip(body, (3, 7, 9, 10, 5, 8, 4, 2), strict=True)) % 11
    return body + {10: "X", 11: "0"}.get(rest, str(rest))


def penalties(codes: list[str], authority: str, authority_code: str) -> str:
    """A penalty for each organisation, in the national format."""
    head = (
        "CF_XDR_MC,CF_XDR_LB,CF_XDR_SHXYM,CF_FRDB,CF_WSH,CF_WFXW,CF_SY,CF_YJ,CF_CFLB,CF_NR,CF_NR_FK,CF_JDRQ,CF_YXQ,"
        "CF_CFJG,CF_CFJGDM,CF_SJLY,CF_SJLYDM"
    )
    rows = [
        f"衡川市测速第{n}号有限公司,法人及非法人组织,{code},岳测速,衡测罚〔2026〕{n}号,未明码标价,检查发现部分商品没有标明价格。,"
        f"《中华人民共和国价格法》,罚款,罚款2000元。,0.2,2026/09/1{n % 10},2099/12/31,{authority},{authority_code},"
        f"{authority},{authority_code}"
        for n, code in enumerate(codes)
    ]
    return "\n".join([head, *rows]) + "\n"


def _sign_in(base: str, username: str, password: str) -> tuple[str, str]:
    """The cookies of a signed-in querier and the CSRF token of its form."""
    from xinheng.demo.visitor import Visitor

    visitor = Visitor(base)
    wait_for(base + "/healthz")
    page = visitor.post("/sign-in", {"username": username, "password": password})
    if page.status != 200:
        raise SystemExit(f"the bench could not sign in: {page.status}")
    form = visitor.get("/desk/query").source
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)
    if token is None:
        raise SystemExit("the query form has no token")
    return "; ".join(f"{c.name}={c.value}" for c in visitor.jar), token[1]


def program(name: str) -> str:
    """A program of the machine, or a clear end: the bench never runs without its floor."""
    found = shutil.which(name)
    if found is None:
        raise SystemExit(f"{name} is missing: install it (Debian package {name}) and run the bench again")
    return found


def fetch(url: str) -> bytes:
    """The answer of a visitor without cookies."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(url, timeout=10) as answer:
        body: bytes = answer.read()
    return body


def wait_for(url: str) -> None:
    """Wait until a server answers, at most 30 seconds."""
    for _ in range(300):
        try:
            fetch(url)
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit(f"nothing answers at {url}")


@dataclass(frozen=True, slots=True)
class Measured:
    """Requests a second, how many were answered, and the 99th percentile in milliseconds."""

    rate: float
    answers: int
    slow: float


def wrk(world: World, *, script: str, path: str, seconds: int, connections: int) -> Measured:
    """Load the server for a while; any answer that is no success ends the bench."""
    file = world.folder / "load.lua"
    file.write_text(script)
    out = subprocess.run(
        [
            program("wrk"),
            "-t2",
            f"-c{connections}",
            f"-d{seconds}s",
            "--timeout",
            "10s",
            "--latency",
            "-s",
            str(file),
            world.base + path,
        ],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    if "Non-2xx" in out or "Socket errors" in out:
        raise SystemExit(f"the server did not answer everything:\n{out}")
    rate = re.search(r"Requests/sec:\s+([\d.]+)", out)
    count = re.search(r"(\d+) requests in", out)
    slow = re.search(r"99%\s+([\d.]+)(us|ms|s)", out)
    assert rate and count and slow
    return Measured(float(rate[1]), int(count[1]), float(slow[1]) * {"us": 0.001, "ms": 1, "s": 1000}[slow[2]])
