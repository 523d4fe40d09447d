"""A public record has an address of its own, and there is nothing to see at any other."""

from __future__ import annotations

import json
import re

import pytest
from django.test import Client

from tests.world import World
from xinheng.lib import clock
from xinheng.records.selectors import public_page
from xinheng.records.services import withdraw


def nothing(page: str) -> str:
    """A page without what names the request and the address to come back to."""
    page = re.sub(r'value="/[^"]*"', "", page)
    return re.sub(r'/subjects/[^"<]*|[0-9a-f]{8}-[0-9a-f-]{27,}|<dd class="xh-code">[^<]*</dd>', "", page)


@pytest.mark.req("PUB-1", "PUB-2", "QRY-4", kind="journey")
def test_a_public_record_has_an_address_that_lists_and_subject_pages_name(world: World) -> None:
    address = world.address("/subjects/{organisation}/records/{record}")
    page = Client().get(address)
    assert page.status_code == 200 and page.text.count("<h1") == 1 and address in page.text
    assert f'href="{address}"' in Client().get("/publicity/CF").text
    assert f'href="{address}"' in Client().get(world.address("/subjects/{organisation}")).text
    body = json.loads(Client().get(f"{address}.json").text)
    assert body["record"]["record"] == world.places["record"] and body["record"]["code"] == world.places["organisation"]
    representative = page.context["record"].value("representative")
    assert not representative or representative not in json.dumps(body, ensure_ascii=False)


@pytest.mark.req("PUB-1", "INV-4", "INV-7", "QRY-4", kind="refusal")
@pytest.mark.parametrize("form", ["", ".json"])
def test_ended_unknown_of_another_and_of_a_person_answer_the_same(world: World, form: str) -> None:
    code, number = world.places["organisation"], world.places["record"]
    other = next(row for row in Client().get("/publicity/CF").context["rows"] if row.subject_code != code)
    held = next(
        one for one in public_page(item_code="CF", day=clock.today("Asia/Shanghai")) if str(one.record_id) == number
    )
    withdraw(
        subject_id=held.subject_id,
        record_id=held.record_id,
        cause="revoked",
        reason="撤销",
        article="ZY-33",
        actor="platform",
        organisation="scjgj",
        channel="cli",
        at=clock.now(),
    )
    person = next(iter(world.pack.demo["persons"]))["id_number"]  # type: ignore[call-overload]
    asked = {
        "ended": f"{code}/records/{number}",
        "unknown": f"{code}/records/9007199254740993",
        "zero": f"{code}/records/0",
        "of another": f"{code}/records/{other.record.record_id}",
        "no organisation": f"91620798MA9999999X/records/{number}",
        "a person": f"{person}/records/{number}",
    }
    told = {who: Client().get(f"/subjects/{address}{form}") for who, address in asked.items()}
    assert {one.status_code for one in told.values()} == {404}
    if form:
        errors = [json.loads(one.text)["error"] for one in told.values()]
        assert {(one["code"], one.get("article"), one["message"]) for one in errors} == {
            ("record_not_public", errors[0].get("article"), errors[0]["message"])
        }
    else:
        assert len({nothing(one.text) for one in told.values()}) == 1
        assert "这条信息现在不公开" in told["ended"].text and "可以这样做" in told["ended"].text
        assert person not in told["a person"].text.replace(asked["a person"], "")


@pytest.mark.req("PUB-2", kind="journey")
def test_lists_that_are_not_in_force_are_said_with_the_reason(world: World) -> None:
    page = Client().get("/publicity").text
    assert "现在一家也没有" in page and "失信被执行人" in page and "没有启用：" in page
    assert 'href="/publicity/CF"' in page and "平台还没有列入任何单位" in page
