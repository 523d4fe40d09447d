"""How do forms speak?

A base class for every form of the house: no browser bubbles (the page answers, with everything still filled in), and
the sentence of a missing answer names its question. Rendered with ``{% field form.name %}`` and ``{% error_summary
form %}``. An invalid form is answered with status 422.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _


class HouseForm(forms.Form):
    """``label`` and ``help_text`` are Chinese msgids; a field's ``required`` message is made from its label."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for bound in self.fields.values():
            chooses = isinstance(bound, forms.ChoiceField)
            if "required" in bound.error_messages:
                sentence = _("请选择“{label}”") if chooses else _("请填写“{label}”")
                bound.error_messages["required"] = format_lazy(
                    sentence, label="" if bound.label is None else bound.label
                )
            if chooses:
                bound.error_messages["invalid_choice"] = format_lazy(
                    _("“{label}”请从列出的里面选"), label=bound.label or ""
                )


def asked_again(form: forms.BaseForm) -> str:
    """What a browser sends no second time: a password, a file; "" when everything is still filled in."""
    widgets = [field.widget for field in form.fields.values()]
    if any(isinstance(one, forms.PasswordInput) for one in widgets):
        return "password"
    return "file" if any(isinstance(one, forms.FileInput) for one in widgets) else ""


def form_page(request: HttpRequest, template: str, context: dict[str, Any], *, form: forms.BaseForm) -> HttpResponse:
    """Render a page with ``form``: 422 when its answers are invalid, else 200."""
    status = 422 if form.is_bound and not form.is_valid() else 200
    return render(request, template, {"form": form, **context}, status=status)
