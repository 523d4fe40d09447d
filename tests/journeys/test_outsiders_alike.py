"""What is there and what is not look alike to whoever may not see it: in status, words and work, at every channel.

Existing and invented persons, batches, receipts, rows, instruments, names of users and of machines.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client

from tests.accounts.machines import FORM, client_of, token_of
from tests.journeys.alike import Answered, answered, differences
from tests.journeys.cast import CASE, UNKNOWN_PERSON, UNLISTED, Cast
from tests.journeys.matrix import failing
from tests.journeys.matrix_city import MatrixCity
from tests.journeys.matrix_doors import JSON
from xinheng.accounts.rules import Role, Scope
from xinheng.intake.models import IntakeBatch
from xinheng.ui.pages import PAGES

pytestmark = pytest.mark.django_db
MISSING = "999999999"


@pytest.fixture
def city(bare: Cast, monkeypatch: pytest.MonkeyPatch) -> MatrixCity:
    """The city of the access matrix; what it keeps of its law does not run out between two answers."""
    monkeypatch.setattr("xinheng.ui.city.KEPT_FOR", 3600.0)
    return MatrixCity(bare).build()


def pair(city: MatrixCity, go: Callable[[str], Any], there: str, missing: str) -> tuple[Answered, Answered]:
    """The same act on what is there and on what is not; each once before, so that neither pays for being first."""
    for value in (there, missing):
        with city.undone():
            go(value)
    found = []
    for value in (there, missing):
        with city.undone():
            found.append(answered(lambda value=value: go(value), value))
    return found[0], found[1]


def told_apart(city: MatrixCity, go: Callable[[str], Any], there: str, missing: str) -> list[str]:
    return differences(*pair(city, go, there, missing))


def batches_of_another(city: MatrixCity) -> Iterator[tuple[str, str, Callable[[str], Any]]]:
    """Name, address and way of every page of a batch, for the same role elsewhere, as page and as JSON."""
    body = city.organisation("without the power")
    for page in PAGES:
        if "{batch}" not in page.example:
            continue
        if page.scope:
            token = token_of(client_of(body, Scope(page.scope)))
            client = Client(headers={"Authorization": f"Bearer {token}"})
        else:
            role = next(role for role in Role if role.value in page.roles)
            client = city.browser(city.accounts[f"without the power/{role.value}"], "signed in")
        for headers in ({}, JSON):
            yield (
                f"{page.name} {headers}",
                page.example,
                lambda address, client=client, headers=headers: client.get(address, headers=headers),
            )


@pytest.mark.req("INV-3", "INT-1", "IOP-1", "ACC-1", kind="refusal")
def test_another_organisations_batch_and_receipt_look_like_none(city: MatrixCity) -> None:
    batch, wrong, tried = str(IntakeBatch.objects.latest("id").id), [], 0
    for name, example, go in batches_of_another(city):
        tried += 1
        one, other = pair(city, go, example.format(batch=batch), example.format(batch=MISSING))
        assert one.status == 404, name
        wrong += [f"{name}: {how}" for how in differences(one, other)]
    assert wrong == [], failing(wrong)
    assert tried >= 10


@pytest.mark.req("INV-3", "INT-1", kind="refusal")
def test_another_organisations_row_looks_like_none(city: MatrixCity) -> None:
    from xinheng.intake.models import IntakeRow

    city.cast.report(city.cast.penalty(1, city.cast.company, CF_NR="另一个内容", CF_NR_FK="9"))
    waiting = IntakeRow.objects.filter(state="waiting").latest("id")
    reviewer = city.browser(city.accounts["without the power/reviewer"], "signed in")
    answer = {"outcome": "accept", "reason": "没有这个权力的人"}
    wrong = told_apart(
        city, lambda row: reviewer.post("/desk/review", {**answer, "row_id": row}), str(waiting.id), MISSING
    )
    assert wrong == [], failing(wrong)


@pytest.mark.req("INV-3", "INV-4", "QRY-4", "ZY-47", kind="refusal")
def test_a_person_on_file_looks_like_nobody_in_public(city: MatrixCity) -> None:
    """By name as written, parted, dotted, in part; by number as written, parted, in full width; with any address."""
    name, number, wrong = city.cast.person_name, city.cast.person_id, []
    names = [(name, "无" * len(name)), (" ".join(name), " ".join("无" * len(name))), (name[:2], "无无")]
    names += [(f"{name[0]}·{name[1:]}", "无·" + "无" * (len(name) - 1))]
    wide = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")
    numbers = [(number, UNKNOWN_PERSON), (number.translate(wide), UNKNOWN_PERSON.translate(wide))]
    numbers += [(f"{number[:6]} {number[6:]}", f"{UNKNOWN_PERSON[:6]} {UNKNOWN_PERSON[6:]}")]
    numbers += [(number[:-4], UNKNOWN_PERSON[:-4]), (number[-4:], UNKNOWN_PERSON[-4:])]
    client = Client()
    for there, missing in names + numbers:
        wrong += [f"search: {how}" for how in told_apart(city, _search(client), there, missing)]
    for path in ("/subjects/{}", "/subjects/{}/export.json", "/subjects/{}/export.csv", "/search?q={}"):
        for there, missing in (names[0], numbers[0]):
            wrong += [
                f"{path}: {how}"
                for how in told_apart(
                    city, lambda word, path=path: client.get(path.format(quote(word))), there, missing
                )
            ]
    assert wrong == [], failing(wrong)


def _search(client: Client) -> Callable[[str], Any]:
    return lambda word: client.post("/search", {"q": word}, follow=True)


REFUSALS = {
    "a matter that no law lists": {"matter": UNLISTED},
    "no case": {"case_number": ""},
    "no party": {"listed": ""},
}


@pytest.mark.req("INV-3", "INV-4", "QRY-1", "ZY-35", "SP-28", kind="refusal")
@pytest.mark.parametrize("how", REFUSALS)
@pytest.mark.parametrize("machine", [False, True])
def test_a_refused_officer_can_not_tell_who_is_on_file(city: MatrixCity, how: str, machine: bool) -> None:
    client = city.browser(city.accounts["competent/querier"], "signed in")
    ground = {"matter": city.cast.matter.code, "case_number": CASE, "listed": "on", **REFUSALS[how]}
    field = "party_list" if ground.pop("listed") else "who"
    headers = JSON if machine else {}
    go = lambda who: client.post("/desk/query", {**ground, field: who}, headers=headers)  # noqa: E731
    wrong = told_apart(city, go, city.cast.person_id, UNKNOWN_PERSON)
    assert wrong == [], failing(wrong)


@pytest.mark.req("QRY-5", "ORG-1", kind="refusal")
def test_a_user_name_that_exists_looks_like_one_that_does_not(city: MatrixCity) -> None:
    def go(username: str) -> Any:
        return Client().post("/sign-in", {"username": username, "password": "nothing-of-the-kind"})

    wrong = told_apart(city, go, city.accounts["competent/querier"].username, "nobody.querier")
    wrong += told_apart(city, go, city.accounts["no role"].username, "nobody")
    assert wrong == [], failing(wrong)


@pytest.mark.req("IOP-1", kind="refusal")
def test_a_machine_that_exists_looks_like_one_that_does_not(city: MatrixCity) -> None:
    issued = client_of(city.organisation(), Scope.READ)

    def go(name: str) -> Any:
        form = f"grant_type=client_credentials&client_id={name}&client_secret=xhs_{'A' * 43}"
        return Client().post("/oauth/token", form, content_type=FORM)

    wrong = told_apart(city, go, issued.client_id, "xhc_" + "0" * 16)
    assert wrong == [], failing(wrong)
    shown = f"Bearer {token_of(issued)}"
    assert re.fullmatch(r"Bearer \S{20,}", shown)
