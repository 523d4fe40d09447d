"""The public search by name among half a million organisations, against its bare indexed reads."""

from __future__ import annotations

import os
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import psycopg
from psycopg import sql

from bench.line import Line
from bench.peers.told import tell
from bench.process import measured
from bench.world import LAW, code_of

ORGANISATIONS = 500_000
PUBLIC = 0.4  # of them have a record that is public today
RENAMED = 0.05
CEILING = 50.0  # milliseconds, for 95 of 100 questions
ASKED = 40  # questions of each kind in a run
DAY = date(2026, 11, 20)
_BRAND = "云衡澄石甘泉瑞丰鼎盛恒信达昌和顺兴隆祥茂源泰华宇博远新锐腾飞蓝天绿野金禾玉关雪峰丹霞弱水胭脂长河落日"
_TRADES = (
    *("食品", "建筑工程", "农业科技", "商贸", "物流运输", "餐饮管理", "电子商务", "装饰装修", "园林绿化", "汽车维修"),
    *("机械制造", "文化传媒", "教育咨询", "医药", "建材", "种植养殖", "矿业", "能源开发", "信息技术", "五金机电"),
)
_ENDS = (
    *("有限公司", "有限公司", "有限公司", "有限公司", "有限责任公司", "专业合作社", "厂"),
    *("商行", "经营部", "店"),
)
_PLACES = ("衡川市", "弱水区", "丹霞县", "雪峰县", "胭脂县", "")


def line(*, runs: int) -> Line:
    """Searches a second, one after the other, and how long the slowest of twenty took; in a process of its own."""
    count = int(os.environ.get("XINHENG_BENCH_ORGANISATIONS", str(ORGANISATIONS)))
    told = measured("bench.search", str(count), str(runs)).more
    worst = statistics.median(told["slow"])
    kinds = ", ".join(f"{kind} {time:.0f}" for kind, time in told["kinds"].items())
    return Line(
        name="public search",
        unit="searches/s",
        ours=told["ours"],
        floor=told["floor"],
        floor_is="one bare read by the same index, no ranking, nothing looked up about what it finds",
        broken=(f"p95 {worst:.0f} ms, more than {CEILING:.0f}",) if worst > CEILING else (),
        note=f"{count:,} organisations, {PUBLIC:.0%} with something public; {told['questions']} questions of "
        f"{len(told['kinds'])} kinds, one after another; p95 {worst:.0f} ms (must be ≤ {CEILING:.0f}), as a page "
        f"{told['page']:.0f} ms; p95 by kind: {kinds}",
    )


def main(count: str, runs: str, out: str) -> None:
    """Measure among ``count`` organisations, ours and the floor in turn."""
    began = time.perf_counter()
    with city(int(count)) as names:
        asked = questions(names, random.Random(20261120))
        every = [text for texts in asked.values() for text in texts]
        for text in every[::7]:
            _search(text)
        ours, floor, slow = [], [], []
        took: dict[str, list[float]] = {kind: [] for kind in asked}
        for _ in range(int(runs)):
            times = {kind: [_timed(_search, text) for text in texts] for kind, texts in asked.items()}
            for kind, some in times.items():
                took[kind] += some
            flat = [one for some in times.values() for one in some]
            bare = [_timed(_bare, text) for text in every]
            ours.append(1000 * len(flat) / sum(flat))
            floor.append(1000 * len(bare) / sum(bare))
            slow.append(_high(flat))
        page = _high([_timed(_page, text) for text in every])
    tell(
        out,
        rows=len(every),
        seconds=time.perf_counter() - began,
        ours=ours,
        floor=floor,
        slow=slow,
        page=page,
        questions=len(every),
        kinds={kind: _high(some) for kind, some in took.items()},
    )


def questions(names: Sequence[str], chance: random.Random) -> dict[str, list[str]]:
    """What visitors ask, by kind."""
    from xinheng.subjects.services import latin

    def some(make: Callable[[str], str]) -> list[str]:
        return [make(name) for name in chance.sample(names, ASKED)]

    def part(length: int) -> Callable[[str], str]:
        def cut(name: str) -> str:
            at = chance.randrange(max(1, len(name) - length))
            return name[at : at + length]

        return cut

    def misspelt(name: str) -> str:
        at = chance.randrange(3, len(name) - 2)
        return name[:at] + chance.choice("宏图伟业") + name[at + 1 :]

    return {
        "2 characters": some(part(2)),
        "3 characters": some(part(3)),
        "4 characters": some(part(4)),
        "whole name": some(lambda name: name),
        "common word": [chance.choice(["有限公司", "公司", "商贸有限公司", "衡川市", "合作社"]) for _ in range(ASKED)],
        "pinyin": some(lambda name: latin(name).partition(" ")[0][:14]),
        "first letters": some(lambda name: latin(name).partition(" ")[2][:6]),
        "former name": some(lambda name: "旧名" + name[:6]),
        "misspelt": some(misspelt),
        "unknown": [chance.choice(["欧阳不存", "诸葛无名氏", "zzzxxq", "司马空空如也"]) for _ in range(ASKED)],
    }


def _timed(act: Callable[[str], object], text: str) -> float:
    """Milliseconds."""
    began = time.perf_counter()
    act(text)
    return 1000 * (time.perf_counter() - began)


def _high(times: Sequence[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


def _search(text: str) -> object:
    from django.conf import settings

    from xinheng.disclosure import services
    from xinheng.law.loader import load
    from xinheng.lib import clock

    pack = load(settings.XINHENG_LAW, root=settings.XINHENG_LAWPACKS)
    return services.public_search(text=text, at=clock.now(), pack=pack)


def _page(text: str) -> object:
    from django.test import Client

    answer = Client().get("/search", {"q": text})
    if answer.status_code not in (200, 302):
        raise SystemExit(f"the search page answered {answer.status_code}")
    return answer


def _bare(text: str) -> object:
    from django.db import connection

    from xinheng.subjects.rules import pairs, plain

    whole = plain(text)
    by = ("latin LIKE %s", f"%{whole}%") if whole.isascii() else ("pairs @> %s::varchar[]", pairs(whole))
    statement = connection.ops.compose_sql(
        f"SELECT subject_id, name FROM subject_spelling WHERE {by[0]} LIMIT 20", [by[1]]
    )
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()


@contextmanager
def city(count: int) -> Iterator[list[str]]:
    """A database of its own with so many organisations, written by COPY; their names. Gone afterwards."""
    from xinheng.machine import database

    os.environ["XINHENG_MODE"] = "demo"
    os.environ["XINHENG_LAW"] = LAW
    os.environ["XINHENG_TODAY"] = DAY.isoformat()
    urls = database.scratch("search")
    os.environ["XINHENG_DATABASE_URL"], os.environ["XINHENG_OWNER_DATABASE_URL"] = urls.app, urls.owner
    try:
        from xinheng.serving import collect_static
        from xinheng.start import prepare

        prepare(LAW)
        collect_static()
        names = _filled(urls.owner, count)
        yield names
    finally:
        from django.db import connections

        connections.close_all()
        database.drop(urls)


def _filled(owner: str, count: int) -> list[str]:
    """Organisations, their spellings and a record for some of them, straight into the tables."""
    from django.conf import settings

    from xinheng.accounts.selectors import organisation_by_code
    from xinheng.accounts.services import load_demo_accounts
    from xinheng.catalog.selectors import item_version_id
    from xinheng.law.loader import load
    from xinheng.ledger.selectors import law_version
    from xinheng.lib import clock

    pack = load(settings.XINHENG_LAW, root=settings.XINHENG_LAWPACKS)
    load_demo_accounts(pack=pack, at=clock.now())
    law, item = law_version(pack.label).id, item_version_id(code="CF", on=DAY)
    provider = organisation_by_code("scjgj").id
    chance = random.Random(7)
    names = [_name(number, chance) for number in range(count)]
    with psycopg.connect(owner) as conn:
        indexes = conn.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'subject_spelling' AND indexdef !~ 'UNIQUE'"
        ).fetchall()
        for index, _ in indexes:  # built at once afterwards: the content is the same
            conn.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(index)))
        _copy(
            conn,
            "subject (id, kind, name, code, name_key, tag, frozen, law_version_id, created_at)",
            (
                (n, _kind(name), name, code_of(n), "", b"0" * 16, False, law, "2026-01-01")
                for n, name in enumerate(names)
            ),
        )
        _copy(
            conn,
            "subject_spelling (subject_id, id, subject_kind, present, name, plain, pairs, latin)",
            _spellings(names, chance),
        )
        _copy(conn, f"record ({', '.join(_RECORD)})", _records(names, chance, law=law, item=item, provider=provider))
        for _, definition in indexes:
            conn.execute(definition)
    with psycopg.connect(owner, autocommit=True) as conn:
        conn.execute("VACUUM ANALYZE")
    return names


def _name(number: int, chance: random.Random) -> str:
    brand = "".join(chance.sample(_BRAND, 3 if number % 3 else 2))
    return f"{chance.choice(_PLACES)}{brand}{chance.choice(_TRADES)}{chance.choice(_ENDS)}"


def _kind(name: str) -> str:
    return "individual_business" if name.endswith(("商行", "经营部", "店")) else "legal_person"


def _spellings(names: Sequence[str], chance: random.Random) -> Iterator[tuple[Any, ...]]:
    from xinheng.subjects.rules import pairs, plain
    from xinheng.subjects.services import latin

    for n, name in enumerate(names):
        said = plain(name)
        yield n, 2 * n + 1, _kind(name), True, name, said, pairs(said), latin(name)
        if chance.random() < RENAMED:
            old = "旧名" + name
            yield n, 2 * n + 2, _kind(name), False, old, plain(old), pairs(plain(old)), latin(old)


_RECORD = (
    *("subject_id", "id", "subject_kind", "item_code", "item_version_id", "law_version_id", "provider_id", "batch_id"),
    *("row", "registered_at", "decided_on", "state", "publicity_from", "publicity_until", "use_until"),
    *("severity", "severity_suggested", "disputed", "as_minor", "person_statute", "cause", "content_id"),
    *("content_commit", "version_n"),
)


def _records(names: Sequence[str], chance: random.Random, **ids: int) -> Iterator[tuple[Any, ...]]:
    for n, name in enumerate(names):
        decided = DAY - timedelta(days=chance.randrange(1, 700))
        public = chance.random() < PUBLIC
        until = DAY + timedelta(days=chance.randrange(1, 300)) if public else decided + timedelta(days=1)
        yield (
            *(
                n,
                n + 1,
                _kind(name),
                "CF",
                ids["item"],
                ids["law"],
                ids["provider"],
                1,
                n,
                "2026-01-01",
                decided,
                "active",
            ),
            *(decided, until, None, "general", True, False, False, "", "", n + 1, b"0" * 32, 1),
        )


def _copy(conn: psycopg.Connection[Any], into: str, rows: Iterator[tuple[Any, ...]]) -> None:
    with conn.cursor().copy(f"COPY {into} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


if __name__ == "__main__":
    main(*sys.argv[1:])
