"""The query of the command line: a list of identifiers in, an answer a line out, each already in the ledger.

And the lines of the log of queries, which can be read out of the ledger anew.
"""

from __future__ import annotations

import getpass
import io
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from xinheng.disclosure import services


@click.command()
@click.option("--as", "username", required=True, metavar="USER", help="以哪个账号查。 Account that asks.")
@click.option("--matter", required=True, metavar="CODE", help="事项代码。 Code of the matter.")
@click.option("--case", "case_number", required=True, metavar="NO", help="案件或项目编号。 Case number.")
@click.option(
    "--statute", default=None, help="依据的法律、法规或国家规定。 Statute cited, where the matter asks for it."
)
@click.option("--file", "path", required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="每行一个JSON对象。 JSON Lines.")
def query(*, username: str, matter: str, case_number: str, statute: str | None, path: Path, as_json: bool) -> None:
    """为一件公事查询名单上的主体；每个主体一条台账。 Official query for the parties of a case.

    用本命令即声明所列个人都是本案当事人，台账记“parties: stated”。
    Whoever runs this states that the persons listed are parties of the case; the ledger says so.
    """
    from xinheng.accounts.rules import Role
    from xinheng.accounts.selectors import account_asker, account_by_username
    from xinheng.disclosure import services
    from xinheng.disclosure.rules import Channel, Ground
    from xinheng.lib import clock
    from xinheng.lib.errors import NotAllowed
    from xinheng.ui import city
    from xinheng.ui.wording import plain

    account = account_by_username(username)
    facts = account_asker(account)
    if Role.QUERIER not in facts.roles:
        raise NotAllowed("role_needed", username=username)
    claimed = f"{getpass.getuser()}:{username}"
    asker, officer = services.asking(facts, account.organisation, claimed_by=claimed)
    identifiers, faults = read_identifiers(path.read_bytes())
    answers = services.official_query(
        asker=asker,
        officer=officer,
        ground=Ground(Channel.OFFICIAL, matter, case_number, None, statute),
        identifiers=identifiers,
        channel_name="cli",
        at=clock.now(),
        pack=city.pack(),
    )
    for answer in answers:
        click.echo(json.dumps(answer.as_dict(), ensure_ascii=False) if as_json else _sentence(answer))
    for row, reason in faults:
        line = {"input_row": row, "result": "unreadable", "records": [], "reason": reason, "article": ""}
        click.echo(json.dumps(line) if as_json else f"第{row}行　没有查：{plain(reason, {})}")
    counts = {result: sum(a.result == result for a in answers) for result in ("granted", "empty", "refused")}
    summary = {"rows": len(answers) + len(faults), **counts, **({"unreadable": len(faults)} if faults else {})}
    click.echo(json.dumps({"summary": summary}, ensure_ascii=False) if as_json else _total(summary))
    sys.stdout.flush()


@click.group()
def log() -> None:
    """查询日志的检索表。 The lines of the log of queries."""


@log.command(name="rebuild")
def rebuild_log() -> None:
    """从台账重建查询日志的检索表；没有封账的条目下次再读。 Read the lines out of the ledger anew."""
    from xinheng.disclosure import services
    from xinheng.lib import clock
    from xinheng.ui import city

    lines = services.rebuild(pack=city.pack(), at=clock.now())
    click.echo(json.dumps({"summary": {"lines": lines, "behind": services.behind()}}))


def read_identifiers(data: bytes) -> tuple[list[services.Identifier], tuple[tuple[int, str], ...]]:
    """The identifiers of an ``IDS.csv`` (or a workbook): header ``identifier,kind,name``, one subject a line; and the
    rows that can't be read, with the code of why.

    ``row`` counts records of the file with the header, so the first subject stands in row 2. Raises BadInput when the
    file is no such list.
    """
    from xinheng.disclosure.reading import read_list
    from xinheng.disclosure.services import Identifier

    listed = read_list(io.BytesIO(data))
    found = [Identifier(one.row, one.kind, one.identifier, one.name, role=one.role) for one in listed.rows]
    return found, listed.faults


def _sentence(answer: services.QueryAnswer) -> str:
    """One answer in words, for people at a terminal."""
    from xinheng.ui.wording import plain

    row, entry = f"第{answer.input_row}行", f"台账条目{answer.entry}"
    if answer.result == "granted":
        lines = [f"{row}　{answer.subject_name}　{len(answer.records)}条　{entry}"]
        for record in answer.records:
            marks = "".join(f"【{mark}】" for mark in record.marks)
            lines.append(f"  {record.item_label.zh}{marks}")
            lines += [f"    {shown.label.zh}：{shown.value}" for shown in record.visible]
            kept = [f"{shown.label.zh}（{plain(shown.reason, {})}，{shown.article}）" for shown in record.withheld]
            lines += [f"    不显示：{'、'.join(kept)}"] if kept else []
        return "\n".join(lines)
    said = "查询期内无相关信息" if answer.result == "empty" else f"拒绝：{plain(answer.reason, {})}"
    if answer.result == "empty" and answer.reason:
        said += f"（{plain(answer.reason, {})}）"
    return f"{row}　{said}" + (f"（{answer.article}）" if answer.article else "") + f"　{entry}"


def _total(summary: dict[str, int]) -> str:
    return f"共{summary['rows']}个：有信息{summary['granted']}，无信息{summary['empty']}，拒绝{summary['refused']}"
