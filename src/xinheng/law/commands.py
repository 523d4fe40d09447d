"""The command line of the law: check a pack, attach a text, count days and deadlines, show conformance.

These commands never touch a database. Errors are one sentence, or one JSON line with ``--json``; exit 1.
"""

from __future__ import annotations

import csv
import functools
import json
import sys
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from xinheng.lib.errors import BadInput, XinhengError

if TYPE_CHECKING:
    from xinheng.law.announcing import Change
    from xinheng.law.errors import Finding
    from xinheng.law.notices import Notice
    from xinheng.law.pack import Pack

USED = Path("docs/reference/law-used.json")
RESULTS = Path("docs/reference/conformance.json")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def law() -> None:
    """法规：检查法规包、附上全文、计算工作日和期限、查看逐条落实。 The law as data."""


def _command(name: str) -> Callable[[Callable[..., None]], click.Command]:
    """Make a command of the group with ``--law`` and ``--json``, whose errors are said in its own form."""

    def wrap(function: Callable[..., None]) -> click.Command:
        @functools.wraps(function)
        def guarded(as_json: bool, **params: Any) -> None:
            try:
                function(as_json=as_json, **params)
            except XinhengError as error:
                _fail(error, as_json or name == "deadline")
                if name == "deadline" and not as_json:
                    _say_sentence(error)
                sys.exit(1)

        command = law.command(name)(guarded)
        command.params.append(
            click.Option(["--law", "law_name"], metavar="L", help="法规包的代号或文件夹。 Law pack id or folder.")
        )
        command.params.append(click.Option(["--json", "as_json"], is_flag=True, help="每行一个JSON对象。"))
        return command

    return wrap


@_command("check")
@click.argument("path", required=False)
@click.option("--used", is_flag=True, help="列出没有代码读取的值。 Name the values no code reads.")
def check_pack(path: str | None, used: bool, law_name: str | None, as_json: bool) -> None:
    """检查一个法规包，逐处说出毛病。 Check a pack: FILE:LINE:COLUMN CODE sentence."""
    from xinheng.law.loader import check, load

    chosen, root = path or law_name or _default(), _root()
    findings = list(check(chosen, root=root))
    if used and not findings:
        findings = _unread(chosen, root)
    for finding in findings:
        _put(_as_dict(finding) if as_json else str(finding))
    label = load(chosen, root=root).label if not findings else chosen
    if as_json:
        _put({"summary": {"pack": label, "findings": len(findings)}})
    elif not findings:
        _put(f"{label} 没有发现问题")
    if findings:
        sys.exit(1)


@_command("text")
@click.argument("file", type=click.Path(path_type=Path))
def attach_text(file: Path, law_name: str | None, as_json: bool) -> None:
    """附上法规全文：按条拆分，核对无缺条，存在平台文件夹里。 Attach the official text."""
    from xinheng.law import texts
    from xinheng.machine.home import home

    pack = _pack(law_name)
    found, faults = texts.attach(file, pack, home=home())
    for finding in (*faults, *found.remarks):
        _put(_as_dict(finding) if as_json else str(finding))
    summary = {"law": pack.edition, "articles": len(found.articles), "stored": not faults}
    if as_json:
        _put({"summary": summary})
    elif faults:
        _put(f"{pack.edition}：拆出{len(found.articles)}条，与条文表不符，没有保存")
    else:
        _put(f"{pack.edition}：{len(found.articles)}条齐全，已保存")
    if faults:
        sys.exit(1)


@_command("workdays")
@click.option("--from", "from_", required=True, metavar="D", help="起始日，如2026-02-01。")
@click.option("--to", required=True, metavar="D", help="终止日，包含在内。 Inclusive.")
def list_workdays(from_: str, to: str, law_name: str | None, as_json: bool) -> None:
    """逐日列出是否工作日（CSV，--json每日一个对象）。 Working days, one line a day."""
    from xinheng.law import calendar

    days = list(calendar.workdays(_pack(law_name), _day(from_), _day(to)))
    if as_json:
        for day in days:
            kind = {"kind": day.kind.value, "provisional": day.provisional}
            _put({"date": day.date.isoformat(), "is_workday": day.is_workday, **kind})
        _put({"summary": {"days": len(days), "workdays": sum(day.is_workday for day in days)}})
        return
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(["date", "is_workday", "kind", "provisional"])
    out.writerows([d.date.isoformat(), int(d.is_workday), d.kind.value, int(d.provisional)] for d in days)


@_command("deadline")
@click.argument("name")
@click.option("--received", required=True, metavar="TIMESTAMP", help="收到的时间，如2026-02-28T23:59:00+08:00。")
@click.option("--explain", is_flag=True, help="逐日说明为什么是这一天。 Say why, day by day.")
def count_deadline(name: str, received: str, explain: bool, law_name: str | None, as_json: bool) -> None:
    """计算期限：到期日、数过的工作日、依据的条文。 Count a deadline."""
    from xinheng.law import deadlines, explaining

    pack = _pack(law_name)
    why = explaining.explain(pack, name, deadlines.receipt(pack, received))
    if explain and not as_json:
        for line in explaining.sentences(why):
            _put(line)
        return
    found = why.due
    _put(
        {
            "due": found.due.isoformat(),
            "provisional": found.provisional,
            "counted": [day.isoformat() for day in found.counted],
            "article": found.article,
            "law": found.law,
        }
        | ({"explanation": explaining.as_data(why)} if explain else {})
    )


@_command("notice")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--year", required=True, type=click.IntRange(2008, 2199), help="通知所安排的年份。 The year it arranges.")
@click.option(
    "--source", required=True, metavar="N", help="发文字号，如国办发明电〔2026〕7号。 Number of the document."
)
@click.option("--dry-run", is_flag=True, help="只核对，不写。 Check only, write nothing.")
@click.option("--replace", is_flag=True, help="更正已公布的年份。 Replace a year already announced.")
@click.option(
    "--unbalanced", is_flag=True, help="调休天数与放假天数确实对不上。 The make-up days really do not balance."
)
def import_notice(
    *,
    file: Path,
    year: int,
    source: str,
    dry_run: bool,
    replace: bool,
    unbalanced: bool,
    law_name: str | None,
    as_json: bool,
) -> None:
    """读入国务院办公厅的放假通知，写成那一年的日历。 Read the yearly holiday notice into the calendar."""
    from xinheng.law import announcing, notices

    chosen, root = law_name or _default(), _root()
    notice, findings = notices.read(announcing.read_text(file), year, file=str(file))
    if notice is None:
        _refuse_notice(findings, as_json)
        return
    named = announcing.source_of(source, notice)
    if notice.balance and not unbalanced:
        raise BadInput("notice_unbalanced", difference=f"{notice.balance:+d}")
    try:
        plan = announcing.plan(notice, source=named, law=chosen, root=root, replace=replace)
    except announcing.Contradiction as error:
        _say_changes(error.plan.contradicts, as_json)
        raise
    _say_changes(plan.changes, as_json)
    if plan.files and (findings := announcing.faults(plan, law=chosen, root=root)):
        _refuse_notice(findings, as_json)
    if not dry_run:
        announcing.write(plan)
    _say_written(notice, [str(path) for path in sorted(plan.files)], dry_run, as_json)


def _refuse_notice(findings: Iterable[Finding], as_json: bool) -> None:
    """Say what stands against the notice, that nothing was written, and end."""
    found = list(findings)
    for finding in found:
        _put(_as_dict(finding) if as_json else str(finding))
    _put({"summary": {"findings": len(found), "written": []}} if as_json else f"有{len(found)}处问题，没有写入任何文件")
    sys.exit(1)


def _say_changes(changes: Iterable[Change], as_json: bool) -> None:
    """One line for each day that becomes another one."""
    from xinheng.law.explaining import WEEKDAYS

    for one in changes:
        before, after = (special.kind if special else "plain" for special in (one.before, one.after))
        if as_json:
            _put({"day": one.day.isoformat(), "before": before, "after": after})
            continue
        special = one.after or one.before
        name = f"（{special.name.zh}）" if special and special.name else ""
        was = "" if before == "plain" else f"，原为{KINDS[before]}"
        _put(f"{one.day} {WEEKDAYS[one.day.weekday()]} {KINDS[after]}{name}{was}")


def _say_written(notice: Notice, files: list[str], dry_run: bool, as_json: bool) -> None:
    """Sum up: how many days, and which files were written (or would be)."""
    off = sum(one.kind == "holiday" for one in notice.days.values())
    if as_json:
        counts = {"year": notice.year, "days_off": off, "makeup": len(notice.days) - off}
        _put({"summary": {**counts, "findings": 0, "written": [] if dry_run else files, "dry_run": dry_run}})
        return
    said = f"{notice.year}年放假{off}天，调休上班{len(notice.days) - off}天"
    if not files:
        _put(f"{said}：与现有日历相同，没有改动")
    elif dry_run:
        _put(f"{said}：核对无误，没有写入（试运行）")
    else:
        _put(f"{said}：已写入{'、'.join(files)}。重新启动服务后，正在走的期限按新日历重算，每一处变动都留痕")


KINDS = {"holiday": "放假", "makeup": "上班（调休）", "plain": "照常"}


@_command("conformance")
def show_conformance(law_name: str | None, as_json: bool) -> None:
    """逐条落实：每条不变规则、每项功能、两部条例每一条。 What is done, and which tests prove it."""
    from xinheng.law import conformance
    from xinheng.machine.home import checkout

    if law_name is not None:
        _pack(law_name)
    counts = dict.fromkeys(conformance.State, 0)
    for line in conformance.lines(_root(), checkout() / RESULTS):
        counts[line.state] += 1
        note = {"zh": line.note.zh, "en": line.note.en}
        if as_json:
            _put({"id": line.id, "kind": line.kind, "state": line.state.value, "tests": line.tests, "note": note})
        else:
            _put(f"{line.id}\t{STATES[line.state.value]}\t{len(line.tests)}\t{line.note.zh}")
    if as_json:
        _put({"summary": {state.value: count for state, count in counts.items()}})


STATES = {"done": "已落实", "partly": "部分落实", "not_yet": "尚未落实"}


def _unread(chosen: str, root: Path) -> list[Finding]:
    """Give a finding for each value of the pack that the last test run saw no code read."""
    from xinheng.law import usage
    from xinheng.law.errors import Finding
    from xinheng.law.loader import layers, read
    from xinheng.machine.home import checkout

    path = checkout() / USED
    if not path.is_file():
        raise BadInput("used_file_missing", path=str(USED))
    seen = usage.read(path)
    _, faults, _ = read(layers.locate(chosen, root), root)
    return [
        Finding(file, line, column, "unused", f"没有代码读取“{key}”")
        for key, file, line, column in _first_of_each(faults.uses)
        if key not in seen
    ]


def _first_of_each(uses: Iterable[tuple[str, str, int, int]]) -> Iterable[tuple[str, str, int, int]]:
    """Keep the first place of each value in each file."""
    known: set[tuple[str, str]] = set()
    for key, file, line, column in uses:
        if (key, file) not in known:
            known.add((key, file))
            yield key, file, line, column


def _root() -> Path:
    from xinheng.machine.home import lawpacks

    return lawpacks()


def _default() -> str:
    from xinheng.machine.home import default_law

    return default_law()


def _pack(name: str | None) -> Pack:
    from xinheng.law.loader import load

    return load(name or _default(), root=_root())


def _day(text: str) -> date:
    """Read a day as "2026-02-28"."""
    try:
        if len(text) != 10:
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        raise BadInput("day_unreadable", text=text[:40]) from None


def _as_dict(finding: Finding) -> dict[str, object]:
    return {
        "file": finding.file,
        "line": finding.line,
        "column": finding.column,
        "code": finding.code,
        "message": finding.message,
    }


def _put(line: str | dict[str, Any]) -> None:
    """Print one line to standard output; a mapping as JSON."""
    click.echo(line if isinstance(line, str) else json.dumps(line, ensure_ascii=False, separators=(",", ":")))


def _fail(error: XinhengError, as_json: bool) -> None:
    """Say an error as one JSON line on standard output, or as a sentence on standard error."""
    if not as_json:
        _say_sentence(error)
        return
    body = {"code": error.code, "message": _sentence(error)}
    if error.article:
        body["article"] = error.article
    _put({"error": body})


def _say_sentence(error: XinhengError) -> None:
    article = f"（{error.article}）" if error.article else ""
    click.echo(f"错误：{_sentence(error)}{article}", err=True)


def _sentence(error: XinhengError) -> str:
    """Word an error; those of the room `machine` bring their own sentence."""
    from xinheng.law.words import sentence

    own = getattr(error, "zh", None)
    return own if isinstance(own, str) else sentence(error)
