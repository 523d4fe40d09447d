"""What do the pages about who may look at a file ask?"""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from xinheng.ui.forms import HouseForm


class WhyForm(HouseForm):
    """Why is a link ended, or kept?"""

    reason = forms.CharField(label=_("理由"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))


class WhoseForm(HouseForm):
    """Whose links are looked for: an account by its user name, an organisation by its code."""

    q = forms.CharField(
        label=_("用户名或者统一社会信用代码"),
        help_text=_("写完整；不能用姓名和证件号码查"),
        max_length=64,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
