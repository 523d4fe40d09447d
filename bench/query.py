"""The official query with its durable ledger entry, through the real door, against the same statements alone."""

from __future__ import annotations

import itertools
import json
import os
import re
import statistics
import subprocess
from urllib.parse import urlencode

import psycopg

from bench.line import Line, in_turn
from bench.statements import KEY, Script, Statement, captured, script
from bench.world import World, wrk

JSON = "application/json"
CONNECTIONS = 32
CEILING = 100.0  # milliseconds, for 99 of 100 answers
TOGETHER = 100  # organisations in one question of a list
CASE = "测速〔2026〕1号"
_runs = itertools.count(1)


def line(world: World, *, runs: int, seconds: int) -> Line:
    """Answers a second with their entries committed, and transactions a second of the floor."""
    floor = script(one_request(world), subjects=len(world.codes))
    number_subjects(world)
    slow: list[float] = []

    def ours() -> float:
        before = _entries(world)
        measured = wrk(world, script=load(world, JSON), path="/desk/query", seconds=seconds, connections=CONNECTIONS)
        if _entries(world) - before < measured.answers:
            raise SystemExit("there are answers without a ledger entry: nothing is measured")
        slow.append(measured.slow)
        return measured.rate

    rates, floors = in_turn(ours, lambda: pgbench(world, floor, seconds=seconds), runs=runs)
    page = wrk(world, script=load(world, "text/html"), path="/desk/query", seconds=seconds, connections=CONNECTIONS)
    worst = statistics.median(slow[1:])
    sent = len(floor.text.splitlines()) - len(re.findall(r"^\\", floor.text, re.M))
    return Line(
        name="official query",
        unit="answers/s",
        ours=rates,
        floor=floors,
        floor_is=f"pgbench, the same {sent} statements of the request, prepared, {CONNECTIONS} clients",
        reach=0.35,
        aim=0.5,
        broken=(f"p99 {worst:.0f} ms, more than {CEILING:.0f}",) if worst > CEILING else (),
        note=f"{CONNECTIONS} connections, {len(world.codes):,} organisations, fsync on; p99 {worst:.0f} ms (must be "
        f"≤ {CEILING:.0f}); the same as a page {page.rate:,.0f}/s, p99 {page.slow:.0f} ms",
    )


def load(world: World, accept: str) -> str:
    """The Lua of wrk: the signed-in officer asks about one organisation after another."""
    machine = accept == JSON
    asked = {"matter": world.matter, "case_number": CASE}
    fixed = (
        json.dumps({**asked, "who": "CODE"}) if machine else urlencode({**asked, "csrfmiddlewaretoken": world.token})
    )
    before, _, after = (fixed if machine else f"{fixed}&who=CODE").partition("CODE")
    kind = accept if machine else "application/x-www-form-urlencoded"
    secret = dict(cookie.split("=", 1) for cookie in world.cookies.split("; "))["xinheng_csrf"]
    codes = ", ".join(f'"{code}"' for code in world.codes)
    return f"""
local codes = {{ {codes} }}
local threads = 0
function setup(thread) threads = threads + 1; thread:set("number", threads) end
function init(args) math.randomseed(os.time() * 7 + number) end
function request()
  local headers = {{ ["Content-Type"] = "{kind}", ["Accept"] = "{accept}", ["Cookie"] = "{world.cookies}",
                     ["X-CSRFToken"] = "{secret}" }}
  return wrk.format("POST", nil, headers, [==[{before}]==] .. codes[math.random(#codes)] .. [==[{after}]==])
end
"""


def one_request(world: World) -> list[Statement]:
    """The statements of one official query, taken from the second of two, when everything that is kept is warm."""
    from django.test import Client

    client = Client()
    for cookie in world.cookies.split("; "):
        name, _, value = cookie.partition("=")
        client.cookies[name] = value
    body = {"matter": world.matter, "case_number": CASE}
    with captured() as found:
        for code in world.codes[:2]:
            found.clear()
            answer = client.post("/desk/query", {**body, "who": code}, headers={"accept": JSON})
            if answer.status_code != 200:
                raise SystemExit(f"the bench's own query was answered {answer.status_code}")
    return list(found)


def number_subjects(world: World) -> None:
    """Let the floor find each organisation by a number: more rows in the table of keys, no other table, no join.

    Each is asked about once before, so that each has a head in the ledger, for the platform and for the floor.
    """
    from django.conf import settings

    from xinheng.accounts.selectors import asker_by_username
    from xinheng.disclosure import services
    from xinheng.disclosure.rules import Channel, Ground
    from xinheng.law.loader import load as load_pack
    from xinheng.lib import clock

    pack = load_pack(settings.XINHENG_LAW, root=settings.XINHENG_LAWPACKS)
    asker, officer = services.officer_of(asker_by_username(world.username).account_id)
    for start in range(0, len(world.codes), TOGETHER):
        services.official_query(
            asker=asker,
            officer=officer,
            ground=Ground(Channel.OFFICIAL, world.matter, CASE, None, None),
            identifiers=[
                services.Identifier(n, "uscc", code) for n, code in enumerate(world.codes[start : start + TOGETHER])
            ],
            channel_name="cli",
            at=clock.now(),
            pack=pack,
        )
    with psycopg.connect(world.owner_url, autocommit=True) as owner:
        owner.execute(
            "INSERT INTO subject_key (key, subject_id)"
            " SELECT %s || split_part(k.key, ':', 1) || '.' || (c.place - 1), k.subject_id"
            " FROM unnest(%s::text[]) WITH ORDINALITY AS c (code, place)"
            " JOIN subject s ON s.code = c.code JOIN subject_key k ON k.subject_id = s.id",
            [KEY, list(world.codes)],
        )
        owner.execute("VACUUM ANALYZE")


def pgbench(
    world: World, floor: Script, *, seconds: int = 0, transactions: int = 0, clients: int = CONNECTIONS
) -> float:
    """Transactions a second of the floor's script."""
    from xinheng.machine.database import default_server, django

    place = django(world.app_url)
    server = {"HOST": "PGHOST", "PORT": "PGPORT", "USER": "PGUSER", "PASSWORD": "PGPASSWORD", "NAME": "PGDATABASE"}
    run = next(_runs)
    done = subprocess.run(
        [
            str(default_server().program("pgbench")),
            *("-n", "-M", "prepared", "-c", str(clients), "-j", str(min(clients, 2))),
            *(("-T", str(seconds)) if seconds else ("-t", str(transactions))),
            f"-Dfirst={run * 10**9 + 10**12}",
            *floor.arguments(world.folder),
        ],
        env={
            **os.environ,
            **{name: place[key] for key, name in server.items()},
            "PGOPTIONS": "-c synchronous_commit=on",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    rate = re.search(r"tps = ([\d.]+)", done.stdout)
    failed = re.search(r"number of failed transactions: (\d+)", done.stdout)
    if done.returncode or rate is None or (failed and int(failed[1])):
        raise SystemExit(f"the floor did not run:\n{done.stdout}{done.stderr[-2000:]}")
    return float(rate[1])


def _entries(world: World) -> int:
    with psycopg.connect(world.app_url) as conn:
        row = conn.execute("SELECT count(*) FROM ledger_entry").fetchone()
    return row[0] if row else 0
