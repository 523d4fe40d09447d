"""What do the public pages ask?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.core.validators import MinLengthValidator
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from xinheng.disclosure.services import Filters
from xinheng.law.calendar import FARTHEST_YEAR
from xinheng.law.explaining import Explanation, explain
from xinheng.law.pack import Bilingual, Pack
from xinheng.ledger.rules import shown_receipts
from xinheng.ledger.selectors import Examined, examine, look_up
from xinheng.portal.rules import Asked, asked
from xinheng.ui.format import day
from xinheng.ui.forms import HouseForm
from xinheng.ui.language import current

_LEAF = re.compile("[0-9a-f]{64}")


class SearchForm(HouseForm):
    """One question. It is posted, so that a person's number typed by mistake never stands in an address."""

    q = forms.CharField(label=_("单位名称或统一社会信用代码"), max_length=100, required=False)


class ReceiptForm(HouseForm):
    """A receipt as it was handed out, or the number of an entry with its leaf."""

    text = forms.CharField(
        label=_("把回执粘贴在这里"),
        help_text=_("整张回执，或者只有入账承诺；一次最多20张"),
        required=False,
        max_length=40_000,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off", "spellcheck": "false"}),
    )
    entry = forms.CharField(
        label=_("台账条目号"),
        required=False,
        max_length=19,
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "govuk-input--width-10"}),
    )
    leaf = forms.CharField(
        label=_("叶值"),
        help_text=_("64位，由0到9和a到f组成"),
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        entry, leaf = (str(given.get(name, "")).strip() for name in ("entry", "leaf"))
        if given.get("text"):
            if not any(shown_receipts(given["text"])):
                self.add_error("text", gettext("里面没有认得出的回执：要有入账承诺，或者台账条目号和叶值"))
        elif not (entry.isascii() and entry.isdigit() and int(entry)):
            self.add_error("entry", gettext("请填写台账条目号，只有数字"))
        elif not _LEAF.fullmatch(leaf.lower()):
            self.add_error("leaf", gettext("叶值应当是64位，由0到9和a到f组成"))
        return given

    def examined(self, at: datetime) -> list[Examined]:
        """What the log says to each receipt of a valid form."""
        given = self.cleaned_data
        if given["text"]:
            return examine(given["text"], at=at)
        return [look_up(int(given["entry"].strip()), given["leaf"].strip().lower())]


class ListForm(HouseForm):
    """How to narrow a public list. It is asked by address, so that what was narrowed can be passed on."""

    q = forms.CharField(
        label=_("单位名称里的字"),
        max_length=60,
        required=False,
        validators=[MinLengthValidator(2, _("至少写两个字"))],
    )
    provider = forms.ChoiceField(label=_("报送机关"), required=False)

    def __init__(self, *args: Any, providers: Sequence[tuple[str, Bilingual]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = self.fields["provider"]
        assert isinstance(chosen, forms.ChoiceField)
        names = [(code, capfirst(name.get(current()))) for code, name in providers]
        chosen.choices = [("", gettext("全部")), *sorted(names, key=lambda one: one[1])]
        self.fields["from"] = _day(_("决定日期从"))  # the words of the address are no names of Python
        self.fields["to"] = _day(_("决定日期到"))

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        first, last = given.get("from"), given.get("to")
        if first and last and last < first:
            self.add_error("to", gettext("“到”不能早于“从”"))
        text = given.get("q") or ""
        if asked(text)[0] in {Asked.NUMBER, Asked.CODE}:
            self.add_error("q", gettext("这里写名称里的字。按代码查，用上面的“查询”"))
        return given

    @property
    def filters(self) -> Filters:
        """What a valid form says."""
        given = self.cleaned_data
        return Filters(given["provider"], given["from"], given["to"], given["q"].strip())


def _day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        input_formats=["%Y-%m-%d"],
        error_messages={"invalid": _("日期请写成2026-02-14这样")},
        widget=forms.TextInput(attrs={"type": "date", "class": "govuk-input--width-10"}),
    )


class DateForm(HouseForm):
    """Which deadline, received on which day, if need be at what time. ``explanation`` is there when it is valid."""

    deadline = forms.ChoiceField(label=_("哪项期限"))
    received = forms.DateField(
        label=_("哪一天收到"),
        help_text=_("例如2026-02-14。填事情发生的那天：收到、作出决定或受理的日子"),
        input_formats=["%Y-%m-%d"],
        error_messages={"invalid": _("日期请写成2026-02-14这样")},
        widget=forms.TextInput(attrs={"type": "date", "class": "govuk-input--width-10"}),
    )
    time = forms.TimeField(
        label=_("几点收到（可以不填）"),
        help_text=_("24:00前都算当天"),
        required=False,
        input_formats=["%H:%M"],
        error_messages={"invalid": _("时间请写成17:30这样")},
        widget=forms.TextInput(attrs={"type": "time", "class": "govuk-input--width-10"}),
    )

    def __init__(self, *args: Any, pack: Pack, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pack = pack
        self.explanation: Explanation | None = None
        chosen = self.fields["deadline"]
        assert isinstance(chosen, forms.ChoiceField)
        chosen.choices = [
            (name, capfirst(timeline.label.get(current())) if timeline.label else name)
            for name, timeline in pack.deadlines.items()
        ]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        name, on = given.get("deadline"), given.get("received")
        if name and on and (problem := self._problem(name, on)):
            self.add_error("received", problem)
        elif name and on and not self.errors:
            at = datetime.combine(on, given.get("time") or time(), tzinfo=self.pack.tz)
            self.explanation = explain(self.pack, name, at)
        return given

    def _problem(self, name: str, on: date) -> str:
        """Why nothing can be counted from that day, "" when it can."""
        years = [year.year for year in self.pack.calendar.values()]
        if not min(years) <= on.year < FARTHEST_YEAR:
            return gettext("日历从%(first)s年算到%(last)s年") % {"first": min(years), "last": FARTHEST_YEAR - 1}
        timeline = self.pack.deadlines[name]
        if timeline.on(on) is not None:
            return ""
        first, last = timeline.values[0].from_, timeline.values[-1].until
        if on < first:
            return gettext("这项期限从%(day)s起才有") % {"day": day(first, current())}
        return gettext("这项期限到%(day)s为止，那天起不再适用") % {"day": day(last or on, current())}
