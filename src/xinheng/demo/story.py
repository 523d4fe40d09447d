"""The main story, step by step, against the real server of one law: `python -m xinheng.demo.story`.

Report, query granted, refused with the article, nothing found, own file, public page, ledger verified, and tampering by
the owner of the tables found on a clone. The process has been given a scratch database; see `xinheng.demo.check`.
"""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import click
import psycopg

from xinheng.demo.visitor import Page, Visitor
from xinheng.law.pack import Bilingual, Pack, Tree
from xinheng.machine import database

UNUSED = "91350100M000100Y43"  # the example of the national standard: nobody of a demo city has it
UNLISTED = "daily_patrol"  # a matter that no law lists
ARTICLE = re.compile(r"《[^》]*》第[一二三四五六七八九十百]+条")
DAMAGED = 2  # exit code of a verification that found damage


class Broken(Exception):
    """A step of the story that did not hold."""


@dataclass
class Told:
    """The cast of the story, and what earlier steps leave for later ones."""

    pack: Pack
    base: str
    password: str
    matter: str
    company: str
    company_name: str
    person: str
    person_name: str
    unknown: str
    notes: dict[str, str] = field(default_factory=dict)

    def visitor(self, username: str | None = None) -> Visitor:
        """A browser, signed in when a name is given."""
        visitor = Visitor(self.base)
        if username:
            page = visitor.post("/sign-in", {"username": username, "password": self.password})
            expect(page.status == 200 and "/sign-in" not in page.url, f"{username}不能登录", page)
        return visitor

    def ask(self, *, matter: str, who: str) -> Page:
        """An officer of market regulation asks within ``matter`` about ``who``."""
        fields = {"matter": matter, "case_number": "〔2026〕0041号", "who": who, "statute": ""}
        return self.visitor("scjgj.querier").post("/desk/query", fields)


def expect(holds: bool, otherwise: str, page: Page | None = None) -> None:
    """Go on, or end the story with the sentence and the beginning of the page."""
    if not holds:
        raise Broken(otherwise + (f"（{page.status}）{page.words[:400]}" if page else ""))


def found(pattern: str, page: Page, otherwise: str) -> re.Match[str]:
    """The place of ``pattern`` in the words of the page, or the end of the story."""
    match = re.search(pattern, page.words)
    if match is None:
        raise Broken(f"{otherwise}（{page.status}）{page.words[:400]}")
    return match


def report(told: Told) -> str:
    """A collector sends a file with faults; good rows are registered, bad ones come back with their reason."""
    files = told.pack.demo["files"]
    assert isinstance(files, tuple)
    entry = files[0]
    assert isinstance(entry, Mapping)
    name, item, provider = (str(entry[key]) for key in ("file", "item", "provider"))
    data = (told.pack.folder / "demo" / name).read_bytes()
    page = told.visitor(f"{provider}.collector").post("/desk/intake", {"item": item}, {"file": (name, data)})
    counts = found(r"(\d+)行已接收，(\d+)行等处理", page, "报送没有收下，或没有说清收下多少行")
    expect("sha256" in page.words and "报送回执" in page.words, "没有回执", page)
    expect(int(counts[1]) > 0 and int(counts[2]) > 0, "文件里的好行或错行没有认出来", page)
    return f"{counts[1]}行已接收，{counts[2]}行逐行说明原因，有回执"


def second_person(told: Told) -> str:
    """A row in doubt waits for somebody else than who sent it, who returns it with a reason."""
    collector = told.visitor("scjgj.collector").get("/desk/review")
    expect(collector.status == 403, "报送的人不能自己复核", collector)
    reviewer = told.visitor("scjgj.reviewer")
    row = re.search(r'name="row_id"[^>]*value="(\d+)"', reviewer.get("/desk/review").source)
    expect(row is not None, "没有等待复核的行")
    assert row
    decision = {"row_id": row[1], "outcome": "return", "reason": "没有统一社会信用代码，请补充后重报。"}
    page = reviewer.post("/desk/review", decision)
    expect(page.status == 200 and f'value="{row[1]}"' not in page.source, "复核没有办成", page)
    return "存疑的一行由另一人退回，写明理由"


def granted(told: Told) -> str:
    """An officer asks within a listed matter and sees the fields that it needs, after the ledger entry."""
    page = told.ask(matter=told.matter, who=told.company)
    expect(page.status == 200 and told.company_name in page.words, "准许的查询没有结果", page)
    expect("不向您显示" in page.words, "没有说明哪些字段不显示", page)
    told.notes["entry"] = found(r"台账条目\s*(\d+)", page, "没有回执")[1]
    return f"查到{told.company_name}，台账条目{told.notes['entry']}"


def refused(told: Told) -> str:
    """A matter that the law does not list is refused with the article, and nothing is shown."""
    page = told.ask(matter=UNLISTED, who=told.company)
    expect(page.status == 403 and told.company_name not in page.words, "应当拒绝的查询没有拒绝", page)
    article = found(ARTICLE.pattern, page, "拒绝时没有给出条文")[0]
    expect(bool(found(r"台账条目\s*(\d+)", page, "拒绝没有记入台账")), "拒绝没有记入台账", page)
    return f"事项不在法定范围，依据{article}"


def empty(told: Told) -> str:
    """Nothing on file is an answer of its own, with a receipt."""
    page = told.ask(matter=told.matter, who=told.unknown)
    expect(page.status == 200 and "查询期内无相关信息" in page.words, "没有信息时答得不对", page)
    expect("没有信息不等于评价" in page.words and "查询回执" in page.words, "空结果没有回执", page)
    return "查询期内无相关信息，也有回执"


def own_file(told: Told) -> str:
    """The enterprise sees what is on file, who looked and who was refused; nobody else does."""
    stranger = told.visitor().get("/my/file")
    expect("/sign-in" in stranger.url and told.company_name not in stranger.words, "没有登录也看到了档案", stranger)
    subject = told.visitor("qiye")
    file = subject.get("/my/file")
    expect(file.status == 200 and told.company_name in file.words, "看不到自己的档案", file)
    looks = subject.get("/my/looks")
    counts = found(r"机关查询(\d+)次（其中(\d+)次被拒绝）", looks, "看不到谁看过")
    expect(int(counts[1]) >= 2 and int(counts[2]) >= 1, "查询或被拒绝的查询没有全列出来", looks)
    expect("〔2026〕0041号" in looks.words, "没有写明案件编号", looks)
    copy = subject.get("/my/copy.json")
    expect(copy.status == 200 and bool(json.loads(copy.source)), "不能复制自己的信息", copy)
    return f"看到自己的信息，看到机关查询{counts[1]}次、其中{counts[2]}次被拒绝"


def public_page(told: Told) -> str:
    """Anyone sees what is public of an organisation; a person is not found whether or not there is a file."""
    visitor = told.visitor()
    page = visitor.get(f"/subjects/{told.company}")
    expect(page.status == 200 and told.company_name in page.words, "查不到单位的公开信息", page)
    known = visitor.post("/search", {"q": told.person_name})
    unknown = visitor.post("/search", {"q": "无此人氏"})
    expect(known.status == unknown.status == 200, "查个人时答得不一样", known)
    expect(
        known.words.replace(told.person_name, "") == unknown.words.replace("无此人氏", ""), "查个人时答得不一样", known
    )
    expect(told.person not in page.source and told.person not in known.source, "身份号码出现在公开页面", page)
    return f"{told.company_name}的公开信息人人可查，个人查不出有没有档案"


def verified(told: Told) -> str:
    """The ledger verifies, proves the query, and a stand-alone verifier agrees with the exported files."""
    code, out = command("ledger", "verify")
    expect(code == 0 and '"damage": 0' in out, f"台账核验没有通过：{out}")
    code, out = command("ledger", "checkpoint")
    expect(code == 0, f"不能封账：{out}")
    code, out = command("ledger", "prove", told.notes["entry"])
    expect(code == 0 and json.loads(out)["entry"] == told.notes["entry"], f"不能证明查询已入账：{out}")
    tool = Path(__file__).resolve().parents[3] / "tools" / "verify_ledger.py"
    with tempfile.TemporaryDirectory() as folder:
        code, out = command("ledger", "export", folder)
        expect(code == 0, f"不能导出台账：{out}")
        done = subprocess.run([sys.executable, "-I", str(tool), folder], capture_output=True, text=True, check=False)
        expect(done.returncode == 0, f"独立核验没有通过：{done.stdout}{done.stderr}")
    return "逐项核验通过，查询有包含证明，导出后用独立程序核验也通过"


# What an owner of the tables might do by night, and in which words it is told.
ATTACKS: tuple[tuple[str, str], ...] = (
    ("删掉一次查询的台账条目", "DELETE FROM ledger_entry WHERE id = {entry}"),
    ("改掉一条记录的内容", "UPDATE record_content SET body = replace(body, '罚款', '警告')"),
    ("把一条记录的公示提前结束", "UPDATE record_version SET publicity_until = publicity_until - 30"),
    ("删掉最后一张账页", "DELETE FROM ledger_checkpoint WHERE size = (SELECT max(size) FROM ledger_checkpoint)"),
)


def tampered(told: Told) -> str:
    """Each attack by the owner on a clone is found by the next verification."""
    source = database.Urls(app=os.environ["XINHENG_DATABASE_URL"], owner=os.environ["XINHENG_OWNER_DATABASE_URL"])
    for name, statement in ATTACKS:
        clone = database.clone(source, "check_clone")
        try:
            with psycopg.connect(clone.owner, autocommit=True) as owner:
                touched = owner.execute(statement.format(entry=int(told.notes["entry"])).encode()).rowcount
            expect(touched > 0, f"没有可改的行：{name}")
            settings = {"XINHENG_DATABASE_URL": clone.app, "XINHENG_OWNER_DATABASE_URL": clone.owner}
            code, out = command("ledger", "verify", extra=settings)
            expect(code == DAMAGED and '"damage"' in out, f"没有发现：{name}：{out}")
        finally:
            database.drop(clone)
    return "数据库所有者" + "、".join(name for name, _ in ATTACKS) + "，核验都发现了"


def command(*words: str, extra: Mapping[str, str] | None = None) -> tuple[int, str]:
    """Run ``xinheng`` with these words in this environment; exit code and output."""
    done = subprocess.run(
        [sys.executable, "-m", "xinheng", *words],
        capture_output=True,
        text=True,
        env={**os.environ, **(extra or {})},
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


STEPS: tuple[tuple[str, Callable[[Told], str]], ...] = (
    ("报送", report),
    ("复核", second_person),
    ("准许的查询", granted),
    ("拒绝的查询", refused),
    ("查不到", empty),
    ("本人", own_file),
    ("公众", public_page),
    ("核验台账", verified),
    ("篡改", tampered),
)


@contextmanager
def cast() -> Iterator[Told]:
    """The officers and subjects of the pack's demo in place, and the server running."""
    from xinheng.start import prepare

    prepare()
    from django.conf import settings
    from django.db import transaction

    from xinheng.accounts import selectors as accounts
    from xinheng.accounts.services import load_demo_accounts
    from xinheng.law import lookup
    from xinheng.law.loader import load
    from xinheng.lib import clock
    from xinheng.serving import collect_static, start_server, wait_until_up
    from xinheng.subjects.services import link_demo_subjects

    pack = load(settings.XINHENG_LAW, root=settings.XINHENG_LAWPACKS)
    at = clock.now()
    with transaction.atomic():
        people = load_demo_accounts(pack=pack, at=at)
        link_demo_subjects(pack=pack, at=at)
    powers = accounts.asker_by_username("scjgj.querier").powers
    matters = lookup.matters(pack, clock.day_of(at, pack.zone))
    matter = next(m.code for m in matters if m.statute == "none" and m.powers & powers and "CF" in m.items)
    company = next(person.subject for person in people if person.username == "qiye")
    names = {str(row["code"]): Bilingual.of(row["name"]).zh for row in _rows(pack, "enterprises")}
    person = next(iter(_rows(pack, "persons")))
    unknown = next((code for code in names if code not in _in_first_file(pack)), UNUSED)
    collect_static()
    port = _free_port()
    server = start_server(port=port)
    try:
        wait_until_up(f"http://127.0.0.1:{port}/", server.poll)
        yield Told(
            pack,
            f"http://127.0.0.1:{port}",
            people[0].password,
            matter,
            company,
            names[company],
            str(person["id_number"]),
            str(person["name"]),
            unknown,
        )
    finally:
        server.terminate()
        server.wait(timeout=10)


def _rows(pack: Pack, name: str) -> Iterator[Mapping[str, Tree]]:
    rows = pack.demo[name]
    assert isinstance(rows, tuple)
    return (row for row in rows if isinstance(row, Mapping))


def _in_first_file(pack: Pack) -> str:
    entry = next(_rows(pack, "files"))
    return (pack.folder / "demo" / str(entry["file"])).read_text(encoding=str(entry["encoding"]))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def play() -> int:
    """Play every step; the exit code."""
    with cast() as told:
        for name, step in STEPS:
            try:
                click.echo(f"  ✓ {name}：{step(told)}")
            except Broken as broken:
                click.echo(f"  ✗ {name}：{broken}")
                return 1
    return 0


if __name__ == "__main__":
    sys.exit(play())
