"""The official query: every question an entry, nothing shown that the decision does not release, persons guarded."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from django.db import connection

from tests.disclosure.city import (
    AT,
    CASE,
    MATTER,
    OFFICER,
    PERSON_ID,
    PERSON_NAME,
    PERSONS,
    PHONE,
    REPRESENTATIVE_ID,
    SECRET,
    UNKNOWN_COMPANY,
    UNKNOWN_PERSON,
    City,
)
from tests.records.rows import COMPANY, OTHER, SHOP
from xinheng.disclosure.services import official, settling
from xinheng.ledger import selectors as ledger
from xinheng.lib.errors import BadInput
from xinheng.subjects.selectors import by_identifier
from xinheng.subjects.services import freeze

pytestmark = pytest.mark.django_db
CODE = COMPANY["CF_XDR_SHXYM"]


def lines(answers: list[Any]) -> str:
    """Everything that leaves the house, as one text."""
    return orjson.dumps([answer.as_dict() for answer in answers]).decode()


def without_receipt(answer: Any) -> dict[str, Any]:
    """What an answer says besides the number of its entry."""
    return {key: value for key, value in answer.as_dict().items() if key not in ("entry", "leaf", "promise")}


@pytest.mark.req("QRY-1", "INV-3", "ZY-34", "SP-10", kind="journey")
def test_a_linked_record_is_answered_with_article_mark_and_receipt(city: City) -> None:
    (answer,) = city.ask(CODE)
    line = answer.as_dict()
    assert (line["result"], line["subject"]["name"]) == ("granted", COMPANY["CF_XDR_MC"])
    (record,) = line["records"]
    assert record["item"] == "CF"
    assert record["fields"]["CF_NR_FK"] == {
        "release": "full",
        "value": "3",
        "article": record["fields"]["CF_NR_FK"]["article"],
    }
    assert all(field["article"] for field in record["fields"].values())
    assert record["fields"]["CF_FR_ZJHM"]["release"] == "withheld"
    assert record["fields"]["CF_FR_ZJHM"]["value"] == ""
    assert all({"release", "value", "article"} <= field.keys() for field in record["fields"].values())
    entry = ledger.entry(int(line["entry"]))
    assert entry.leaf == line["leaf"]
    assert line["promise"]


@pytest.mark.req("QRY-1", "QRY-5", "ACC-1", "SP-15", kind="journey")
def test_the_entry_says_who_for_what_case_under_which_article_and_which_fields(city: City) -> None:
    (answer,) = city.ask(CODE)
    body = ledger.entry(int(answer.entry)).body
    assert body is not None
    assert body["org"] == "ggzy"
    assert body["actor"] == f"account:{city.accounts[OFFICER]}"
    assert body["ground"]["matter"] == MATTER
    assert body["ground"]["case"] == CASE
    assert body["ground"]["article"] == answer.article
    assert body["result"] == "granted"
    assert "CF_NR_FK" in body["fields"]["items"]["CF"]["full"]
    assert "CF_FR_ZJHM" in body["fields"]["items"]["CF"]["withheld"]
    assert body["fields"]["hidden"] >= 2
    assert body["data_version"] == answer.data_version
    assert body["officer"]["staff_number"]


@pytest.mark.req("INV-3", "PUB-1", kind="refusal")
def test_withheld_values_and_numbers_of_third_persons_are_in_no_answer(city: City) -> None:
    said = lines(city.ask(CODE))
    for secret in (SECRET, PHONE, REPRESENTATIVE_ID):
        assert secret not in said


@pytest.mark.req("QRY-1", "INV-3", kind="refusal")
def test_records_not_linked_to_the_matter_leave_no_trace_in_the_answer(city: City) -> None:
    (answer,) = city.ask(CODE, by="zjj.querier", matter="qualification_review")  # linked to licences only
    (unknown,) = city.ask(UNKNOWN_COMPANY, by="zjj.querier", matter="qualification_review")
    assert without_receipt(answer) == without_receipt(unknown)
    body = ledger.entry(int(answer.entry)).body
    assert body is not None
    assert (body["result"], body["fields"]["hidden"]) == ("empty", 0)


@pytest.mark.req("QRY-1", "INV-3", kind="refusal")
def test_nothing_found_is_an_entry_without_a_subject(city: City) -> None:
    (answer,) = city.ask(UNKNOWN_COMPANY)
    line = answer.as_dict()
    assert (line["result"], line["records"]) == ("empty", [])
    assert "subject" not in line
    body = ledger.entry(int(answer.entry)).body
    assert body is not None
    assert body["subject"] == ""
    assert UNKNOWN_COMPANY not in orjson.dumps(body).decode()


@pytest.mark.req("QRY-1", "INV-3", "INV-4", kind="refusal")
@pytest.mark.parametrize(
    "changed", [{}, {"parties_stated": False}, {"matter": "daily_inspection"}, {"case_number": ""}]
)
def test_a_person_nobody_knows_is_answered_like_one_without_anything_to_show(
    city: City, changed: dict[str, Any]
) -> None:
    known = by_identifier("id", PERSON_ID)
    assert known is not None
    if not changed:
        freeze(subject_id=known.subject_id, ground="death", article="ZY-3", actor="account:1", at=AT)
    (about_known,) = city.ask(PERSON_ID, **changed)
    (about_unknown,) = city.ask(UNKNOWN_PERSON, **changed)
    same = [
        {k: v for k, v in a.as_dict().items() if k not in ("entry", "leaf", "promise")}
        for a in (about_known, about_unknown)
    ]
    assert same[0] == same[1]


@pytest.mark.req("SUB-1", "QRY-2", kind="refusal")
def test_a_frozen_person_is_empty_to_the_officer_and_refused_in_the_ledger(city: City) -> None:
    known = by_identifier("id", PERSON_ID)
    assert known is not None
    freeze(subject_id=known.subject_id, ground="death", article="ZY-3", actor="account:1", at=AT)
    (answer,) = city.ask(PERSON_ID)
    assert answer.result == "empty"
    body = ledger.entry(int(answer.entry)).body
    assert body is not None
    assert (body["result"], body["ground"]["reason"]) == ("refused", "subject_frozen")


@pytest.mark.req("QRY-1", "INV-3", kind="journey")
def test_a_person_is_answered_as_party_of_the_case_with_a_masked_number(city: City) -> None:
    (answer,) = city.ask(PERSON_ID)
    assert answer.result == "granted"
    assert answer.subject_name == PERSON_NAME
    assert PERSON_ID not in lines([answer])
    assert "*" * 16 + PERSON_ID[-2:] in lines([answer])


REFUSED = {
    "person_not_party": {"parties_stated": False},
    "matter_not_listed": {"matter": "daily_inspection"},
    "case_missing": {"case_number": "  "},
    "power_missing": {"matter": "market_access"},
}


@pytest.mark.req("QRY-1", "INV-3", "ZY-34", "ZY-35", "SP-10", "SP-28", kind="refusal")
@pytest.mark.parametrize("reason", REFUSED)
def test_a_refusal_shows_nothing_names_the_article_and_stands_in_the_subjects_chain(city: City, reason: str) -> None:
    (answer,) = city.ask(PERSON_ID, **REFUSED[reason])
    assert (answer.result, answer.reason, answer.records) == ("refused", reason, ())
    assert answer.article
    known = by_identifier("id", PERSON_ID)
    assert known is not None
    last = ledger.chain(known.tag)[-1]
    assert str(last.entry_id) == answer.entry
    assert last.body is not None
    assert (last.body["result"], last.body["ground"]["reason"]) == ("refused", reason)
    assert PERSON_NAME not in lines([answer])


@pytest.mark.req("QRY-1", kind="refusal")
def test_more_persons_than_the_pack_allows_are_refused_unknown_ones_counted(city: City) -> None:
    most = city.pack.matters[MATTER].values[-1].max_persons
    answers = city.ask(PERSON_ID, *PERSONS[:most])
    assert {answer.reason for answer in answers} == {"too_many_persons"}
    assert {answer.result for answer in city.ask(PERSON_ID, *[UNKNOWN_PERSON] * most)} == {"granted", "empty"}  # twice


@pytest.mark.req("QRY-1", kind="refusal")
def test_a_name_that_does_not_belong_to_the_code_is_refused(city: City) -> None:
    right, wrong = city.ask(CODE, OTHER["CF_XDR_SHXYM"], names=[COMPANY["CF_XDR_MC"], COMPANY["CF_XDR_MC"]])
    assert right.result == "granted"
    assert (wrong.result, wrong.reason) == ("refused", "name_differs")


@pytest.mark.req("QRY-1", kind="refusal")
def test_a_persons_wrong_name_is_answered_as_if_nobody_were_known(city: City) -> None:
    wrong, unknown = city.ask(PERSON_ID, UNKNOWN_PERSON, names=["周与同", "周与同"])
    assert (wrong.result, wrong.reason) == (unknown.result, unknown.reason) == ("empty", "")


@pytest.mark.req("QRY-1", kind="journey")
def test_a_list_is_answered_in_its_order_with_an_entry_each(city: City) -> None:
    asked = [OTHER["CF_XDR_SHXYM"], UNKNOWN_COMPANY, CODE, SHOP["CF_XDR_SHXYM"]]
    answers = city.ask(*asked)
    assert [a.input_row for a in answers] == [1, 2, 3, 4]
    assert [a.result for a in answers] == ["granted", "empty", "granted", "granted"]
    assert len({a.entry for a in answers}) == 4


@pytest.mark.req("QRY-1", kind="refusal")
def test_a_list_longer_than_the_matter_allows_is_refused_before_anything_is_read(city: City) -> None:
    most = city.pack.matters[MATTER].values[-1].max_organisations
    with pytest.raises(BadInput, match="too_many_identifiers"):
        city.ask(*[CODE] * (most + 1))


@pytest.mark.req("INV-3", kind="refusal")
@pytest.mark.parametrize("broken", ["append_many", "promise"])
def test_without_its_entry_or_promise_there_is_no_answer(
    city: City, broken: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(settling if broken == "append_many" else official, broken, fail)
    with pytest.raises(OSError, match="no space"):
        city.ask(CODE)


@pytest.mark.req("INV-3", kind="rule")
def test_a_question_costs_five_statements_in_its_transaction(city: City, django_assert_max_num_queries: Any) -> None:
    from xinheng.disclosure import services
    from xinheng.disclosure.rules import Channel, Ground
    from xinheng.disclosure.services import Identifier

    city.ask(CODE)  # ids and names are read
    asker, officer = services.officer_of(city.accounts[OFFICER])
    ground = Ground(Channel.OFFICIAL, MATTER, CASE, None, None)
    with django_assert_max_num_queries(7):  # a savepoint stands for BEGIN and COMMIT in tests
        services.official_query(
            asker=asker,
            officer=officer,
            ground=ground,
            identifiers=[Identifier(1, "uscc", CODE)],
            channel_name="web",
            at=AT,
            pack=city.pack,
        )


@pytest.mark.req("INV-3", kind="rule")
@pytest.mark.django_db(transaction=True)
def test_the_promise_is_signed_after_the_commit(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[bool] = []
    signed = official.promise

    def watch(receipt: Any) -> str:
        seen.append(connection.in_atomic_block)
        with connection.cursor() as cursor:
            cursor.execute("SHOW synchronous_commit")
            assert cursor.fetchone() == ("on",)
        return signed(receipt)

    monkeypatch.setattr(official, "promise", watch)
    city.ask(CODE)
    assert seen == [False]


@pytest.mark.req("INV-3", "INV-4", kind="refusal")
@pytest.mark.parametrize("said", [PERSON_ID, f"衡公易〔2026〕{PERSON_ID}号", "联系电话13812345678"])
@pytest.mark.parametrize("where", ["case_number", "statute"])
def test_no_number_of_a_person_becomes_a_case_number_or_a_statute(city: City, where: str, said: str) -> None:
    before = len(ledger.entries(limit=500))
    with pytest.raises(BadInput, match="ground_holds_identifier"):
        city.ask(CODE, **{where: said})
    assert len(ledger.entries(limit=500)) == before


@pytest.mark.req("INV-3", kind="rule")
def test_a_question_about_an_unknown_identifier_leaves_a_blind_digest(city: City) -> None:
    answers = city.ask(UNKNOWN_PERSON, CODE) + city.ask(UNKNOWN_PERSON) + city.ask(UNKNOWN_COMPANY)
    bodies = [ledger.entry(int(answer.entry)).body or {} for answer in answers]
    first, known, again, other = bodies
    assert first["asked"] == again["asked"] != other["asked"]
    assert "asked" not in known
    assert first["ground"]["parties"] == "stated"
    assert UNKNOWN_PERSON not in repr(bodies)
