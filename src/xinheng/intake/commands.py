"""The command ``quality``: how every provider reported in a month, as the competent department's page shows it."""

from __future__ import annotations

import click

from xinheng.intake import selectors
from xinheng.intake.export import line_facts
from xinheng.intake.rules.quality import Measure, Month
from xinheng.lib import clock
from xinheng.lib.errors import BadInput
from xinheng.lib.jsonline import json_line
from xinheng.ui import city


@click.command()
@click.option("--month", "text", metavar="2026-11", help="月份，默认本月。")
@click.option("--json", "as_json", is_flag=True, help="每行一个JSON对象。")
def quality(*, text: str | None, as_json: bool) -> None:
    """各单位一个月报送的及时、准确、完整。 Timeliness, accuracy and completeness of each provider in a month."""
    month = Month.parse(text) if text else Month.of(clock.today(city.pack().zone))
    if month is None:
        raise BadInput("month_unreadable")
    for line in selectors.report(month=month):
        facts = line_facts(line, month)
        if as_json:
            click.echo(json_line(facts))
            continue
        shares = "，".join(f"{word}{_said(line, measure)}" for measure, word in _WORDS.items())
        click.echo(f"{line.name_zh}　{line.item_code}　{shares}，退回未改{line.open}行")


def _said(line: selectors.Line, measure: Measure) -> str:
    share = line.now.of(measure)
    return "没有报送" if share.percent is None else f"{share.percent}%（{share.part}/{share.whole}）"


_WORDS = {Measure.TIMELY: "及时", Measure.ACCURATE: "准确", Measure.COMPLETE: "完整"}
