"""What a public search finds and how it answers: every organisation with something public, and nothing of persons."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.disclosure.city import AT, PERSON_ID, PERSON_NAME, UNKNOWN_PERSON, City
from tests.records.conftest import Send
from tests.records.rows import COMPANY, SHOP, row
from xinheng.disclosure import services
from xinheng.disclosure.services import finding
from xinheng.records.services import review_row, spell_names
from xinheng.subjects.models import SubjectSpelling

pytestmark = pytest.mark.django_db
CODE = COMPANY["CF_XDR_SHXYM"]
NOBODY = "欧阳不存"  # a name on no file
OPERATOR, REPRESENTATIVE = SHOP["CF_FRDB"], COMPANY["CF_FRDB"]


def found(city: City, text: str, **asked: Any) -> list[tuple[str, str]]:
    return [(c.code, c.why) for c in services.public_search(text=text, at=AT, pack=city.pack, **asked).candidates]


def company(number: int, name: str) -> Mapping[str, str]:
    """One more organisation; its code is the bench's, in a division that does not exist."""
    from bench.world import code_of

    return {"CF_XDR_MC": name, "CF_XDR_SHXYM": code_of(number), "CF_FRDB": "岳测试"}


@pytest.mark.req("QRY-4", kind="journey")
def test_an_organisation_is_found_by_whatever_a_visitor_may_know_of_its_name(city: City) -> None:
    for text, why in {
        "衡川市云衡食品有限公司": "exact",
        "衡川市云衡": "prefix",
        "云衡": "contains",
        "云衡 有限公司": "contains",
        "（云衡）食品": "contains",
        "yunhengshipin": "sound",
        "Yun Heng": "sound",
        "hcsyh": "sound",
        "衡川市云恒食品有限公司": "similar",
        "衡川市云食品有限公司": "similar",
        "衡川市云衡的食品": "similar",
        "衡川市云衡食品有限公词": "similar",
        "横川市云衡食品有限公司": "similar",
        "衡川市云衡食有限公司": "similar",
        "云恒食品": "similar",
    }.items():
        assert found(city, text) == [(CODE, why)], text


@pytest.mark.req("QRY-4", kind="refusal")
@pytest.mark.parametrize("text", ["衡川市石头食品有限公司", "衡川市云衡粮油有限公司", "丹霞县云山食品有限公司"])
def test_a_name_that_differs_in_more_than_one_character_is_another_name(city: City, text: str) -> None:
    assert found(city, text) == []


@pytest.mark.req("QRY-4", kind="refusal")
@pytest.mark.parametrize(
    ("text", "code"),
    [
        *(
            ("%%", ""),
            ("__", ""),
            ("云%衡", CODE),
            ("云_食品", ""),
            ("'; --", ""),
            ("\\云衡", CODE),
            ("zz", ""),
            ("云", ""),
        ),
        ("*五金店", SHOP["CF_XDR_SHXYM"]),
    ],
)
def test_signs_are_no_part_of_a_name_and_break_nothing(city: City, text: str, code: str) -> None:
    assert [found_code for found_code, _ in found(city, text)] == ([code] if code else [])


@pytest.mark.req("QRY-4", kind="journey")
def test_candidates_come_closest_first_are_never_merged_and_are_cut_into_pages(city: City, send: Send) -> None:
    names = ["云衡食品", "云衡食品商贸", "新云衡食品", "云衡食品"]
    assert send(*(row(f"9{n}", company(n, name)) for n, name in enumerate(names))).records == len(names)
    whole = services.public_search(text="云衡食品", at=AT, pack=city.pack)
    assert [(c.name, c.why) for c in whole.candidates] == [
        ("云衡食品", "exact"),
        ("云衡食品", "exact"),
        ("云衡食品商贸", "prefix"),
        ("新云衡食品", "contains"),
        (COMPANY["CF_XDR_MC"], "contains"),
    ]
    assert (whole.total, whole.following) == (5, 0)
    pages = [services.public_search(text="云衡食品", at=AT, pack=city.pack, limit=2, skip=skip) for skip in (0, 2, 4)]
    assert [page.following for page in pages] == [2, 4, 0]
    assert [c for page in pages for c in page.candidates] == list(whole.candidates)


@pytest.mark.req("QRY-4", "PUB-1", kind="journey")
def test_a_common_word_is_not_crowded_out_by_organisations_of_which_nothing_is_public(
    city: City, send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "MOST", 2)
    old = {"CF_JDRQ": "2020/01/02"}  # its publicity has long ended
    ended = [row(f"8{n}", company(n, f"甲{n}云衡食品"), **old) for n in range(5)]
    assert send(*ended).records == 5
    assert SubjectSpelling.objects.filter(plain__contains="云衡食品").count() == 6
    assert found(city, "云衡食品") == [(CODE, "contains")]
    assert [code for code, _ in found(city, "甲1云衡食品")] in ([], [CODE])


@pytest.mark.req("QRY-4", kind="journey")
def test_a_former_name_is_found_said_and_ranked_behind_present_ones(city: City, send: Send) -> None:
    send(row(71, COMPANY, CF_XDR_MC="衡川市新衡粮油有限公司", CF_JDRQ="2026/11/10"))
    send(row(72, company(1, "云衡食品经销有限公司")))
    result = services.public_search(text="云衡食品", at=AT, pack=city.pack)
    assert [(c.name, c.former, c.why) for c in result.candidates] == [
        ("云衡食品经销有限公司", "", "prefix"),
        ("衡川市新衡粮油有限公司", COMPANY["CF_XDR_MC"], "former"),
    ]
    page = Client().get("/search", {"q": "云衡食品"}).text
    assert "原名：" in page and COMPANY["CF_XDR_MC"] in page


@pytest.mark.req("INV-4", "ZY-47", kind="refusal")
def test_an_operator_is_not_found_in_a_former_name_either(city: City, send: Send) -> None:
    receipt = send(row(61, SHOP, CF_XDR_MC="衡川市大钱五金店", CF_FRDB="大钱 ", CF_JDRQ="2026/11/10"))
    review_row(
        row_id=receipt.rows[0].row_id,
        outcome="accept",
        reviewer=city.accounts["scjgj.reviewer"],
        reason="经营者已变更",
        channel="web",
        at=AT,
    )
    for anew in (False, True):
        if anew:
            spell_names(pack=city.pack)
        said = " ".join(f"{one.name} {one.plain} {one.latin}" for one in SubjectSpelling.objects.all())
        for hidden in (OPERATOR, "大钱", "wudayong", "daqian"):
            assert hidden not in said
            assert found(city, hidden) == []
        (hit,) = services.public_search(text="五金店", at=AT, pack=city.pack).candidates
        assert "大钱" not in f"{hit.name}{hit.former}" and OPERATOR not in f"{hit.name}{hit.former}"


@pytest.mark.req("INV-4", kind="refusal")
def test_a_spelling_that_still_says_an_operator_is_not_shown(city: City) -> None:
    """The second look: what stands in the projection is not believed."""
    shop = SubjectSpelling.objects.get(subject_kind="individual_business")
    SubjectSpelling.objects.filter(id=shop.id).delete()
    shop.name, shop.plain, shop.pairs = SHOP["CF_XDR_MC"], SHOP["CF_XDR_MC"], ["大勇", "吴大"]
    SubjectSpelling.objects.bulk_create([shop])
    assert found(city, OPERATOR) == []


# The same answer whether or not a file exists ---------------------------------------------------------------------


@contextmanager
def statements() -> Iterator[list[str]]:
    """The statements sent meanwhile, without the values in them."""
    shapes: list[str] = []
    with CaptureQueriesContext(connection) as sent:
        yield shapes
    shapes += [re.sub(r"'[^']*'|\d+", "?", one["sql"]) for one in sent.captured_queries]


BY_NAME = {"on file": PERSON_NAME, "unknown": NOBODY[:3], "representative": REPRESENTATIVE, "operator": OPERATOR}
BY_NUMBER = {"on file": PERSON_ID, "unknown": UNKNOWN_PERSON, "another": "110101199003070011"}
Ask = Callable[[str], Any]


def _page(text: str) -> Any:
    return Client().get("/search", {"q": text})


def _json(text: str) -> Any:
    return Client().get("/search", {"q": text}, headers={"accept": "application/json"})


def _posted(text: str) -> Any:
    return Client().post("/search", {"q": text})


def _address(text: str) -> Any:
    return Client().get(f"/subjects/{text}")


def _file(text: str) -> Any:
    return Client().get(f"/subjects/{text}/export.json")


def _told(answer: Any, text: str) -> str:
    body = answer.content.decode()
    if answer.status_code == 404 and body.startswith("{"):
        body = re.sub(r'"request": "[^"]*"', "", body)
    return body.replace(text, "…").replace(quote(text), "…")


@pytest.mark.req("INV-4", "QRY-4", "ZY-47", "SP-12", kind="refusal")
@pytest.mark.parametrize("ask", [_page, _json], ids=["page", "json"])
def test_a_name_is_answered_alike_whether_or_not_it_is_on_file(city: City, ask: Ask) -> None:
    seen: dict[str, tuple[int, str, list[str]]] = {}
    for who, name in BY_NAME.items():
        with statements() as shapes:
            answer = ask(name)
        seen[who] = (answer.status_code, _told(answer, name), shapes)
    assert seen["on file"][0] == 200 and len(seen["on file"][2]) == 2
    assert all(one == seen["unknown"] for one in seen.values()), seen


@pytest.mark.req("INV-4", "QRY-4", "ZY-47", "SP-12", kind="refusal")
@pytest.mark.parametrize("ask", [_page, _json, _posted, _address, _file])
def test_a_number_is_answered_alike_whether_or_not_it_is_on_file(city: City, ask: Ask) -> None:
    seen: dict[str, tuple[int, str, list[str]]] = {}
    for who, number in BY_NUMBER.items():
        with statements() as shapes:
            answer = ask(number)
        seen[who] = (answer.status_code, _told(answer, number), shapes)
    assert all(one == seen["unknown"] for one in seen.values()), seen
    assert seen["on file"][2] == []  # a number of a person is no question to the database


@pytest.mark.req("INV-4", kind="refusal")
@pytest.mark.parametrize("told", [BY_NAME, BY_NUMBER], ids=["name", "number"])
def test_the_verb_itself_asks_the_same_for_everybody(city: City, told: Mapping[str, str]) -> None:
    seen = []
    for text in told.values():
        with statements() as shapes:
            result = services.public_search(text=text, at=AT, pack=city.pack)
        seen.append((result, tuple(shapes)))
    assert len(set(seen)) == 1 and seen[0][0].candidates == ()


@pytest.mark.full
@pytest.mark.req("INV-4", kind="refusal")
def test_a_name_on_file_takes_no_longer_than_another(city: City) -> None:
    """Coarse: medians of many questions in turn lie within a third of each other."""
    took: dict[str, list[float]] = {who: [] for who in BY_NAME}
    for _ in range(200):
        for who, name in BY_NAME.items():
            began = time.perf_counter()
            _page(name)
            took[who].append(time.perf_counter() - began)
    middle = {who: sorted(times)[len(times) // 2] for who, times in took.items()}
    assert max(middle.values()) < 1.33 * min(middle.values()), middle
