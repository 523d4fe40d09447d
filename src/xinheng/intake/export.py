"""How do the figures of the providers become a file or a line of the command? (INT-2)"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from xinheng.intake.rules.quality import Measure, Month, Share
from xinheng.intake.selectors import Line
from xinheng.lib.sheetsafe import as_csv


def line_facts(line: Line, month: Month) -> dict[str, str]:
    """A line as text by name; a share of nothing is empty."""
    facts = {"month": str(month), "provider": line.code, "provider_name": line.name_zh, "item": line.item_code}
    facts["batches"] = str(line.batches)
    for measure in Measure:
        facts |= _share(measure.value, line.now.of(measure))
        facts[f"{measure}_percent_last_month"] = _percent(line.before.of(measure))
    return facts | {"open_returned": str(line.open), "last_batch_on": line.last_on.isoformat() if line.last_on else ""}


def _share(name: str, share: Share) -> dict[str, str]:
    return {f"{name}_rows": str(share.part), f"{name}_of": str(share.whole), f"{name}_percent": _percent(share)}


def _percent(share: Share) -> str:
    return "" if share.percent is None else str(share.percent)


def csv_file(lines: Iterable[Line], month: Month, heads: Sequence[str]) -> str:
    """The lines as CSV with these column heads, in the order of `line_facts`."""
    return as_csv([heads, *(list(line_facts(line, month).values()) for line in lines)])
