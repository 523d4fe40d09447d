"""The demonstration files are what their tool writes, and each decision suits the trade of whom it concerns."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from tests.conftest import ROOT
from xinheng.intake.reading import check_file
from xinheng.intake.rules import provider_in_pack
from xinheng.law import lookup
from xinheng.law.enums import SubjectKind
from xinheng.law.pack import Pack
from xinheng.law.publicity import publicity_period

TODAY = date(2026, 11, 20)
UNFIT = {
    r"食品安全法": r"建筑|建材|物业|客运|货运|机械|旅游|裁缝|理发|修车",
    r"围挡|按图施工|安全员|砂浆|资质证书": r"(?<!建筑工程)(食品|餐饮|粮油|面馆|烧烤|便利店|物业服务|建材)",
}


def taken(pack: Pack, item: str) -> Iterator[dict[str, str]]:
    """The rows of the pack's files of one item that intake accepts."""
    files: Any = pack.demo["files"]
    for file in files:
        if file["item"] == item:
            data = (pack.folder / "demo" / file["file"]).read_bytes()
            provider = provider_in_pack(pack, file["provider"])
            law = lookup.item(pack, item, TODAY)
            for row in check_file(data, item=law, pack=pack, provider=provider, today=TODAY):
                if row.verdict == "accept":
                    yield dict(row.values)


def decided(values: Mapping[str, str], column: str) -> date:
    """The day of a decision, as intake writes it."""
    return date.fromisoformat(values[column])


def test_the_committed_files_are_what_the_tool_writes() -> None:
    command = [sys.executable, "tools/make_demo_files.py", "--check"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_penalty_suits_the_trade_of_whom_it_concerns(law_pack: Pack) -> None:
    rows = list(taken(law_pack, "CF"))
    assert len(rows) > 70
    for row in rows:
        said = row["CF_SY"].split("：", 1)[1].removeprefix(row["CF_XDR_MC"]) + row["CF_YJ"]
        for facts, trades in UNFIT.items():
            assert not (re.search(facts, said) and re.search(trades, row["CF_XDR_MC"])), (row["CF_XDR_MC"], said)


def test_the_demonstration_enterprise_has_something_of_each_kind_on_file(law_pack: Pack) -> None:
    accounts: Any = law_pack.demo["accounts"]
    code = next(one for one in accounts if one["username"] == "qiye")["subject"]["code"]
    a_year_ago = TODAY - timedelta(days=365)
    item = lookup.item(law_pack, "CF", TODAY)
    public = [
        row
        for row in taken(law_pack, "CF")
        if row.get("CF_XDR_SHXYM") == code
        and (on := decided(row, "CF_JDRQ")) >= a_year_ago
        and publicity_period(law_pack, item, row, on, kind=SubjectKind.LEGAL_PERSON, on=TODAY).public
    ]
    licensed = (row for row in taken(law_pack, "XK") if row.get("XK_XDR_SHXYM") == code)
    licences = [row for row in licensed if decided(row, "XK_JDRQ") >= a_year_ago]
    assert len(public) >= 2
    assert len(licences) >= (1 if law_pack.fictional else 2)
