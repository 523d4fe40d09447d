"""Ways around the bounds of disclosure that were tried: other spellings, other pages, other offices, other days."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import orjson
import pytest
from django.test import Client

from tests.disclosure.city import CASE, MATTER, OFFICER, PERSON_ID, PERSON_NAME, PERSONS, City
from tests.disclosure.test_doors import as_user, text_of
from tests.records.conftest import Send
from tests.records.rows import AT, COMPANY, SHOP, row
from xinheng.accounts.identity import Verified
from xinheng.accounts.models import Account, AccountRole, OrganisationPower
from xinheng.accounts.services.endings import revoke_power, revoke_role
from xinheng.disclosure import services
from xinheng.disclosure.models import AskedQuestion, QueryLine
from xinheng.disclosure.rules import case_words
from xinheng.disclosure.rules.masks import scrub
from xinheng.disclosure.rules.unusual import Flag
from xinheng.disclosure.selectors import last_asked
from xinheng.disclosure.services import LogFilter, Reader, official
from xinheng.disclosure.services.folding import flags_of
from xinheng.disclosure.tasks import read_query_log
from xinheng.ledger import selectors as ledger
from xinheng.ledger.services import seal
from xinheng.lib.codes import check
from xinheng.lib.errors import BadInput, NotAllowed, RefusedByLaw
from xinheng.lib.freetext import holds_number
from xinheng.lib.text import names_in
from xinheng.subjects.rules import Capacity
from xinheng.subjects.selectors import by_identifier
from xinheng.subjects.services import freeze, link_account

pytestmark = pytest.mark.django_db
CODE = COMPANY["CF_XDR_SHXYM"]
SPELLINGS = (
    "衡公易〔2026〕0099",
    "衡公 易 2026 0099",
    "衡公易20260099",
    "（衡公易）2026-0099",
    "衡公易〔2026〕00\u200b99",
    "衡公易〔2〇26〕００９９",
)
DISGUISED = (
    PERSON_ID[:6] + "\u200b" + PERSON_ID[6:],
    f"{PERSON_ID[:6]}/{PERSON_ID[6:14]}/{PERSON_ID[14:]}",
    f"{PERSON_ID[:6]}  {PERSON_ID[6:14]}  {PERSON_ID[14:]}",
    f"查SFZ{PERSON_ID}号",
    "申请人" + "".join("〇一二三四五六七八九"[int(c)] for c in PERSON_ID),
    "".join(chr(0x660 + int(c)) for c in PERSON_ID),
    "电138/1234/5678",
    "手机138\u200d12345678",
)
HARMLESS = (
    "衡公易〔2026〕0041",
    "620702-2026-0314-00012",
    "（2026）甘0702行审一二八号",
    "二〇二六年十一月第一二三号",
    CODE,
)


def read() -> None:
    """Seal what waits and read it."""
    seal(at=AT)
    read_query_log(at=AT)


@pytest.mark.req("SUB-1", "INV-3", "QRY-1", kind="refusal")
def test_that_a_person_died_is_told_to_the_officer_on_no_later_page_either(city: City) -> None:
    person = by_identifier("id", PERSON_ID)
    assert person is not None
    freeze(subject_id=person.subject_id, ground="death", article="", actor="platform", at=AT)
    frozen, unknown = city.ask(PERSON_ID, PERSONS[0], case_number="衡公易〔2026〕0042")
    (misnamed,) = city.ask(PERSON_ID, names=["别人"], case_number="衡公易〔2026〕0043")
    read()
    asked = {one.entry_id: one for one in last_asked(city.accounts[OFFICER], pack=city.pack)}
    told = {(one.result, one.reason) for one in asked.values()}
    assert told == {("empty", "")} and len(asked) == 3
    assert QueryLine.objects.get(entry_id=int(frozen.entry)).result == "refused"  # the log knows
    desk = text_of(as_user(OFFICER).get("/desk"))
    assert "被拒绝" not in desk and "查询期内无相关信息" in desk
    assert {frozen.result, unknown.result, misnamed.result} == {"empty"}


@pytest.mark.req("INV-3", "QRY-1", kind="refusal")
def test_no_spelling_of_a_case_number_makes_room_for_more_persons(city: City) -> None:
    most = city.pack.matters[MATTER].values[-1].max_persons
    assert {answer.result for answer in city.ask(*PERSONS[:most], case_number=SPELLINGS[0])} == {"empty"}
    for place, spelt in enumerate(SPELLINGS[1:], start=1):
        (answer,) = city.ask(PERSONS[most + place], case_number=spelt)
        assert (answer.result, answer.reason) == ("refused", "too_many_persons"), spelt
    (other,) = city.ask(PERSONS[-1], case_number="衡公易〔2026〕0100")
    assert other.result == "empty"


@pytest.mark.req("QRY-5", "ACC-1", kind="rule")
def test_the_log_finds_and_flags_a_case_in_whatever_spelling(city: City) -> None:
    entries = [city.ask(CODE, case_number=spelt)[0].entry for spelt in SPELLINGS]
    (twice,) = city.ask(CODE, matter="qualification_review", case_number=SPELLINGS[1])
    read()
    reader = Reader(city.accounts["fgw.auditor"], "fgw")
    for spelt in SPELLINGS:
        asked = LogFilter(order="newest", case_number=spelt)
        page = services.read_lines(reader=reader, asked=asked, after="", at=AT, pack=city.pack)
        assert {line.entry_id for line in page.rows} == {int(entry) for entry in (*entries, twice.entry)}, spelt
    assert Flag.CASE_MATTERS in flags_of(QueryLine.objects.get(entry_id=int(twice.entry)).flags)


@pytest.mark.req("ZY-34", "QRY-1", "INV-3", kind="refusal")
@pytest.mark.parametrize("number", ["", "\u200b", "—", " 〔〕 ", "\u3164"])
def test_a_case_number_that_says_nothing_is_none(city: City, number: str) -> None:
    (answer,) = city.ask(CODE, case_number=number)
    assert (answer.result, answer.reason) == ("refused", "case_missing")
    assert case_words(number) == ""


@pytest.mark.req("INV-3", "PIP-1", kind="refusal")
@pytest.mark.parametrize("text", DISGUISED)
def test_no_disguised_number_of_a_person_becomes_part_of_a_ground(city: City, text: str) -> None:
    for ground in ({"case_number": text}, {"statute": text}, {"matter": text}):
        with pytest.raises(BadInput, match="ground_holds_identifier"):
            city.ask(CODE, **ground)
        form = {"matter": MATTER, "case_number": CASE, "who": CODE, **ground}
        answer = as_user(OFFICER).post("/desk/query", form, headers={"Accept": "application/json"})
        assert (answer.status_code, list(answer.json()["error"]["fields"])) == (422, list(ground))
    assert holds_number(f"申请人{text}")


@pytest.mark.req("INV-3", "PIP-1", kind="refusal")
def test_what_was_typed_for_a_matter_stands_nowhere_in_the_open(city: City) -> None:
    city.ask(CODE, matter=f"查{PERSON_NAME}")
    assert [one.matter for one in AskedQuestion.objects.all()] == [""]
    listed = text_of(as_user(OFFICER).get("/desk/query/receipts"))
    assert PERSON_NAME not in listed and "没有列出的事项" in listed


@pytest.mark.req("INV-3", kind="rule")
@pytest.mark.parametrize("text", HARMLESS)
def test_a_case_number_is_taken_for_no_number_of_a_person(text: str) -> None:
    assert not holds_number(text)


@pytest.mark.req("INV-3", kind="refusal")
def test_no_file_for_machines_names_the_representative_in_a_text(city: City, send: Send) -> None:
    name = COMPANY["CF_FRDB"]
    spaced = f"{name[0]} {name[1:]}"
    sent = send(row(50, COMPANY, CF_SY=f"法定代表人{name}指使员工，{spaced}签字", CF_WFXW=f"{name}更改日期"))
    assert sent.records == 1
    client = Client()
    number = orjson.loads(client.get(f"/subjects/{CODE}/export.json").content)["records"][0]["record"]
    for address in (
        f"/subjects/{CODE}/export.json",
        f"/subjects/{CODE}/export.csv",
        "/publicity/CF/export.json",
        "/publicity/CF/export.csv",
        f"/subjects/{CODE}/records/{number}.json",
    ):
        said = client.get(address).content.decode()
        assert COMPANY["CF_XDR_MC"] in said, address
        assert name not in said and spaced not in said, address


@pytest.mark.req("SUB-1", "QRY-2", kind="refusal")
def test_an_agency_ends_with_its_principal_and_a_guardian_keeps_the_right(city: City) -> None:
    person = by_identifier("id", PERSON_ID)
    assert person is not None
    proved = Verified("demo", "x", "id", PERSON_ID, PERSON_NAME, "demo", AT)
    for account, capacity in (("qiye", Capacity.AGENT), ("getihu", Capacity.GUARDIAN)):
        link_account(
            subject_id=person.subject_id,
            account_id=city.accounts[account],
            capacity=capacity,
            verified=proved,
            at=AT - timedelta(days=1),
        )

    def opened(account: str) -> Any:
        number = city.accounts[account]
        return services.own_file(account_id=number, at=AT, pack=city.pack, subject_id=person.subject_id)

    assert opened("qiye").records and opened("getihu").records
    freeze(subject_id=person.subject_id, ground="death", article="", actor="platform", at=AT)
    with pytest.raises(RefusedByLaw, match="subject_frozen"):
        opened("qiye")
    assert opened("getihu").records


@pytest.mark.req("QRY-4", "QRY-5", kind="refusal")
@pytest.mark.parametrize(
    ("who", "address"),
    [
        ("", "/publicity/CF?from=0001-01-01&to=9999-12-31"),
        ("", "/publicity/CF/export.json?to=9999-12-31"),
        (OFFICER, "/desk/query/receipts?since=0001-01-01&until=9999-12-31"),
        ("fgw.auditor", "/desk/log?since=0001-01-01&until=9999-12-31"),
        ("gongmin", "/my/looks?since=0001-01-01&until=9999-12-31"),
    ],
)
def test_the_first_and_the_last_day_of_all_narrow_a_list_like_others(city: City, who: str, address: str) -> None:
    client = as_user(who) if who else Client()
    assert client.get(address).status_code == 200


@pytest.mark.req("QRY-5", "ACC-1", kind="rule")
def test_the_auditor_sees_questions_that_were_not_taken_up(city: City) -> None:
    most = city.pack.matters[MATTER].values[-1].max_organisations
    as_user("scjgj.collector").post("/desk/query", {"matter": MATTER, "case_number": CASE, "who": CODE})
    with pytest.raises(BadInput):
        city.ask(*[CODE] * (most + 1))
    read()
    lines = {line.reason: line for line in QueryLine.objects.all()}
    assert set(lines) == {"role_missing", "too_many_identifiers"}
    assert {line.result for line in lines.values()} == {"refused"}
    client = as_user("fgw.auditor")
    said = text_of(client.get("/desk/log"))
    for line in lines.values():
        assert f"/desk/log/{line.entry_id}" in said
        assert client.get(f"/desk/log/{line.entry_id}").status_code == 200
    assert last_asked(city.accounts[OFFICER], pack=city.pack) == ()  # no receipt to lead to
    assert services.rebuild(pack=city.pack, at=AT) == len(QueryLine.objects.all())


@pytest.mark.req("INV-3", "QRY-1", "ACC-1", kind="refusal")
@pytest.mark.parametrize("lost", ["post", "power"])
def test_who_loses_the_post_or_a_power_gets_no_answer_to_the_rest_of_a_list(
    city: City, monkeypatch: pytest.MonkeyPatch, lost: str
) -> None:
    real, asked = official.settle, list[int]()

    def settle(question: Any, part: Any) -> Any:
        answered = real(question, part)
        if not asked:
            by = Account.objects.get(username="fgw.admin")
            told: dict[str, Any] = {"reason": "调离", "by": by, "pack": city.pack, "at": AT}
            if lost == "post":
                post = AccountRole.objects.get(account_id=city.accounts[OFFICER], role="querier", ended_at=None)
                revoke_role(number=post.id, **told)
            else:
                revoke_power(number=OrganisationPower.objects.filter(organisation__code="ggzy")[0].id, **told)
        asked.append(len(part))
        return answered

    monkeypatch.setattr(official, "settle", settle)
    monkeypatch.setattr(official, "TOGETHER", 1)
    with pytest.raises(NotAllowed, match="role_missing"):
        city.ask(CODE, CODE, CODE)
    assert asked == [1]
    (denied,) = ledger.entries(act="disclosure.refused", limit=5)
    assert denied.body is not None and denied.body["fields"] == {"given": 2}


OPERATOR = "钱小满"
WRITTEN = (
    OPERATOR,
    "钱小满（经营者）",
    "钱小满、孙大力",
    "孙大力/钱小满",
    "钱小满和孙大力",
    "钱小满-孙大力",
    "钱小满 孙大力",
    "经营者：钱小满",
    "钱小满先生",
    "钱小满 13800138000",
    f"钱小满{PERSON_ID}",
)


@pytest.mark.req("INV-4", "INV-3", "ZY-47", kind="refusal")
@pytest.mark.parametrize("written", WRITTEN)
def test_an_operator_is_hidden_however_the_provider_wrote_the_name(city: City, send: Send, written: str) -> None:
    shop = {**SHOP, "CF_XDR_MC": f"衡川市{OPERATOR}五金店", "CF_FRDB": written}
    shop["CF_XDR_SHXYM"] = next(code for code in codes("92620798MA800020") if check(code).valid)
    assert send(row(80, shop, CF_SY=f"{OPERATOR}在店内销售")).records == 1
    client = Client()
    for address in (
        f"/subjects/{shop['CF_XDR_SHXYM']}",
        f"/subjects/{shop['CF_XDR_SHXYM']}/export.csv",
        "/publicity/CF",
        "/publicity/CF/export.json",
    ):
        said = client.get(address).content.decode()
        assert "五金店" in said and OPERATOR not in said, address
    found = client.get("/search", {"q": OPERATOR}, headers={"Accept": "application/json"}).json()
    assert found == {"candidates": [], "total": 0, "next": ""}
    assert client.get("/publicity/CF", {"q": OPERATOR}).content.decode().count("五金店") == 0


def codes(begins: str) -> Any:
    """Codes of 18 characters that begin so, whether they are valid or not."""
    signs = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    return (begins + one + two for one in signs for two in signs)


@pytest.mark.req("INV-4", kind="rule")
def test_the_names_in_a_column_of_one_name() -> None:
    assert names_in("李 春生") == {"李春生"}
    assert names_in("艾力·买买提") >= {"艾力买买提"}
    assert names_in("经营者：李春生（原经营者王五）") >= {"李春生", "王五"}
    assert names_in("李春生王小红") >= {"李春生", "王小红"}
    assert names_in("衡川市云衡投资有限公司") == {"衡川市云衡投资有限公司"}
    assert names_in("李春生（个体工商户）") == {"李春生", "李春生(个体工商户)"}
    assert names_in("李") == frozenset()
    assert names_in("O'Brien-Smith Jo") == {"O'Brien-SmithJo"}


@pytest.mark.req("INV-4", "PUB-1", kind="refusal")
def test_a_number_of_a_third_person_is_starred_however_it_is_parted(city: City, send: Send) -> None:
    region, born, rest = PERSON_ID[:6], PERSON_ID[6:14], PERSON_ID[14:]
    told = [f"{region}{gap}{born}{gap}{rest}" for gap in ("", "/", ".", "\n", "·", " - ", "\u200b")]
    told += [f"ID{PERSON_ID}", f"{PERSON_ID}号", "139.1234.5678", "139/1234/5678"]
    for place, text in enumerate(told):
        left = scrub(f"证人{text}说").replace("*", "").replace("ID", "").replace("号", "")
        assert left == "证人说", text
        assert send(row(100 + place, COMPANY, CF_SY=f"证人{text}说")).records == 1
    public = Client().get(f"/subjects/{CODE}/export.json").content.decode()
    official = orjson.dumps([answer.as_dict() for answer in city.ask(CODE)]).decode()
    for said in (public, official):
        assert rest not in said and "5678" not in said and "证人" in said


@pytest.mark.req("PUB-1", kind="rule")
@pytest.mark.parametrize(
    "text",
    ["罚款620.50元", "2025/01/02至2026.02.03", "许可证JY16207020012345", CODE, "衡市监罚〔2026〕41号", "GB 11643-1999"],
)
def test_figures_dates_and_codes_stay_word_for_word(text: str) -> None:
    assert scrub(text) == text
