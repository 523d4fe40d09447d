"""The desk where a draft's text is written: its attributes, and one field at a time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from xinheng.accounts.access import asker_of, needs_role
from xinheng.accounts.rules import AskerFacts, Role
from xinheng.lib import clock
from xinheng.lib.errors import BadInput, Conflict, NotFound
from xinheng.norms import selectors, services
from xinheng.norms.forms import FieldForm, TextForm
from xinheng.norms.rules import Text, concerns, with_attributes, with_field, without_field
from xinheng.ui import city, language, wording
from xinheng.ui.forms import HouseForm, form_page


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs_role(Role.OPERATOR)
def text(request: HttpRequest, norm_id: int) -> HttpResponse:
    """Change the attributes of a draft; what was written before stays."""
    asker, pack = asker_of(request), city.pack()
    found = mine(norm_id, asker)
    lang = language.current()
    form = TextForm(
        request.POST if request.method == "POST" else None,
        initial=TextForm.filled(found.text) | {"text_n": found.text_n},
        kinds=pack.subject_kinds,
        powers=[(c, one.label.get(lang)) for c, one in pack.powers.items() if one.label and "." not in c],
        matters=[(c, one.label.get(lang)) for c, one in pack.matters.items() if one.label],
    )
    if form.is_bound and form.is_valid():
        before = found.text.item["versions"][0]
        item = with_attributes(found.text, label=form.label(), attributes=form.attributes(before))
        given = form.cleaned_data
        new = Text(item, form.basis(), given["reasons"], given["assessment"])
        if _revised(form, found, new, asker, why=given["why"], seen=given["text_n"]):
            return HttpResponseRedirect(reverse("norms:norm", args=[norm_id]))
    return form_page(request, "norms/text.html", {"norm": found}, form=form)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs_role(Role.OPERATOR)
def field(request: HttpRequest, norm_id: int, code: str = "") -> HttpResponse:
    """Add, change or take away one field of a draft."""
    asker = asker_of(request)
    found = mine(norm_id, asker)
    fields = {one["code"]: one for one in found.text.item["fields"]}
    if code and code not in fields:
        raise NotFound("norm_field_unknown")
    form = FieldForm(
        request.POST if request.method == "POST" else None,
        initial=(FieldForm.filled(found.text, code) if code else {"required": "no", "mask": "none"})
        | {"text_n": found.text_n},
        codes=[*fields],
        fixed=code,
    )
    item: Mapping[str, Any] | None = None
    why, seen = "", 0
    if request.method == "POST" and "remove" in request.POST and code:
        item, why, seen = without_field(found.text, code), f"删去字段{code}", _number(request.POST.get("text_n", ""))
        if item is None:
            raise Conflict("norm_field_bound", field=code)
    elif form.is_bound and form.is_valid():
        item = with_field(found.text, form.field(fields.get(code, {})), values=form.listed())
        why = f"字段{form.cleaned_data['code']}"
        seen = form.cleaned_data["text_n"]
    if item is not None:
        new = Text(item, found.text.basis, found.text.reasons, found.text.assessment)
        if _revised(form, found, new, asker, why=why, seen=seen):
            return HttpResponseRedirect(f"{reverse('norms:norm', args=[norm_id])}#fields")
    bound = code in found.text.item.get("roles", {}).values()
    return form_page(request, "norms/field.html", {"norm": found, "code": code, "bound": bound}, form=form)


def mine(norm_id: int, asker: AskerFacts) -> selectors.NormView:
    """An instrument of the asker's organ, or one it was named for. Raises NotFound for others."""
    found = selectors.norm(norm_id, pack=city.pack(), today=city.today())
    if not concerns(found.facts, asker):
        raise NotFound("norm_unknown")
    return found


def _number(text: str) -> int:
    """The text that was on the page; 0, which none is, for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < len("1000000") else 0


def _revised(form: HouseForm, found: selectors.NormView, new: Text, asker: AskerFacts, *, why: str, seen: int) -> bool:
    """Keep a new text; what is wrong with the words goes to the form, a text written meanwhile too."""
    at, pack = clock.now(), city.pack()
    try:
        services.revise(norm_id=found.facts.id, text=new, why=why, asker=asker, at=at, pack=pack, text_n=seen)
    except (BadInput, Conflict) as refused:
        form.add_error(None, wording.say(refused.code, refused.params))
        return False
    return True
