"""What do the page of sign-in and the page of machine clients ask?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from xinheng.accounts.forms.rights import no_number_of_person
from xinheng.accounts.rules import Scope
from xinheng.ui.forms import HouseForm


class SignInForm(HouseForm):
    """User name and password; ``next`` is the page to go back to."""

    username = forms.CharField(
        label=_("用户名"),
        max_length=64,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )
    password = forms.CharField(
        label=_("密码"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    next = forms.CharField(required=False, widget=forms.HiddenInput)


class CodeForm(HouseForm):
    """The code that the authenticator shows now, or a recovery code; ``next`` is the page to go back to."""

    code = forms.CharField(
        label=_("动态口令"),
        help_text=_("手机上显示的6位数字；手机不在手边，填一个恢复码"),
        max_length=20,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false", "class": "xh-code"}
        ),
    )
    next = forms.CharField(required=False, widget=forms.HiddenInput)


class FirstCodeForm(CodeForm):
    """The first code of an authenticator that was shown its secret just now."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].help_text = _("扫码或者填入密钥之后，手机上显示的6位数字")


class FactorForm(HouseForm):
    """Begin with a new authenticator: the password once more, and the code of the old one where there is one."""

    password = forms.CharField(
        label=_("密码"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    code = forms.CharField(
        label=_("现在的动态口令或者恢复码"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "none"}),
    )
    next = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, replaces: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not replaces:
            del self.fields["code"]


class PasswordForm(HouseForm):
    """The present password and a new one, typed twice; ``next`` is the page to go back to."""

    old = forms.CharField(
        label=_("现在的密码"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label=_("新密码"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("新密码再输一遍"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    next = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_again(self) -> str:
        """The second typing, when it is the first."""
        again: str = self.cleaned_data["again"]
        if "new" in self.cleaned_data and again != self.cleaned_data["new"]:
            raise forms.ValidationError(_("两遍新密码不一样"))
        return again


class ClientForm(HouseForm):
    """Which system of which organisation shall report by itself, and what may it do?"""

    organisation = forms.ChoiceField(label=_("单位"))
    name = forms.CharField(
        label=_("系统名称"),
        help_text=_("写系统的名字，不写个人的"),
        max_length=100,
        validators=[no_number_of_person],
    )
    scopes = forms.MultipleChoiceField(
        label=_("可以做什么"),
        choices=[(Scope.REPORT.value, _("报送")), (Scope.READ.value, _("看本单位批次的结果"))],
        widget=forms.CheckboxSelectMultiple(),
        initial=[scope.value for scope in Scope],
    )

    def __init__(self, *args: Any, organisations: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = self.fields["organisation"]
        assert isinstance(chosen, forms.ChoiceField)
        chosen.choices = list(organisations)
