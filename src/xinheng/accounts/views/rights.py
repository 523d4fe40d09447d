"""The doors of administrators to accounts and proposals: who has which role by whom, propose, decide, end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from xinheng.accounts import selectors, services
from xinheng.accounts.access import asker_of, needs_role
from xinheng.accounts.forms.rights import NewAccountForm, ReasonForm, RoleForm
from xinheng.accounts.rules import DOING, WATCHING, AskerFacts, GrantKind, Role, Target, conflicting, may_propose
from xinheng.accounts.selectors import rights
from xinheng.ledger.selectors import law_version
from xinheng.lib import clock
from xinheng.lib.errors import BadInput, Conflict, NotAllowed, NotFound, RefusedByLaw, XinhengError
from xinheng.ui import city, language, wording
from xinheng.ui.forms import HouseForm
from xinheng.ui.paging import KeyPage

REFUSALS = (BadInput, Conflict, NotAllowed, NotFound, RefusedByLaw)
_ROLES = tuple(role for role in Role if role in DOING | WATCHING)


@never_cache
@require_safe
@needs_role(Role.ADMINISTRATOR)
def accounts(request: HttpRequest) -> HttpResponse:
    """The accounts that this administrator reaches, with their roles; filtered, paged by user name."""
    by, asked = asker_of(request), {name: str(text).replace("\0", "")[:64] for name, text in request.GET.items()}
    role = asked.get("role", "")
    given = {"words": asked.get("q", "").strip(), "organisation": asked.get("organisation", "")}
    rows = rights.accounts_of(by, **given, role=role if role in set(_ROLES) else "", after=asked.get("after", ""))
    shown = rows[: rights.PAGE]
    more = len(rows) > rights.PAGE
    page = {
        "rows": shown,
        "page": KeyPage(rows=shown, next_key=shown[-1].username if more else "", first=not asked.get("after")),
        "words": given["words"],
        "organisation": given["organisation"],
        "role": role,
        "roles": _role_words(_ROLES),
        "organisations": _bodies(by) if rights.reaches_all(by) else [],
        "waiting": rights.waiting_count(by),
        "keeps": rights.reaches_all(by),
    }
    return render(request, "accounts/accounts.html", page)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs_role(Role.ADMINISTRATOR)
def account_new(request: HttpRequest) -> HttpResponse:
    """Propose an account for somebody, with the roles that are to follow."""
    by = asker_of(request)
    posted = request.POST if request.method == "POST" else None
    form = NewAccountForm(posted, organisations=_bodies(by, active=True), roles=_role_words(_offered(by)))
    if form.is_bound and form.is_valid():
        given = dict(form.cleaned_data)
        wanted = given.pop("roles")
        try:
            number = services.propose_account_with_roles(
                **{**given, "organisation": selectors.organisation_by_code(given["organisation"])},
                roles=[Role(role) for role in wanted],
                by=selectors.account(by.account_id),
                pack=city.pack(),
                at=clock.now(),
            )
        except REFUSALS as refused:
            tell(form, refused, {"username_taken": "username", "staff_number_taken": "staff_number"}.get(refused.code))
        else:
            return HttpResponseRedirect(reverse("accounts:account", args=[number]))
    return answer(request, "accounts/account_new.html", {"form": form}, form)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs_role(Role.ADMINISTRATOR)
def account(request: HttpRequest, number: int) -> HttpResponse:
    """One account: its roles with who gave them, propose one, end one, close or open it, unlock its name,
    give a password for one time, ask to take a lost authenticator away.
    """
    by = asker_of(request)
    sheet = rights.account_sheet(number, by)
    here = HttpResponseRedirect(reverse("accounts:account", args=[number]))
    act, which = asked_of(request)
    forms = {
        "propose": RoleForm(sent(request, "propose"), roles=_role_words(_open_roles(by, sheet)), auto_id="propose_%s"),
        "close": ReasonForm(sent(request, "close"), auto_id="close_%s"),
        "reopen": ReasonForm(sent(request, "reopen"), auto_id="reopen_%s"),
        "reset": ReasonForm(sent(request, "reset"), auto_id="reset_%s"),
    }
    ends = {
        one.number: ReasonForm(sent(request, "revoke", one.number), auto_id=f"e{one.number}_%s")
        for one in sheet.running
    }
    now: dict[str, Any] = {"by": selectors.account(by.account_id), "pack": city.pack(), "at": clock.now()}
    form = ends.get(which) if act == "revoke" else forms.get(act)
    if request.method == "POST":
        if act == "unlock":
            services.unlock_name(account_id=number, **now)
            return here
        if act == "password" and sheet.account.is_active:
            law = law_version(now["pack"].label)
            given = services.set_one_time_password(account_id=number, set_by=now["by"], law=law, at=now["at"])
            return render(request, "accounts/password_given.html", {"sheet": sheet, "password": given})
        if form is None:
            raise BadInput("act_unreadable")
        if form.is_valid() and carried_out(form, lambda given: _act(act, sheet, which, given, now)):
            return here
    page = {
        "sheet": sheet,
        **forms,
        "roles": [(one, ends[one.number]) for one in sheet.running],
        "offers": bool(_open_roles(by, sheet)),
        "locked_until": services.name_locked_until(sheet.account.username, now["at"]),
        "mine": by.account_id == number,
        "factor": selectors.factor_of(number),
        "asked_reset": any(one.kind == GrantKind.FACTOR for one in sheet.proposals),
        "form": form,
    }
    return answer(request, "accounts/account.html", page, form)


def _act(act: str, sheet: rights.AccountSheet, which: int, given: dict[str, Any], now: dict[str, Any]) -> object:
    """Carry out what a form of the page of an account asks."""
    match act:
        case "propose":
            return services.propose_role(account=sheet.account, role=Role(given["role"]), reason=given["reason"], **now)
        case "revoke":
            return services.revoke_role(number=which, reason=given["reason"], **now)
        case "reset":
            return services.propose_reset(account=sheet.account, reason=given["reason"], **now)
        case "close":
            return services.close_account(account_id=sheet.account.id, reason=given["reason"], **now)
        case _:
            return services.propose_reopening(account=sheet.account, reason=given["reason"], **now)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs_role(Role.ADMINISTRATOR)
def grants(request: HttpRequest) -> HttpResponse:
    """What waits for me as the second person: grant, or refuse with a reason; take back what I proposed."""
    by = asker_of(request)
    act, which = asked_of(request)
    second, pack, at = selectors.account(by.account_id), city.pack(), clock.now()
    form: HouseForm | None = None
    if request.method == "POST":
        if act == "grant":
            granted = services.grant_proposal(number=which, second=second, pack=pack, at=at)
            if granted.password:
                return render(request, "accounts/account_opened.html", {"granted": granted})
        elif act == "withdraw":
            services.withdraw_proposal(number=which, by=second, at=at)
        elif act == "refuse":
            form = ReasonForm(request.POST, auto_id=f"g{which}_%s")
            if form.is_valid():
                reason = form.cleaned_data["reason"]
                services.refuse_proposal(number=which, reason=reason, second=second, pack=pack, at=at)
        else:
            raise BadInput("act_unreadable")
        if form is None or form.is_valid():
            return HttpResponseRedirect(f"{reverse('accounts:grants')}?done={act}")
    found = rights.waiting(by)
    lines = [
        (one, form if form is not None and one.number == which else ReasonForm(auto_id=f"g{one.number}_%s"))
        for one in found
    ]
    page = {
        "theirs": [(one, blank) for one, blank in lines if one.proposer_id != by.account_id],
        "mine": [one for one in found if one.proposer_id == by.account_id],
        "powers": power_words(),
        "done": request.GET.get("done"),
        "form": form,
    }
    return answer(request, "accounts/grants.html", page, form)


def power_words() -> dict[str, str]:
    """Power -> what it is called in the language of the page."""
    said = language.current()
    return {code: line.label.get(said) for code, line in city.pack().powers.items() if line.label}


def _open_roles(by: AskerFacts, sheet: rights.AccountSheet) -> list[Role]:
    """The roles that may be proposed for an account now."""
    one = sheet.account
    held = frozenset(Role(role.role) for role in sheet.running)
    asked = {proposal.what for proposal in sheet.proposals if proposal.kind == GrantKind.ROLE}
    return [
        role
        for role in _ROLES
        if role not in held
        and role.value not in asked
        and conflicting(role, held) is None
        and may_propose(Target(GrantKind.ROLE, one.organisation_id, one.id, role), by, article="H")
    ]


def _offered(by: AskerFacts) -> list[Role]:
    """The roles that may be proposed for a new account of the own organisation."""
    return [
        role for role in _ROLES if may_propose(Target(GrantKind.ROLE, by.organisation_id, None, role), by, article="H")
    ]


def _role_words(roles: Sequence[Role]) -> list[tuple[str, str]]:
    return [(role.value, wording.say(f"role.{role.value}", {})) for role in roles]


def _bodies(by: AskerFacts, *, active: bool = False) -> list[tuple[str, str]]:
    english = language.current() == language.ENGLISH
    found = [one for one in rights.organisations_of(by) if one.active or not active]
    return [(one.code, one.name_en if english and one.name_en else one.name_zh) for one in found]


def asked_of(request: HttpRequest) -> tuple[str, int]:
    """Which act a form asks, and of which row (0: none)."""
    which = request.POST.get("which", "")
    return request.POST.get("act", ""), int(which) if which.isdecimal() and len(which) < 17 else 0


def sent(request: HttpRequest, act: str, which: int = 0) -> Any:
    """What was sent, when it was sent by this form."""
    return request.POST if request.method == "POST" and asked_of(request) == (act, which) else None


def carried_out(form: HouseForm, act: Callable[[dict[str, Any]], object]) -> bool:
    """Carry the act of a valid form out; what refuses it is said in the form."""
    try:
        act(form.cleaned_data)
    except REFUSALS as refused:
        tell(form, refused)
        return False
    return True


def tell(form: HouseForm, refused: XinhengError, field: str | None = None) -> None:
    """The sentence of a refusal, beside the field that it is about, with what to do instead."""
    told = language.sentences(wording.say(refused.code, refused.params), wording.instead(refused.code, refused.params))
    form.add_error(field or next((name for name in ("role", "power") if name in form.fields), None), told)


def answer(request: HttpRequest, template: str, context: dict[str, Any], form: HouseForm | None) -> HttpResponse:
    status = 422 if form is not None and form.is_bound and form.errors else 200
    return render(request, template, context, status=status)
