"""The command ``intake``: what becomes of each row of a file?

``--dry-run`` judges the file against the law pack alone, without a database, and prints values in full; otherwise the
batch is received and registered, and identifiers of persons are masked.
"""

from __future__ import annotations

import getpass
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

from xinheng.lib import clock
from xinheng.lib.errors import NotFound
from xinheng.lib.freetext import guarded
from xinheng.lib.jsonline import json_line

if TYPE_CHECKING:
    from xinheng.accounts.models import Organisation
    from xinheng.intake.reading import FileReport
    from xinheng.intake.rules import FileRefused, Finding, Verdict
    from xinheng.intake.services import ReceivedRow
    from xinheng.law.items import ItemVersion

REFUSED_WHOLE = 3  # exit code
_MARKS = {"accept": "✓", "review": "?", "reject": "✗"}


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--item", "item_code", required=True, metavar="CODE", help="目录项代码，如CF、XK。")
@click.option("--provider", "provider_code", required=True, metavar="ORG", help="报送单位的代码。")
@click.option("--dry-run", is_flag=True, help="只校验，不入库，不需要数据库。")
@click.option("--json", "as_json", is_flag=True, help="每行一个JSON对象。")
@click.option("--law", metavar="L", help="法规包的代号或文件夹。")
def intake(*, file: Path, item_code: str, provider_code: str, dry_run: bool, as_json: bool, law: str | None) -> None:
    """报送文件：逐行校验，说出每一行的结论和原因。 Receive a file; say what becomes of each row."""
    from xinheng.intake.rules import FileRefused

    say = _Speech(as_json)
    try:
        if dry_run:
            _dry_run(file, item_code, provider_code, law, say)
        else:
            _receive(file, item_code, provider_code, say)
    except FileRefused as refused:
        say.refused(refused)
        sys.exit(REFUSED_WHOLE)


@click.command()
@click.option("--json", "as_json", is_flag=True, help="一行JSON。")
def names(*, as_json: bool) -> None:
    """重写公开查询用的名称：现名、原名、拼音。 Spell every organisation's names anew for the public search."""
    from xinheng.records.services import spell_names
    from xinheng.ui import city

    count = spell_names(pack=city.pack())
    click.echo(json_line({"summary": {"organisations": count}}) if as_json else f"重写了{count}家单位的名称。")


def _dry_run(file: Path, item_code: str, provider_code: str, law: str | None, say: _Speech) -> None:
    from xinheng.intake.reading import FileReport, check_file
    from xinheng.intake.rules import item_to_report, provider_in_pack
    from xinheng.law.loader import load
    from xinheng.machine import home

    pack = load(law or home.default_law(), root=home.lawpacks())
    today = clock.today(pack.zone)
    item = item_to_report(pack, item_code, today)
    report = FileReport()
    provider = provider_in_pack(pack, provider_code)
    with file.open("rb") as data:
        rows = check_file(data, item=item, pack=pack, provider=provider, today=today, report=report)
        for row in rows:
            say.row(*report.place(row.row), row.verdict, row.values, row.findings)
    say.summary({**report.summary(), "dry_run": True, "law": pack.edition})


def _receive(file: Path, item_code: str, provider_code: str, say: _Speech) -> None:
    from xinheng.intake.rules.masks import for_provider
    from xinheng.law import lookup
    from xinheng.records.selectors import law_in_force
    from xinheng.records.services import accept_batch

    at = clock.now()
    provider = _organisation(provider_code, at)
    pack, _ = law_in_force()
    item: ItemVersion = lookup.item(pack, item_code, clock.day_of(at, pack.zone))
    counted = _Progress(sys.stderr)

    def tell(rows: Sequence[ReceivedRow], report: FileReport) -> None:
        for row in rows:
            values = for_provider(item, row.values)
            say.row(*report.place(row.row), row.verdict, values, row.findings, masked=True)
        counted.add(len(rows))

    with say.kept():  # nothing is said of a row before it is certain that the batch stands
        receipt = accept_batch(
            file=file,
            file_name=file.name,
            item_code=item_code,
            provider=provider,
            actor=f"cli:{getpass.getuser()}",
            channel="cli",
            at=at,
            tell=tell,
        )
    counted.end()
    received = receipt.received
    say.summary(
        {
            **received.report.summary(),
            "accept": received.accepted + received.unchanged + received.ended,
            "review": received.review,
            "reject": received.rejected,
            "unchanged": received.unchanged,
            "dry_run": False,
            "law": pack.edition,
            "batch": str(receipt.batch_id),
            "registered": receipt.records,
            "entry": str(receipt.entry_id),
            "leaf": receipt.leaf,
            "promise": receipt.promise,
        }
    )


def _organisation(code: str, at: datetime) -> Organisation:
    """The provider. In a demo its organisations are put in place when a file comes before the demo was filled."""
    from django.conf import settings

    from xinheng.accounts.selectors import organisation_by_code
    from xinheng.accounts.services import load_demo_accounts
    from xinheng.intake.rules import provider_in_pack
    from xinheng.records.selectors import law_in_force

    try:
        return organisation_by_code(code)
    except NotFound:
        pack, _ = law_in_force()
        if settings.XINHENG_MODE == "production":
            raise
        provider_in_pack(pack, code)
        load_demo_accounts(pack=pack, at=at)
        return organisation_by_code(code)


class _Speech:
    """Answers as JSON lines or as Chinese lines."""

    def __init__(self, as_json: bool) -> None:
        self._json = as_json
        self._file: IO[str] | None = None

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Keep what is said about rows until the block ends; nothing of it is said when it ends with an error."""
        with tempfile.TemporaryFile("w+", encoding="utf-8") as self._file:
            yield
            self._file.seek(0)
            shutil.copyfileobj(self._file, sys.stdout)
        self._file = None

    def _say(self, line: str) -> None:
        click.echo(line, file=self._file)

    def row(
        self,
        sheet: str,
        number: int,
        verdict: Verdict,
        values: Mapping[str, str],
        findings: Iterable[Finding],
        *,
        masked: bool = False,
    ) -> None:
        """One row of the file; ``sheet`` is empty when the file is one table. ``masked``: its sentences, too."""
        from xinheng.ui.wording import plain

        said = ((one, plain(one.code, one.params)) for one in findings)
        told = [
            {"field": one.field, "code": one.code, "message": guarded(text) if masked else text} for one, text in said
        ]
        if self._json:
            named = {"sheet": sheet} if sheet else {}
            self._say(
                json_line({"row": number, **named, "verdict": verdict.value, "values": dict(values), "findings": told})
            )
            return
        where = f"“{sheet}”表第{number}条 " if sheet else f"第{number}条 "
        self._say(f"{_MARKS[verdict.value]} {where}{_WORDS[verdict.value]}")
        for finding in told:
            self._say(f"    {finding['field'] or '整行'}：{finding['message']}")

    def refused(self, error: FileRefused) -> None:
        """The file as a whole."""
        from xinheng.ui.wording import plain

        message = plain(error.code, error.params)
        if self._json:
            click.echo(json_line({"file": {"verdict": "reject", "code": error.code, "message": message}}))
            click.echo(json_line({"summary": {"file": "reject", "rows": 0}}))
        else:
            click.echo(f"✗ {message}" + (f"（{error.article}）" if error.article else ""))

    def summary(self, sums: Mapping[str, object]) -> None:
        """The last line."""
        if self._json:
            click.echo(json_line({"summary": dict(sums)}))
        else:
            click.echo(
                f"共{sums['rows']}行：通过{sums['accept']}（其中未变{sums['unchanged']}），"
                f"待核对{sums['review']}，退回{sums['reject']}。"
            )


class _Progress:
    """How many rows are done, on one line of a terminal; silent anywhere else."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream, self._rows = stream, 0

    def add(self, rows: int) -> None:
        """Count rows."""
        self._rows += rows
        if self._stream.isatty():
            self._stream.write(f"\r已核对{self._rows:,}行……")
            self._stream.flush()

    def end(self) -> None:
        """Clear the line."""
        if self._stream.isatty():
            self._stream.write("\r\033[K")


_WORDS = {"accept": "通过", "review": "待另一人核对", "reject": "退回"}
