"""What does a collector send, mend or take back, and what does a reviewer decide?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from xinheng.intake.selectors import Card, FaultyCell
from xinheng.law.enums import FieldType
from xinheng.law.items import EnumValue
from xinheng.records.rules import reason_fault
from xinheng.ui import language, wording
from xinheng.ui.forms import HouseForm


class UploadForm(HouseForm):
    """The catalog item and the file in the national format."""

    item = forms.ChoiceField(label=_("目录项"))
    file = forms.FileField(
        label=_("文件"),
        help_text=_("xlsx、xls、CSV、制表符文本或JSON Lines，文字编码不限；列名用字段代码或中文列名"),
        allow_empty_file=False,
        error_messages={"empty": _("这个文件是空的")},
    )

    def __init__(self, *args: Any, items: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = self.fields["item"]
        assert isinstance(chosen, forms.ChoiceField)
        chosen.choices = list(items)

    def clean_file(self) -> UploadedFile[bytes]:
        """Refuse what is larger than the setting allows, and say the limit."""
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        most = settings.XINHENG_MAX_UPLOAD_MB
        if (file.size or 0) > most * 1024 * 1024:
            raise forms.ValidationError(gettext("文件超过%(most)sMB，没有收下") % {"most": most})
        return file


class ReviewForm(HouseForm):
    """The decision about one waiting row; the reason is never optional."""

    row_id = forms.IntegerField(widget=forms.HiddenInput())
    outcome = forms.ChoiceField(
        label=_("决定"),
        choices=[("accept", _("登记；与已有记录不同的，更正原记录")), ("return", _("退回报送单位"))],
        widget=forms.RadioSelect(),
    )
    reason = forms.CharField(
        label=_("理由"),
        help_text=_("记入台账，报送单位能看到"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class WithdrawalForm(HouseForm):
    """Why a whole batch goes back, or why it stays."""

    reason = forms.CharField(
        label=_("理由"),
        help_text=_("记入台账，有关主体在自己的档案里也能看到结果。不要写身份证号、电话号码"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean_reason(self) -> str:
        """Refuse what history could not keep."""
        reason: str = self.cleaned_data["reason"]
        _refuse_numbers(reason)
        return reason


class DecideWithdrawalForm(WithdrawalForm):
    """A second person's decision about a proposal to take a batch back."""

    outcome = forms.ChoiceField(
        label=_("决定"),
        choices=[("confirm", _("同意撤回")), ("refuse", _("不同意，这一批照旧"))],
        widget=forms.RadioSelect(),
    )
    field_order = ("outcome", "reason")


LATER, SUGGESTED, OWN, DROP = "later", "suggested", "own", "drop"
_HOWS = {LATER: _("先不处理"), SUGGESTED: _("采用建议"), OWN: _("我来填"), DROP: _("这行不报")}
_LONG = 60  # characters: a longer cell gets an area
_LONGEST = 32_767


class MendForm(HouseForm):
    """What a clerk does with the rows of a page that were not taken in: a choice for each, and what the choice needs.

    Fields: ``how_<row>``, ``cell_<row>_<code>``, ``why_<row>``. ``own``: the clerk sent the batch, so that numbers of
    persons may stand in its inputs; to anybody else they stay hidden, and an empty input keeps what was sent.
    """

    def __init__(self, *args: Any, cards: Sequence[Card], own: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cards, self.own = [card for card in cards if card.open], own
        for card in self.cards:
            self._add(card)

    def _add(self, card: Card) -> None:
        row = card.row.row
        hows = [LATER, *([SUGGESTED] if card.whole else []), *([OWN] if card.mendable else []), DROP]
        self.fields[f"how_{row}"] = forms.ChoiceField(
            label=gettext("第%(row)s行怎么处理") % {"row": card.number},
            choices=[(how, _HOWS[how]) for how in hows],
            widget=forms.RadioSelect(),
            required=False,
            initial=LATER,
        )
        for cell in card.cells if card.mendable else ():
            self.fields[f"cell_{row}_{cell.field.code}"] = self._input(cell)
        self.fields[f"why_{row}"] = forms.CharField(
            label=_("为什么不报"), help_text=_("记入台账。不要写身份证号、电话号码"), max_length=200, required=False
        )

    def _input(self, cell: FaultyCell) -> forms.Field:
        label = cell.field.label.get(language.current())
        initial = cell.suggested if cell.suggested is not None else cell.sent
        shown = "" if cell.hidden and not self.own else initial
        attrs = {"autocomplete": "off", "spellcheck": "false", "lang": "zh-CN"}
        widget: forms.Widget = forms.TextInput(attrs=attrs)
        enum = cell.field.enum
        if cell.field.type is FieldType.ENUM and enum is not None and not enum.open_prefix:
            listed = [(one.value, _value(one)) for one in enum.values]
            known = [("", gettext("（空）")), *listed]
            other = [] if shown in dict(known) else [(shown, shown)]
            return forms.ChoiceField(
                label=label, choices=[*known, *other], initial=shown, required=False, widget=forms.Select(attrs=attrs)
            )
        if len(shown) > _LONG or "\n" in shown:
            widget = forms.Textarea(attrs={**attrs, "rows": 4})
        hint = gettext("含个人号码，只有报送人能看到原样；空着就照原样不改") if cell.hidden and not self.own else ""
        return forms.CharField(
            label=label, initial=shown, required=False, strip=False, max_length=_LONGEST, widget=widget, help_text=hint
        )

    def clean(self) -> None:
        """A row that is not reported has a reason that history may keep; something was chosen."""
        for card in self.cards:
            row = card.row.row
            if self.how(row) != DROP or f"why_{row}" in self.errors:
                continue
            reason = self.cleaned_data.get(f"why_{row}", "")
            if not reason.strip():
                self.add_error(f"why_{row}", gettext("第%(row)s行：请写明为什么不报") % {"row": card.number})
            else:
                try:
                    _refuse_numbers(reason)
                except forms.ValidationError as fault:
                    self.add_error(f"why_{row}", fault)
        if not self.errors and all(self.how(card.row.row) == LATER for card in self.cards):
            raise forms.ValidationError(gettext("还没有选：先在要处理的行上选一种办法，再提交"))

    def how(self, row: int) -> str:
        """What was chosen for a row."""
        return self.cleaned_data.get(f"how_{row}") or LATER

    @property
    def changes(self) -> dict[int, dict[str, str]]:
        """Row → field code → the new cell."""
        return {card.row.row: self._cells(card) for card in self.cards if self.how(card.row.row) in (SUGGESTED, OWN)}

    def _cells(self, card: Card) -> dict[str, str]:
        row = card.row.row
        if self.how(row) == SUGGESTED:
            return {cell.field.code: cell.suggested for cell in card.cells if cell.suggested is not None}
        given = {cell.field.code: self.cleaned_data[f"cell_{row}_{cell.field.code}"] for cell in card.cells}
        kept = {cell.field.code for cell in card.cells if cell.hidden and not self.own and not given[cell.field.code]}
        return {code: text.replace("\r\n", "\n") for code, text in given.items() if code not in kept}

    @property
    def drops(self) -> dict[int, str]:
        """Row → why it is not reported."""
        rows = [card.row.row for card in self.cards]
        return {row: self.cleaned_data[f"why_{row}"].strip() for row in rows if self.how(row) == DROP}


def _value(one: EnumValue) -> str:
    return one.label_en if language.current() == language.ENGLISH else next(iter(one.aliases), one.value)


def _refuse_numbers(reason: str) -> None:
    fault = reason_fault(reason)
    if fault is not None:
        raise forms.ValidationError(wording.say(fault, {}))
