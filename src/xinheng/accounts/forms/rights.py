"""What do the pages of administrators ask about accounts, organisations and rights?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from xinheng.accounts.rules import OrganisationKind
from xinheng.lib.freetext import personal_numbers
from xinheng.ui.forms import HouseForm

Choices = Sequence[tuple[str, str]]
_LONG = {"rows": 2}


def no_number_of_person(text: str) -> None:
    """Refuse a text that holds an identity, phone or card number: what is entered about rights is never erased."""
    if next(personal_numbers(text), None) is not None:
        raise forms.ValidationError(_("这里有身份证号、电话或者卡号，没有保存；请写事由，人用工号。"))


_PLAIN = (no_number_of_person,)


def _why(label: str = "") -> forms.CharField:
    return forms.CharField(
        label=label or _("理由"), max_length=500, widget=forms.Textarea(attrs=_LONG), validators=_PLAIN
    )


def _offer(form: forms.Form, **choices: Choices) -> None:
    for name, offered in choices.items():
        field = form.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(offered)


class ReasonForm(HouseForm):
    """Why is something ended, opened again or refused?"""

    reason = _why()


class RoleForm(HouseForm):
    """Which role shall the account have, and why?"""

    role = forms.ChoiceField(label=_("岗位"))
    reason = _why()

    def __init__(self, *args: Any, roles: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, role=roles)


class PowerForm(HouseForm):
    """Which power shall the organisation have, and why?"""

    power = forms.ChoiceField(label=_("职权"))
    reason = _why()

    def __init__(self, *args: Any, powers: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, power=powers)


class NewAccountForm(HouseForm):
    """For whom shall an account be opened, with which roles, and why?"""

    username = forms.CharField(
        label=_("用户名"),
        help_text=_("小写字母、数字、点、横线，三到六十四个字符"),
        min_length=3,
        max_length=64,
        validators=[
            RegexValidator(r"\A[a-z0-9][a-z0-9._-]+\Z", _("用户名只用小写字母、数字、点和横线")),
            no_number_of_person,
        ],
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    display_name = forms.CharField(label=_("姓名"), max_length=100, validators=_PLAIN)
    organisation = forms.ChoiceField(label=_("单位"))
    department = forms.CharField(label=_("内设机构"), max_length=100, required=False, validators=_PLAIN)
    staff_number = forms.CharField(label=_("工号"), max_length=40, validators=_PLAIN)
    roles = forms.MultipleChoiceField(
        label=_("岗位"),
        help_text=_("账号开通以后再逐个岗位决定；可以先不选"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    reason = _why()

    def __init__(self, *args: Any, organisations: Choices, roles: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, organisation=organisations, roles=roles)


class NewOrganisationForm(HouseForm):
    """Which organisation shall be entered in the register, and why?"""

    name_zh = forms.CharField(label=_("单位名称"), max_length=200)
    name_en = forms.CharField(label=_("英文名称"), max_length=200, required=False)
    code = forms.CharField(
        label=_("单位代号"),
        help_text=_("小写字母和数字，例如scjgj；以后不能改"),
        max_length=64,
        validators=[RegexValidator(r"\A[a-z][a-z0-9]*\Z", _("单位代号只用小写字母和数字，以字母开头"))],
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    uscc = forms.CharField(
        label=_("统一社会信用代码"),
        required=False,
        max_length=18,
        validators=[RegexValidator(r"\A[0-9A-Z]{18}\Z", _("统一社会信用代码是十八位数字和大写字母"))],
    )
    kind = forms.ChoiceField(label=_("单位类别"))
    level = forms.ChoiceField(label=_("层级"))
    sector = forms.ChoiceField(label=_("行业"))
    reason = _why()

    def __init__(self, *args: Any, kinds: Choices, levels: Choices, sectors: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, kind=kinds, level=levels, sector=sectors)

    def described(self) -> dict[str, str]:
        """The columns of the register."""
        return {name: self.cleaned_data[name] for name in ("code", "name_zh", "name_en", "uscc", "level", "sector")}

    def chosen_kind(self) -> OrganisationKind:
        """The kind that was chosen."""
        return OrganisationKind(self.cleaned_data["kind"])
