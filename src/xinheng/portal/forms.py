"""What do the public pages ask?"""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from xinheng.ui.forms import HouseForm


class SearchForm(HouseForm):
    """One question. It is posted, so that a person's number typed by mistake never stands in an address."""

    q = forms.CharField(label=_("单位名称或统一社会信用代码"), max_length=100, required=False)
