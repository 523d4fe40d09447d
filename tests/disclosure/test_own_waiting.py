"""Rows that wait in intake, as the subject they speak of is shown them; what INV-9 seals is not."""

from __future__ import annotations

from datetime import date

import pytest

from tests.disclosure.city import AT, PERSON, City
from tests.disclosure.test_doors import as_user, text_of
from tests.records.conftest import Send
from tests.records.rows import row
from xinheng.disclosure import services
from xinheng.disclosure.services import own, own_waiting
from xinheng.disclosure.services.shown import Told
from xinheng.law.enums import SubjectKind
from xinheng.law.pack import Pack
from xinheng.ledger import selectors as ledger

WORD = "荧光粉四百克"
PERSON_KIND = SubjectKind.NATURAL_PERSON


def everywhere(username: str) -> str:
    """All that the doors say of the own file."""
    browser = as_user(username)
    return "".join(text_of(browser.get(f"/my/{path}")) for path in ("file", "copy", "copy.json", "copy.csv"))


@pytest.mark.django_db
@pytest.mark.req("QRY-2", "INT-1", "ZY-44", "SP-24", kind="journey")
def test_a_waiting_row_is_read_field_by_field_by_whom_it_speaks_of_and_by_nobody_else(city: City, send: Send) -> None:
    send(row(4, PERSON, CF_NR="罚款四万元", CF_NR_FK="4", CF_SY=WORD))
    (waits,) = services.own_file(account_id=city.accounts["gongmin"], at=AT, pack=city.pack).waiting
    values = {shown.code: shown.value for shown in waits.visible}
    assert values["CF_SY"] == WORD and values["CF_NR"] == "罚款四万元"
    assert waits.provider_zh and waits.article
    said = everywhere("gongmin")
    assert said.count(WORD) == 4
    assert WORD not in everywhere("qiye")


@pytest.mark.django_db
@pytest.mark.req("INV-3", "QRY-2", "ZY-44", "SP-24", kind="journey")
def test_the_ledger_is_told_which_fields_of_a_waiting_row_were_shown(city: City, send: Send) -> None:
    send(row(4, PERSON, CF_NR="罚款四万元", CF_NR_FK="4", BZ=WORD))
    for verb, purpose in ((services.own_file, "file"), (services.own_copy, "copy")):
        verb(account_id=city.accounts["gongmin"], at=AT, pack=city.pack)
        entry = ledger.entries(act="disclosure.answered", limit=1)[0]
        assert entry.body is not None
        assert (entry.body["result"], entry.body["ground"]["purpose"]) == ("granted", purpose)
        told = entry.body["fields"]["waiting"]["CF"]
        assert len(told["rows"]) == 1 and {"BZ", "CF_NR", "CF_XDR_ZJHM"} <= set(told["full"])
        assert "BZ" not in entry.body["fields"]["items"]["CF"]["full"]  # the record on file has no remarks
    looks = services.who_looked(account_id=city.accounts["gongmin"], at=AT, pack=city.pack).looks
    seen = {part.item.zh.endswith("（等候登记）"): part for part in looks[0].seen}
    assert seen[True].records == 1 and "备注" in {label.zh for label in seen[True].shown}


@pytest.mark.django_db
@pytest.mark.req("INV-3", "QRY-2", kind="rule")
def test_a_look_that_shows_waiting_rows_alone_is_no_empty_one(city: City, send: Send) -> None:
    services.own_file(account_id=city.accounts["gongmin"], at=AT, pack=city.pack)
    empty = Told((), (), {}, 0)
    send(row(4, PERSON, CF_NR=WORD))
    for sent, result in ((city.accounts["gongmin"], "granted"), (city.accounts["getihu"], "empty")):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(own, "tell", lambda **_: empty)
            services.own_file(account_id=sent, at=AT, pack=city.pack)
        entry = ledger.entries(act="disclosure.answered", limit=1)[0]
        assert entry.body is not None and entry.body["result"] == result


@pytest.mark.django_db
@pytest.mark.req("QRY-2", "INV-9", kind="refusal")
@pytest.mark.parametrize("changed", [{"CF_SY": f"2007年5月1日{WORD}"}, {"CF_CFLB": "行政拘留", "CF_SY": WORD}])
def test_a_row_that_may_be_sealed_is_told_without_its_content(city: City, send: Send, changed: dict[str, str]) -> None:
    send(row(91, PERSON, **changed))
    (waits,) = services.own_file(account_id=city.accounts["gongmin"], at=AT, pack=city.pack).waiting
    assert (waits.unsettled, waits.fields) == (True, ())
    said = everywhere("gongmin")
    assert WORD not in said and "行政拘留" not in said
    assert "核对前不显示内容" in said


@pytest.mark.django_db
@pytest.mark.req("QRY-2", "INV-9", kind="refusal")
def test_a_row_about_conduct_as_a_minor_is_not_there(city: City, send: Send, monkeypatch: pytest.MonkeyPatch) -> None:
    send(row(4, PERSON, CF_SY=WORD, CF_NR="罚款四万元", CF_NR_FK="4"))
    assert WORD in everywhere("gongmin")
    monkeypatch.setattr(own_waiting, "age", lambda *_: 17)
    assert services.own_file(account_id=city.accounts["gongmin"], at=AT, pack=city.pack).waiting == ()
    said = everywhere("gongmin")
    assert WORD not in said and "等第二人复核" not in said


@pytest.mark.req("INV-9", kind="rule")
def test_a_rule_of_sealing_reaches_rows_that_wait_from_the_day_it_is_in_force(law_pack: Pack) -> None:
    item = law_pack.items["CF"].versions[-1]
    values = {"CF_YJ": "《治安管理处罚法》 第四十九条"}
    day, before = date(2026, 1, 1), date(2025, 12, 31)
    assert own_waiting._sealing(item, values, PERSON_KIND, day) == {"reject"}
    assert own_waiting._sealing(item, values, PERSON_KIND, before) == set()
    assert own_waiting._sealing(item, values, SubjectKind.LEGAL_PERSON, day) == set()
    assert own_waiting._sealing(item, {"CF_YJ": "《食品安全法》"}, PERSON_KIND, day) == set()
