"""What do the public pages ask?"""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from xinheng.accounts import selectors as accounts
from xinheng.ui.forms import HouseForm


class SearchForm(HouseForm):
    """One question. It is posted, so that a person's number typed by mistake never stands in an address."""

    q = forms.CharField(label=_("单位名称或统一社会信用代码"), max_length=100, required=False)


class FilterForm(HouseForm):
    """Which part of a list? All answers may stay empty."""

    provider = forms.ChoiceField(label=_("机关"), required=False)
    since = forms.DateField(label=_("决定日期从"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    until = forms.DateField(label=_("到"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))

    def __init__(self, *args: object, english: bool = False, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        bodies = [(one.code, one.name_en if english and one.name_en else one.name_zh) for one in accounts.organisations()]
        provider = self.fields["provider"]
        assert isinstance(provider, forms.ChoiceField)
        provider.choices = [("", _("全部")), *bodies]
