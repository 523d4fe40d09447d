"""A public list is narrowed by address, and what was narrowed goes along to the next page and into the files."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from tests.world import World
from xinheng.disclosure import services
from xinheng.disclosure.services import copies
from xinheng.portal import views

PROVIDER = "scjgj"


def rows(address: str) -> list[tuple[str, str]]:
    page = Client().get(address)
    assert page.status_code == 200, page.text
    return [(row.subject_code, str(row.record.record_id)) for row in page.context["rows"]]


@pytest.mark.req("PUB-2", "QRY-4", kind="journey")
def test_filters_stand_in_the_form_the_next_page_and_the_files(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "PAGE", 1)
    monkeypatch.setattr(copies, "EXPORTED", 1)
    monkeypatch.setattr(services, "EXPORTED", 1)
    asked = f"q=%E5%85%AC%E5%8F%B8&provider={PROVIDER}&from=2020-01-01&to=2026-11-20"
    page = Client().get(f"/publicity/CF?{asked}")
    assert page.status_code == 200 and page.context["total"] > 1
    assert f'<option value="{PROVIDER}" selected>' in page.text and 'value="2020-01-01"' in page.text
    kept = asked.replace("&", "&amp;")
    assert f"/publicity/CF/export.csv?{kept}" in page.text
    assert f'href="?{kept}&amp;after=' in page.text and "一个文件最多1条" in page.text
    file = Client().get(f"/publicity/CF/export.json?{asked}")
    onward = json.loads(file.text)["next"]
    assert onward.startswith(f"/publicity/CF/export.json?{asked}&after=")
    assert file.headers["Link"] == f'<{onward}>; rel="next"'
    assert Client().get(f"/publicity/CF/export.csv?{asked}").headers["Link"] == file.headers["Link"].replace(
        "export.json", "export.csv"
    )
    seen, address = [], f"/publicity/CF/export.json?{asked}"
    while address:
        body = json.loads(Client().get(address).text)
        seen += [one["record"] for one in body["records"]]
        address = body["next"]
    assert len(seen) == len(set(seen)) == page.context["total"]


@pytest.mark.req("PUB-2", kind="journey")
def test_each_filter_takes_away_and_none_adds(world: World) -> None:
    everything = rows("/publicity/CF")
    code, number = everything[0]
    page = Client().get("/publicity/CF?from=2020-01-01")
    one = next(row for row in page.context["rows"] if str(row.record.record_id) == number)
    day = one.record.decided_on.isoformat()
    assert (code, number) in rows(f"/publicity/CF?q={one.subject_name}&from={day}&to={day}")
    assert rows("/publicity/CF?to=2000-01-01") == []
    assert "没有符合条件的" in Client().get("/publicity/CF?to=2000-01-01").text
    every, theirs = (Client().get(f"/publicity/CF{asked}").context["total"] for asked in ("", f"?provider={PROVIDER}"))
    assert 0 < theirs <= every


@pytest.mark.req("PUB-2", kind="refusal")
@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("from=gestern", "日期请写成2026-02-14这样"),
        ("from=2026-02-01&to=2026-01-01", "“到”不能早于“从”"),
        ("q=%E5%85%AC", "至少写两个字"),
        ("q=622201199901010013", "这里写名称里的字"),
        ("provider=nobody", "请从列出的里面选"),
    ],
)
def test_a_filter_that_can_not_be_read_is_said_beside_its_field(world: World, asked: str, said: str) -> None:
    page = Client().get(f"/publicity/CF?{asked}")
    assert page.status_code == 422 and said in page.text and "错误：" in page.text
    assert "正在公示0条" not in page.text
    file = Client().get(f"/publicity/CF/export.json?{asked}")
    assert file.status_code == 422
    assert json.loads(file.text)["error"]["code"] == "list_filter_unreadable"


@pytest.mark.req("INV-4", "ZY-47", kind="refusal")
def test_a_list_can_not_be_narrowed_to_a_person(world: World) -> None:
    person = next(iter(world.pack.demo["persons"]))  # type: ignore[call-overload]
    business = next(iter(world.pack.demo["individual_businesses"]))  # type: ignore[call-overload]
    for name in (person["name"], business.get("operator", person["name"])):
        assert rows(f"/publicity/CF?q={name}") == []
