"""What does an officer fill in before a query?"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from xinheng.disclosure.services import Identifier, Whom, holds_number_of_person
from xinheng.lib.codes import check
from xinheng.lib.text import clean, one_line
from xinheng.ui import wording
from xinheng.ui.forms import HouseForm

LINES = 500
MATTER_LONGEST = 64
CASE_LONGEST = 100
STATUTE_LONGEST = 200
ROLE_LONGEST = 20
_FIELDS = ("matter", "case_number", "statute", "who", "party_list")
_PARTS = re.compile(r"[\s,，;；、\t]+")


def _day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        input_formats=["%Y-%m-%d"],
        error_messages={"invalid": _("日期请写成2026-02-14这样")},
        widget=forms.TextInput(attrs={"type": "date", "class": "govuk-input--width-10"}),
    )


class GroundForm(HouseForm):
    """The ground first: matter, case, statute. An unlisted matter is not an error of form but a refusal."""

    matter = forms.CharField(
        label=_("事项"), help_text=_("先列出您单位有权办理的"), max_length=MATTER_LONGEST, widget=forms.Select()
    )
    case_number = forms.CharField(
        label=_("案件或项目编号"),
        help_text=_("案卷上的编号，被查的人会看到"),
        max_length=CASE_LONGEST,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    statute = forms.CharField(
        label=_("法律、法规或国家规定"),
        help_text=_("只有“其他依法查询的事项”要填，写到条"),
        max_length=STATUTE_LONGEST,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, matters: Sequence[tuple[str, Any]] = (), citable: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if citable:
            told = gettext("只有“其他依法查询的事项”要填，写到条。法规包列出的才行：%(laws)s")
            self.fields["statute"].help_text = told % {"laws": citable}
        select = self.fields["matter"].widget
        assert isinstance(select, forms.Select)
        select.choices = [("", _("请选择")), *matters]

    def clean_matter(self) -> str:
        """The matter; one that no law lists is kept as it was written, without a number of a person."""
        return _without_persons(self.cleaned_data["matter"])

    def clean_case_number(self) -> str:
        """The number as written. The subject and the ledger read it, so no number of a person may stand in it."""
        return _without_persons(self.cleaned_data["case_number"])

    def clean_statute(self) -> str:
        """The citation as written, without a number of a person."""
        return _without_persons(self.cleaned_data["statute"])


class QueryForm(GroundForm):
    """Then whom: organisations, and the parties of the case."""

    who = forms.CharField(
        label=_("查哪些单位"),
        help_text=_("一行一个代码，后面可以写名称核对；最多500行"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off", "spellcheck": "false"}),
    )
    party_list = forms.CharField(
        label=_("本案当事人名单"),
        help_text=_("个人只能列在这里。一行一人：证件号码、姓名、在本案的身份，用空格隔开；行号接着上面数"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off", "spellcheck": "false"}),
    )

    def clean_who(self) -> list[Identifier]:
        """The lines as identifiers; an unreadable code is named by its line, never repeated."""
        return self._read("who", lines_of(self.cleaned_data["who"]), parties=False)

    def clean_party_list(self) -> list[Identifier]:
        """The lines as parties of the case, numbered after the organisations."""
        return self._read("party_list", lines_of(self.cleaned_data["party_list"]), parties=True)

    def _read(self, name: str, lines: Sequence[str], *, parties: bool) -> list[Identifier]:
        if len(lines) > LINES:
            raise forms.ValidationError(gettext("最多500行，您填了%(n)s行") % {"n": len(lines)})
        first = 1 + len(lines_of(self.data.get("who", ""))) if parties else 1
        found, faults = identifiers_of(lines, parties=parties, first=first)
        for row, code, why in faults:
            said = {"row": row, "why": _without(code, why)}
            self.add_error(name, gettext("第%(row)s行的代码读不懂：%(why)s") % said)
        for one in found:
            if len(one.role) > ROLE_LONGEST:
                said = {"row": one.row, "most": ROLE_LONGEST}
                self.add_error(name, gettext("第%(row)s行的身份请用%(most)s个字以内写明") % said)
            elif holds_number_of_person(one.role):
                self.add_error(name, gettext("第%(row)s行的身份里有号码；只写身份，例如申请人") % {"row": one.row})
        return found

    def clean(self) -> dict[str, Any]:
        """A question is about somebody."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and not cleaned["who"] and not cleaned["party_list"]:
            self.add_error("who", gettext("请填写要查的单位，或者本案当事人"))
        return cleaned


class LooksForm(HouseForm):
    """Which looks at one's own file: by whom, on which days."""

    kind = forms.ChoiceField(
        label=_("哪些"),
        required=False,
        choices=[
            ("", _("全部")),
            ("official", _("机关查的")),
            ("refused", _("被拒绝的")),
            ("own", _("本人一方看的")),
        ],
    )
    since = _day(_("从哪一天"))
    until = _day(_("到哪一天"))

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("since") and given.get("until") and given["since"] > given["until"]:
            self.add_error("until", gettext("“到哪一天”不能早于“从哪一天”"))
        return given


class WhomForm(HouseForm):
    """For whom to look, among those for whom the account stands."""

    subject = forms.ChoiceField(label=_("看谁的档案"), widget=forms.RadioSelect())

    def __init__(self, *args: Any, subjects: Sequence[Whom], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = self.fields["subject"]
        assert isinstance(chosen, forms.ChoiceField)
        chosen.choices = [(str(one.subject_id), one.name) for one in subjects]


@dataclass(frozen=True, slots=True)
class Asked:
    """What an officer asks, read and in order."""

    matter: str
    case_number: str
    statute: str
    who: list[Identifier]


def in_order(form: QueryForm) -> Asked:
    """What a valid form asks: organisations first, then the parties of the case."""
    told = form.cleaned_data
    return Asked(told["matter"], told["case_number"], told["statute"], [*told["who"], *told["party_list"]])


def plain_question(data: Mapping[str, str]) -> Asked | None:
    """What a machine asks, read without building the form; None when anything is unusual or wrong.

    Then the form reads it and says what is wrong: it is the measure, and this is `in_order` of it or None.
    """
    matter, case_number, statute, who, parties = (data.get(name, "").strip() for name in _FIELDS)
    lines, listed = lines_of(who), lines_of(parties)
    if not matter or not (lines or listed) or max(len(lines), len(listed)) > LINES:
        return None
    longest = ((matter, MATTER_LONGEST), (case_number, CASE_LONGEST), (statute, STATUTE_LONGEST))
    if any(len(text) > most for text, most in longest) or holds_number_of_person(matter, case_number, statute):
        return None
    if any("\0" in text for text in (matter, case_number, statute, who, parties)):
        return None
    found, faults = identifiers_of(lines)
    if listed:
        persons, wrong = identifiers_of(listed, parties=True, first=1 + len(lines))
        found, faults = found + persons, faults + wrong
    if any(len(one.role) > ROLE_LONGEST or holds_number_of_person(one.role) for one in found if one.role):
        return None
    return None if faults else Asked(matter, case_number, statute, found)


def lines_of(who: str) -> list[str]:
    """The lines that name somebody."""
    return [line for line in who.splitlines() if line.strip()]


def identifiers_of(
    lines: Sequence[str], *, parties: bool = False, first: int = 1
) -> tuple[list[Identifier], list[tuple[int, str, str]]]:
    """The identifiers of the lines, and (line, code, reason in words) of each that can't be read.

    ``parties``: the lines are parties of the case, "number name role". ``first``: the number of the first line.
    """
    found: list[Identifier] = []
    faults: list[tuple[int, str, str]] = []
    for row, line in enumerate(lines, start=first):
        code, name, role = _party_parts(line) if parties else (*_parts(line), "")
        verdict = check(code)
        if verdict.valid:
            kind, text = verdict.kind or "", verdict.canonical or code
            found.append(Identifier(row, kind, text, name.strip(), verdict, parties, role))
        else:
            faults.append((row, code, wording.say(verdict.code, verdict.params) if verdict.code else ""))
    return found, faults


def _parts(line: str) -> tuple[str, str]:
    """Code and name of a line: parted by a space, else by what people write between them."""
    code, _gap, name = one_line(line).partition(" ")
    if check(code).valid:
        return code, name
    code, name = ([*_PARTS.split(line.strip(), maxsplit=1), ""])[:2]
    return code, name


def _party_parts(line: str) -> tuple[str, str, str]:
    code, name, role = ([*_PARTS.split(clean(line), maxsplit=2), "", ""])[:3]
    return code, name, one_line(role)


def _without_persons(text: str) -> str:
    if holds_number_of_person(text):
        raise forms.ValidationError(wording.say("ground_holds_identifier", {}))
    return text


def _without(code: str, sentence: str) -> str:
    """A reason without the code in it."""
    return sentence.replace(code, "…")


class ReceiptsForm(HouseForm):
    """What the list of receipts is narrowed to; all of it may stay empty."""

    matter = forms.CharField(label=_("事项"), required=False, max_length=MATTER_LONGEST, widget=forms.Select())
    case_number = forms.CharField(label=_("案件或项目编号"), required=False, max_length=CASE_LONGEST)
    result = forms.ChoiceField(
        label=_("结果"),
        required=False,
        choices=[("", _("全部")), ("granted", _("有信息")), ("empty", _("查询期内无相关信息")), ("refused", _("拒绝"))],
    )
    since = forms.DateField(label=_("从哪天"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("到哪天"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    mine = forms.BooleanField(label=_("只看我自己查的"), required=False)

    def __init__(self, *args: Any, matters: Sequence[tuple[str, Any]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        select = self.fields["matter"].widget
        assert isinstance(select, forms.Select)
        select.choices = [("", _("全部")), *matters]


class BatchForm(GroundForm):
    """Then the list, and how the answer is wanted."""

    file = forms.FileField(
        label=_("名单"),
        help_text=_("CSV、制表符文本或xlsx，列名identifier,kind,name或者代码,类型,名称"),
        allow_empty_file=False,
        error_messages={"empty": _("这个文件是空的")},
    )
    answer = forms.ChoiceField(
        label=_("答复"),
        choices=[
            ("page", _("结果页：总数和前100行")),
            ("csv", _("CSV文件：每个字段一行")),
            ("jsonl", _("JSON Lines文件：每个主体一行")),
        ],
        initial="page",
        widget=forms.RadioSelect(),
    )
