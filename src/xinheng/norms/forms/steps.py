"""The forms of the steps. Each names its step in a hidden field, so that one page holds them all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from xinheng.norms.rules import Act, Change, Outcome
from xinheng.ui import wording
from xinheng.ui.forms import HouseForm

CHANGES = (
    (Change.ENACT, _("新设一个目录项")),
    (Change.AMEND, _("修订一个目录项")),
    (Change.RETIRE, _("废止一个目录项")),
)
OUTCOMES = ((Outcome.ADOPTED, _("采纳")), (Outcome.PARTLY, _("部分采纳")), (Outcome.DECLINED, _("不采纳")))


def text_area(rows: int, lang: str = "zh-CN") -> forms.Textarea:
    """A box for several lines; what the record keeps is Chinese, whatever the page speaks."""
    return forms.Textarea(attrs={"rows": rows, "lang": lang})


class DayField(forms.DateField):
    """A day as the browser's own field gives it."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            input_formats=["%Y-%m-%d"], error_messages={"invalid": _("请写成2026-11-20这样的日期")}, **kwargs
        )


class DraftForm(HouseForm):
    """How a draft begins: what it does, from which item, with which departments, why."""

    change = forms.ChoiceField(label=_("要做什么"), choices=CHANGES, widget=forms.RadioSelect())
    start = forms.ChoiceField(
        label=_("从哪一项开始"), help_text=_("新设的，照搬它的字段再改；修订、废止的，就是这一项")
    )
    code = forms.RegexField(
        regex=r"^[A-Z][A-Z0-9_]{1,23}$",
        label=_("新目录项的代码"),
        help_text=_("大写字母开头，2到24个大写字母、数字或下划线；修订、废止的不用填"),
        required=False,
        error_messages={"invalid": _("代码要以大写字母开头，只用大写字母、数字和下划线，2到24个字符")},
    )
    name_zh = forms.CharField(label=_("名称"), help_text=_("修订、废止的不用填"), max_length=100, required=False)
    name_en = forms.CharField(label=_("英文名称"), max_length=200, required=False)
    departments = forms.MultipleChoiceField(
        label=_("会同起草的部门"),
        help_text=_("提供这类信息的部门；每个部门都同意后才能征求意见"),
        widget=forms.CheckboxSelectMultiple(),
        required=False,
    )
    reasons = forms.CharField(label=_("为什么要编制"), help_text=_("随草案公布"), max_length=4000, widget=text_area(4))

    def __init__(
        self, *args: Any, starts: Sequence[tuple[str, str]], departments: Sequence[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (("start", starts), ("departments", departments)):
            chosen = self.fields[name]
            assert isinstance(chosen, forms.ChoiceField)
            chosen.choices = list(choices)

    def clean(self) -> dict[str, Any]:
        """A new item needs a code and both names."""
        found = super().clean() or {}
        if found.get("change") == Change.ENACT:
            for name in ("code", "name_zh", "name_en"):
                if not found.get(name) and name not in self.errors:
                    self.add_error(name, self.fields[name].error_messages["required"])
        return found


class StepForm(HouseForm):
    """The form of one step: ``act`` tells the page which, ``text_n`` which text was on the page when it was taken."""

    act = forms.CharField(widget=forms.HiddenInput())
    text_n = forms.IntegerField(widget=forms.HiddenInput())

    def __init__(self, *args: Any, act: Act, text_n: int = 0, **kwargs: Any) -> None:
        kwargs["initial"] = {"act": act.value, "text_n": text_n, **kwargs.get("initial", {})}
        kwargs.setdefault("auto_id", f"id_{act.value}_%s")
        super().__init__(*args, **kwargs)


class BareForm(StepForm):
    """A step that says nothing more."""


class ReasonForm(StepForm):
    """A step with its reasons."""

    reason = forms.CharField(label=_("理由"), max_length=2000, widget=text_area(3))


class CosignForm(StepForm):
    """What a department says about the present text."""

    agreed = forms.ChoiceField(
        label=_("本部门的意见"),
        choices=[("yes", _("同意现在的文本")), ("no", _("不同意，理由如下"))],
        widget=forms.RadioSelect(),
    )
    reason = forms.CharField(
        label=_("理由"), help_text=_("不同意的必须写"), max_length=2000, required=False, widget=text_area(3)
    )

    def clean(self) -> dict[str, Any]:
        """An objection has its reasons."""
        found = super().clean() or {}
        if found.get("agreed") == "no" and not found.get("reason"):
            self.add_error("reason", self.fields["reason"].error_messages["required"])
        return found


class HearForm(StepForm):
    """Whose opinion was asked, and how."""

    group = forms.ChoiceField(label=_("征求了谁的意见"))
    how = forms.CharField(
        label=_("怎样征求的"),
        help_text=_("单位写名称，个人只写人数；方式、日期和收到几份"),
        max_length=1000,
        widget=text_area(3),
    )

    def __init__(self, *args: Any, groups: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = self.fields["group"]
        assert isinstance(chosen, forms.ChoiceField)
        chosen.choices = [(group, wording.say(f"group.{group}", {})) for group in groups if group != "public"]


class AnswerForm(StepForm):
    """What becomes of an opinion; both texts are published."""

    opinion = forms.IntegerField(widget=forms.HiddenInput())
    outcome = forms.ChoiceField(label=_("处理"), choices=OUTCOMES, widget=forms.RadioSelect())
    gist = forms.CharField(
        label=_("意见要点"), help_text=_("公布；不写提意见的人是谁"), max_length=1000, widget=text_area(2)
    )
    reasons = forms.CharField(label=_("答复和理由"), help_text=_("公布"), max_length=2000, widget=text_area(3))


class EraseForm(StepForm):
    """Delete the words of an opinion when its author asks for it."""

    opinion = forms.IntegerField(widget=forms.HiddenInput())
    reason = forms.CharField(label=_("谁要求删除，为什么"), help_text=_("不写姓名"), max_length=500)


class ApproveForm(StepForm):
    """The document by which the city government approved."""

    document = forms.CharField(label=_("批准文件的文号"), max_length=100)
    approved_on = DayField(label=_("批准日期"))


class PublishForm(StepForm):
    """From which day a published text holds."""

    effective_from = DayField(label=_("施行日期"), help_text=_("最早从明天起"))


class OpinionForm(HouseForm):
    """What anybody may say about a draft."""

    group = forms.ChoiceField(label=_("您是"))
    name = forms.CharField(
        label=_("单位或姓名（可不填）"), help_text=_("只有办理的人看得到，不公布"), max_length=100, required=False
    )
    text = forms.CharField(
        label=_("您的意见"),
        help_text=_("不要写身份证号、电话、卡号；公布的是要点和答复，不是原文"),
        max_length=4000,
        widget=text_area(6),
    )

    def __init__(self, *args: Any, groups: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = self.fields["group"]
        assert isinstance(chosen, forms.ChoiceField)
        chosen.choices = [(group, wording.say(f"group.{group}", {})) for group in groups]
