"""The express door of machines: what it answers is what the long way answers, and it answers nothing else."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import orjson
import pytest
from django.http import QueryDict
from django.test import Client
from hypothesis import example, given
from hypothesis import strategies as st

from tests.disclosure.city import CASE, MATTER, OFFICER, PERSON_ID, UNKNOWN_PERSON, City
from tests.records.rows import COMPANY, OTHER
from xinheng.accounts.models import Account
from xinheng.disclosure import express
from xinheng.disclosure.forms import QueryForm, in_order, plain_question

CODE = COMPANY["CF_XDR_SHXYM"]
GROUND = {"matter": MATTER, "case_number": CASE}
MACHINE = {"Accept": "application/json"}
EXPRESS = "xinheng.disclosure.express.Express"
_CHANGING = re.compile(r'"(entry|leaf|promise|request)": ?"[^"]*"')


def asked(
    username: str, body: Any, *, checks: bool = False, token: str = "", cookies: Mapping[str, str] = {}, **how: Any
) -> tuple[int, str, dict[str, str]]:
    """Status, body without what differs from answer to answer, and headers of one question."""
    client = Client(enforce_csrf_checks=checks, raise_request_exception=False)
    if username:
        client.force_login(Account.objects.get(username=username))
    client.cookies.load(dict(cookies))
    headers = {**MACHINE, **how.pop("headers", {})}
    if token:
        client.get("/desk/query")
        headers["X-CSRFToken"] = client.cookies["xinheng_csrf"].value if token == "right" else token
    answer = client.post("/desk/query", body, headers=headers, **how)
    kept = {name: value for name, value in answer.headers.items() if name not in {"X-Request-Id", "Content-Length"}}
    return answer.status_code, _CHANGING.sub("", answer.content.decode()), kept


JSON = {"content_type": "application/json"}
QUESTIONS: dict[str, tuple[str, Any, dict[str, Any]]] = {
    "granted": (OFFICER, {**GROUND, "who": CODE}, {}),
    "granted, sent as JSON": (OFFICER, orjson.dumps({**GROUND, "who": CODE}).decode(), JSON),
    "several": (OFFICER, {**GROUND, "who": f"{CODE}\n{OTHER['CF_XDR_SHXYM']} {OTHER['CF_XDR_MC']}"}, {}),
    "refused": (OFFICER, {**GROUND, "matter": "daily_inspection", "who": CODE}, {}),
    "a person who is no party": (OFFICER, {**GROUND, "who": PERSON_ID}, {}),
    "a person nobody knows": (OFFICER, {**GROUND, "party_list": UNKNOWN_PERSON}, {}),
    "nobody": (OFFICER, GROUND, {}),
    "no matter": (OFFICER, {"who": CODE}, {}),
    "a number in the case": (OFFICER, {**GROUND, "case_number": PERSON_ID, "who": CODE}, {}),
    "a code that can't be read": (OFFICER, {**GROUND, "who": "91"}, {}),
    "too many lines": (OFFICER, {**GROUND, "who": "\n".join([CODE] * 501)}, {}),
    "broken JSON": (OFFICER, "{", JSON),
    "JSON of numbers": (OFFICER, '{"matter": 1}', JSON),
    "English": (OFFICER, {**GROUND, "who": "91"}, {"cookies": {"xinheng_language": "en"}}),
    "another role": ("fgw.auditor", {**GROUND, "who": CODE}, {}),
    "nobody signed in": ("", {**GROUND, "who": CODE}, {}),
    "a session of nobody": ("", {**GROUND, "who": CODE}, {"cookies": {"xinheng_session": "x" * 32}}),
    "a session that breaks the database": (
        "",
        {**GROUND, "who": CODE},
        {"cookies": {"xinheng_session": "\0" + "a" * 31}},
    ),
    "a matter without end": (OFFICER, {**GROUND, "matter": "m" * 65, "who": CODE}, {}),
    "a length without end": (OFFICER, {**GROUND, "who": CODE}, {"CONTENT_LENGTH": "9" * 5000}),
    "another host": (OFFICER, {**GROUND, "who": CODE}, {"headers": {"Host": "elsewhere.example"}}),
    "without a token": (OFFICER, {**GROUND, "who": CODE}, {"checks": True}),
    "with the right token": (OFFICER, {**GROUND, "who": CODE}, {"checks": True, "token": "right"}),
    "with a wrong token": (OFFICER, {**GROUND, "who": CODE}, {"checks": True, "token": "a" * 32}),
    "from another site": (
        OFFICER,
        {**GROUND, "who": CODE},
        {"checks": True, "token": "right", "headers": {"Origin": "https://elsewhere.example"}},
    ),
    "too long": (OFFICER, {**GROUND, "who": "9" * (1024 * 1024 + 1)}, {}),
}


@pytest.mark.django_db
@pytest.mark.req("INV-3", "QRY-1", kind="refusal")
@pytest.mark.parametrize("name", QUESTIONS)
def test_the_express_answers_what_the_long_way_answers(city: City, settings: Any, name: str) -> None:
    username, body, how = QUESTIONS[name]
    quick = asked(username, body, **dict(how))
    settings.MIDDLEWARE = [layer for layer in settings.MIDDLEWARE if layer != EXPRESS]
    assert quick == asked(username, body, **dict(how))


@pytest.mark.django_db
def test_the_ordinary_question_does_take_the_express(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[str] = []
    answer = express.Express._answer

    def noted(self: Any, request: Any) -> Any:
        taken.append(request.path)
        return answer(self, request)

    monkeypatch.setattr(express.Express, "_answer", noted)
    assert asked(OFFICER, {**GROUND, "who": CODE})[0] == 200
    assert asked(OFFICER, {**GROUND, "who": CODE}, checks=True, token="right")[0] == 200
    assert taken == ["/desk/query"] * 2
    assert asked(OFFICER, {**GROUND, "who": CODE}, headers={"Accept": "text/html"})[0] == 200
    assert asked("fgw.auditor", {**GROUND, "who": CODE})[0] == 403
    assert asked("", {**GROUND, "who": CODE})[0] == 403
    assert len(taken) == 3  # the auditor's, refused inside


WORDS = st.sampled_from(
    [
        "",
        " ",
        MATTER,
        CASE,
        CODE,
        f" {CODE} ",
        f"{CODE} 某公司\n\n{PERSON_ID}",
        PERSON_ID,
        "x\0y",
        "九",
        "a" * 101,
        "b" * 201,
    ]
) | st.text(max_size=30)


@pytest.mark.req("QRY-1", kind="rule")
@given(
    data=st.fixed_dictionaries(
        {},
        optional={
            "matter": WORDS,
            "case_number": WORDS,
            "statute": WORDS,
            "who": WORDS,
            "party_list": WORDS,
        },
    )
)
@example(data={"matter": "a" * 65, "who": CODE})
def test_a_question_read_without_the_form_is_read_as_the_form_reads_it(data: dict[str, str]) -> None:
    sent = QueryDict(mutable=True)
    sent.update(data)
    form, plain = QueryForm(sent), plain_question(sent)
    assert plain is None or (form.is_valid() and plain == in_order(form))
    assert plain == plain_question(data)


@pytest.mark.req("QRY-1", kind="rule")
def test_an_ordinary_question_needs_no_form() -> None:
    read = plain_question({**GROUND, "who": CODE, "party_list": f"{PERSON_ID} 林既白 投标人"})
    assert read is not None and [(one.row, one.kind) for one in read.who] == [(1, "uscc"), (2, "id")]
    assert [(one.party, one.name, one.role) for one in read.who] == [(False, "", ""), (True, "林既白", "投标人")]
