"""An act is one entry in its own transaction, a subject's entries are one chain, and a promise can be checked."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from tests.ledger.conftest import AT, LAW, SUBJECTS, act
from xinheng.ledger import keys, selectors, services
from xinheng.ledger.models import LedgerBody, LedgerEntry
from xinheng.ledger.rules import Receipt, open_promise, read_entry
from xinheng.lib.canonical import canonical, commitment, leaf_hash
from xinheng.lib.errors import BadInput, Conflict, NotFound

pytestmark = [pytest.mark.django_db, pytest.mark.req("INV-3", "INV-8", kind="rule")]


def append_one(**changed: object) -> Receipt:
    facts = act(**changed)  # type: ignore[arg-type]
    with transaction.atomic():
        return services.append(**{name: getattr(facts, name) for name in facts.__slots__})


def test_an_entry_is_the_canonical_bytes_of_the_format() -> None:
    receipt = append_one()
    data = bytes(LedgerEntry.objects.get(id=receipt.entry_id).bytes)
    found = json.loads(data)
    assert data == canonical(found)
    assert leaf_hash(data).hex() == receipt.leaf
    assert {**found, "commit": ""} == {
        "act": "disclosure.answered", "at": "2026-11-20T01:02:03.000004Z", "commit": "", "id": str(receipt.entry_id),
        "law": LAW, "v": 1,
    }  # fmt: skip
    opened = selectors.entry(receipt.entry_id)
    salt = bytes(LedgerBody.objects.get(entry_id=receipt.entry_id).salt)
    assert opened.body is not None
    assert found["commit"] == commitment(salt, canonical(opened.body)).hex()


def test_neither_entry_nor_stored_body_shows_the_subject_or_the_case() -> None:
    receipt = append_one(subject=SUBJECTS[0])
    entry = bytes(LedgerEntry.objects.get(id=receipt.entry_id).bytes)
    body = bytes(LedgerBody.objects.get(entry_id=receipt.entry_id).sealed)
    for secret in ("号", "scjgj", SUBJECTS[0].tag.hex(), "account:7"):
        assert secret.encode() not in entry
        assert secret.encode() not in body


def test_entries_of_a_subject_are_one_chain() -> None:
    receipts = [append_one(number=n, subject=SUBJECTS[n % 2]) for n in range(6)]
    chain = selectors.chain(SUBJECTS[0].tag)
    assert [one.entry_id for one in chain] == [receipts[n].entry_id for n in (0, 2, 4)]
    assert [one.body["seq"] for one in chain if one.body] == [1, 2, 3]
    assert [one.body["prev"] for one in chain if one.body] == ["", receipts[0].leaf, receipts[2].leaf]


def test_many_acts_at_once_leave_what_single_acts_leave() -> None:
    with transaction.atomic():
        receipts = services.append_many([act(n, subject=(None, *SUBJECTS[:2])[n % 3]) for n in range(9)])
    assert services.append_many([]) == []
    single = append_one(number=9, subject=SUBJECTS[0])
    chain = selectors.chain(SUBJECTS[0].tag)
    assert [one.leaf for one in chain] == [receipts[n].leaf for n in (1, 4, 7)] + [single.leaf]
    assert [one.body["prev"] for one in chain if one.body] == ["", *(one.leaf for one in chain[:-1])]


def test_two_statements_are_enough() -> None:
    append_one()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        append_one()
    statements = [q["sql"] for q in queries if "SAVEPOINT" not in q["sql"]]
    assert len(statements) == 2, statements


@pytest.mark.django_db(transaction=True)
@pytest.mark.req("INV-3", kind="refusal")
def test_an_act_outside_a_transaction_is_refused() -> None:
    with pytest.raises(Conflict, match="no_transaction"):
        services.append_many([act()])


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"act": "something.else"}, "act_unknown"),
        ({"result": "perhaps"}, "result_unknown"),
        ({"law": 'a"b'}, "law_label_malformed"),
        ({"extra": {"seq": 1}}, "body_key_taken"),
        ({"fields": {"amount": 1.5}}, "not_canonical"),
        ({"fields": {"amount": None}}, "not_canonical"),
        ({"fields": {"count": 2**53}}, "integer_too_large"),
    ],
)
@pytest.mark.req("INV-8", kind="refusal")
def test_what_has_no_canonical_form_is_refused(changed: dict[str, object], code: str) -> None:
    with pytest.raises(BadInput, match=code):
        append_one(**changed)


def test_a_batch_adds_its_root_at_the_top_of_the_body() -> None:
    receipt = append_one(act="batch.accepted", subject=None, result="done", extra={"batch": "9", "root": "ab"})
    body = selectors.entry(receipt.entry_id).body
    assert body is not None
    assert (body["batch"], body["root"], body["subject"], body["seq"], body["prev"]) == ("9", "ab", "", 0, "")


def test_a_promise_names_the_leaf_and_the_minute_and_opens_under_the_logs_key_only() -> None:
    receipt = append_one()
    promise = services.promise(receipt)
    assert "\n" not in promise
    opened = open_promise(promise, keys.verifier())
    assert (opened.entry_id, opened.leaf, opened.at) == (receipt.entry_id, receipt.leaf, AT)
    assert opened.until - opened.at == timedelta(seconds=60)
    assert opened.origin == keys.origin()
    for bad in ("", "!", promise[:-4], "AAAA" + promise[4:]):
        with pytest.raises(BadInput):
            open_promise(bad, keys.verifier())


@pytest.mark.parametrize(
    "data",
    [
        b"", b"{}", b"[]", b'{"v":1}',
        b'{"act":"a.b","at":"2026-11-20T01:02:03.4Z","commit":"' + b"0" * 64 + b'","id":"1","law":"","v":1}',
        b'{"act":"a.b","at":"2026-11-20T01:02:03.000004Z","commit":"' + b"0" * 64 + b'","id":"01","law":"","v":1}',
        b'{"act":"a.b", "at":"2026-11-20T01:02:03.000004Z","commit":"' + b"0" * 64 + b'","id":"1","law":"","v":1}',
    ],
)  # fmt: skip
def test_an_entry_has_one_spelling_only(data: bytes) -> None:
    with pytest.raises(BadInput, match="entry_malformed"):
        read_entry(data)


def test_the_auditor_reads_newest_first_in_pages_and_by_act_and_day(fill: Callable[..., list[Receipt]]) -> None:
    sealed = fill(7)
    services.seal(at=AT)
    waiting = fill(5, start=7)
    expected = [one.entry_id for one in reversed(sealed + waiting)]
    first = selectors.entries(act="disclosure.answered", limit=4)
    assert [one.entry_id for one in first] == expected[:4]
    second = selectors.entries(act="disclosure.answered", before=first[-1].entry_id, limit=5)
    assert [one.entry_id for one in second] == expected[4:9]
    rest = selectors.entries(act="disclosure.answered", before=second[-1].entry_id)
    assert [one.entry_id for one in rest] == expected[9:]
    assert selectors.entries(act="log.read") == []
    assert len(selectors.entries(act="disclosure.answered", since=AT, until=AT + timedelta(seconds=1))) == 12
    assert selectors.entries(act="disclosure.answered", until=AT) == []
    with pytest.raises(NotFound, match="entry_unknown"):
        selectors.entries(before=2**52)
