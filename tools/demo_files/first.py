"""The four files that the story and its tests stand on: lawpacks/<pack>/demo/*.csv.

Each file is in the national dual-publicity format as a department would send it: dates YYYY/MM/DD, money in 10,000
yuan, one file in GB18030 with Chinese headings, two faulty rows and one repeated row in every file. Everything is
invented: organisations, persons and codes come from the pack's demo.yaml, whose divisions do not exist.
"""

import csv
import io
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml

type Row = dict[str, str]

ROWS = 40
FIRST, LAST = date(2025, 2, 10), date(2026, 11, 13)
LONG_TERM = "2099/12/31"
NO_CODE_YET = "00000000000000000X"
ORGANISATION, BUSINESS, PERSON = "法人及非法人组织", "个体工商户", "自然人"
FINES = ("0.05", "0.2", "0.3", "0.5", "0.8", "1", "1.25", "2", "3", "3.5", "5", "10")


@dataclass(frozen=True)
class Counterpart:
    """Whom a decision concerns: kind as the format words it, name, codes, the person behind it."""

    kind: str
    name: str
    uscc: str = ""
    representative: str = ""
    representative_id: str = ""
    identity: str = ""


class Pattern:
    """What a department decides, and about whom: ``trades`` are words in names of those it may concern, none all."""

    trades: tuple[str, ...]
    person: bool

    def suits(self, party: Counterpart) -> bool:
        """Tell whether the decision may concern this counterpart."""
        if party.kind == PERSON:
            return self.person
        return not self.trades or any(word in party.name for word in self.trades)


@dataclass(frozen=True)
class Case(Pattern):
    """A pattern of a penalty: kind of violation, facts, legal basis, penalty kinds."""

    violation: str
    facts: str
    basis: str
    kinds: tuple[str, ...]
    trades: tuple[str, ...] = ()
    person: bool = False


@dataclass(frozen=True)
class Licence(Pattern):
    """A pattern of a licence: title of the document, category, certificate, content, years (0 = long-term)."""

    title: str
    category: str
    certificate: str
    content: str
    years: int
    trades: tuple[str, ...] = ()
    person: bool = False


def fitting[P: Pattern](patterns: Sequence[P], *, start: int, party: Counterpart) -> P:
    """Return the first pattern from ``start`` on, in a circle, that suits the counterpart."""
    turned = [patterns[(start + step) % len(patterns)] for step in range(len(patterns))]
    return next(one for one in turned if one.suits(party))


COOKS = ("食品", "餐饮", "面馆", "烧烤")
FOODS = (*COOKS, "粮油", "果蔬", "水果", "便利店", "杂货", "玉米")
GOODS = (*FOODS, "建材", "机械", "种业", "电子商务", "五金")
BUILDERS, SITES = ("建筑",), ("建筑", "建材", "机械")
FOOD, PRICE = "《中华人民共和国食品安全法》", "《中华人民共和国价格法》"
QUALITY, ADVERTISING = "《中华人民共和国产品质量法》", "《中华人民共和国广告法》"
BUILDING, PROPERTY = "《建设工程质量管理条例》", "《物业管理条例》"
SAFETY, DRAINS = "《安全生产许可证条例》", "《城镇排水与污水处理条例》"
CASES = {
    "scjgj": (
        Case("未明码标价", "没有标明所售商品或者服务的价格", PRICE, ("警告",), person=True),
        Case("未按规定公示经营信息", "营业执照没有放在醒目位置", "《市场主体登记管理条例》", ("警告",)),
        Case("经营超过保质期的食品", "货架上有3件超过保质期的食品", FOOD, ("没收非法财物", "罚款"), FOODS),
        Case("虚假宣传", "广告使用绝对化用语", ADVERTISING, ("罚款",), person=True),
        Case("销售不合格产品", "抽检的一批产品与标识不符", QUALITY, ("没收违法所得", "罚款"), GOODS),
        Case("未建立进货查验记录", "现场不能提供进货查验记录", FOOD, ("警告", "罚款"), FOODS),
        Case("食品加工场所不符合要求", "加工区与非食品混放，逾期没有改正", FOOD, ("责令停产停业", "罚款"), COOKS),
        Case("计量器具未检定", "使用的电子秤超过检定周期", "《中华人民共和国计量法》", ("罚款",), (*GOODS, "货运")),
        Case("提供虚假材料取得许可", "申请材料中的场地证明不实", FOOD, ("吊销许可证件",), FOODS),
        Case("未按规定留存检验报告", "部分批次没有出厂检验报告", QUALITY, ("通报批评",), GOODS),
        Case("价格欺诈", "标示的原价没有成交过", "《明码标价和禁止价格欺诈规定》", ("没收违法所得", "罚款")),
        Case("格式条款不公平", "合同写有“概不退款”", "《合同行政监督管理办法》", ("警告", "罚款")),
    ),
    "zjj": (
        Case("施工现场未设置围挡", "施工现场东侧围挡缺失", "《建设工程安全生产管理条例》", ("警告",), BUILDERS),
        Case("未按图施工", "二层局部构造柱没有按设计图纸施工", BUILDING, ("罚款",), BUILDERS),
        Case("使用不合格建筑材料", "进场的一批砂浆复检不合格", BUILDING, ("没收违法所得", "罚款"), BUILDERS),
        Case("资质证书转借", "将资质证书借给他人投标", "《中华人民共和国建筑法》", ("降低资质等级", "罚款"), BUILDERS),
        Case("擅自利用物业共用部位", "未经业主同意在共用墙面设置广告", PROPERTY, ("警告", "罚款"), person=True),
        Case("未按规定移交物业资料", "合同终止后没有移交物业档案", PROPERTY, ("通报批评",), ("物业",)),
        Case("安全生产条件不足", "专职安全员不在岗，逾期没有改正", SAFETY, ("暂扣许可证件", "罚款"), BUILDERS),
        Case("未办理施工许可擅自开工", "没有取得施工许可即开挖基槽", "《建筑工程施工许可管理办法》", ("罚款",), SITES),
        Case("擅自变动承重结构", "装修时拆除了一段承重墙", BUILDING, ("罚款",), person=True),
        Case("未取得排水许可排放污水", "没有排水许可证，把污水排入管网", DRAINS, ("警告", "罚款")),
    ),
}
NOBODY = ("只发给个人",)  # a word that stands in no name
LIFTS, TRUCKS = ("物业", "旅游", "企业管理"), ("建筑", "建材", "机械", "货运", "种业", "粮油", "电子商务")
LICENCES = {
    "scjgj": (
        Licence("食品经营许可决定书", "普通", "食品经营许可证", "准予从事热食类食品制售", 5, COOKS),
        Licence("登记通知书", "登记", "营业执照", "准予变更登记", 0),
        Licence("食品生产许可决定书", "普通", "食品生产许可证", "准予生产糕点", 5, ("食品",)),
        Licence("特种设备使用登记决定书", "登记", "特种设备使用登记证", "准予登记电梯1台", 0, LIFTS),
        Licence("特种设备使用登记决定书", "登记", "特种设备使用登记证", "准予登记叉车1台", 0, TRUCKS),
        Licence("食品经营许可决定书", "普通", "食品经营许可证", "准予从事预包装食品销售", 5, FOODS),
        Licence("资格认定决定书", "认可", "特种设备作业人员证", "准予从事电梯修理作业", 4, NOBODY, True),
    ),
    "zjj": (
        Licence("施工许可决定书", "普通", "建筑工程施工许可证", "准予厂房建设工程施工", 1, SITES),
        Licence("资质核准决定书", "认可", "建筑业企业资质证书", "核准施工劳务不分等级", 5, BUILDERS),
        Licence("生活垃圾清运许可决定书", "特许", "生活垃圾经营性服务许可证", "准予清扫、收集生活垃圾", 3, ("物业",)),
        Licence("排水许可决定书", "普通", "城镇污水排入排水管网许可证", "准予向城镇排水设施排放污水", 5),
        Licence("临时占用绿地许可决定书", "普通", "临时占用绿地许可证", "准予临时占用绿地20平方米", 1),
        Licence("注册决定书", "认可", "二级建造师注册证书", "准予注册建筑工程专业", 3, NOBODY, True),
    ),
}
# words in the names of enterprises that a department deals with; empty: with all
SUITS = {"scjgj": (), "zjj": ("建筑", "建材", "物业", "企业管理")}
SIGNS = {"scjgj": ("市监罚", "市监许"), "zjj": ("建罚", "建许")}


def day(value: date) -> str:
    """Write a day as the format does, 2026/11/20."""
    return value.strftime("%Y/%m/%d")


def identity_number(*, division: str, born: date, sequence: int) -> str:
    """Return an identity number with a valid check character (GB 11643)."""
    head = f"{division}{born:%Y%m%d}{sequence:03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(digit) * weight for digit, weight in zip(head, weights, strict=True))
    return head + "10X98765432"[total % 11]


def wrong_check_character(code: str) -> str:
    """Return the code with another last character: the fault that a typist makes."""
    return code[:-1] + ("1" if code[-1] != "1" else "2")


class Writer:
    """Writes the files of one pack from its demo.yaml."""

    def __init__(self, *, demo: dict[str, Any], labels: dict[str, dict[str, str]], seed: str) -> None:
        self.demo = demo
        self.labels = labels
        self.chance = random.Random(seed)
        self.division: str = demo["persons"][0]["id_number"][:6]

    def organisations(self) -> list[Counterpart]:
        """Return the invented enterprises; each third one with the document of its representative."""
        found = []
        for number, row in enumerate(self.demo["enterprises"]):
            known = number % 3 == 0
            born = date(1970 + number, 1 + number % 12, 1 + number * 2)
            identity = identity_number(division=self.division, born=born, sequence=201 + number)
            found.append(
                Counterpart(
                    kind=ORGANISATION,
                    name=row["name"]["zh"],
                    uscc=row["code"],
                    representative=row["representative"],
                    representative_id=identity if known else "",
                )
            )
        return found

    def businesses(self) -> list[Counterpart]:
        """Return the invented individual businesses with their operators."""
        return [
            Counterpart(
                kind=BUSINESS,
                name=row["name"]["zh"],
                uscc=row["code"],
                representative=row["operator"],
                representative_id=row["operator_id"],
            )
            for row in self.demo["individual_businesses"]
        ]

    def persons(self) -> list[Counterpart]:
        """Return the invented adults: no row of a file is about a minor."""
        return [
            Counterpart(kind=PERSON, name=row["name"], identity=row["id_number"])
            for row in self.demo["persons"]
            if row["key"] != "minor"
        ]

    def days(self) -> list[date]:
        """Return the decision days of one file, oldest first, on weekdays."""
        span = (LAST - FIRST).days
        found = [FIRST + timedelta(days=self.chance.randrange(span)) for _ in range(ROWS - 1)]
        return sorted(on - timedelta(days=max(0, on.weekday() - 4)) for on in found)

    def parties(self, *, provider: str) -> Iterator[Counterpart]:
        """Yield the counterparts of one file: mostly enterprises, some individual businesses, two persons."""
        businesses, persons = self.businesses(), self.persons()
        words = SUITS[provider]
        organisations = [one for one in self.organisations() if not words or any(word in one.name for word in words)]
        for number in range(ROWS - 1):
            if number in {17, 29}:
                yield persons[0 if number == 17 else 1]
            elif number % 7 == 3:
                yield businesses[number // 7 % len(businesses)]
            else:
                yield organisations[(number * 5 + number // 12) % len(organisations)]

    def counterpart(self, *, prefix: str, party: Counterpart) -> Row:
        """Return the thirteen columns on whom the decision concerns."""
        row = {
            f"{prefix}_XDR_MC": party.name,
            f"{prefix}_XDR_LB": party.kind,
            f"{prefix}_XDR_SHXYM": party.uscc,
            f"{prefix}_FRDB": party.representative,
        }
        if party.representative_id:
            row |= {f"{prefix}_FR_ZJLX": "身份证", f"{prefix}_FR_ZJHM": party.representative_id}
        if party.identity:
            row |= {f"{prefix}_XDR_ZJLX": "身份证", f"{prefix}_XDR_ZJHM": party.identity}
        return row

    def penalties(self, *, provider: Row) -> list[Row]:
        """Return the rows of a penalty file of one department."""
        rows: list[Row] = []
        cases, sign = CASES[provider["code"]], self.demo["document_prefix"] + SIGNS[provider["code"]][0]
        parties = self.parties(provider=provider["code"])
        for number, (party, on) in enumerate(zip(parties, self.days(), strict=True)):
            case = fitting(cases, start=number * 3 + number // 9, party=party)
            row = self.counterpart(prefix="CF", party=party)
            row |= {
                "CF_WSH": f"{sign}〔{on.year}〕{number + 3}号",
                "CF_WFXW": case.violation,
                "CF_SY": f"{on:%Y}年{on.month}月检查发现：{party.name}{case.facts}。",
                "CF_YJ": case.basis,
                "CF_CFLB": ";".join(case.kinds),
                "CF_JDRQ": day(on),
                "CF_YXQ": LONG_TERM if number % 4 else day(on + timedelta(days=365)),
                "CF_GSJZQ": day(on + timedelta(days=365)) if number % 6 == 0 else "",
                "CF_CFJG": provider["name"],
                "CF_CFJGDM": provider["uscc"],
                "CF_SJLY": provider["name"],
                "CF_SJLYDM": provider["uscc"],
            }
            row |= self.sanction(case=case, number=number)
            rows.append(row)
        self.spoil_penalties(rows)
        return rows

    def sanction(self, *, case: Case, number: int) -> Row:
        """Return the columns on what was imposed; amounts in 10,000 yuan."""
        words, row = [], {}
        for kind in case.kinds:
            amount = self.chance.choice(FINES)
            if kind == "罚款":
                row["CF_NR_FK"] = amount
                words.append(f"罚款{amount}万元")
            elif kind.startswith("没收"):
                row["CF_NR_WFFF"] = amount
                words.append(f"{kind}{amount}万元")
            elif kind in {"暂扣许可证件", "吊销许可证件"}:
                row["CF_NR_ZKDX"] = f"许可证 XK{number:04d}"
                words.append(kind)
            else:
                words.append(kind)
        return {**row, "CF_NR": "、".join(words) + "。"}

    def spoil_penalties(self, rows: list[Row]) -> None:
        """Put in two faults, a body without a code, text that names a person and breaks its line, a repeated row."""
        organisation = [row for row in rows if row["CF_XDR_LB"] == ORGANISATION]
        organisation[4]["CF_XDR_SHXYM"] = wrong_check_character(organisation[4]["CF_XDR_SHXYM"])
        fined = [row for row in organisation[8:] if "CF_NR_FK" in row]
        del fined[0]["CF_NR_FK"]
        organisation[14]["CF_XDR_SHXYM"] = NO_CODE_YET
        witness = self.demo["persons"][2]
        organisation[-2]["CF_SY"] += f"\n现场由{witness['name']}（身份证号{witness['id_number']}）签字，共2页。"
        business = next(row for row in rows if row["CF_XDR_LB"] == BUSINESS)
        business["CF_SY"] += f"经营者{business['CF_FRDB']}已到场说明。"
        rows.append(dict(organisation[1]))

    def licences(self, *, provider: Row) -> list[Row]:
        """Return the rows of a licence file of one department."""
        rows: list[Row] = []
        kinds, sign = LICENCES[provider["code"]], self.demo["document_prefix"] + SIGNS[provider["code"]][1]
        parties = self.parties(provider=provider["code"])
        for number, (party, on) in enumerate(zip(parties, self.days(), strict=True)):
            licence = fitting(kinds, start=number * 2 + number // 7, party=party)
            until = day(on.replace(year=on.year + licence.years, day=min(on.day, 28))) if licence.years else LONG_TERM
            row = self.counterpart(prefix="XK", party=party)
            row |= {
                "XK_XKWS": licence.title,
                "XK_WSH": f"{sign}〔{on.year}〕{number + 11}号",
                "XK_XKLB": licence.category,
                "XK_XKZS": licence.certificate,
                "XK_XKBH": f"{self.demo['division']}{on:%y}{number + 1:05d}",
                "XK_NR": f"{licence.content}。",
                "XK_JDRQ": day(on),
                "XK_YXQZ": day(on),
                "XK_YXQZI": until,
                "XK_XKJG": provider["name"],
                "XK_XKJGDM": provider["uscc"],
                "XK_ZT": "1",
                "XK_LYDW": provider["name"],
                "XK_LYDWDM": provider["uscc"],
            }
            rows.append(row)
        organisation = [row for row in rows if row["XK_XDR_LB"] == ORGANISATION]
        organisation[5]["XK_JDRQ"] = "2026/02/30"
        organisation[9]["XK_YXQZI"] = "2020/01/01"
        rows.append(dict(organisation[2]))
        return rows

    def file(self, *, entry: Row) -> bytes:
        """Return the bytes of one file named in demo.yaml."""
        found = next(row for row in self.demo["organisations"] if row["code"] == entry["provider"])
        provider = {"code": found["code"], "name": found["name"]["zh"], "uscc": found["uscc"]}
        self.chance.seed(f"{entry['file']} {self.demo['division']}")
        rows = self.penalties(provider=provider) if entry["item"] == "CF" else self.licences(provider=provider)
        labels = dict(self.labels[entry["item"]])
        chinese = entry["encoding"] == "gb18030"
        if chinese:
            for number, row in enumerate(rows):
                row["X_SXCD"] = ("", "一般", "", "轻微", "")[number % 5]
            rows[-1] = dict(next(row for row in rows if row["CF_WSH"] == rows[-1]["CF_WSH"]))
        else:
            labels.pop("X_SXCD", None)
        return table(heads=list(labels.values()) if chinese else list(labels), codes=list(labels), rows=rows).encode(
            "gb18030" if chinese else "utf-8"
        )


def table(*, heads: Sequence[str], codes: Sequence[str], rows: Sequence[Row]) -> str:
    """Return a CSV text with one heading row."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(heads)
    writer.writerows([row.get(code, "") for code in codes] for row in rows)
    return text.getvalue()


def read(path: Path) -> Any:
    """Read a pack file with every scalar as text."""
    return yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)
