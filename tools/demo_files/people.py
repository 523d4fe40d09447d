"""Who is decided about? Invented enterprises, individual businesses and persons of one place.

Enterprises carry the name of a place that does not exist, identity numbers its division, which was never assigned.
"""

from __future__ import annotations

from datetime import date
from itertools import count
from typing import Any

from demo_files.first import identity_number
from demo_files.rows import BUSINESS, ORGANISATION, PERSON, Party
from xinheng.lib.codes import orgcode, uscc

STEMS = (
    "云岫", "清渠", "嘉禾", "恒川", "朔原", "北麓", "沐野", "青垣", "澄溪", "远岫", "初旸", "禾木",
    "岚川", "砚池", "丹枫", "松涧", "宁塬", "星垣", "河湄", "望舒", "竹里", "南圃", "启明", "汀兰",
    "霁光", "泊远", "知秋", "明湖", "锦程", "同泽", "鹿鸣", "采薇", "白鹭", "银杏", "沧浪", "石泉",
    "芳甸", "晴川", "听松", "瀚海",
)  # fmt: skip
SURNAMES = "冯褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎"
GIVEN = (
    "亦舒", "思远", "若溪", "景明", "怀瑾", "清和", "望山", "知行", "南星", "秉文", "安澜", "予宁",
    "既明", "书禾", "长庚", "砚秋", "北辰", "疏影", "云起", "嘉树",
)  # fmt: skip
RARE = ("䶮", "𬭎", "𣗋", "㛃")  # in GB18030, not in GBK
PER_TRADE = 4


def with_check(division: str, head: str, serial: str) -> str:
    """A unified code: authority and kind, division, eight characters and both check characters."""
    body = f"{head}{division}{serial}{orgcode.check_character(serial)}"
    return body + uscc.check_character(body)


class People:
    """The parties of one place, the same for the same demo.yaml."""

    def __init__(self, demo: dict[str, Any]) -> None:
        self.place: str = demo["place"]["zh"]
        self.division: str = demo["division"]
        self._born_in: str = demo["persons"][0]["id_number"][:6]
        self._serial = count(1)
        self._trades: dict[str, list[Party]] = {}
        self._shops: dict[str, list[Party]] = {}
        listed = {row["key"]: row for row in demo["persons"]}
        self.minor = self._listed(listed["minor"])
        self.adults = [self._listed(row) for key, row in listed.items() if key in ("tang", "zhou")]
        self.adults += [self._adult(number) for number in range(22)]
        self.youth = Party(PERSON, "柏初旸", identity=self.identity(date(2008, 1, 10), 641))

    def _listed(self, row: dict[str, str]) -> Party:
        return Party(PERSON, row["name"], identity=row["id_number"])

    def identity(self, born: date, sequence: int) -> str:
        """An identity number of the division that was never assigned."""
        return identity_number(division=self._born_in, born=born, sequence=sequence)

    def _name(self, number: int) -> str:
        return SURNAMES[number * 7 % len(SURNAMES)] + GIVEN[number * 3 % len(GIVEN)]

    def _adult(self, number: int) -> Party:
        born = date(1962 + number * 2 % 40, 1 + number * 5 % 12, 1 + number * 3 % 28)
        return Party(PERSON, self._name(number + 90), identity=self.identity(born, 511 + number))

    def companies(self, trade: str) -> list[Party]:
        """The enterprises of a trade, a farmers' cooperative among those that farm."""
        if trade not in self._trades:
            self._trades[trade] = [self._company(trade) for _ in range(PER_TRADE)]
        return self._trades[trade]

    def _company(self, trade: str) -> Party:
        number = next(self._serial)
        farm = trade.endswith("专业合作社")
        code = with_check(self.division, "93" if farm else "91", f"MA91{number:04d}")
        name = f"{self.place}{STEMS[number * 11 % len(STEMS)]}{trade}" + ("" if farm else "有限公司")
        return Party(ORGANISATION, name, code, self._name(number))

    def shops(self, trade: str) -> list[Party]:
        """The individual businesses of a trade with their operators."""
        if trade not in self._shops:
            self._shops[trade] = [self._shop(trade) for _ in range(2)]
        return self._shops[trade]

    def _shop(self, trade: str) -> Party:
        number = next(self._serial)
        code = with_check(self.division, "92", f"MA81{number:04d}")
        return Party(BUSINESS, f"{self.place}{STEMS[number * 13 % len(STEMS)]}{trade}", code, self._name(number))
