"""Receipts: of every answer, checked by anybody, opened again by the organisation that asked, without content."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import orjson
import pytest
from django.test import Client

from tests.disclosure.city import AT, CASE, MATTER, OFFICER, PERSON_ID, PERSON_NAME, UNKNOWN_COMPANY, City
from tests.disclosure.test_doors import as_user, text_of
from tests.records.rows import COMPANY, OTHER
from xinheng.disclosure import services
from xinheng.disclosure.models import AskedQuestion
from xinheng.ledger import keys, selectors, tree
from xinheng.ledger.rules import Receipt, Standing, make_promise, shown_receipts
from xinheng.ledger.services import seal
from xinheng.lib import clock, merkle
from xinheng.lib.note import Ed25519Signer
from xinheng.subjects.selectors import by_identifier
from xinheng.subjects.services import freeze

pytestmark = pytest.mark.django_db
CODE = COMPANY["CF_XDR_SHXYM"]
GROUND = {"matter": MATTER, "case_number": CASE}
RECEIPT, LIST = "/ledger/receipt", "/desk/query/receipts"
REFUSED = {"matter": "daily_inspection", "case_number": CASE, "who": CODE}


def standing(text: str = "", **pair: str) -> list[dict[str, Any]]:
    """What the public door says to a pasted text or to a pair."""
    visitor = Client()
    answer = visitor.post(f"{RECEIPT}.json", {"text": text}) if text else visitor.get(f"{RECEIPT}.json", pair)
    assert answer.status_code == 200, text_of(answer)
    found: list[dict[str, Any]] = orjson.loads(answer.content)["receipts"]
    return found


@pytest.mark.req("QRY-1", "INV-3", "INV-8", kind="journey")
@pytest.mark.parametrize(
    "fields",
    [
        {**GROUND, "who": f"{CODE}\n{UNKNOWN_COMPANY}\n{OTHER['CF_XDR_SHXYM']}"},
        {**GROUND, "who": UNKNOWN_COMPANY},
        REFUSED,
    ],
    ids=["several", "nothing found", "refused"],
)
def test_every_answer_on_the_page_has_its_own_signed_receipt(city: City, fields: dict[str, str]) -> None:
    page = text_of(as_user(OFFICER).post("/desk/query", fields))
    count = len(fields["who"].splitlines())
    promises, _ = shown_receipts(page)
    assert len(promises) == count
    found = selectors.examine(page, at=clock.now())
    assert {one.standing for one in found} == {Standing.WAITING}
    for one in found:
        assert one.leaf in page and f"{RECEIPT}?entry={one.entry}&amp;leaf={one.leaf}" in page


@pytest.mark.req("INV-8", "QRY-1", kind="journey")
@pytest.mark.django_db(transaction=True)
def test_anybody_learns_where_an_entry_is_and_can_work_out_the_proof(city: City) -> None:
    answer = city.ask(CODE)[0]
    pair = {"entry": answer.entry, "leaf": answer.leaf}
    assert [one["standing"] for one in standing(**pair)] == ["waiting"]
    seal(at=clock.now())
    (told,) = standing(**pair)
    (pasted,) = standing(f"收好：\n{answer.promise}\n")
    assert told == pasted and told["standing"] == "sealed"
    proof = told["proof"]
    import base64

    root = tree.StoredTree(proof["tree_size"]).root()
    assert base64.b64encode(root).decode() in proof["checkpoint"]
    steps = [base64.b64decode(step) for step in proof["proof"]]
    leaf = bytes.fromhex(answer.leaf)
    assert merkle.verify_inclusion(leaf=leaf, index=proof["index"], size=proof["tree_size"], proof=steps, root=root)
    page = text_of(Client().get(RECEIPT, pair))
    assert f"是第{proof['index'] + 1}条" in page
    assert CASE not in page and COMPANY["CF_XDR_MC"] not in page


@pytest.mark.req("INV-3", "INV-8", kind="refusal")
def test_numbers_can_not_be_tried_out(city: City) -> None:
    first, second = city.ask(CODE)[0], city.ask(OTHER["CF_XDR_SHXYM"])[0]
    wrong = [
        {"entry": first.entry, "leaf": second.leaf},
        {"entry": first.entry, "leaf": "0" * 64},
        {"entry": "999999999", "leaf": first.leaf},
        {"entry": "9" * 19, "leaf": first.leaf},
    ]
    told = [standing(**pair) for pair in wrong]
    assert {one[0]["standing"] for one in told} == {"unknown"}
    assert {one[0]["proof"] for one in told} == {None}
    sizes = {len(text_of(Client().get(RECEIPT, {**pair, "entry": pair["entry"][:9]}))) for pair in wrong[:2]}
    assert len(sizes) == 1
    assert Client().get(f"{RECEIPT}.json", {"entry": first.entry}).status_code == 422
    assert Client().get(RECEIPT, {"entry": first.entry}).status_code == 422


@pytest.mark.req("INV-8", kind="refusal")
def test_a_broken_promise_and_a_forged_one_are_told_apart(city: City) -> None:
    ours = Receipt(999_999_999, "ab" * 32, clock.now(), "disclosure.answered", "x")
    lost = make_promise(ours, origin=keys.origin(), signer=keys.signer())
    forged = make_promise(ours, origin=keys.origin(), signer=Ed25519Signer(keys.origin(), b"\x01" * 32))
    assert [one["standing"] for one in standing(f"{lost}\n{forged}")] == ["broken", "forged"]
    (answer,) = city.ask(CODE)
    late = selectors.examine(answer.promise, at=AT + timedelta(seconds=61))
    assert [one.standing for one in late] == [Standing.LATE]
    assert "账被动过" in text_of(Client().post(RECEIPT, {"text": lost}))


@pytest.mark.req("QRY-5", "ACC-1", kind="journey")
def test_officers_find_their_receipts_again_with_ground_and_result_and_no_content(city: City) -> None:
    city.ask(CODE, UNKNOWN_COMPANY)
    city.ask(PERSON_ID, case_number="衡公易〔2026〕0099")
    city.ask(CODE, matter="daily_inspection")
    browser = as_user(OFFICER)
    said = text_of(browser.get(LIST))
    assert said.count("</tr>") == 4
    for narrowed, count in (
        ({"case_number": "衡公易(2026)0099"}, 1),
        ({"result": "refused"}, 1),
        ({"result": "empty"}, 1),
        ({"matter": MATTER}, 2),
        ({"since": "2026-11-21"}, 0),
        ({"mine": "on"}, 3),
    ):
        assert max(text_of(browser.get(LIST, narrowed)).count("</tr>") - 1, 0) == count, narrowed
    first = AskedQuestion.objects.order_by("id").first()
    assert first is not None
    receipt = text_of(browser.get(f"{LIST}/{first.id}"))
    assert CASE in receipt and "公共资源交易" in receipt and "同一次查询" in receipt
    text = text_of(browser.get(f"{LIST}/{first.id}.txt"))
    whole = text_of(browser.get(f"{LIST}/{first.id}.txt?all=1"))
    assert [len(shown_receipts(one)[0]) for one in (receipt, text, whole)] == [1, 1, 2]
    for one in (said, receipt, text, whole):
        assert COMPANY["CF_XDR_MC"] not in one and "罚款" not in one
        assert PERSON_ID not in one and PERSON_NAME not in one and CODE not in one


@pytest.mark.req("QRY-5", "ACC-1", "INV-3", kind="refusal")
def test_receipts_of_others_are_not_there(city: City) -> None:
    (answer,) = city.ask(CODE)
    for path in (f"{LIST}/{answer.entry}", f"{LIST}/{answer.entry}.txt"):
        assert as_user(OFFICER).get(path).status_code == 200
        assert as_user("scjgj.querier").get(path).status_code == 404
        for role in ("fgw.auditor", "fgw.admin", "scjgj.collector", "qiye"):
            assert as_user(role).get(path).status_code == 403
        assert Client().get(path).status_code == 302
    assert as_user("scjgj.querier").get(f"{LIST}/999999999").status_code == 404
    grant = selectors.entries(act="role.granted", limit=1)[0]
    assert as_user(OFFICER).get(f"{LIST}/{grant.entry_id}").status_code == 404
    assert "</tr>" not in text_of(as_user("scjgj.querier").get(LIST))


@pytest.mark.req("SUB-1", "QRY-1", "INV-4", kind="refusal")
def test_a_receipt_says_what_the_officer_was_told_and_no_more(city: City) -> None:
    (wrong,) = city.ask(PERSON_ID, names=["周与同"])
    known = by_identifier("id", PERSON_ID)
    assert known is not None
    freeze(subject_id=known.subject_id, ground="death", article="ZY-3", actor="account:1", at=AT)
    (dead,) = city.ask(PERSON_ID)
    for answer in (wrong, dead):
        kept = services.kept_receipt(entry_id=int(answer.entry), organisation_code="ggzy", pack=city.pack)
        assert (kept.result, kept.reason) == ("empty", "") == (answer.result, answer.reason)
        said = text_of(as_user(OFFICER).get(f"{LIST}/{answer.entry}"))
        assert "停止披露" not in said and "不是同一个" not in said
    assert AskedQuestion.objects.filter(empty=1, refused=0).count() == 2


@pytest.mark.req("QRY-5", kind="rule")
def test_the_list_is_cut_by_key_and_forgotten_after_its_term(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(5):
        city.ask(CODE)
    body = AskedQuestion.objects.values_list("organisation_id", flat=True)[0]
    seen: list[int] = []
    after = ""
    while True:
        rows = services.questions(
            organisation_id=body, wanted=services.QuestionFilter(), after=after, pack=city.pack, limit=2
        )
        seen += [one.id for one in rows[:2]]
        if len(rows) <= 2:
            break
        after = rows[1].key
    assert seen == sorted(seen, reverse=True) and len(seen) == 5
    assert as_user(OFFICER).get(LIST, {"after": "x"}).status_code == 422
    assert services.forget_questions(at=AT + timedelta(days=3 * 365 - 1), pack=city.pack) == 0
    assert services.forget_questions(at=AT + timedelta(days=3 * 365 + 3), pack=city.pack) == 5
