"""Doors of disclosure: translate in, call one verb, translate out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import wraps
from typing import Any
from urllib.parse import urlencode

import orjson
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from xinheng.accounts.access import asker_of, needs_role
from xinheng.accounts.rules import Role
from xinheng.disclosure import reading, selectors, services
from xinheng.disclosure.forms import (
    Asked,
    BatchForm,
    LooksForm,
    QueryForm,
    ReceiptsForm,
    WhomForm,
    in_order,
    plain_question,
)
from xinheng.disclosure.rules import Asker, Channel, Ground
from xinheng.law.collection import notice
from xinheng.lib import clock
from xinheng.lib.errors import BadInput, NotFound, RefusedByLaw
from xinheng.ui import city, language, wording
from xinheng.ui.doors import View
from xinheng.ui.forms import form_page
from xinheng.ui.paging import KeyPage
from xinheng.ui.responses import wants_json

JSON = "application/json"
CHOSEN = "own_subject"  # in the session: whose file the account chose to look at


def denials_entered(view: View) -> View:
    """Enter a question posted by an account without the post of a querier. It is refused as before."""

    @wraps(view)
    def door(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if request.method == "POST" and request.user.is_authenticated:
            asker = asker_of(request)
            if Role.QUERIER not in asker.roles:
                mine, house = asker.account_id, asker.organisation_code
                at, pack = clock.now(), city.pack()
                services.bound_refusals(account_id=mine, organisation=house, at=at, pack=pack)
                services.enter_denial(account_id=mine, organisation=house, reason="role_missing", at=at, pack=pack)
        return view(request, *args, **kwargs)

    door.open_to = getattr(view, "open_to", ())  # type: ignore[attr-defined]
    return door


@sensitive_post_parameters("who", "party_list")
@require_http_methods(["GET", "HEAD", "POST"])
@denials_entered
@needs_role(Role.QUERIER)
def query(request: HttpRequest) -> HttpResponseBase:
    """Ask for a listed matter: the ground first, then whom. The answer comes after its ledger entry, or not at all."""
    if request.method == "POST" and wants_json(request):
        return query_of_machine(request)
    pack, at = city.pack(), clock.now()
    day = at.astimezone(pack.tz).date()
    asker, officer = _asking(request)
    matters = selectors.matters_for(asker, day, pack)
    form = QueryForm(
        request.POST if request.method == "POST" else None,
        matters=selectors.choices(matters, language.current()),
        citable=selectors.citable(matters, day, pack, language.current()),
    )
    page: dict[str, Any] = {"matters": matters, "overreach": selectors.founding(pack, "query.overreach", day)}
    if not form.is_bound or not form.is_valid():
        return form_page(request, "disclosure/query.html", page, form=form)
    asked = in_order(form)
    answers = _answers(request, asked, at)
    page["objection"] = selectors.founding(pack, "objection.mark", day)
    page |= {"form": form, "answers": answers, "ground": asked, "officer": officer, "at": at}
    page["matter"] = next((m for m in (*matters.offered, *matters.closed) if m.code == asked.matter), None)
    if wholly_refused(answers):
        article = answers[0].article
        page |= {
            "reason": answers[0].reason,
            "statute": selectors.statute(article, pack, language.current()),
        }
        return render(request, "disclosure/refusal.html", page, status=403)
    return render(request, "disclosure/query.html", page)


@sensitive_post_parameters("who", "party_list")
@denials_entered
@needs_role(Role.QUERIER)
def query_of_machine(request: HttpRequest) -> HttpResponse:
    """The same question and answer as JSON. What is wrong with a question is told as the form tells it: nothing was
    asked then, so nothing is entered.
    """
    sent = _sent(request)
    asked = plain_question(sent)
    if asked is None:
        form = QueryForm(sent)
        if not form.is_valid():
            fields = {name: [str(said) for said in faults] for name, faults in form.errors.items()}
            told = {"code": "form_invalid", "message": next(iter(fields.values()))[0], "fields": fields}
            return HttpResponse(orjson.dumps({"error": told}), content_type=JSON, status=422)
        asked = in_order(form)
    answers = _answers(request, asked, clock.now())
    body = {"answers": [answer.as_dict() for answer in answers]}
    return HttpResponse(orjson.dumps(body), content_type=JSON, status=403 if wholly_refused(answers) else 200)


def _sent(request: HttpRequest) -> Mapping[str, str]:
    """The fields of the form, sent as a form or as an object of texts in JSON. Raises BadInput for anything else."""
    if request.content_type != JSON:
        return request.POST
    try:
        told = orjson.loads(request.body)
    except orjson.JSONDecodeError:
        raise BadInput("json_unreadable") from None
    if not isinstance(told, dict) or not all(isinstance(value, str) for value in told.values()):
        raise BadInput("json_not_texts")
    return told


def _asking(request: HttpRequest) -> tuple[Asker, services.Officer]:
    return services.asking(asker_of(request), getattr(request.user, "organisation", None))


def _answers(request: HttpRequest, asked: Asked, at: datetime) -> list[services.QueryAnswer]:
    """The answers to a question that is in order, each with its entry."""
    asker, officer = _asking(request)
    return services.official_query(
        asker=asker,
        officer=officer,
        ground=Ground(Channel.OFFICIAL, asked.matter, asked.case_number, None, asked.statute or None),
        identifiers=asked.who,
        channel_name="web",
        at=at,
        pack=city.pack(),
        parties_stated=False,
    )


def wholly_refused(answers: Sequence[services.QueryAnswer]) -> bool:
    """Whether every one is refused, all for the same reason."""
    return all(one.result == "refused" for one in answers) and len({one.reason for one in answers}) == 1


@require_http_methods(["GET", "HEAD", "POST"])
@needs_role(Role.SUBJECT)
def own(request: HttpRequest) -> HttpResponseBase:
    """For whom I may look, and the choice; it holds until another one or the end of the session."""
    account_id, at = asker_of(request).account_id, clock.now()
    subjects = services.own_subjects(account_id=account_id, at=at)
    form = WhomForm(request.POST if request.method == "POST" else None, subjects=subjects)
    if form.is_bound and form.is_valid():
        request.session[CHOSEN] = int(form.cleaned_data["subject"])
        return HttpResponseRedirect(reverse("disclosure:own_file"))
    chosen = _chosen(request)
    page = {"subjects": subjects, "chosen": chosen or (subjects[0].subject_id if subjects else None)}
    return form_page(request, "disclosure/own.html", page, form=form)


FIRST = 100  # rows of a batch that its page shows


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@denials_entered
@needs_role(Role.QUERIER)
def batch(request: HttpRequest) -> HttpResponseBase:
    """Ask about a list: the ground and the file in, and in the same answer the page or the file. Nothing of it is kept
    but the entries.
    """
    pack, at = city.pack(), clock.now()
    day = at.astimezone(pack.tz).date()
    asker, officer = _asking(request)
    matters = selectors.matters_for(asker, day, pack)
    posted = request.method == "POST"
    form = BatchForm(
        request.POST if posted else None,
        request.FILES if posted else None,
        matters=selectors.choices(matters, language.current()),
        citable=selectors.citable(matters, day, pack, language.current()),
    )
    page: dict[str, Any] = {"matters": matters, "most": bool(matters.offered)}
    if not form.is_bound or not form.is_valid():
        return form_page(request, "disclosure/batch.html", page, form=form)
    told = form.cleaned_data
    ground = Ground(Channel.OFFICIAL, told["matter"], told["case_number"], None, told["statute"] or None)
    try:
        listed = reading.read_list(told["file"].file)
        found = services.query_batch(
            asker=asker, officer=officer, ground=ground, listed=listed, channel_name="web", at=at, pack=pack
        )
    except BadInput as refused:
        form.add_error("file", wording.say(refused.code, refused.params))
        return form_page(request, "disclosure/batch.html", page, form=form)
    if told["answer"] == "csv":
        return _file(services.batch_csv(found, language=language.current()), "text/csv", f"answer-{found.entry}.csv")
    if told["answer"] == "jsonl":
        return _file(services.batch_jsonl(found), "application/jsonl", f"answer-{found.entry}.jsonl")
    page |= {
        "form": form,
        "batch": found,
        "counts": found.counts(),
        "shown": found.answers[:FIRST],
        "faults": found.faults[:FIRST],
        "disputed": any(answer.disputed for answer in found.answers[:FIRST]),
        "at": at,
        "officer": officer,
        "ground": ground,
        "overreach": selectors.founding(pack, "query.overreach", day),
        "objection": selectors.founding(pack, "objection.mark", day),
        "matter": next((m for m in (*matters.offered, *matters.closed) if m.code == ground.matter), None),
    }
    return render(request, "disclosure/batch.html", page)


def _file(pieces: Iterable[bytes], kind: str, name: str) -> StreamingHttpResponse:
    response = StreamingHttpResponse(pieces, content_type=f"{kind}; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_safe
@needs_role(Role.QUERIER)
def receipts(request: HttpRequest) -> HttpResponse:
    """The questions of my organisation, newest first: ground and result, no content."""
    pack, asker = city.pack(), asker_of(request)
    matters = selectors.matters_for(_asking(request)[0], city.today(), pack)
    form = ReceiptsForm(request.GET, matters=selectors.choices(matters, language.current()))
    told = form.cleaned_data if form.is_valid() else {}
    wanted = services.QuestionFilter(
        matter=told.get("matter", ""),
        case_number=told.get("case_number", ""),
        result=told.get("result", ""),
        account_id=asker.account_id if told.get("mine") else None,
        since=told.get("since"),
        until=told.get("until"),
    )
    after = request.GET.get("after", "")
    found = services.questions(
        organisation_id=asker.organisation_id or 0, wanted=wanted, after=after, pack=pack, limit=services.PAGE
    )
    shown, more = found[: services.PAGE], len(found) > services.PAGE
    cut = KeyPage(rows=shown, next_key=shown[-1].key if more else "", first=not after)
    page = {"rows": shown, "page": cut, "narrowed": wanted != services.QuestionFilter()}
    return form_page(request, "disclosure/receipts.html", page, form=form)


@require_safe
@needs_role(Role.QUERIER)
def kept_receipt(request: HttpRequest, entry: int) -> HttpResponse:
    """One receipt of my organisation, opened again."""
    kept = services.kept_receipt(entry_id=entry, organisation_code=_body(request), pack=city.pack())
    overreach = selectors.founding(city.pack(), "query.overreach", city.today())
    return render(request, "disclosure/kept_receipt.html", {"kept": kept, "look": kept.look, "overreach": overreach})


@require_safe
@needs_role(Role.QUERIER)
def kept_receipt_text(request: HttpRequest, entry: int) -> HttpResponse:
    """One receipt as text, or those of a whole question (``?all=1``)."""
    asked: dict[str, Any] = {"entry_id": entry, "organisation_code": _body(request), "pack": city.pack()}
    text = services.question_text(**asked) if request.GET.get("all") else services.kept_receipt(**asked).text
    return _download(text, "text/plain; charset=utf-8", f"receipt-{entry}.txt")


def _body(request: HttpRequest) -> str:
    return asker_of(request).organisation_code


@require_safe
@needs_role(Role.SUBJECT)
def own_file(request: HttpRequest) -> HttpResponse:
    """What is on file about me, from whom, under which item and law."""
    try:
        file = _opened(request, services.own_file)
    except NotFound:
        nothing = services.nothing_on_file(account_id=asker_of(request).account_id, at=clock.now(), pack=city.pack())
        return render(request, "disclosure/nothing_on_file.html", {"nothing": nothing})
    return render(request, "disclosure/own_file.html", {"file": file, "whom": file.whom})


@require_safe
@needs_role(Role.SUBJECT)
def own_looks(request: HttpRequest) -> HttpResponse:
    """Who looked at my file, when, for what, and which fields."""
    form, article = LooksForm(request.GET or None), selectors.founding(city.pack(), "query.own", city.today())
    if form.is_bound and not form.is_valid():
        return form_page(request, "disclosure/own_looks.html", {"own_article": article}, form=form)
    asked = form.cleaned_data if form.is_bound else {}
    wanted = services.Wanted(asked.get("kind") or "", asked.get("since"), asked.get("until"))
    looks = _opened(request, services.who_looked, wanted=wanted, before=_before(request))
    kept = {name: request.GET[name] for name in ("kind", "since", "until") if request.GET.get(name)}
    page = {
        "looks": looks,
        "whom": looks.whom,
        "wanted": wanted,
        "first": "before" not in request.GET,
        "kept": urlencode(kept),
        "proof": selectors.proof(),
        "own_article": article,
    }
    return form_page(request, "disclosure/own_looks.html", page, form=form)


@require_safe
@needs_role(Role.SUBJECT)
def own_looks_json(request: HttpRequest) -> HttpResponse:
    """A thousand looks at my file for machines; ``?before=`` continues."""
    looks = _opened(request, services.who_looked, before=_before(request), limit=services.LOOKS_IN_FILE)
    return _download(services.looks_json(looks), f"{JSON}; charset=utf-8", "who-looked.json")


@require_safe
@needs_role(Role.SUBJECT)
def own_looks_csv(request: HttpRequest) -> HttpResponse:
    """A thousand looks at my file as a table; ``?before=`` continues."""
    looks = _opened(request, services.who_looked, before=_before(request), limit=services.LOOKS_IN_FILE)
    return _download(services.looks_csv(looks), "text/csv; charset=utf-8", "who-looked.csv")


@require_safe
@needs_role(Role.SUBJECT)
def own_copy(request: HttpRequest) -> HttpResponse:
    """A copy of my file to print: every record with every field, what waits, who looked."""
    copy = _opened(request, services.own_copy)
    told = notice(city.pack(), city.today(), kind=copy.file.kind)
    page = {"copy": copy, "file": copy.file, "whom": copy.file.whom, "notice": told}
    return render(request, "disclosure/own_copy.html", page)


@require_safe
@needs_role(Role.SUBJECT)
def own_copy_json(request: HttpRequest) -> HttpResponse:
    """A copy of my file and of who looked, for machines."""
    return _download(services.own_json(_opened(request, services.own_copy)), f"{JSON}; charset=utf-8", "own-file.json")


@require_safe
@needs_role(Role.SUBJECT)
def own_copy_csv(request: HttpRequest) -> HttpResponse:
    """A copy of my file as a table."""
    return _download(services.own_csv(_opened(request, services.own_copy)), "text/csv; charset=utf-8", "own-file.csv")


@require_safe
@needs_role(Role.SUBJECT)
def own_notice(request: HttpRequest) -> HttpResponse:
    """How the platform handles information about whom I look for; and where to complain, about which look."""
    subjects = services.own_subjects(account_id=asker_of(request).account_id, at=clock.now())
    chosen = _chosen(request)
    whom = next((one for one in subjects if one.subject_id == chosen), subjects[0] if subjects else None)
    found = notice(city.pack(), city.today(), kind=whom.kind if whom else None)
    page = {"notice": found, "whom": whom, "about": selectors.entry_number(request.GET.get("about", ""))}
    return render(request, "disclosure/own_notice.html", page)


def _opened[Opened](request: HttpRequest, verb: Callable[..., Opened], **asked: Any) -> Opened:
    """What ``verb`` gives of the file of whom the account chose. A choice that the law refuses is forgotten."""
    account_id = asker_of(request).account_id
    try:
        return verb(account_id=account_id, at=clock.now(), pack=city.pack(), subject_id=_chosen(request), **asked)
    except RefusedByLaw:
        request.session.pop(CHOSEN, None)
        raise


def _chosen(request: HttpRequest) -> int | None:
    """The subject that was chosen in this session; whether it may be opened is decided anew each time."""
    chosen = request.session.get(CHOSEN)
    return chosen if isinstance(chosen, int) else None


def _before(request: HttpRequest) -> int | None:
    """The number in a chain before which a page ends. Raises BadInput for anything else."""
    before = request.GET.get("before", "")
    if before and not (before.isascii() and before.isdigit() and len(before) < 16 and int(before)):
        raise BadInput("paging_key_unreadable")
    return int(before) if before else None


def _download(text: str, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(text, content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
