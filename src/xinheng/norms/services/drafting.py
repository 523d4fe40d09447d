"""How does a draft begin, change, and find the agreement of the departments concerned? (ZY-32)"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from xinheng.accounts.models import Organisation
from xinheng.accounts.rules import AskerFacts, OrganisationKind
from xinheng.accounts.selectors import organisation
from xinheng.law.enums import Level
from xinheng.law.norms import CATALOG_ITEM, Procedure, procedure
from xinheng.law.pack import Pack
from xinheng.lib.clock import day_of
from xinheng.lib.errors import BadInput, Conflict, RefusedByLaw
from xinheng.norms import selectors
from xinheng.norms.models import Norm
from xinheng.norms.rules import Act, Change, State, Text, may_draft
from xinheng.norms.services.steps import begin, keep_text, need, record, said, take
from xinheng.store.ids import next_id

PUBLIC_BODIES = frozenset({OrganisationKind.STATE_ORGAN, OrganisationKind.AUTHORISED_ORGANISATION})
CODE = re.compile(r"[A-Z][A-Z0-9_]{1,23}")


@transaction.atomic
def draft(
    *, change: Change, text: Text, departments: Sequence[int], asker: AskerFacts, at: datetime, pack: Pack
) -> int:
    """Begin an instrument about a catalog item with its first text; gives its number.

    ``departments`` are the organisations that draft along. Raises RefusedByLaw where the city makes no supplement
    (SP-8) or the account may not; Conflict while another draft about the same code is on its way; BadInput for a code
    that is none, or without departments.
    """
    law = procedure(pack, CATALOG_ITEM, day_of(at, pack.zone))
    need(may_draft(asker, law))
    code = str(text.item.get("code") or "")
    if not CODE.fullmatch(code):
        raise BadInput("norm_code_unreadable")
    said(text.reasons, missing="norm_reasons_missing")
    _of_level(text, law)
    _fits(change, code, pack, day_of(at, pack.zone))
    if selectors.on_its_way(kind=CATALOG_ITEM, code=code) is not None:
        raise Conflict("norm_already_drafted", item=code)
    bodies = _bodies(departments) if law.joint else []
    assert asker.organisation_id is not None
    row = Norm.objects.create(
        id=next_id("local"),
        kind=CATALOG_ITEM,
        code=code,
        change=change.value,
        state=State.DRAFT.value,
        organisation=organisation(asker.organisation_id),
        opened_at=at,
    )
    kept = keep_text(row, text)
    fields = {"departments": [str(body.id) for body in bodies], "text": kept.n, "sha256": kept.sha256}
    record(row, Act.DRAFTED, fields, asker=asker, at=at, pack=pack, article=law.article)
    return row.id


@transaction.atomic
def revise(
    *, norm_id: int, text: Text, why: str, asker: AskerFacts, at: datetime, pack: Pack, text_n: int | None = None
) -> int:
    """Write the next text of a draft; the one before stays, and the departments are asked again. Gives its number.

    Code and level of an item never change. ``text_n`` is the text that was changed: when another was written since,
    nothing is lost and Conflict is raised. Raises RefusedByLaw, BadInput.
    """
    taking = begin(norm_id, asker=asker, at=at, pack=pack, text_n=text_n)
    if text.item.get("code") != taking.row.code:
        raise BadInput("norm_code_unreadable")
    _of_level(text, taking.before.procedure)
    said(text.reasons, missing="norm_reasons_missing")
    reason = said(why, missing="reason_missing", most=500)
    if text == taking.before.text:
        raise BadInput("norm_text_unchanged")
    kept = keep_text(taking.row, text)
    take(taking, Act.REVISED, {"text": kept.n, "sha256": kept.sha256, "why": reason})
    return kept.n


@transaction.atomic
def cosign(
    *,
    norm_id: int,
    agreed: bool,
    reason: str,
    asker: AskerFacts,
    at: datetime,
    pack: Pack,
    text_n: int | None = None,
) -> None:
    """A department concerned agrees to the present text, or objects with its reasons. ``text_n`` is what it has read.

    Raises RefusedByLaw for an organisation that was not named, BadInput for an objection without reasons.
    """
    taking = begin(norm_id, asker=asker, at=at, pack=pack, text_n=text_n)
    text = reason.strip() if agreed and not reason.strip() else said(reason, missing="reason_missing", most=2000)
    fields = {"department": str(asker.organisation_id), "agreed": agreed, "reason": text, "text": taking.before.text_n}
    take(taking, Act.COSIGNED, fields)


def _fits(change: Change, code: str, pack: Pack, today: date) -> None:
    """A new item has a new code; a new version, or an end, needs an item of the city that is in force."""
    known = pack.items.get(code)
    if change is Change.ENACT and known is not None and known.versions:
        raise Conflict("norm_code_taken", item=code)
    lasting = known is not None and any(v.until is None or v.until > today for v in known.versions)
    if change is not Change.ENACT and (known is None or known.level is not Level.CITY or not lasting):
        raise BadInput("norm_nothing_to_change", item=code)


def _of_level(text: Text, law: Procedure) -> None:
    """The city makes items of its own level only (CAT-1)."""
    if text.item.get("level") != law.level.value:
        raise RefusedByLaw("norm_level", law.article)


def _bodies(numbers: Sequence[int]) -> list[Organisation]:
    """The departments named, each once. Raises BadInput when there is none, or one is no public body (有关部门)."""
    found = list(Organisation.objects.filter(id__in=set(numbers), active=True).order_by("code"))
    if not found or len(found) != len(set(numbers)):
        raise BadInput("norm_departments_missing")
    if any(body.kind not in PUBLIC_BODIES for body in found):
        raise BadInput("norm_departments_kind")
    return found
