"""What does an auditor look for, and what is noted of a query?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from xinheng.disclosure.services import LogFilter, holds_number_of_person
from xinheng.disclosure.services.auditing import CHANNELS, GROUNDS, NEWEST, OFFICIAL, UNUSUAL
from xinheng.lib.text import clean
from xinheng.ui import wording
from xinheng.ui.forms import HouseForm

WORDS_LONGEST = 500
RESULTS = {"granted": _("有信息"), "empty": _("查询期内无相关信息"), "refused": _("拒绝")}
KINDS = {"official": _("公务查询"), "own": _("本人查看"), "audit": _("看日志")}
WAYS = {"web": _("网页"), "api": _("接口"), "cli": _("命令行")}
REASONS = (
    "matter_not_listed", "matter_not_for_you", "power_missing", "case_missing", "statute_missing", "statute_unknown",
    "person_not_party", "batch_of_persons", "too_many_persons", "subject_frozen", "name_differs",
    "identifier_unreadable",
)  # fmt: skip

Choices = Sequence[tuple[str, Any]]  # words of a page are looked up when they are shown


class LogForm(HouseForm):
    """The filter of the log, kept in the address. Nothing need be filled in."""

    use_required_attribute = False
    order = forms.CharField(required=False, widget=forms.HiddenInput())
    ground = forms.ChoiceField(label=_("哪一种"), required=False)
    organisation = forms.ChoiceField(label=_("单位"), required=False)
    matter = forms.ChoiceField(label=_("事项"), required=False)
    result = forms.ChoiceField(label=_("结果"), required=False)
    reason = forms.ChoiceField(label=_("理由"), required=False)
    channel = forms.ChoiceField(label=_("渠道"), required=False)
    since = forms.DateField(label=_("从哪天"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("到哪天"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    case_number = forms.CharField(
        label=_("案件编号"), required=False, max_length=100, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    entry = forms.IntegerField(
        label=_("台账条目"),
        required=False,
        min_value=1,
        max_value=2**53,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )
    persons = forms.BooleanField(label=_("只看查个人的"), required=False)

    def __init__(self, *args: Any, organisations: Choices, matters: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lists: Mapping[str, Choices] = {
            "ground": [(code, KINDS[code]) for code in GROUNDS],
            "organisation": organisations,
            "matter": matters,
            "result": list(RESULTS.items()),
            "reason": [(code, wording.say(code, {})) for code in REASONS],
            "channel": [(code, WAYS[code]) for code in CHANNELS],
        }
        for name, offered in lists.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("all" if name == "ground" else "", _("全部")), *offered]
        self.fields["since"].error_messages["invalid"] = _("日期读不懂，请写成2026-11-20这样")
        self.fields["until"].error_messages["invalid"] = _("日期读不懂，请写成2026-11-20这样")
        for code in ("invalid", "min_value", "max_value"):
            self.fields["entry"].error_messages[code] = _("条目号只有数字")

    def clean_case_number(self) -> str:
        """The number as written; the filter is entered, so no number of a person may stand in it."""
        text = clean(self.cleaned_data["case_number"])
        if holds_number_of_person(text):
            raise forms.ValidationError(wording.say("ground_holds_identifier", {}))
        return text

    def clean(self) -> dict[str, Any]:
        """The days in their order."""
        found = super().clean() or {}
        if found.get("since") and found.get("until") and found["until"] < found["since"]:
            self.add_error("until", _("结束的一天早于开始的一天"))
        return found

    def asked(self) -> LogFilter:
        """What a valid form looks for."""
        found = self.cleaned_data
        ground = found["ground"] or OFFICIAL
        return LogFilter(
            order=NEWEST if found["order"] == NEWEST else UNUSUAL,
            ground="" if ground == "all" else ground,
            **{name: found[name] for name in ("organisation", "matter", "result", "reason", "channel", "persons")},
            **{name: found[name] for name in ("since", "until", "case_number", "entry")},
        )


class ReviewForm(HouseForm):
    """An auditor's words about a query."""

    words = forms.CharField(
        label=_("看过之后怎么说"),
        help_text=_("写明核对了什么、问过谁、结论是什么；不写被查人的姓名和号码。会记入台账。"),
        max_length=WORDS_LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def clean_words(self) -> str:
        """The words, without a number of a person."""
        said = clean(self.cleaned_data["words"])
        if holds_number_of_person(said):
            raise forms.ValidationError(wording.say("review_holds_identifier", {}))
        return said
