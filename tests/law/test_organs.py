"""Who may hold which power, as each law says."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from xinheng.law import lookup
from xinheng.law.pack import Pack

TODAY = date(2026, 11, 20)


def organisations(pack: Pack) -> list[Mapping[str, Any]]:
    found: Any = pack.demo["organisations"]
    return list(found)


@pytest.mark.req("ORG-1", "ZY-5", "SP-4", kind="rule")
def test_every_power_of_the_demo_is_one_its_holder_may_hold(law_pack: Pack) -> None:
    for body in organisations(law_pack):
        assert body["kind"] in law_pack.organ_kinds
        assert body["sector"] in law_pack.sectors
        for code in body["powers"]:
            power = lookup.power(law_pack, code, TODAY)
            assert body["kind"] in power.kinds, (body["code"], code)
            assert "any" in power.holders or body["sector"] in power.holders, (body["code"], code)
            assert power.level != "city" or body["level"] == "city", (body["code"], code)


@pytest.mark.req("ORG-1", "ZY-5", "SP-4", kind="rule")
def test_the_competent_department_alone_holds_what_the_law_gives_it(law_pack: Pack) -> None:
    alone = {"platform.operate", "catalog.supplement", "list.supplement", "evaluation.comprehensive"}
    for body in organisations(law_pack):
        held = alone & set(body["powers"])
        assert not held or body["sector"] == "development_reform", (body["code"], held)
