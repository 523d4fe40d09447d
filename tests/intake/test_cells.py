"""Cells as offices write them: read with a note that shows before and after, or refused for the right reason."""

from __future__ import annotations

from datetime import date

import pytest

from tests.intake.made import Desk, Values, codes, licence, penalty, person_penalty, table, text_of
from xinheng.intake.rules import RowResult, Verdict
from xinheng.law import lookup
from xinheng.law.pack import Pack
from xinheng.law.publicity import latest_end

ACCEPT, REVIEW, REJECT = Verdict.ACCEPT, Verdict.REVIEW, Verdict.REJECT


def note(found: RowResult, field: str) -> tuple[str, str] | None:
    """(before, after) of the note on a field."""
    told = (one for one in found.findings if one.field == field and one.code in ("normalised", "date_serial"))
    return next(((one.params["was"], one.params["now"]) for one in told), None)


@pytest.mark.req("INT-1", "CAT-2", kind="rule")
@pytest.mark.parametrize(
    "written",
    [
        *("2024年5月1日星期三", "2024年5月1日（星期三）", "二〇二四年五月一日", "二零二四年五月一日", "2024.05.01"),
        *("2024．5．1", "2024-05-01T00:00:00", "45413", "45413.5", "2024-05-01 00:00:00.000", "'2024-05-01"),
    ],
)
def test_a_day_in_another_form_is_read_and_told(pack: Pack, written: str) -> None:
    found = Desk(pack).row(penalty(1) | {"CF_JDRQ": written})
    assert (found.verdict, found.values["CF_JDRQ"]) == (ACCEPT, "2024-05-01")
    assert note(found, "CF_JDRQ") == (written, "2024-05-01")


@pytest.mark.req("INT-1", kind="refusal")
@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("24.5.1", "date_ambiguous"),
        ("5/1/2024", "date_ambiguous"),
        ("2024-02-30", "date_not_real"),
        ("2024年5月1日星期四", "date_weekday"),
        ("长期", "date_without_end"),
        ("9999-12-31", "date_without_end"),
        ("2099-12-31", "decided_in_future"),
        ("无", "document_missing"),
    ],
)
def test_a_day_of_decision_that_is_none_is_refused_with_its_reason(pack: Pack, written: str, code: str) -> None:
    found = Desk(pack).row(penalty(1) | {"CF_JDRQ": written})
    assert (found.verdict, codes(found)) == (REJECT, {code})


@pytest.mark.req("INT-1", "CAT-2", kind="rule")
@pytest.mark.parametrize("written", ["长期", "永久", "无固定期限", "至长期", "9999-12-31", "9999年12月31日", "2958465"])
def test_an_end_that_never_comes_is_the_long_term_day_of_the_standard(pack: Pack, written: str) -> None:
    found = Desk(pack, "XK").row(licence(1) | {"XK_YXQZI": written})
    assert (found.verdict, found.values["XK_YXQZI"]) == (ACCEPT, "2099-12-31")
    assert note(found, "XK_YXQZI") == (written, "2099-12-31")
    assert codes(Desk(pack, "XK").row(licence(1) | {"XK_YXQZ": written})) >= {"date_without_end"}


@pytest.mark.req("INT-1", "CAT-2", kind="rule")
@pytest.mark.parametrize("header", ["CF_NR_FK", "罚款金额(元)"])
@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ("人民币贰万元整", "2"),
        ("伍仟元整", "0.5"),
        ("壹万贰仟叁佰肆拾伍元陆角柒分", "1.234567"),
        ("2万元", "2"),
        ("￥20,000.00", "2"),
        ("20,000元", "2"),
        ("2万5千元", "2.5"),
    ],
)
def test_an_amount_with_its_own_unit_is_read_and_told(pack: Pack, header: str, written: str, amount: str) -> None:
    desk = Desk(pack)
    cells = table(desk.item, [penalty(1) | {"CF_NR": "处以罚款", "CF_NR_FK": written}])
    cells[0][cells[0].index("CF_NR_FK")] = header
    (found,) = desk.judge(text_of(cells))
    assert (found.verdict, found.values["CF_NR_FK"]) == (ACCEPT, amount)
    was, now = note(found, "CF_NR_FK") or ("", "")
    assert was.startswith(written)
    assert now == amount


@pytest.mark.req("INT-1", kind="refusal")
@pytest.mark.parametrize("header", ["CF_NR_FK", "罚款金额(元)"])
@pytest.mark.parametrize(
    ("written", "code"),
    [("2.0E4", "decimal_scientific"), ("20,00", "decimal_unreadable"), ("约2000元", "decimal_unreadable")],
)
def test_an_amount_that_may_be_another_is_refused(pack: Pack, header: str, written: str, code: str) -> None:
    desk = Desk(pack)
    cells = table(desk.item, [penalty(1) | {"CF_NR_FK": written}])
    cells[0][cells[0].index("CF_NR_FK")] = header
    (found,) = desk.judge(text_of(cells))
    assert (found.verdict, codes(found)) == (REJECT, {code})


@pytest.mark.req("INT-1", kind="rule")
def test_an_amount_ten_thousand_times_too_small_is_told(pack: Pack) -> None:
    found = Desk(pack).row(penalty(1) | {"CF_NR": "罚款20000元", "CF_NR_FK": "￥2.00"})
    assert found.verdict is REVIEW
    (told,) = (one for one in found.findings if one.code == "fine_unit_suspected")
    assert (told.params["value"], told.params["stated"], told.params["proposed"]) == ("0.0002", "20000", "2")


@pytest.mark.req("INT-1", "CAT-2", kind="rule")
@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("罚款和警告", "罚款;警告"),
        ("罚款、警告", "罚款;警告"),
        ("罚款并处警告", "罚款;警告"),
        ("罚款 警告", "罚款;警告"),
        ("其它-责令改正", "其他-责令改正"),
        ("其他（责令改正）", "其他-责令改正"),
        ("其他-责令改正、罚款", "其他-责令改正;罚款"),
        ("1-罚款", "罚款"),
        ("1 罚款", "罚款"),
        ("1.罚款；2.警告", "罚款;警告"),
        ("罚款。", "罚款"),
        ("罚 款", "罚款"),
        ("罚款;罚款", "罚款"),
    ],
)
def test_kinds_of_penalty_are_read_as_written(pack: Pack, written: str, meant: str) -> None:
    found = Desk(pack).row(penalty(1) | {"CF_CFLB": written})
    assert (found.verdict, found.values["CF_CFLB"]) == (ACCEPT, meant)
    assert note(found, "CF_CFLB") == (written, meant)


@pytest.mark.req("INT-1", kind="refusal")
@pytest.mark.parametrize("written", ["罚款或警告", "罚款（警告）", "罚款2000元", "其他", "罚金"])
def test_a_kind_that_leaves_a_choice_is_refused(pack: Pack, written: str) -> None:
    assert codes(Desk(pack).row(penalty(1) | {"CF_CFLB": written})) == {"enum_unknown"}


def test_an_open_value_keeps_its_own_commas(pack: Pack) -> None:
    found = Desk(pack).row(penalty(1) | {"CF_CFLB": "罚款;其他-责令改正,收缴工具"})
    assert (found.values["CF_CFLB"], codes(found)) == ("罚款;其他-责令改正,收缴工具", set())


@pytest.mark.req("INT-1", "SUB-1", kind="rule")
@pytest.mark.parametrize(
    ("make", "written", "meant"),
    [
        *(
            (penalty, word, "法人及非法人组织")
            for word in ("法人", "企业", "03-法人", "法人或者其他组织", "法人（企业）")
        ),
        *((person_penalty, word, "自然人") for word in ("个人", "自然人/个人", "01 自然人")),
    ],
)
def test_kinds_of_subject_are_read_as_written(pack: Pack, make: type, written: str, meant: str) -> None:
    found = Desk(pack).row(make(1) | {"CF_XDR_LB": written})
    assert (found.verdict, found.values["CF_XDR_LB"]) == (ACCEPT, meant)
    assert note(found, "CF_XDR_LB") == (written, meant)


@pytest.mark.req("INT-1", "SUB-1", kind="refusal")
@pytest.mark.parametrize("written", ["01-法人", "04-自然人", "个体工商户（企业）", "公司", "1"])
def test_a_kind_that_contradicts_itself_is_refused(pack: Pack, written: str) -> None:
    assert "enum_unknown" in codes(Desk(pack).row(penalty(1) | {"CF_XDR_LB": written}))


@pytest.mark.req("INT-1", "INV-8", kind="rule")
@pytest.mark.parametrize(
    ("field", "cell", "told"),
    [
        ("CF_XDR_MC", "弱水区\u200b某某公司", ("弱水区‹U+200B›某某公司", "弱水区某某公司")),
        ("CF_XDR_MC", "弱水区\n某某公司", ("弱水区⏎某某公司", "弱水区某某公司")),
        ("CF_WSH", "弱市监罚〔２０２６〕9号", ("弱市监罚〔２０２６〕9号", "弱市监罚〔2026〕9号")),
        ("CF_SY", "第一点。  第二点。", ("第一点。  第二点。", "第一点。 第二点。")),
        ("CF_SY", " 首尾空白。\u3000", None),
        ("CF_SY", "第一点。\r\n第二点。", None),
        ("CF_SY", "（括号）与“引号”。", None),
    ],
)
def test_what_is_kept_otherwise_than_it_came_is_told(
    pack: Pack, field: str, cell: str, told: tuple[str, str] | None
) -> None:
    found = Desk(pack).row(penalty(1) | {field: cell})
    assert (found.verdict, note(found, field)) == (ACCEPT, told)


@pytest.mark.req("INV-8", "PIP-1", kind="rule")
def test_a_note_repeats_no_number_of_a_person(pack: Pack) -> None:
    person = person_penalty(1)
    number = person["CF_XDR_ZJHM"]
    found = Desk(pack).row(person | {"CF_XDR_ZJHM": f"{number}\u200b", "CF_SY": f"证件{number}，\u200b已核对。"})
    assert note(found, "CF_XDR_ZJHM") == ("…", "…")
    assert number not in str(found.findings)
    assert note(found, "CF_SY") is not None


@pytest.mark.req("PUB-1", "INT-1", kind="rule")
def test_a_publicity_end_beyond_the_longest_period_waits_with_its_article(law_pack: Pack) -> None:
    desk, row = Desk(law_pack), penalty(1) | {"CF_JDRQ": "2026/05/06", "CF_YXQ": "2099/12/31"}
    longest = latest_end(law_pack, desk.item, date(2026, 5, 6))
    assert longest == (date(2029, 5, 6), "CN-NDRC36")
    assert desk.row(row | {"CF_GSJZQ": "2029/05/06"}).findings == ()
    for end in ("2029/05/07", "2099/12/31", "长期"):
        found = desk.row(row | {"CF_GSJZQ": end})
        (told,) = (one for one in found.findings if one.code == "publicity_end_too_late")
        assert (found.verdict, told.article, told.params["latest"]) == (REVIEW, "CN-NDRC36", "2029-05-06")
    assert latest_end(law_pack, desk.item, date(2026, 5, 6), "一般") == (date(2027, 5, 6), "CN-NDRC36")
    assert latest_end(law_pack, lookup.item(law_pack, "XK", date(2026, 5, 6)), date(2026, 5, 6)) is None


@pytest.mark.req("INV-9", kind="refusal")
@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"CF_YJ": "《治安管理處罰法》第四十九條"}, "sealed"),
        ({"CF_YJ": "《中华人民共和国治安管理处罚条例》第十九条"}, "sealed"),
        ({"CF_YJ": "《治安管理處罰 條例》"}, "sealed"),
        ({"CF_WFXW": "治安处罚"}, "sealed_suspected"),
    ],
)
def test_a_sealed_matter_is_told_in_either_script(pack: Pack, changed: Values, code: str) -> None:
    assert code in codes(Desk(pack).row(person_penalty(1) | changed))


@pytest.mark.req("INV-9", kind="refusal")
@pytest.mark.parametrize(
    "facts",
    [
        *(
            "二〇二五年三月在集市出售假货",
            "二〇二五年三月二日售假",
            "时年15周岁",
            "时年十五周岁",
            "当事人年满十六，售假",
        ),
        *("当时未满18周岁", "已滿十七歲", "二〇二五 年 三 月售假"),
    ],
)
def test_conduct_as_a_minor_is_told_in_numerals_and_ages(pack: Pack, facts: str) -> None:
    row = person_penalty(1, born=date(2007, 6, 1)) | {"CF_JDRQ": "2026/05/01", "CF_SY": facts}
    found = Desk(pack).row(row)
    assert (found.verdict, "conduct_as_minor_suspected" in codes(found)) == (REVIEW, True)


@pytest.mark.parametrize(
    ("born", "facts"),
    [
        (date(1980, 6, 1), "向一名十五周岁的学生售烟"),  # another's age
        (date(2007, 6, 1), "当事人已满十八周岁"),
        (date(2007, 6, 1), "经营年满三年"),
        (date(2007, 6, 1), "二〇二六年三月售假"),
    ],
)
def test_no_adult_is_taken_for_a_minor(pack: Pack, born: date, facts: str) -> None:
    row = person_penalty(1, born=born) | {"CF_JDRQ": "2026/05/01", "CF_SY": facts}
    assert Desk(pack).row(row).findings == ()
