"""A clerk mends rows on the page of the batch, takes others back, prints the receipt; nobody else sees any of it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from tests.desk.test_intake_doors import upload
from tests.disclosure.city import PERSON, PERSON_ID, City
from tests.disclosure.conftest import bureau, city, officers, send
from tests.disclosure.test_doors import as_user, text_of
from tests.records.conftest import Send
from tests.records.rows import COMPANY, row
from tests.records.test_revoking import damages
from xinheng.intake.models import IntakeBatch, IntakeRow
from xinheng.records.models import Record

__all__ = ["bureau", "city", "officers", "send"]
pytestmark = pytest.mark.django_db
LATE = {"CF_JDRQ": "2027/11/02"}
LETTER = {**COMPANY, "CF_XDR_SHXYM": COMPANY["CF_XDR_SHXYM"].replace("0", "O", 1)}


def sent(browser: Client, *rows: dict[str, str]) -> str:
    """The address of the batch."""
    return str(upload(browser, *rows).headers["Location"])


def answers(page: str) -> dict[str, str]:
    """What a browser would send of the page's form as it stands: checked radios, inputs, areas."""
    form = page[page.index('<form method="post" novalidate>') :]
    form = form[: form.index("</form>")]
    given = {}
    for tag in re.findall(r"<input [^>]*>", form):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and ('type="radio"' not in tag or " checked" in tag):
            given[name[1]] = value[1] if value else ""
    return {name: value for name, value in given.items() if name != "csrfmiddlewaretoken"}


@pytest.mark.req("INT-1", "ZY-33", "SP-8", kind="journey")
def test_four_faulty_rows_are_mended_on_the_page(city: City) -> None:
    browser = as_user("scjgj.collector")
    money = row(43, COMPANY, CF_NR="罚款20000元", CF_NR_FK="20000")
    address = sent(
        browser,
        row(40),
        row(41, **LATE),
        row(42, LETTER),
        row(43, COMPANY, CF_CFLB="罚款款"),
        {**money, "CF_WSH": "甲〔2026〕9号"},
    )
    page = text_of(browser.get(address))
    assert "第3行" in page and "CF_JDRQ" in page and "采用建议" in page
    assert "202<del>7</del>/11/02" in page and "202<ins>6</ins>/11/02" in page
    chosen = answers(text_of(browser.post(address, {**answers(page), "suggest_all": "1"})))
    assert IntakeBatch.objects.filter(mends__isnull=False).count() == 0  # choosing sends nothing
    assert chosen["how_3"] == chosen["how_4"] == "suggested"
    done = browser.post(address, chosen)
    assert (done.status_code, done.headers["Location"]) == (302, address)
    made = IntakeBatch.objects.get(mends=int(address.rsplit("/", 1)[-1]))
    assert made.rejected == 0 and made.accepted >= 2
    page = text_of(browser.get(address))
    assert "已改正" in page and f"/desk/intake/{made.id}" in page
    assert "改正后另行收下" in text_of(browser.get(f"/desk/intake/{made.id}"))
    assert damages() == []


@pytest.mark.req("INT-1", kind="journey")
def test_a_wrong_value_keeps_what_was_filled_in_and_says_where(city: City) -> None:
    browser = as_user("scjgj.collector")
    address = sent(browser, row(41, **LATE), row(42, LETTER), row(43, **LATE))
    given = answers(text_of(browser.get(address)))
    given |= {"how_2": "own", "cell_2_CF_JDRQ": "2026/14/02", "how_3": "suggested", "how_4": "drop", "why_4": "重复"}
    answer = browser.post(address, given)
    page = text_of(answer)
    assert answer.status_code == 422
    assert 'href="#id_cell_2_CF_JDRQ"' in page and "还不能提交" in page
    assert 'value="2026/14/02"' in page and 'value="重复"' in page
    assert answers(page)["how_3"] == "suggested"
    assert not IntakeBatch.objects.filter(mends__isnull=False).exists()
    assert IntakeRow.objects.filter(state="returned", batch_id=int(address.rsplit("/", 1)[-1])).count() == 3
    assert browser.post(address, {**given, "cell_2_CF_JDRQ": "2026/11/02"}).status_code == 302
    page = text_of(browser.get(address))
    assert "<h1>0行已接收，没有要处理的</h1>" in page
    assert "2行已改正，1行不报" in page
    assert damages() == []


@pytest.mark.req("INT-1", kind="refusal")
def test_nothing_chosen_or_no_reason_is_told(city: City) -> None:
    browser = as_user("scjgj.collector")
    address = sent(browser, row(41, **LATE))
    given = answers(text_of(browser.get(address)))
    assert "还没有选" in text_of(browser.post(address, given))
    for why, says in (("", "请写明为什么不报"), ("打13800138000", "理由里有号码")):
        answer = browser.post(address, {**given, "how_2": "drop", "why_2": why})
        assert answer.status_code == 422 and says in text_of(answer)
    assert browser.post(address, {**given, "how_2": "mend"}).status_code == 422


@pytest.mark.req("INT-1", "INV-2", kind="journey")
def test_a_row_that_must_not_be_kept_says_so_and_leads_to_sending_anew(city: City) -> None:
    browser = as_user("scjgj.collector")
    address = sent(browser, row(41), row(42, CF_WSH=""))
    page = text_of(browser.get(address))
    assert "依法不得留存这一行的内容" in page and 'href="/desk/intake"' in page
    assert 'value="own"' not in page and 'value="drop"' in page
    forged = {"how_3": "own", "cell_3_CF_WSH": "甲〔2026〕1号"}
    assert browser.post(address, forged).status_code == 422
    assert IntakeBatch.objects.filter(mends__isnull=False).count() == 0


@pytest.mark.req("INT-1", "INV-3", kind="refusal")
def test_numbers_of_persons_stand_in_the_inputs_of_the_sender_alone(city: City, send: Send) -> None:
    wrong = PERSON_ID[:-1] + ("1" if PERSON_ID[-1] != "1" else "2")
    number = send(row(44, {**PERSON, "CF_XDR_ZJHM": wrong})).batch_id
    page = text_of(as_user("scjgj.collector").get(f"/desk/intake/{number}"))
    assert page.count(wrong) == 1 and f'value="{wrong}"' in page
    other = send(row(45, {**PERSON, "CF_XDR_ZJHM": wrong}), uploader="scjgj.reviewer").batch_id
    page = text_of(as_user("scjgj.collector").get(f"/desk/intake/{other}"))
    assert wrong not in page and "只有报送人能看到原样" in page
    assert wrong not in text_of(as_user("scjgj.reviewer").get(f"/desk/intake/{number}"))


@pytest.mark.req("INT-1", "INV-3", kind="refusal")
@pytest.mark.parametrize("tail", ["", "/receipt", "/withdrawal"])
def test_to_others_the_pages_of_a_batch_do_not_exist(city: City, send: Send, tail: str) -> None:
    number = send(row(41, **LATE)).batch_id
    address = f"/desk/intake/{number}{tail}"
    form = {"how_2": "own", "cell_2_CF_JDRQ": "2026/11/02", "reason": "报错了"}
    for username, status in (("zjj.collector", 404), ("fgw.operator", 404), ("ggzy.querier", 403), ("gongmin", 403)):
        browser = as_user(username)
        assert browser.get(address).status_code == status
        if tail != "/receipt":
            assert browser.post(address, form).status_code == status
    assert Client().get(address).status_code == 302
    if tail != "/receipt":
        assert Client().post(address, form).status_code in (302, 403)
        assert as_user("scjgj.reviewer").post(address, form).status_code == 403
    assert not IntakeBatch.objects.filter(mends__isnull=False).exists()
    assert damages() == []


@pytest.mark.req("INT-1", kind="journey")
def test_the_receipt_says_what_was_received_and_what_binds_it(city: City) -> None:
    browser = as_user("scjgj.collector")
    address = sent(browser, row(40), row(41, **LATE))
    batch = IntakeBatch.objects.get(id=int(address.rsplit("/", 1)[-1]))
    page = text_of(browser.get(f"{address}/receipt"))
    for said in (batch.file_sha256, batch.root, str(batch.entry_id), "弱市监_处罚.csv", "平台的签名承诺"):
        assert said in page
    browser.cookies["xinheng_language"] = "en"
    assert "Signed promise of the platform" in text_of(browser.get(f"{address}/receipt"))


@pytest.mark.req("INV-2", "INT-1", "ZY-35(2)", kind="journey")
def test_two_persons_take_a_batch_back_and_its_subject_sees_why(city: City) -> None:
    clerk, reviewer = as_user("scjgj.collector"), as_user("scjgj.reviewer")
    address = sent(clerk, row(40), row(41, **LATE))
    number = int(address.rsplit("/", 1)[-1])
    assert clerk.post(f"{address}/withdrawal", {"reason": ""}).status_code == 422
    assert clerk.post(f"{address}/withdrawal", {"reason": "报错了月份"}).status_code == 302
    assert "等第二人决定" in text_of(clerk.get(address))
    assert clerk.post(f"{address}/withdrawal", {"reason": "属实", "outcome": "confirm"}).status_code == 403
    assert "1批提出撤回" in text_of(reviewer.get("/desk/review"))
    page = text_of(reviewer.get(f"{address}/withdrawal"))
    assert "报错了月份" in page and "这一批的1条记录" in page
    assert reviewer.post(f"{address}/withdrawal", {"reason": "属实"}).status_code == 422
    assert reviewer.post(f"{address}/withdrawal", {"reason": "属实", "outcome": "confirm"}).status_code == 302
    assert Record.objects.get(batch_id=number).cause == "batch_withdrawn"
    page = text_of(clerk.get(address))
    assert "整批已撤回" in page and 'name="how_3"' not in page
    assert clerk.post(address, {"how_3": "drop", "why_3": "不报"}).status_code == 409
    assert "整批撤回" in text_of(clerk.get(f"{address}/receipt"))
    assert damages() == []


@pytest.mark.req("INV-2", "QRY-2", kind="journey")
def test_a_revoked_decision_is_told_to_sender_and_subject(city: City) -> None:
    browser = as_user("scjgj.collector")
    sent(browser, row(40))
    address = sent(browser, row(40, CF_ZT="撤销"))
    page = text_of(browser.get(address))
    assert "已撤下记录" in page and "撤下1条失效的记录" in page
    assert Record.objects.get(batch_id__lt=int(address.rsplit("/", 1)[-1]), cause="revoked_by_authority")
    mine: Any = text_of(as_user("qiye").get("/my/file"))
    assert "作出决定的机关撤销了决定" in mine
