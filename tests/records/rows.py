"""Rows of the national penalty format, as a provider would send them. Everything is invented."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

AT = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
COMPANY = {"CF_XDR_MC": "衡川市云衡食品有限公司", "CF_XDR_SHXYM": "91620798MA90000116", "CF_FRDB": "沈砚舟"}
OTHER = {"CF_XDR_MC": "衡川市澄石建筑工程有限公司", "CF_XDR_SHXYM": "91620798MA900002XX", "CF_FRDB": "韩北川"}
SHOP = {
    "CF_XDR_MC": "衡川市吴大勇五金店",
    "CF_XDR_LB": "个体工商户",
    "CF_XDR_SHXYM": "92620798MA800001XK",
    "CF_FRDB": "吴大勇",
}
PERSON_ID, PERSON_NAME = "620799196512120843", "唐未央"
PERSON = {
    "CF_XDR_MC": PERSON_NAME,
    "CF_XDR_LB": "自然人",
    "CF_XDR_SHXYM": "",
    "CF_FRDB": "",
    "CF_XDR_ZJLX": "身份证",
    "CF_XDR_ZJHM": PERSON_ID,
}
BASE = {
    "CF_XDR_LB": "法人及非法人组织",
    "CF_WFXW": "销售超过保质期的食品",
    "CF_SY": "在售的三袋面粉超过保质期四天",
    "CF_YJ": "《食品安全法》第一百二十四条",
    "CF_CFLB": "罚款",
    "CF_NR": "罚款三万元",
    "CF_NR_FK": "3",
    "CF_JDRQ": "2026/11/02",
    "CF_YXQ": "2099/12/31",
    "CF_CFJG": "衡川市市场监督管理局",
    "CF_CFJGDM": "11620798990000025R",
    "CF_SJLY": "衡川市市场监督管理局",
    "CF_SJLYDM": "11620798990000025R",
}


def row(number: int | str, who: Mapping[str, str] = COMPANY, **changed: str) -> dict[str, str]:
    """A penalty with document number ``number`` against ``who``; other fields by name."""
    return {**BASE, **who, "CF_WSH": f"衡市监罚〔2026〕{number}号", **changed}


def sheet(rows: Sequence[Mapping[str, str]]) -> bytes:
    """The rows as a file: UTF-8, comma separated, one heading line."""
    heads = sorted({code for one in rows for code in one})
    out = io.StringIO()
    writer = csv.DictWriter(out, heads, restval="", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()
