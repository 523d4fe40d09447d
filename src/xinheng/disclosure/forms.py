"""What does an officer fill in before a query?"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from xinheng.disclosure.services import Identifier, holds_number_of_person, is_person
from xinheng.lib.codes import check
from xinheng.lib.text import one_line
from xinheng.ui import wording
from xinheng.ui.forms import HouseForm

LINES = 500
MATTER_LONGEST = 64
CASE_LONGEST = 100
STATUTE_LONGEST = 200
_PARTS = re.compile(r"[\s,，;；、\t]+")


class QueryForm(HouseForm):
    """The ground first: matter, case, statute; then whom. An unlisted matter is not an error of form but a refusal."""

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
    who = forms.CharField(
        label=_("查谁"),
        help_text=_("一行一个代码，后面可以写名称核对；最多500行"),
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off", "spellcheck": "false"}),
    )
    parties = forms.BooleanField(label=_("所列个人都是本案当事人"), required=False)

    def __init__(self, *args: Any, matters: Sequence[tuple[str, Any]] = (), citable: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if citable:
            told = gettext("只有“其他依法查询的事项”要填，写到条。法规包列出的才行：%(laws)s")
            self.fields["statute"].help_text = told % {"laws": citable}
        select = self.fields["matter"].widget
        assert isinstance(select, forms.Select)
        select.choices = [("", _("请选择")), *matters]

    def clean_case_number(self) -> str:
        """The number as written. The subject and the ledger read it, so no number of a person may stand in it."""
        return _without_persons(self.cleaned_data["case_number"])

    def clean_statute(self) -> str:
        """The citation as written, without a number of a person."""
        return _without_persons(self.cleaned_data["statute"])

    def clean_who(self) -> list[Identifier]:
        """The lines as identifiers; an unreadable code is named by its line, never repeated."""
        lines = lines_of(self.cleaned_data["who"])
        if len(lines) > LINES:
            raise forms.ValidationError(gettext("最多500行，您填了%(n)s行") % {"n": len(lines)})
        found, faults = identifiers_of(lines)
        for row, code, why in faults:
            said = {"row": row, "why": _without(code, why)}
            self.add_error("who", gettext("第%(row)s行的代码读不懂：%(why)s") % said)
        return found

    @property
    def names_persons(self) -> bool:
        """Whether persons are asked about."""
        return any(is_person(one) for one in self.cleaned_data.get("who", ()))


@dataclass(frozen=True, slots=True)
class Asked:
    """What an officer asks, read and in order."""

    matter: str
    case_number: str
    statute: str
    who: list[Identifier]
    parties: bool


def in_order(form: QueryForm) -> Asked:
    """What a valid form asks."""
    return Asked(**form.cleaned_data)


def plain_question(data: Mapping[str, str]) -> Asked | None:
    """What a machine asks, read without building the form; None when anything is unusual or wrong.

    Then the form reads it and says what is wrong: it is the measure, and this is `in_order` of it or None.
    """
    matter, case_number, statute, who = (
        data.get(name, "").strip() for name in ("matter", "case_number", "statute", "who")
    )
    parties, lines = data.get("parties"), lines_of(who)
    if not matter or not 0 < len(lines) <= LINES or parties not in {None, "on"}:
        return None
    longest = ((matter, MATTER_LONGEST), (case_number, CASE_LONGEST), (statute, STATUTE_LONGEST))
    if any(len(text) > most for text, most in longest) or holds_number_of_person(case_number, statute):
        return None
    if any("\0" in text for text in (matter, case_number, statute, who)):
        return None
    found, faults = identifiers_of(lines)
    return None if faults else Asked(matter, case_number, statute, found, parties is not None)


def lines_of(who: str) -> list[str]:
    """The lines that name somebody."""
    return [line for line in who.splitlines() if line.strip()]


def identifiers_of(lines: Sequence[str]) -> tuple[list[Identifier], list[tuple[int, str, str]]]:
    """The identifiers of the lines, and (line, code, reason in words) of each that can't be read."""
    found: list[Identifier] = []
    faults: list[tuple[int, str, str]] = []
    for row, line in enumerate(lines, start=1):
        code, _gap, name = one_line(line).partition(" ")
        verdict = check(code)
        if not verdict.valid:
            code, name = ([*_PARTS.split(line.strip(), maxsplit=1), ""])[:2]
            verdict = check(code)
        if verdict.valid:
            found.append(Identifier(row, verdict.kind or "", verdict.canonical or code, name.strip(), verdict))
        else:
            faults.append((row, code, wording.say(verdict.code, verdict.params) if verdict.code else ""))
    return found, faults


def _without_persons(text: str) -> str:
    if holds_number_of_person(text):
        raise forms.ValidationError(wording.say("ground_holds_identifier", {}))
    return text


def _without(code: str, sentence: str) -> str:
    """A reason without the code in it."""
    return sentence.replace(code, "…")
