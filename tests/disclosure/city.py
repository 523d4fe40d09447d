"""A small city with invented penalties, and short ways to ask about them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from tests.records.rows import AT, COMPANY, OTHER, SHOP, row
from xinheng.law.pack import Pack
from xinheng.lib.codes import check

OFFICER, MATTER, CASE = "ggzy.querier", "public_resource_trading", "衡公易〔2026〕0041"
PERSON_ID, PERSON_NAME = "620799199006200457", "林既白"  # the demo's account gongmin
PERSON = {
    "CF_XDR_MC": PERSON_NAME,
    "CF_XDR_LB": "自然人",
    "CF_XDR_SHXYM": "",
    "CF_FRDB": "",
    "CF_XDR_ZJLX": "身份证",
    "CF_XDR_ZJHM": PERSON_ID,
}
SECRET = "620799196512120843"  # the number of a third person that stands in a free text
PHONE = "13812345678"
REPRESENTATIVE_ID = "62079919700101201X"
UNKNOWN_COMPANY = "91620798MA9000046Q"
UNKNOWN_PERSON = "622201200510101399"


def _number(serial: int) -> str:
    """A well-formed identity number that nobody on file has."""
    body = f"62220120051010{serial:03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return body + "10X98765432"[sum(int(c) * w for c, w in zip(body, weights, strict=True)) % 11]


PERSONS = [_number(serial) for serial in range(201, 261)]  # different persons whom nobody knows


def two_lists(who: str) -> dict[str, str]:
    """The two lists of the form: organisations, and persons as parties of the case."""
    lines = who.splitlines()
    persons = [line for line in lines if line.strip() and check(line.split()[0]).kind == "id"]
    return {"who": "\n".join(line for line in lines if line not in persons), "party_list": "\n".join(persons)}


@dataclass(frozen=True)
class City:
    """The pack, the accounts by user name, and ways to ask."""

    pack: Pack
    accounts: Mapping[str, int]

    def ask(self, *identifiers: str, by: str = OFFICER, **changed: Any) -> list[Any]:
        """An official question of ``by`` about ``identifiers``; ground and channel by name."""
        from xinheng.disclosure import services
        from xinheng.disclosure.rules import Channel, Ground
        from xinheng.disclosure.services import Identifier

        names: Sequence[str] = changed.pop("names", [""] * len(identifiers))
        asker, officer = services.officer_of(self.accounts[by])
        ground = Ground(
            Channel.OFFICIAL,
            changed.pop("matter", MATTER),
            changed.pop("case_number", CASE),
            None,
            changed.pop("statute", None),
        )
        asked = [
            Identifier(n, "", text, name) for n, (text, name) in enumerate(zip(identifiers, names, strict=True), 1)
        ]
        channel = changed.pop("channel_name", "web")
        return services.official_query(
            asker=asker,
            officer=officer,
            ground=ground,
            identifiers=asked,
            channel_name=channel,
            at=AT,
            pack=self.pack,
            **changed,
        )


def fill(pack: Pack, send: Callable[..., Any], officers: Mapping[str, int]) -> City:
    """Two companies, a shop and a person with a penalty each; the demo's own-file accounts linked."""
    from xinheng.subjects.services import link_demo_subjects

    text = f"证人身份证{SECRET}，电话{PHONE}"
    receipt = send(
        row(1, COMPANY, CF_SY=text, CF_FR_ZJLX="身份证", CF_FR_ZJHM=REPRESENTATIVE_ID),
        row(2, OTHER),
        row(3, SHOP, CF_SY="经营者吴大勇在店内销售过期食品"),
        row(4, PERSON),
    )
    assert receipt.records == 4, receipt.rows
    link_demo_subjects(pack=pack, at=AT - timedelta(days=1))  # doors read the clock, whose time of day is real
    return City(pack, officers)
