"""Components print what they are given, and nothing else."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest
from django import forms
from django.template import Context, engines
from django.template.backends.django import DjangoTemplates
from django.utils import translation

from xinheng.ui import icons, marks
from xinheng.ui.forms import HouseForm
from xinheng.ui.tables import Column, table


def shown(text: str, **values: object) -> str:
    """``text`` rendered with the project's engine."""
    engine = engines["django"]
    assert isinstance(engine, DjangoTemplates)
    return str(engine.engine.from_string(text).render(Context(values)))


class Sample(HouseForm):
    """One question of each kind."""

    case = forms.CharField(label="案件编号", help_text="写在案卷上", max_length=5)
    why = forms.CharField(label="为什么", widget=forms.Textarea)
    what = forms.ChoiceField(label="哪里", widget=forms.RadioSelect, choices=[("a", "甲"), ("b", "乙")])
    which = forms.ChoiceField(label="事项", choices=[("", "—"), ("a", "甲")])
    many = forms.MultipleChoiceField(label="几个", widget=forms.CheckboxSelectMultiple, choices=[("a", "甲")])
    sure = forms.BooleanField(label="核对过")
    back = forms.CharField(required=False, widget=forms.HiddenInput)


def test_a_field_ties_label_hint_and_error_to_its_control() -> None:
    html = shown("{% field form.case %}", form=Sample({}))
    assert 'for="id_case"' in html and 'aria-describedby="id_case_hint id_case_error"' in html
    assert 'id="id_case_hint"' in html and 'id="id_case_error"' in html
    assert "请填写“案件编号”" in html and "govuk-input--error" in html
    assert "required" not in html
    clean = shown("{% field form.case %}", form=Sample())
    assert "error" not in clean and 'aria-describedby="id_case_hint"' in clean


def test_choices_are_a_fieldset_whose_first_answer_carries_the_fields_id() -> None:
    html = shown("{% field form.what %}", form=Sample({"what": "b"}))
    assert "<fieldset" in html and "<legend" in html
    assert 'id="id_what"' in html and 'id="id_what_1"' in html
    assert html.count("checked") == 1
    boxes = shown("{% field form.many %}", form=Sample({}))
    assert 'type="checkbox"' in boxes and "请选择“几个”" in boxes
    assert 'type="hidden"' in shown("{% field form.back %}", form=Sample())
    assert "govuk-checkboxes__input" in shown("{% field form.sure %}", form=Sample())


def test_the_summary_leads_to_every_question_and_keeps_what_was_filled_in() -> None:
    form = Sample({"case": "太长的编号了", "which": "z"})
    html = shown("{% error_summary form %}{% field form.case %}", form=form)
    assert "还不能提交，有6处要改" in html and "已填的内容都还在" in html
    assert '<a href="#id_case">' in html and '<a href="#id_what">' in html
    assert "太长的编号了" in html
    assert shown("{% error_summary form %}", form=Sample()).strip() == ""


@pytest.mark.req("INV-3", "PUB-1", kind="refusal")
def test_a_withheld_field_shows_reason_and_article_and_one_bar_whatever_it_hides() -> None:
    html = shown("{% withheld 'role_missing' 'CN-PIPL-45' %}")
    assert html.count("xh-wh__bar") == 1 and "不向您显示" in html and "第四十五条" in html
    assert "xh-art" not in shown("{% withheld 'role_missing' 'CN-PIPL-45' cite_here=False %}")


def test_an_article_leads_to_its_place_on_the_law_page_and_a_house_rule_says_so() -> None:
    html = shown("{% article 'CN-PIPL-45' %}")
    assert 'href="/law#CN-PIPL-45"' in html and "《个人信息保护法》第四十五条" in html
    assert "平台规则" in shown("{% article '' %}")
    assert "ZZ-1" in shown("{% article 'ZZ-1' %}")


def test_every_mark_has_a_word_and_a_drawing() -> None:
    for kind, mark in marks.MARKS.items():
        html = shown("{% mark kind %}", kind=kind)
        assert mark.word in html and "<svg" in html
    with pytest.raises(KeyError):
        icons.icon("no_such_drawing")


def test_values_are_escaped_everywhere() -> None:
    evil = "<script>alert(1)</script>"
    sheet = table(evil, [evil, Column(evil)], [(evil, evil)])
    page = shown(
        "{% mark 'disputed' evil %}{% table sheet %}{% receipt evil rows evil %}{% empty evil evil evil evil %}"
        "{% breadcrumbs evil evil %}{% figures figs %}{% finding find %}{% timeline_entry look %}{% steps steps %}",
        evil=evil,
        sheet=sheet,
        rows=[(evil, evil)],
        figs=[{"label": evil, "value": evil, "unit": evil, "note": evil}],
        find={
            "id": "f",
            "kind": "returned",
            **dict.fromkeys(("title", "whose", "says", "yours", "proposed", "rule"), evil),
        },
        look={"when": evil, "who": evil, "verb": evil, "rows": [(evil, evil)], "seen": [evil], "unseen": [evil]},
        steps=[{"text": evil, "small": evil, "state": "here"}],
    )
    assert "<script" not in page and "&lt;script&gt;" in page


def test_a_table_keeps_its_roles_and_names_each_cells_column() -> None:
    html = shown("{% table t %}", t=table("许可", ["事项", Column("金额", numeric=True)], [("占道", "3.00")]))
    assert 'role="rowheader"' in html and 'data-l="金额"' in html and "xh-num" in html


def test_a_fields_value_is_written_as_a_reader_expects() -> None:
    def field(kind: str, value: str) -> SimpleNamespace:
        label = SimpleNamespace(get=lambda language: "罚款金额（万元）")
        return SimpleNamespace(type=kind, value=value, label=label)

    assert shown("{{ f|field_value }}", f=field("date", "2026-09-30")) == "2026年9月30日"
    assert shown("{{ f|field_label }} {{ f|field_value }}", f=field("decimal", "3")) == "罚款金额 3.00万元"
    assert shown("{{ f|field_value }}", f=field("string", "")) == ""


def test_the_same_tags_speak_english() -> None:
    with translation.override("en"):
        assert shown("{{ d|day }}", d=date(2026, 11, 22)) == "22 November 2026"
        assert "Disputed" in shown("{% mark 'disputed' %}")
        assert "Article 45" in shown("{% article 'CN-PIPL-45' %}")
        assert shown("{{ 'legal_person'|kind_word }}") == "Legal person"
