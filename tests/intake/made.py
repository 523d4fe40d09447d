"""Files as departments send them, with a truth for every row. All names and codes are invented."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from xinheng.intake.reading import FileReport, check_file
from xinheng.intake.rules import ProviderFacts, RowResult, provider_in_pack
from xinheng.law import lookup
from xinheng.law.items import ItemVersion
from xinheng.law.pack import Pack
from xinheng.lib.codes import idnumber, orgcode, uscc

TODAY = date(2026, 11, 20)
AUTHORITY = "116207999900000258"
Values = dict[str, str]


def make_uscc(rng: random.Random, head: str = "91620799") -> str:
    while True:
        body = head + "MA" + "".join(rng.choices(uscc.ALPHABET, k=6))
        inner = body + orgcode.check_character(body[8:16])
        if inner[-1] in uscc.VALUES:
            return inner + uscc.check_character(inner)


ANOTHER_BODY = make_uscc(random.Random(5), "11620799")  # an organisation that reports for itself


def make_id(rng: random.Random, born: date | None = None) -> str:
    day = born or date(1955, 1, 1) + timedelta(days=rng.randrange(15_000))
    body = f"622201{day:%Y%m%d}{rng.randrange(1000):03}"
    return body + idnumber.check_character(body)


def penalty(number: int = 1, rng: random.Random | None = None) -> Values:
    """A faultless penalty of an organisation."""
    rng = rng or random.Random(number)
    decided = date(2026, 1, 5) + timedelta(days=rng.randrange(300))
    authority = AUTHORITY
    return {
        "CF_XDR_MC": f"弱水区某某{number}商贸有限公司",
        "CF_XDR_LB": "法人及非法人组织",
        "CF_XDR_SHXYM": make_uscc(rng),
        "CF_FRDB": "张三",
        "CF_WSH": f"弱市监罚〔2026〕{number}号",
        "CF_WFXW": "发布虚假广告",
        "CF_SY": "当事人发布含有虚假内容的广告，共3则。",
        "CF_YJ": "《中华人民共和国广告法》第五十五条",
        "CF_CFLB": "罚款",
        "CF_NR": "罚款人民币2000元",
        "CF_NR_FK": "0.2",
        "CF_JDRQ": f"{decided:%Y/%m/%d}",
        "CF_YXQ": "2099/12/31",
        "CF_CFJG": "弱水区市场监督管理局",
        "CF_CFJGDM": authority,
        "CF_SJLY": "弱水区市场监督管理局",
        "CF_SJLYDM": authority,
    }


def person_penalty(number: int = 1, *, born: date | None = None) -> Values:
    """A faultless penalty of a natural person."""
    rng = random.Random(number)
    row = penalty(number, rng)
    row |= {"CF_XDR_MC": "李四", "CF_XDR_LB": "自然人", "CF_XDR_SHXYM": "", "CF_FRDB": ""}
    return row | {"CF_XDR_ZJLX": "身份证", "CF_XDR_ZJHM": make_id(rng, born)}


def business_penalty(number: int = 1) -> Values:
    """A faultless penalty of an individual business."""
    rng = random.Random(number)
    return penalty(number, rng) | {
        "CF_XDR_MC": f"弱水区某某{number}面馆",
        "CF_XDR_LB": "个体工商户",
        "CF_XDR_SHXYM": make_uscc(rng, "92620799"),
    }


def licence(number: int = 1) -> Values:
    """A faultless licence of an organisation."""
    rng = random.Random(number)
    authority = AUTHORITY
    return {
        "XK_XDR_MC": f"弱水区某某{number}食品有限公司",
        "XK_XDR_LB": "法人及非法人组织",
        "XK_XDR_SHXYM": make_uscc(rng),
        "XK_FRDB": "王五",
        "XK_XKWS": "食品经营许可决定书",
        "XK_WSH": f"弱市监许〔2026〕{number}号",
        "XK_XKLB": "普通",
        "XK_NR": "食品销售",
        "XK_JDRQ": "2026/03/02",
        "XK_YXQZ": "2026/03/02",
        "XK_YXQZI": "2031/03/01",
        "XK_XKJG": "弱水区市场监督管理局",
        "XK_XKJGDM": authority,
        "XK_ZT": "1",
        "XK_LYDW": "弱水区市场监督管理局",
        "XK_LYDWDM": authority,
    }


def headers(item: ItemVersion, *, labels: bool = False) -> list[str]:
    return [f.label.zh if labels else f.code for f in item.fields if not f.platform]


def table(item: ItemVersion, rows: Iterable[Mapping[str, str]], **options: bool) -> list[list[str]]:
    codes = headers(item)
    return [headers(item, **options), *([row.get(code, "") for code in codes] for row in rows)]


def text_of(cells: Sequence[Sequence[str]], separator: str = ",", end: str = "\r\n") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=separator, lineterminator=end).writerows(cells)
    return out.getvalue()


class Desk:
    """A provider at its desk under one law: judges what is put before it."""

    def __init__(self, pack: Pack, item: str = "CF", provider: str = "scjgj") -> None:
        self.pack = pack
        self.item = lookup.item(pack, item, TODAY)
        # the sender of the made rows
        self.provider: ProviderFacts = replace(
            provider_in_pack(pack, provider), uscc=AUTHORITY, others=frozenset({ANOTHER_BODY})
        )
        self.report = FileReport()

    def judge(self, file: bytes | str) -> list[RowResult]:
        return list(self.streamed(file.encode() if isinstance(file, str) else file))

    def streamed(self, data: bytes) -> Iterator[RowResult]:
        """The answers while the file is read."""
        self.report = FileReport()
        return check_file(data, item=self.item, pack=self.pack, provider=self.provider, today=TODAY, report=self.report)

    def rows(self, *rows: Mapping[str, str]) -> list[RowResult]:
        return self.judge(text_of(table(self.item, rows)))

    def row(self, values: Mapping[str, str]) -> RowResult:
        return self.rows(values)[0]


def codes(result: RowResult) -> set[str]:
    return {finding.code for finding in result.findings}
