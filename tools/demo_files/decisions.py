"""What does a department put into a row? Penalties, licences and records of a sector, before they are spoilt."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import count

from demo_files.departments import BY_CODE, SECTOR, Department
from demo_files.people import RARE, People
from demo_files.rows import BUSINESS, ID_CARD, LONG_TERM, PERSON, Cell, Layout, Party, Sent

AMOUNTS = tuple(map(Decimal, ("0.05", "0.1", "0.2", "0.3", "0.5", "0.8", "1", "1.2", "2", "3", "5")))
SEVERITIES = ("轻微", "一般", "一般", "严重")
LATE = 12  # of a hundred decisions so many reach the platform after the seven working days


def yuan(amount: Decimal) -> str:
    """An amount in 10,000 yuan, in yuan and in full."""
    return str(int(amount * 10_000))


class Desk:
    """A department of one place at work: it numbers its documents and knows whom it deals with."""

    def __init__(self, *, department: Department, sender: dict[str, str], people: People, prefix: str) -> None:
        self.department = department
        self.sender = sender
        self.people = people
        self.prefix = prefix
        self.numbers = count(201)
        self.turn = count()

    def party(self, *, persons: bool, rare: bool) -> Party:
        """The next counterpart: mostly enterprises, some individual businesses, now and then a person."""
        turn = next(self.turn)
        if persons and turn % 11 == 7:
            return self.people.adults[turn % len(self.people.adults)]
        if turn % 6 == 4:
            shops = self.people.shops(self.department.shops[turn % len(self.department.shops)])
            return shops[turn // 6 % len(shops)]
        found = self.company(turn)
        if rare and turn % 4 == 1:
            return Party(found.kind, found.name, found.code, found.representative[0] + RARE[turn // 4 % len(RARE)])
        return found

    def company(self, turn: int) -> Party:
        """An enterprise of one of the department's trades."""
        companies = self.people.companies(self.department.trades[turn % len(self.department.trades)])
        return companies[turn // len(self.department.trades) % len(companies)]

    def document(self, sign: str, on: date) -> str:
        """The number of the next document."""
        return f"{self.prefix}{sign}〔{on.year}〕{next(self.numbers)}号"

    def days(self, chance: random.Random, before: Sequence[date], rows: int) -> list[date]:
        """When the decisions of one file were made: most within the seven working days, some late.

        ``before``: the working days before receipt, the latest first.
        """
        late = [chance.randrange(100) < LATE for _ in range(rows)]
        return sorted(before[chance.randrange(9, len(before)) if one else chance.randrange(7)] for one in late)

    def made(self, layout: Layout, chance: random.Random, on: date, *, rare: bool) -> Sent:
        """One faultless row of the item."""
        if layout.item == "CF":
            return self._penalty(layout, chance, on, rare)
        if layout.item == "XK":
            return self._licence(layout, chance, on, rare)
        return self._of_sector(layout, chance, on)

    def _who(self, layout: Layout, party: Party) -> dict[str, Cell]:
        parts = {"name": party.name, "kind": party.kind}
        if party.kind == PERSON:
            parts |= {"id_type": ID_CARD, "id_number": party.identity}
        else:
            parts |= {"uscc": party.code}
            if layout.item in ("CF", "XK") or party.kind == BUSINESS:
                parts |= {"representative": party.representative}
        return {layout.roles[role]: text for role, text in parts.items() if role in layout.roles}

    def _organs(self, layout: Layout) -> dict[str, Cell]:
        name, code = self.sender["name"], self.sender["uscc"]
        parts = {"authority": name, "authority_code": code, "source": name, "source_code": code}
        return {layout.roles[role]: text for role, text in parts.items() if role in layout.roles}

    def _penalty(self, layout: Layout, chance: random.Random, on: date, rare: bool) -> Sent:
        party = self.party(persons=True, rare=rare)
        violation, facts, basis, kinds = chance.choice(self.department.cases)
        cells: dict[str, Cell] = {
            **self._who(layout, party),
            **self._organs(layout),
            "CF_WSH": self.document(self.department.signs[0], on),
            "CF_WFXW": violation,
            "CF_SY": f"{on.year}年{on.month}月检查发现：{party.name}{facts}。",
            "CF_YJ": basis,
            "CF_CFLB": ";".join(kinds),
            "CF_JDRQ": on,
            "CF_YXQ": LONG_TERM if chance.randrange(3) else on + timedelta(days=365),
        }
        said = []
        for kind in kinds:
            amount = chance.choice(AMOUNTS)
            if kind == "罚款":
                cells["CF_NR_FK"] = amount
                said.append(f"罚款{yuan(amount)}元")
            elif kind.startswith("没收"):
                cells["CF_NR_WFFF"] = amount
                said.append(f"{kind}，计{yuan(amount)}元")
            elif kind == "暂扣许可证件":
                cells["CF_NR_ZKDX"] = f"安全生产许可证 {next(self.turn):05d}"
                said.append("暂扣安全生产许可证")
            else:
                said.append(kind)
        return Sent({**cells, "CF_NR": "；".join(said) + "。"})

    def _licence(self, layout: Layout, chance: random.Random, on: date, rare: bool) -> Sent:
        party = self.party(persons=False, rare=rare)
        title, category, certificate, content, years = chance.choice(self.department.licences)
        number = self.document(self.department.signs[1], on)
        until = on.replace(year=on.year + years, day=min(on.day, 28)) if years else LONG_TERM
        cells: dict[str, Cell] = {
            **self._who(layout, party),
            **self._organs(layout),
            "XK_XKWS": title,
            "XK_WSH": number,
            "XK_XKLB": category,
            "XK_XKZS": certificate,
            "XK_XKBH": f"{self.people.division}{on:%y}{next(self.turn):05d}" if certificate else "",
            "XK_NR": content + "。",
            "XK_JDRQ": on,
            "XK_YXQZ": on,
            "XK_YXQZI": until,
            "XK_ZT": "1",
        }
        return Sent(cells)

    def _of_sector(self, layout: Layout, chance: random.Random, on: date) -> Sent:
        facts, thing = SECTOR[layout.item][1:]
        practice = "ZY_JLLX" in layout.labels
        persons = practice or layout.item == "SXBZX"
        if practice:
            party = self.people.adults[next(self.turn) % len(self.people.adults)]
        else:
            party = self.party(persons=persons, rare=False)
            if layout.item == "GAZZ" and party.kind != "法人及非法人组织":
                party = self.company(next(self.turn))
        document = {"SXBZX": "失信决定书", "GYSS": "民事判决书", "GGJY": "成交通知书"}.get(
            layout.item, "行政处理决定书"
        )
        cells: dict[str, Cell] = {
            **self._who(layout, party),
            **self._organs(layout),
            "WS_LX": "登记决定书" if practice else document,
            "WS_WSH": self.document(f"{self.department.signs[0][:-1]}{layout.item}", on),
            "WS_JDRQ": on,
            **self._particulars(layout, chance, on, party, facts, thing),
        }
        return Sent({code: cell for code, cell in cells.items() if code in layout.labels})

    def _particulars(
        self, layout: Layout, chance: random.Random, on: date, party: Party, facts: str, thing: str
    ) -> dict[str, Cell]:
        cells: dict[str, Cell] = {
            "SS": f"{on.year}年{on.month}月查明：{party.name}{facts}。",
            "YJ": chance.choice(self.department.cases)[2],
            "NR": chance.choice(("责令限期改正。", "责令改正，通报批评。", "依法处理，限期整改。")),
            "SXCD": chance.choice(SEVERITIES),
            "SD_QK": "已送达",
            "JJ_QK": "未申请",
            "ZY_LB": thing,
            "ZY_ZH": f"{self.people.division}{on:%y}{next(self.turn):06d}",
            "ZY_JLLX": "登记",
            "ZY_NR": facts + "。",
            "SX_QX": "有履行能力而拒不履行",
            "SX_AH": f"（{on.year}）{self.prefix}0798执{next(self.turn)}号",
            "SX_FBRQ": on,
            "SX_QMRQ": on + timedelta(days=730),
            "SX_YW": thing + "。",
            "SX_LX": "全部未履行",
            "LD_JE": chance.choice(AMOUNTS),
            "LD_RS": thing,
            "JY_JE": chance.choice(AMOUNTS) * 100,
            "JY_BH": f"{self.prefix}交{on.year}-{next(self.turn):04d}",
            "HJ_ZG": thing,
        }
        own = ("JY_XM", "AQ_SG", "CP_MC", "GY_FY", "JS_GC", "JT_XKZ", "JY_XKZ", "QT_HY", "SN_CP", "WL_CS", "YF_BA")
        return {**cells, **dict.fromkeys((*own, "ZC_HM"), thing), "XW": self._conduct(layout, chance)}

    def _conduct(self, layout: Layout, chance: random.Random) -> str:
        choices = layout.choices.get("XW", ())
        return chance.choice(choices) if choices else ""


def fallback(code: str) -> Department:
    """The department ``code``; of a sender that makes no dual publicity, one that deals with everybody."""
    signs = {
        "ggzy": "交易果",
        "jcy": "检诉",
        "fy": "执失",
        "qtj": "水务罚",
        "swj": "商务罚",
        "zscqj": "知产罚",
        "sfj": "司执",
    }
    return BY_CODE.get(code) or Department(
        code, "", "", "", (signs[code], ""), ("商贸", "建材", "网络科技"), ("便利店",), BY_CODE["scjgj"].cases[-1:], ()
    )
