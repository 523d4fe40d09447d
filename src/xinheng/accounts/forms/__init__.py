"""What do the page of sign-in and the page of machine clients ask?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

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


class ClientForm(HouseForm):
    """Which system of which organisation shall report by itself, and what may it do?"""

    organisation = forms.ChoiceField(label=_("单位"))
    name = forms.CharField(label=_("系统名称"), help_text=_("写系统的名字，不写个人的"), max_length=100)
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
