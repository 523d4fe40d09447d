"""Doors of the catalog: what may be collected, in words for people and in schemas for machines. All of it is public."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import capfirst
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from xinheng.accounts.access import asker_of, needs_role
from xinheng.accounts.rules import Role
from xinheng.catalog import rules, services
from xinheng.law.comparing import Change as Difference
from xinheng.law.comparing import Comparison, compare
from xinheng.law.dcat import Addresses, dcat
from xinheng.law.enums import Attribute
from xinheng.law.forbidden import forbidden
from xinheng.law.items import Item, ItemVersion
from xinheng.law.judging import Fit, Reach
from xinheng.law.pack import Bilingual, Pack, Provides
from xinheng.law.rowschema import json_schema
from xinheng.lib import clock
from xinheng.lib.errors import BadInput, NotFound
from xinheng.norms import selectors as norms
from xinheng.norms.forms import PublishForm
from xinheng.norms.rules import Act, Change
from xinheng.ui import city, language
from xinheng.ui.viewer import viewer

MINUTES = "public, max-age=300"
JSON = "application/json; charset=utf-8"
SHOWN = (
    *("category", "conduct", "basis", "purpose", "publicity", "kinds", "sharing", "providers", "channel"),
    *(
        "consent",
        "frequency",
        "retention",
        "retention_starts",
        "publicity_period",
        "adverse",
        "market",
        "sealed",
        "revocation",
        "checks",
    ),
)
TOLD = (Reach.WIDER, Reach.NARROWER, Reach.OWN_WIDER, Reach.OWN_NARROWER, Reach.UNCLEAR)


@require_safe
def catalog(request: HttpRequest) -> HttpResponse:
    """The items in force by level; apart from them what is to come, has ended, or is only a draft."""
    pack, today = city.pack(), city.today()
    shown = {
        "shelves": rules.shelves(pack, today),
        "others": rules.others(pack, today),
        "never": forbidden(pack, today),
        "levels_article": rules.levels_article(pack, today),
        "sources": [(name, given, _providers(pack, given)) for name, given in pack.provides.items()],
    }
    return render(request, "catalog/catalog.html", shown)


def _providers(pack: Pack, given: Provides | None) -> list[Bilingual]:
    """The kinds of organisation that may provide, in the order of the pack."""
    return [kind.label for code, kind in pack.organ_kinds.items() if given is not None and code in given.kinds]


@require_safe
def item(request: HttpRequest, code: str) -> HttpResponse:
    """One item: the version in force, or the next to come, or the last one."""
    found = rules.item_of(city.pack(), code)
    return _item_page(request, found, rules.present(found, city.today()))


@require_safe
def version(request: HttpRequest, code: str, first_day: str) -> HttpResponse:
    """One version of an item, with an address that stays."""
    found = rules.item_of(city.pack(), code)
    return _item_page(request, found, rules.version_of(found, first_day))


def _item_page(request: HttpRequest, found: Item, chosen: ItemVersion) -> HttpResponse:
    pack, today = city.pack(), city.today()
    provides = pack.provides.get("market" if chosen.market else "public")
    stood = rules.standing(chosen, today)
    shown = {
        "item": found,
        "version": chosen,
        "standing": stood,
        "versions": [(one, rules.standing(one, today)) for one in reversed(found.written)],
        "shown": SHOWN,
        "provides": provides,
        "providers": _providers(pack, provides),
        "matters": rules.matters_of(pack, chosen, today),
        "neighbours": rules.neighbours(found, chosen),
        "listed": stood is rules.Standing.IN_FORCE and chosen.publicity is Attribute.PUBLIC,
    }
    return render(request, "catalog/item.html", shown)


@require_safe
def compare_versions(request: HttpRequest, code: str) -> HttpResponse:
    """What differs between two versions, disclosure first; ``from`` and ``to`` are first days, the last two else."""
    found = rules.item_of(city.pack(), code)
    old, new = rules.neighbours(found, found.written[-1]) or (found.written[0], found.written[0])
    if "from" in request.GET or "to" in request.GET:
        old = rules.version_of(found, request.GET.get("from", old.version))
        new = rules.version_of(found, request.GET.get("to", new.version))
    shown = {"item": found, "item_name": capfirst(new.label.get(language.current())), **_compared(old, new)}
    return render(request, "catalog/compare.html", shown)


@never_cache
@require_safe
def draft_changes(request: HttpRequest, norm_id: int) -> HttpResponse:
    """What a draft of the supplement changes. Before opinions are asked it is its drafters' business alone."""
    pack, today = city.pack(), city.today()
    found = norms.norm(norm_id, pack=pack, today=today)
    if found.before is None or found.version is None or not (found.going_on or _drafts_along(request, found)):
        raise NotFound("norm_unknown")
    standing = found.facts.change is Change.AMEND
    return render(
        request,
        "catalog/draft_changes.html",
        {"norm": found, "standing": standing, **_compared(found.before, found.version)},
    )


def _drafts_along(request: HttpRequest, found: norms.NormView) -> bool:
    """Is somebody of the drafting organ or of a department named looking?"""
    if not viewer(request).signed_in:
        return False
    return asker_of(request).organisation_id in {found.facts.organisation_id, *found.facts.departments}


def _compared(old: ItemVersion, new: ItemVersion) -> Mapping[str, Any]:
    """Two versions and what differs, disclosure first."""
    comparison = compare(old, new)
    return {
        "old": old,
        "new": new,
        "comparison": comparison,
        "told": [change for reach in TOLD for change in comparison.reaching(reach)],
        "counts": [(reach, len(comparison.reaching(reach))) for reach in TOLD if comparison.reaching(reach)],
        "breaking": len(comparison.fitting(Fit.BREAKS)),
        **_by_field(comparison),
    }


def _by_field(comparison: Comparison) -> Mapping[str, Any]:
    """The fields that differ with their changes; those that only got another number are named apart, in one line."""
    fields: list[tuple[Any, Sequence[Difference]]] = []
    renumbered = []
    for code, changes in comparison.fields.items():
        field = comparison.new.by_code.get(code) or comparison.old.by_code[code]
        if all(change.within == ("n",) for change in changes):
            renumbered.append(field)
        else:
            fields.append((field, changes))
    return {"fields": fields, "renumbered": renumbered}


@require_safe
def schema(request: HttpRequest, code: str, first_day: str) -> HttpResponse:
    """JSON Schema 2020-12 of one row of a version."""
    found = rules.version_of(rules.item_of(city.pack(), code), first_day)
    lang = "en" if language.current() == language.ENGLISH else "zh"
    address = Addresses(_base(request)).schema(found)
    return _file(json_schema(found, lang, address=address), "application/schema+json; charset=utf-8")


@require_safe
def dcat_document(request: HttpRequest) -> HttpResponse:
    """The catalog in force as DCAT 3 in JSON-LD."""
    pack = city.pack()
    document = dcat(pack, rules.in_force(pack, city.today()), _base(request))
    return _file(document, "application/ld+json; charset=utf-8")


@require_safe
def machine_list(request: HttpRequest) -> HttpResponse:
    """Every version of every item with its standing and its addresses."""
    pack = city.pack()
    return _file({"law": pack.label, "items": rules.machine_list(pack, city.today())}, JSON)


@never_cache
@require_POST
@needs_role(Role.OPERATOR)
def publish(request: HttpRequest, norm_id: int) -> HttpResponse:
    """Publish an approved supplement: from its day on it is the law of the city (ZY-32)."""
    form = PublishForm(request.POST, act=Act.PUBLISHED)
    if not form.is_valid():
        raise BadInput("norm_day_unreadable")
    services.publish_norm(
        norm_id=norm_id,
        effective_from=form.cleaned_data["effective_from"],
        asker=asker_of(request),
        at=clock.now(),
        pack=city.pack(),
    )
    return HttpResponseRedirect(reverse("norms:norm", args=[norm_id]))


def _base(request: HttpRequest) -> str:
    return request.build_absolute_uri("/").rstrip("/")


def _file(document: Mapping[str, Any], kind: str) -> HttpResponse:
    text = json.dumps(document, ensure_ascii=False, indent=2) + "\n"
    return HttpResponse(text, content_type=kind, headers={"Cache-Control": MINUTES})
