"""Which files are measured, and what is the right answer about each of their rows?

Penalties in the national format, 30 columns, as a market regulation bureau would send them: UTF-8, one decision a
line, some texts with commas and line breaks in quotation marks. Everything is invented and the same seed gives the
same bytes. Codes and identity numbers lie in divisions that do not exist or were never given out.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from bench.faults import FAULTS, SEEDED, Expected, Fault, spoiled
from bench.world import code_of

HEADER = (
    "CF_XDR_MC,CF_XDR_LB,CF_XDR_SHXYM,CF_XDR_GSZC,CF_XDR_ZZJG,CF_XDR_SWDJ,CF_XDR_SYDW,CF_XDR_SHZZ,CF_FRDB,CF_FR_ZJLX,"
    "CF_FR_ZJHM,CF_XDR_ZJLX,CF_XDR_ZJHM,CF_WSH,CF_WFXW,CF_SY,CF_YJ,CF_CFLB,CF_NR,CF_NR_FK,CF_NR_WFFF,CF_NR_ZKDX,"
    "CF_JDRQ,CF_YXQ,CF_GSJZQ,CF_CFJG,CF_CFJGDM,CF_SJLY,CF_SJLYDM,BZ"
)
PROVIDER, AUTHORITY, AUTHORITY_CODE = "scjgj", "衡川市市场监督管理局", "11620798990000025R"
ROWS_OF_SUBJECT = 5
FIRST, DAYS = date(2024, 6, 3), 890  # the last day is before the day of the bench, 2026-11-20
PERSON, BUSINESS, BODY = "person", "business", "body"
_BLOCK = 20_000
_REGISTERED_EARLIER = 50  # a clean row in fifty may be sent again further down


@dataclass(slots=True)
class Made:
    """``truth``: row number -> the right answer; a row that it lacks is accepted without any finding.

    ``seeded``: kind of defect -> [(row, column)], the column empty where the defect is the row's. ``twins``: rows that
    a later row repeats with another content: whether they are named with it is a matter of taste. ``size``: megabytes.
    """

    path: Path
    rows: int
    subjects: int
    truth: dict[int, Expected] = field(default_factory=dict)
    seeded: dict[str, list[tuple[int, str]]] = field(default_factory=dict)
    twins: set[int] = field(default_factory=set)

    size: float = 0


def month(path: Path, *, rows: int, seed: int = 20261120, sign: str = "衡市监罚", first: int = 0) -> Made:
    """What is loaded: a row for each fifth of a subject, 1 % faulty rows of many kinds and 1 % repeated rows."""
    chance = random.Random(seed)
    places = chance.sample(range(rows // 10, rows), 2 * (rows // 100))
    faults = sorted(FAULTS)
    plan = {place: faults[number % len(faults)] for number, place in enumerate(places[: rows // 100])}
    plan |= dict.fromkeys(places[rows // 100 :], "repeated")
    subjects = rows // ROWS_OF_SUBJECT
    return _written(path, rows=rows, subjects=subjects, chance=chance, plan=plan, sign=sign, first=first)


def week(folder: Path, *, files: int, rows: int) -> list[Made]:
    """Many small files as clerks send them, each with subjects and documents of its own."""
    return [
        month(folder / f"{number}.csv", rows=rows, seed=number, sign=f"衡市监{number}罚", first=10_000 + number * rows)
        for number in range(files)
    ]


def earlier(path: Path, *, rows: int, seed: int = 20260601) -> Made:
    """What is on file before: one clean row for each of the first half of the subjects of `month`."""
    subjects = rows // ROWS_OF_SUBJECT // 2
    return _written(path, rows=subjects, subjects=subjects, chance=random.Random(seed), plan={}, sign="衡市监旧罚")


def seeded(path: Path, *, rows: int, each: int, seed: int = 20261121) -> Made:
    """What is only checked: ``each`` defects of 14 kinds at known rows and columns, every other row without fault."""
    chance = random.Random(seed)
    places = chance.sample(range(rows // 10, rows), each * len(SEEDED))
    plan = {place: SEEDED[number % len(SEEDED)] for number, place in enumerate(places)}
    return _written(path, rows=rows, subjects=rows // ROWS_OF_SUBJECT, chance=chance, plan=plan, sign="衡市监测罚")


def _written(
    path: Path, *, rows: int, subjects: int, chance: random.Random, plan: dict[int, str], sign: str, first: int = 0
) -> Made:
    made = Made(path, rows, subjects)
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(HEADER + "\n")
        block: list[str] = []
        for line in _lines(made, _Pools(subjects, first), chance, plan, sign):
            block.append(line)
            if len(block) == _BLOCK:
                file.write("".join(block))
                block.clear()
        file.write("".join(block))
    made.size = path.stat().st_size / 1e6
    return made


def _lines(made: Made, pools: _Pools, chance: random.Random, plan: dict[int, str], sign: str) -> Iterator[str]:
    """The lines of a file in order; ``made`` learns the truth on the way."""
    order = [number % made.subjects for number in range(made.rows)]
    chance.shuffle(order)
    heads, facts, acts, days = pools.heads, pools.facts, pools.acts, pools.days
    pick = chance.random
    kept: list[str] = []
    clean, clean_row = "", 0
    for place, subject in enumerate(order):
        kind = plan.get(place)
        if kind == "repeated":
            made.truth[place + 2] = Expected("accept", frozenset({("", "unchanged_in_file")}))
            yield kept[int(pick() * len(kept))]
            continue
        fault = FAULTS[kind] if kind else None
        if fault is not None and fault.needs:
            subject = pools.one(fault.needs, chance)  # noqa: PLW2901 (the fault needs a subject of its kind)
        before, after = facts[int(pick() * len(facts))]
        act = acts[0] if fault is not None else acts[int(pick() * len(acts))]
        year, dates = days[int(pick() * len(days))]
        line = (
            f"{heads[subject]},{sign}〔{year}〕{place + 1}号,{act[0]},{before}{place + 1}{after},{act[1]},{dates},"
            f"{AUTHORITY},{AUTHORITY_CODE},{AUTHORITY},{AUTHORITY_CODE},\n"
        )
        if kind is None or fault is None:
            clean, clean_row = line, place + 2
            if place % _REGISTERED_EARLIER == 0:
                kept.append(line)
        else:
            line = _spoil(made, kind, fault, line if not fault.of_earlier else clean, place + 2, chance)
            if fault.of_earlier:
                made.twins.add(clean_row)
        yield line


def _spoil(made: Made, kind: str, fault: Fault, line: str, row: int, chance: random.Random) -> str:
    made.truth[row] = fault.expected
    made.seeded.setdefault(kind, []).append((row, fault.column))
    return spoiled(fault, line, HEADER.split(","), chance)


class _Pools:
    """The pieces from which rows are put together."""

    def __init__(self, subjects: int, first: int) -> None:
        self.heads = [_head(first + number) for number in range(subjects)]
        self.facts = list(_facts())
        self.acts = list(_acts())
        self.days = [_dates(number) for number in range(DAYS)]
        self._subjects, self._first = subjects, first

    def one(self, kind: str, chance: random.Random) -> int:
        """A subject of this kind."""
        while kind_of(self._first + (number := chance.randrange(self._subjects))) != kind:
            pass
        return number


def kind_of(number: int) -> str:
    """15 % natural persons, 15 % individual businesses, bodies the rest."""
    return PERSON if number % 20 < 3 else BUSINESS if number % 20 < 6 else BODY


def _head(number: int) -> str:
    """The thirteen columns on whom a decision concerns."""
    kind = kind_of(number)
    if kind == PERSON:
        return f"{_person_name(number)},自然人,,,,,,,,,,身份证,{identity_number(number)}"
    leader = _person_name(number + 7)
    known = f"身份证,{identity_number(number + 10_000_000)}" if number % 4 == 0 else ","
    if kind == BUSINESS:
        name = f"衡川市{_of(_PLACES, number)}{_of(_WORDS, number)}{_of(_SHOPS, number)}（第{number}号）"
        return f"{name},个体工商户,{_business_code(number)},,,,,,{leader},{known},,"
    name = f"衡川市{_of(_WORDS, number)}{_of(_WORDS, number // 16)}{_of(_TRADES, number)}第{number}号有限公司"
    registered = f"6207980{number:08d}" if number % 3 == 0 else ""
    return f"{name},法人及非法人组织,{code_of(number)},{registered},,,,,{leader},{known},,"


def _of(pool: Sequence[str], number: int) -> str:
    return pool[number * 7 % len(pool)]


def _person_name(number: int) -> str:
    return _of(_SURNAMES, number) + _of(_GIVEN, number // 3) + _of(_GIVEN, number // 41)


def identity_number(number: int) -> str:
    """The number of an invented adult, each another, in a division that was never given out (GB 11643)."""
    born = date(1950, 1, 1) + timedelta(days=number % 19_700)  # the youngest is 20 on the first day
    body = f"620799{born:%Y%m%d}{number // 19_700 % 1000:03d}"
    total = sum(int(digit) * weight for digit, weight in zip(body, _ID_WEIGHTS, strict=True))
    return body + "10X98765432"[total % 11]


def _business_code(number: int) -> str:
    """The code of an individual business: that of a body with another kind and its own check character."""
    body = "92" + code_of(number)[2:17]
    total = sum(_USCC.index(c) * pow(3, i, 31) for i, c in enumerate(body))
    return body + _USCC[-total % 31]


def _facts() -> Iterator[tuple[str, str]]:
    """Before and behind the number of the report; 60 to 150 characters together, each fifteenth in quotation marks."""
    number = 0
    for place in _PLACES:
        for finding in _FINDINGS:
            for detail in _DETAILS:
                number += 1
                before, after = f"执法人员在{place}检查时发现，当事人{finding}（现场笔录第", f"号）。{detail}"
                while len(before) + len(after) < 62:
                    after += _DETAILS[number % len(_DETAILS)]
                if number % 15 == 0:
                    before, after = f'"一、{before}', f'{after}\n二、当事人陈述：""已知悉,将改正""。"'
                yield before, after


def _acts() -> Iterator[tuple[str, str]]:
    """(kind of violation, basis, penalty kinds, content, fine, confiscated, certificate); the first one is a fine."""
    for violation, basis in _CASES:
        for amount in ("0.2", "0.05", "0.3", "0.5", "0.8", "1", "1.25", "2", "3.5", "10"):
            yield violation, f"{basis},罚款,罚款{amount}万元。,{amount},,"
        yield violation, f"{basis},警告,警告，责令改正。,,,"
        yield violation, f"{basis},警告;罚款,警告，罚款0.1万元。,0.1,,"
        yield violation, f"{basis},没收违法所得;罚款,没收违法所得0.06万元，罚款0.5万元。,0.5,0.06,"
        yield violation, f"{basis},吊销许可证件,吊销食品经营许可证。,,,食品经营许可证 XK20260012"


def _dates(number: int) -> tuple[int, str]:
    """The year of a decision, and the columns with its day, its end and the last day of publicity."""
    decided = FIRST + timedelta(days=number)
    until = "2099/12/31" if number % 4 else f"{decided + timedelta(days=365):%Y/%m/%d}"
    shown = f"{decided + timedelta(days=365):%Y/%m/%d}" if number % 6 == 0 else ""
    return decided.year, f"{decided:%Y/%m/%d},{until},{shown}"


_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_USCC = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_SURNAMES = "岳衡柏凌翟樊焦霍卞乔裴秦申祁窦邢"
_GIVEN = "测速试演明远春晓文博嘉禾志成云川若谷宁安思齐景行清和"
_WORDS = (
    "衡运",
    "川和",
    "远岭",
    "嘉禾",
    "云峰",
    "瑞泉",
    "同济源",
    "新禾",
    "百川",
    "丰麦",
    "祁岭",
    "金谷",
    "北原",
    "明溪",
)
_TRADES = ("食品", "建材", "粮油", "机械", "商贸", "物流", "农业科技", "餐饮管理", "电子商务", "物业服务", "医药")
_SHOPS = ("便利店", "面馆", "五金店", "水果店", "烧烤店", "杂货店", "理发店", "建材经营部", "种子农药门市部")
_PLACES = ("东关街", "南环路农贸市场", "北原工业园", "川河镇", "青石巷", "西岭新区", "河湾村", "站前广场", "云峰大道")
_FINDINGS = (
    "经营场所内销售的部分商品没有标明价格，也没有公示收费项目和计价单位",
    "货架上摆放的三种预包装食品超过标注的保质期，仍在对外销售，没有单独存放",
    "使用的两台电子计价秤超过检定周期，没有检定合格标志，正在用于贸易结算",
    "现场不能提供所售商品的进货查验记录和供货者的营业执照、产品合格证明文件",
    "在店堂和网页上使用没有依据的绝对化用语宣传所售商品，足以使消费者产生误解",
)
_DETAILS = (
    "当事人在责令改正的期限内没有改正。",
    "经责令后当事人已经下架有关商品，并提交了整改报告和照片，积极配合调查。",
    "有现场检查笔录、询问笔录、照片和进货票据为证，当事人对上述事实没有异议，也没有申请听证。",
    "货值金额不足一千元，没有造成危害后果。",
)
_CASES = (
    ("未明码标价", "《中华人民共和国价格法》第四十二条"),
    ("经营超过保质期的食品", "《中华人民共和国食品安全法》第一百二十四条"),
    ("计量器具未检定", "《中华人民共和国计量法实施细则》第四十三条"),
    ("未建立进货查验记录", "《中华人民共和国食品安全法》第一百二十六条"),
    ("虚假宣传", "《中华人民共和国广告法》第五十七条"),
)
