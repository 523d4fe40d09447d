"""What everyone may read about drafts of the city's catalog, and say about one (ZY-32)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from xinheng.lib import clock
from xinheng.lib.errors import BadInput, NotFound
from xinheng.norms import selectors, services
from xinheng.norms.forms import OpinionForm
from xinheng.norms.rules import Act, State, may_comment
from xinheng.norms.views.shown import described, steps_of, supplement
from xinheng.ui import city, wording
from xinheng.ui.forms import form_page


@require_safe
def consultations(request: HttpRequest) -> HttpResponse:
    """Drafts that are open for opinions, and those that were, with what became of them."""
    from django.shortcuts import render

    pack, today = city.pack(), city.today()
    law = supplement(pack, today)
    found = [one for one in selectors.norms(pack=pack, today=today) if one.public] if law else []
    page = {
        "law": law,
        "running": [one for one in found if one.facts.state is State.CONSULTING],
        "past": [one for one in found if one.facts.state is not State.CONSULTING],
        "today": today,
    }
    return render(request, "norms/consultations.html", page)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def consultation(request: HttpRequest, norm_id: int) -> HttpResponse:
    """A draft with its text, its answered opinions, and a form while opinions are open."""
    pack, today = city.pack(), city.today()
    found = selectors.norm(norm_id, pack=pack, today=today)
    if not found.public:
        raise NotFound("norm_unknown")
    running = bool(may_comment(found.facts, found.procedure, today=today))
    form = OpinionForm(request.POST if request.method == "POST" else None, groups=found.procedure.consult)
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            services.receive_opinion(
                norm_id=norm_id, group=given["group"], text=given["text"], name=given["name"], at=clock.now(), pack=pack
            )
        except BadInput as refused:
            form.add_error("text", wording.say(refused.code, refused.params))
        else:
            return HttpResponseRedirect(f"{reverse('norms:consultation', args=[norm_id])}?sent=1#sent")
    page = {
        "norm": found,
        "running": running,
        "sent": "sent" in request.GET,
        "today": today,
        "told": described(found.open_text),
        "text": found.open_text,
        "changes": found.before is not None and found.going_on,
        "steps": steps_of(found, today),
        "answers": [one for one in selectors.opinions(norm_id, opened=False) if one.answer],
        "received": sum(step.act is Act.OPINION_RECEIVED for step in found.steps),
        "heard": [step for step in found.steps if step.act is Act.HEARD],
    }
    return form_page(request, "norms/consultation.html", page, form=form)
