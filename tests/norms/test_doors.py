"""The procedure through its doors, as an operator, a department, the public and a second operator use them (ZY-32)."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from tests.catalog.rows import company, made, sheet
from tests.norms.city import CODE, Road, text
from xinheng.accounts import selectors as accounts
from xinheng.catalog.models import CatalogItemVersion
from xinheng.law.pack import Pack
from xinheng.lib import clock
from xinheng.lib.errors import NotFound
from xinheng.norms import selectors, services
from xinheng.norms.models import Norm, NormText
from xinheng.norms.rules import State
from xinheng.records.services import accept_batch
from xinheng.ui import city

pytestmark = pytest.mark.django_db
PUBLIC = Client


def browser(username: str) -> Client:
    client = Client()
    client.force_login(accounts.account_by_username(username))
    return client


def post(client: Client, path: str, **answers: Any) -> Any:
    """Send a form; on the desk of an instrument with the number of the text that the page showed."""
    number = re.match(r"/desk/norms/(\d+)", path)
    if number:
        answers.setdefault("text_n", NormText.objects.filter(norm_id=number[1]).count())
    return client.post(path, answers)


@pytest.fixture
def drafted(pack: Pack) -> tuple[str, Client]:
    """A draft begun through the door; its address and the browser of the operator."""
    operator = browser("fgw.operator")
    body = accounts.organisation_by_code("scjgj").id
    answer = post(
        operator,
        "/desk/norms/new",
        change="enact",
        start="CPZL",
        code="HC_NEW",
        name_zh="产品召回信息",
        name_en="recalls of products",
        departments=[str(body)],
        reasons="召回情况要让消费者看得到。",
    )
    assert answer.status_code == 302, answer.content.decode()
    return answer.headers["Location"], operator


@pytest.mark.req("CAT-3", "CAT-2", "ZY-32", kind="journey")
def test_from_the_first_draft_to_a_file_under_the_new_item(
    drafted: tuple[str, Client], pack: Pack, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, operator = drafted
    number = int(path.rpartition("/")[2])
    page = operator.get(path).content.decode()
    assert "产品召回信息" in page and "依据的法律、法规要写到条" in page
    form = operator.get(f"{path}/text").context["form"]
    given = {name: value for name, value in form.initial.items() if value not in (None, "", False)}
    given |= {"basis_law": "《产品质量法》第四十六条", "basis_state_rule": "", "why": "依据写到条"}
    assert post(operator, f"{path}/text", **given).status_code == 302
    assert "会同起草的部门还没有都同意" in operator.get(path).content.decode()
    reviewer, chief, visitor = browser("scjgj.reviewer"), browser("fgw.operator2"), Client()
    assert visitor.get(f"/consultations/{number}").status_code == 404
    assert post(reviewer, path, act="cosigned", agreed="yes").status_code == 302
    assert post(operator, path, act="consulted").status_code == 302
    public = visitor.get(f"/consultations/{number}").content.decode()
    assert "产品召回信息" in public and "召回情况要让消费者看得到" in public
    sent = post(visitor, f"/consultations/{number}", group="public", text="建议写明召回期限。", name="某人")
    assert sent.status_code == 302
    seen = visitor.get(f"/consultations/{number}").content.decode()
    assert "建议写明召回期限" not in seen and "某人" not in seen  # gist and answer are published, not who said what
    [opinion] = selectors.opinions(number, opened=True)
    assert (opinion.text, opinion.name) == ("建议写明召回期限。", "某人")
    said = {"outcome": "adopted", "gist": "写明召回期限", "reasons": "已写入填写说明。"}
    assert post(operator, path, act="opinion_answered", opinion=str(opinion.id), **said).status_code == 302
    assert "已写入填写说明" in visitor.get(f"/consultations/{number}").content.decode()
    for group in ("market_entity", "association", "chamber", "legal_service", "expert"):
        assert post(operator, path, act="heard", group=group, how="书面征求").status_code == 302
    assert post(operator, path, act="closed").status_code == 403  # still running
    monkeypatch.setenv("XINHENG_TODAY", "2026-12-28")  # opinions were open for twenty working days
    assert post(operator, path, act="closed").status_code == 302
    assert post(operator, path, act="submitted").status_code == 302
    approval = {"act": "approved", "document": "衡政函〔2026〕9号", "approved_on": str(city.today())}
    assert post(operator, path, **approval).status_code == 403
    assert post(chief, path, **approval).status_code == 302
    day = city.today() + timedelta(days=1)
    assert post(chief, f"{path}/publish", act="published", effective_from=str(city.today())).status_code != 302
    assert post(operator, f"{path}/publish", act="published", effective_from=str(day)).status_code == 403
    assert post(chief, f"{path}/publish", act="published", effective_from=str(day)).status_code == 302
    city.forget()
    assert selectors.norm(number, pack=pack, today=day).facts.state is State.PUBLISHED
    assert "HC_NEW" in visitor.get("/catalog").content.decode()
    for on, accepted in ((city.today(), False), (day, True)):
        if not accepted:
            with pytest.raises(NotFound):
                _report(city.pack(), on)
        else:
            receipt = _report(city.pack(), on)
            assert receipt.records == 1, receipt


def _report(law: Pack, on: date) -> Any:
    """A row under the new item, sent by the bureau on a day."""
    version = law.items["HC_NEW"].versions[-1]
    return accept_batch(
        file=sheet(version, made(law, version, company(law))),
        file_name="召回.csv",
        item_code="HC_NEW",
        provider=accounts.organisation_by_code("scjgj"),
        actor="account:1",
        channel="web",
        at=clock.now() + (on - city.today()),
        uploaded_by=accounts.account_by_username("scjgj.collector").id,
    )


@pytest.mark.req("CAT-3", "ZY-32", kind="refusal")
def test_outsiders_find_no_draft_and_can_take_no_step(drafted: tuple[str, Client]) -> None:
    path, _ = drafted
    number = path.rpartition("/")[2]
    for username in (
        "zjj.collector",
        "scjgj.collector",
        "scjgj.querier",
        "fgw.admin",
        "fgw.auditor",
        "qiye",
        "gongmin",
    ):
        client = browser(username)
        for address in (path, f"{path}/text", f"{path}/fields", f"{path}/fields/XDR_MC", "/desk/norms/new"):
            assert client.get(address).status_code in (403, 404), (username, address)
        for act in ("cosigned", "consulted", "submitted", "approved", "abandoned"):
            assert post(client, path, act=act, agreed="yes", reason="x").status_code in (403, 404)
        assert post(client, f"{path}/publish", act="published", effective_from="2027-01-01").status_code == 403
    for address in (f"/consultations/{number}", f"/consultations/{number}/changes"):
        answer = Client().get(address)
        assert answer.status_code == 404
        assert "产品召回信息" not in answer.content.decode()
    assert selectors.on_its_way(kind="catalog_item", code="HC_NEW") == int(number)
    assert Norm.objects.get(id=number).state == "draft"


@pytest.mark.req("CAT-3", kind="journey")
def test_a_text_is_changed_attribute_by_attribute_and_field_by_field(drafted: tuple[str, Client], pack: Pack) -> None:
    path, operator = drafted
    number = int(path.rpartition("/")[2])
    form = operator.get(f"{path}/text").context["form"]
    given = {name: value for name, value in form.initial.items() if value not in (None, "", False)}
    given |= {"frequency_count": "15", "why": "写明频次", "basis_law": "《食品安全法》第六十三条"}
    assert post(operator, f"{path}/text", **given).status_code == 302
    added = {"code": "ZH_QX", "name_zh": "召回期限", "name_en": "time limit of the recall", "type": "date"}
    sees = {f"see_{channel}": "full" for channel in ("public", "government", "authorised", "own")}
    assert post(operator, f"{path}/fields", required="no", mask="none", **added, **sees).status_code == 302
    view = selectors.norm(number, pack=pack, today=city.today())
    assert view.version is not None and view.faults == ()
    assert view.version.frequency.count == 15
    assert view.version.by_code["ZH_QX"].type.value == "date"
    assert [b.title for b in view.text.basis if b.kind == "law"] == ["《食品安全法》第六十三条"]
    assert post(operator, f"{path}/fields/ZH_QX", remove="1").status_code == 302
    assert "ZH_QX" not in selectors.norm(number, pack=pack, today=city.today()).version.by_code  # type: ignore[union-attr]
    bound = post(operator, f"{path}/fields/XDR_MC", remove="1")
    assert bound.status_code == 409 and "不能删去" in bound.content.decode()
    twice = post(operator, f"{path}/fields", required="no", mask="none", **(added | {"code": "XDR_MC"}), **sees)
    assert twice.status_code == 422
    assert len(view.steps) >= 3 and selectors.norm(number, pack=pack, today=city.today()).text_n == 4


@pytest.mark.req("CAT-3", kind="refusal")
def test_wrong_answers_are_told_beside_their_question(pack: Pack) -> None:
    operator = browser("fgw.operator")
    empty = post(operator, "/desk/norms/new")
    assert empty.status_code == 422 and "请填写“为什么要编制”" in empty.content.decode()
    given = {"change": "enact", "start": "CF", "name_zh": "某信息", "name_en": "some", "reasons": "为了办事"}
    for wrong, told in (
        ({"code": "x y"}, "代码要以大写字母开头"),
        ({"code": "CF"}, "已经有代码为CF的目录项"),
        ({"code": "HC_A", "reasons": "联系人电话13800138000"}, "身份证号、电话或卡号"),
        ({"code": "HC_A", "departments": []}, "没有写会同起草的部门"),
    ):
        answer = post(operator, "/desk/norms/new", **(given | wrong))
        assert answer.status_code == 422 and told in answer.content.decode(), wrong
    road = Road(pack, at=clock.now()).draft().cosigned().consulting()
    for answers, told in (
        ({"group": "public", "text": ""}, "请填写“您的意见”"),
        ({"group": "king", "text": "好"}, "请从列出的里面选"),
        ({"group": "public", "text": "我的身份证110101199003070011"}, "身份证号、电话或卡号"),
    ):
        answer = post(Client(), f"/consultations/{road.norm_id}", **answers)
        assert answer.status_code == 422 and told in answer.content.decode(), answers
    assert post(operator, f"/desk/norms/{road.norm_id}", act="fly").status_code in (400, 422)


@pytest.mark.req("CAT-3", "ZY-32", kind="journey")
def test_what_an_amendment_changes_is_shown_before_it_holds(pack: Pack) -> None:
    road = Road(pack).ready_to_publish()
    road.published(road.today + timedelta(days=1))
    assert CatalogItemVersion.objects.filter(item__code=CODE).count() == 1
    city.forget()
    again = Road(city.pack(), at=clock.now())
    from xinheng.norms.rules import Change

    again.change = Change.AMEND
    kinds = ("legal_person", "unincorporated", "individual_business")
    wider = text(again.pack, kinds=dict.fromkeys(kinds, "public"))
    again.draft(wider).cosigned()
    path = f"/consultations/{again.norm_id}/changes"
    assert Client().get(path).status_code == 404
    assert browser("scjgj.reviewer").get(path).status_code == 200
    again.consulting()
    page = Client().get(path).content.decode()
    assert "个体工商户" in page
    with pytest.raises(NotFound):
        selectors.norm(0, pack=pack, today=city.today())
    services.abandon(reason="不办了", **again.fgw)
    assert Client().get(path).status_code == 404
    told = Client().get(f"/consultations/{again.norm_id}").content.decode()
    assert "已放弃" in told  # what was asked about stays readable, whatever became of it


@pytest.mark.req("CAT-3", "ZY-32", kind="refusal")
def test_nobody_agrees_to_or_overwrites_a_text_that_he_has_not_read(drafted: tuple[str, Client], pack: Pack) -> None:
    path, operator = drafted
    number = int(path.rpartition("/")[2])
    form = operator.get(f"{path}/text").context["form"]
    given = {name: value for name, value in form.initial.items() if value not in (None, "", False)}
    first = given | {"conduct_zh": "甲改的行为", "why": "甲改", "text_n": 1}
    assert post(operator, f"{path}/text", **first).status_code == 302
    second = post(operator, f"{path}/text", **(given | {"why": "乙改", "text_n": 1}))
    assert second.status_code == 422 and "刚刚被改过" in second.content.decode()
    view = selectors.norm(number, pack=pack, today=city.today())
    assert view.text.item["versions"][0]["conduct"]["zh"] == "甲改的行为"
    reviewer = browser("scjgj.reviewer")
    stale = post(reviewer, path, act="cosigned", agreed="yes", text_n=1)
    assert stale.status_code == 422 and "刚刚被改过" in stale.content.decode()
    assert not any(one.agreed for one in selectors.norm(number, pack=pack, today=city.today()).departments)
    assert post(reviewer, path, act="cosigned", agreed="yes").status_code == 302


@pytest.mark.req("CAT-1", "SP-8", kind="refusal")
def test_in_a_city_without_supplement_the_doors_say_so_with_the_article(law_city: Pack) -> None:
    if law_city.id != "siping":
        assert "请您提意见" in Client().get("/consultations").content.decode()
        return
    operator = browser("fgw.operator")
    for address in ("/consultations", "/desk/norms", "/desk/norms/new"):
        page = (Client() if address == "/consultations" else operator).get(address).content.decode()
        assert "第八条" in page, address
    answer = post(
        operator, "/desk/norms/new", change="enact", start="CF", code="SP_X", name_zh="某", name_en="x", reasons="y"
    )
    assert answer.status_code in (403, 422, 451) and Norm.objects.count() == 0
