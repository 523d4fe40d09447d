"""The command ``codes``: which lines of a file are codes?

It reads no database and no law pack. Lines are split at ``\\n`` only, for values may hold other line separators; a
blank line gets an answer too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from functools import partial
from typing import IO

import click

from xinheng.lib.codes import CodeVerdict
from xinheng.lib.jsonline import json_line

_BLOCK = 1 << 22
_NAMES = {"uscc": "统一社会信用代码", "id": "身份证号码", "org": "组织机构代码", None: "未知"}
ZONE = "Asia/Shanghai"  # dates of birth are days of the country that issues the numbers


@click.group()
def codes() -> None:
    """代码：统一社会信用代码、身份证号码、组织机构代码。 Credit codes, identity numbers, organisation codes."""


@codes.command("check")
@click.argument("file", type=click.File("rb"), default="-")
@click.option("--json", "as_json", is_flag=True, help="每行一个JSON对象。 One JSON object a line.")
def check_codes(file: IO[bytes], as_json: bool) -> None:
    """逐行校验代码，说出每个不合格代码的原因。 Check one code a line; say why one is refused."""
    from xinheng.lib import clock
    from xinheng.lib.codes.vector import check_many

    say = partial(_line, as_json)
    today = clock.today(ZONE)
    sums: Counter[str] = Counter()
    for texts in _blocks(file):
        verdicts = list(check_many(texts, today=today))
        click.echo("\n".join(map(say, texts, verdicts)))
        _count(sums, verdicts)
    if as_json:
        click.echo(json_line({"summary": {name: sums[name] for name in _SUMS}}))
    else:
        click.echo(f"共{sums['lines']}行：合格{sums['valid']}（其中提示{sums['warned']}），不合格{sums['invalid']}。")


_SUMS = ("lines", "valid", "invalid", "warned", "uscc", "id", "org", "unknown")


def _blocks(file: IO[bytes]) -> Iterator[list[str]]:
    """Lists of lines; the last line may lack its ``\\n``. Bytes that are no UTF-8 become U+FFFD and are refused."""
    rest = b""
    while block := file.read(_BLOCK):
        *lines, rest = (rest + block).split(b"\n")
        if lines:
            yield b"\n".join(lines).decode("utf-8", "replace").split("\n")
    if rest:
        yield [rest.decode("utf-8", "replace")]


def _count(sums: Counter[str], verdicts: Iterable[CodeVerdict]) -> None:
    for verdict in verdicts:
        sums["lines"] += 1
        sums["valid" if verdict.valid else "invalid"] += 1
        sums["warned"] += verdict.valid and verdict.code is not None
        sums[verdict.kind or "unknown"] += 1


def _line(as_json: bool, text: str, verdict: CodeVerdict) -> str:
    return _answer(text, verdict) if as_json else _sentence(text, verdict)


def _answer(text: str, verdict: CodeVerdict) -> str:
    answer = {
        "input": text,
        "kind": verdict.kind,
        "valid": verdict.valid,
        "canonical": verdict.canonical,
        "reason": verdict.reason,
    }
    return json_line(answer)


def _sentence(text: str, verdict: CodeVerdict) -> str:
    shown = json_line(text)
    if not verdict.valid:
        return f"✗ {shown}：{_NAMES[verdict.kind]}，{verdict.message}"
    written = "" if verdict.canonical == text else f"，应写作{verdict.canonical}"
    return f"✓ {shown}：{_NAMES[verdict.kind]}{written}" + (f"。提示：{verdict.message}" if verdict.code else "")
