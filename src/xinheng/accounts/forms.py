"""What does the sign-in page ask?"""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

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
