"""What does an officer fill in before a query?"""

from __future__ import annotations

import re
from collections.abc import Sequence
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
_PARTS = re.compile(r"[\s,，;；、\t]+")


class QueryForm(HouseForm):
    """The ground first: matter, case, statute; then whom. An unlisted matter is not an error of form but a refusal."""

    matter = forms.CharField(label=_("事项"), help_text=_("先列出您单位有权办理的"), widget=forms.Select())
    case_number = forms.CharField(
        label=_("案件或项目编号"),
        help_text=_("案卷上的编号，被查的人会看到"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    statute = forms.CharField(
        label=_("法律、法规或国家规定"),
        help_text=_("只有“其他依法查询的事项”要填，写到条"),
        max_length=200,
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
        lines = [line for line in self.cleaned_data["who"].splitlines() if line.strip()]
        if len(lines) > LINES:
            raise forms.ValidationError(gettext("最多500行，您填了%(n)s行") % {"n": len(lines)})
        found: list[Identifier] = []
        for row, line in enumerate(lines, start=1):
            code, _gap, name = one_line(line).partition(" ")
            if not check(code).valid:
                code, name = ([*_PARTS.split(line.strip(), maxsplit=1), ""])[:2]
            verdict = check(code)
            if not verdict.valid:
                said = verdict.message or ""
                self.add_error(
                    "who", gettext("第%(row)s行的代码读不懂：%(why)s") % {"row": row, "why": _without(code, said)}
                )
                continue
            found.append(Identifier(row, verdict.kind or "", verdict.canonical or code, name.strip()))
        return found

    @property
    def names_persons(self) -> bool:
        """Whether persons are asked about."""
        return any(is_person(one) for one in self.cleaned_data.get("who", ()))


def _without_persons(text: str) -> str:
    if holds_number_of_person(text):
        raise forms.ValidationError(wording.say("ground_holds_identifier", {}))
    return text


def _without(code: str, sentence: str) -> str:
    """A reason without the code in it."""
    return sentence.replace(code, "…")
