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
    from xinheng.law.errors import Finding
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
def count_deadline(name: str, received: str, law_name: str | None, as_json: bool) -> None:
    """计算期限：到期日、数过的工作日、依据的条文。 Count a deadline."""
    from xinheng.law import deadlines

    pack = _pack(law_name)
    found = deadlines.due(pack, name, deadlines.receipt(pack, received))
    _put(
        {
            "due": found.due.isoformat(),
            "provisional": found.provisional,
            "counted": [day.isoformat() for day in found.counted],
            "article": found.article,
            "law": found.law,
        }
    )


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
