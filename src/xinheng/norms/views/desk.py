"""The desk of the procedure: translate in, call one verb, translate out. Another organ's draft does not exist here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from xinheng.accounts.access import asker_of, needs_role
from xinheng.accounts.rules import HOUSE, AskerFacts, Role
from xinheng.accounts.selectors import organisations
from xinheng.law.decision import Allowed, Refused
from xinheng.law.enums import Level
from xinheng.law.items import ItemVersion
from xinheng.law.pack import Pack
from xinheng.lib import clock
from xinheng.lib.errors import BadInput, Conflict
from xinheng.norms import selectors, services
from xinheng.norms.forms import (
    AnswerForm,
    ApproveForm,
    BareForm,
    CosignForm,
    DraftForm,
    EraseForm,
    HearForm,
    PublishForm,
    ReasonForm,
)
from xinheng.norms.forms.steps import StepForm
from xinheng.norms.rules import (
    ONWARD,
    TRANSITIONS,
    Act,
    Basis,
    Change,
    Outcome,
    Text,
    begun,
    concerns,
    groups_missing,
    may,
    may_draft,
    waits_for,
)
from xinheng.norms.views.shown import described, steps_of, supplement
from xinheng.norms.views.texts import mine
from xinheng.ui import city, language, wording
from xinheng.ui.forms import HouseForm, form_page

STAFF = (Role.OPERATOR, Role.REVIEWER, Role.SUPERVISOR)
PROPOSED_IN = timedelta(days=60)
OPINIONS_SHOWN = 50
# the steps that the page of an instrument offers; opinions are answered where they stand
OFFERED = tuple(act for act in ONWARD if act is not Act.OPINION_ANSWERED)
# those that lead off the road, apart from the others on the page
ASIDE = (Act.RETURNED, Act.REOPENED, Act.ABANDONED)


@dataclass(frozen=True, slots=True)
class Offer:
    """A step on the page: its form when it may be taken, else why it may not."""

    act: Act
    title: str
    form: StepForm | None
    reason: str = ""
    article: str = ""


@never_cache
@require_safe
@needs_role(*STAFF)
def norms(request: HttpRequest) -> HttpResponse:
    """Every instrument that this account's organisation drafts or is asked about."""
    pack, today, asker = city.pack(), city.today(), asker_of(request)
    law = supplement(pack, today)
    found = selectors.norms(pack=pack, today=today) if law else []
    mine = [one for one in found if concerns(one.facts, asker)]
    page = {
        "law": law,
        "norms": mine,
        "waiting": {one.facts.id for one in mine if waits_for(one.facts, asker, law, today=today)} if law else set(),
        "may_draft": may_draft(asker, law) if law else None,
    }
    return render(request, "norms/norms.html", page)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs_role(Role.OPERATOR)
def draft(request: HttpRequest) -> HttpResponse:
    """Begin an instrument: what it does, from which item, with whom, why."""
    pack, today, asker = city.pack(), city.today(), asker_of(request)
    law = supplement(pack, today)
    allowed = may_draft(asker, law) if law else None
    starts = _starts(pack, today)
    bodies = [(str(one.id), one.name_en if language.current() == "en" else one.name_zh) for one in organisations()]
    form = DraftForm(
        request.POST if request.method == "POST" else None,
        starts=[(code, f"{one.label.get(language.current())}（{code}）") for code, one in starts.items()],
        departments=[one for one in bodies if one[0] != str(asker.organisation_id)],
    )
    if form.is_bound and form.is_valid() and law:
        given = form.cleaned_data
        change, version = Change(given["change"]), starts[given["start"]]
        new = change is Change.ENACT
        label = {"zh": given["name_zh"], "en": given["name_en"]}
        own = {"zh": version.label.zh, "en": version.label.en}
        item = begun(
            version,
            code=given["code"] if new else version.code,
            label=label if new else own,
            article=law.article,
            proposed=today + PROPOSED_IN,
        )
        titles = [title if "《" in title else f"《{title}》" for title in version.basis]
        basis = tuple(Basis(_kind_of(title), title) for title in titles)
        try:
            number = services.draft(
                change=change,
                text=Text(item, basis, given["reasons"]),
                departments=[int(one) for one in given["departments"]],
                asker=asker,
                at=clock.now(),
                pack=pack,
            )
        except (BadInput, Conflict) as refused:
            form.add_error(None, wording.say(refused.code, refused.params))
        else:
            return HttpResponseRedirect(reverse("norms:norm", args=[number]))
    return form_page(request, "norms/draft.html", {"law": law, "allowed": allowed}, form=form)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs_role(*STAFF)
def norm(request: HttpRequest, norm_id: int) -> HttpResponse:
    """An instrument: its road, its text, what was said about it, and the steps that this account may take now."""
    asker, today = asker_of(request), city.today()
    found = mine(norm_id, asker)
    bound = _bound(request.POST, found) if request.method == "POST" else None
    if bound is not None and bound.is_valid():
        try:
            _TAKE[Act(bound.cleaned_data["act"])](found, bound.cleaned_data, asker)
        except (BadInput, Conflict) as refused:
            bound.add_error(None, wording.say(refused.code, refused.params))
        else:
            return HttpResponseRedirect(reverse("norms:norm", args=[norm_id]))
    answers = bool(may(Act.OPINION_ANSWERED, found.facts, asker, found.procedure, today=today))
    erases = bool(may(Act.OPINION_ERASED, found.facts, asker, found.procedure, today=today))
    opened = found.facts.organisation_id == asker.organisation_id
    said = sorted(selectors.opinions(norm_id, opened=opened), key=lambda one: one.answer is not None)
    page = {
        "norm": found,
        "offers": [offer for act in OFFERED if (offer := _offer(act, found, asker, today, bound))],
        "asides": [offer for act in ASIDE if (offer := _offer(act, found, asker, today, bound)) and offer.form],
        "open_asides": bound is not None and bound.data.get("act") in ASIDE,
        "changes": found.before is not None,
        "bound": bound,
        "steps": steps_of(found, today),
        "told": described(found.text),
        "missing": groups_missing(found.facts, found.procedure),
        "opinions": [
            _opinion(one, found, bound, may_answer=answers, may_erase=erases) for one in said[:OPINIONS_SHOWN]
        ],
        "opinions_all": len(said),
        "may_revise": bool(may(Act.REVISED, found.facts, asker, found.procedure, today=today)),
        "today": today,
    }
    return form_page(request, "norms/norm.html", page, form=bound or HouseForm())


def _starts(pack: Pack, today: date) -> dict[str, ItemVersion]:
    """Where a draft may begin: drafts of the pack and items in force, those of the city first."""
    found = {code: item.draft or item.on(today) for code, item in pack.items.items()}
    known = {code: version for code, version in found.items() if version is not None}
    return dict(sorted(known.items(), key=lambda one: (one[1].level is not Level.CITY, one[0])))


def _kind_of(title: str) -> str:
    """What a title is by its last word; whoever drafts sets it right."""
    name = title.partition("》")[0]
    return "law" if name.endswith("法") else "regulation" if name.endswith("条例") else "state_rule"


def _offer(act: Act, found: selectors.NormView, asker: AskerFacts, today: date, bound: StepForm | None) -> Offer | None:
    """A step as the page offers it; None for one that belongs to another state, role or organ."""
    if found.facts.state not in TRANSITIONS[act]:
        return None
    allowed: Allowed | Refused = may(act, found.facts, asker, found.procedure, today=today)
    if isinstance(allowed, Refused) and allowed.reason in OTHERS:
        return None
    title = wording.say(f"norm_act.{act.value}", {})
    if isinstance(allowed, Refused):
        return Offer(act, title, None, allowed.reason, "" if allowed.article == HOUSE else allowed.article)
    mine = bound if bound is not None and bound.data.get("act") == act.value else _form(act, None, found)
    return Offer(act, title, mine)


OTHERS = {
    "norm_of_another_organ",
    "norm_not_a_department",
    "norm_role_missing",
    "norm_power_missing",
    "norm_step_impossible",
    "norm_not_consulted",
}


def _form(act: Act, data: QueryDict | None, found: selectors.NormView) -> StepForm:
    """The form of a step."""
    if act is Act.HEARD:
        return HearForm(data, act=act, text_n=found.text_n, groups=found.procedure.consult)
    return _FORMS.get(act, BareForm)(data, act=act, text_n=found.text_n)


def _bound(data: QueryDict, found: selectors.NormView) -> StepForm:
    """The form that was sent. Raises BadInput for a step that the page does not offer."""
    named = data.get("act", "")
    if named not in {act.value for act in _TAKE}:
        raise BadInput("norm_act_unknown")
    return _form(Act(named), data, found)


def _opinion(
    one: selectors.Opinion, found: selectors.NormView, bound: StepForm | None, *, may_answer: bool, may_erase: bool
) -> dict[str, Any]:
    """An opinion with the form that answers it, or the one by which its words go when its author asks for it."""
    act = Act.OPINION_ANSWERED if one.answer is None else Act.OPINION_ERASED
    if (one.erased and one.answer is not None) or not (may_answer if one.answer is None else may_erase):
        return {"opinion": one}
    sent = bound is not None and (bound.data.get("act"), bound.data.get("opinion")) == (act.value, str(one.id))
    kind = _FORMS[act]
    fresh = kind(act=act, text_n=found.text_n, initial={"opinion": one.id}, auto_id=f"id{one.id}_%s")
    return {"opinion": one, "form" if one.answer is None else "erase": bound if sent else fresh, "open": sent}


type Taken = Callable[[selectors.NormView, Mapping[str, Any], AskerFacts], Any]


def _verb(verb: Callable[..., Any], **names: str) -> Taken:
    """A step whose verb takes these answers of the form under these names."""

    def take(found: selectors.NormView, given: Mapping[str, Any], asker: AskerFacts) -> Any:
        told = {name: given[answer] for name, answer in names.items()}
        return verb(norm_id=found.facts.id, asker=asker, at=clock.now(), pack=city.pack(), **told)

    return take


def _cosign(found: selectors.NormView, given: Mapping[str, Any], asker: AskerFacts) -> None:
    told = {"agreed": given["agreed"] == "yes", "reason": given["reason"], "text_n": given["text_n"]}
    services.cosign(norm_id=found.facts.id, asker=asker, at=clock.now(), pack=city.pack(), **told)


def _answer(found: selectors.NormView, given: Mapping[str, Any], asker: AskerFacts) -> None:
    told = {name: given[name] for name in ("opinion", "gist", "reasons")} | {"outcome": Outcome(given["outcome"])}
    services.answer_opinion(norm_id=found.facts.id, asker=asker, at=clock.now(), pack=city.pack(), **told)


_TAKE: Mapping[Act, Taken] = {
    Act.COSIGNED: _cosign,
    Act.CONSULTED: _verb(services.open_consultation, text_n="text_n"),
    Act.HEARD: _verb(services.record_hearing, group="group", how="how"),
    Act.OPINION_ANSWERED: _answer,
    Act.OPINION_ERASED: _verb(services.erase_opinion, opinion="opinion", reason="reason"),
    Act.CLOSED: _verb(services.close_consultation),
    Act.REOPENED: _verb(services.reopen, reason="reason"),
    Act.SUBMITTED: _verb(services.submit, text_n="text_n"),
    Act.RETURNED: _verb(services.return_norm, reason="reason"),
    Act.APPROVED: _verb(services.approve, document="document", approved_on="approved_on"),
    Act.ABANDONED: _verb(services.abandon, reason="reason"),
}
_FORMS: Mapping[Act, type[StepForm]] = {
    Act.COSIGNED: CosignForm,
    Act.OPINION_ANSWERED: AnswerForm,
    Act.OPINION_ERASED: EraseForm,
    Act.REOPENED: ReasonForm,
    Act.RETURNED: ReasonForm,
    Act.ABANDONED: ReasonForm,
    Act.APPROVED: ApproveForm,
    Act.PUBLISHED: PublishForm,
}
