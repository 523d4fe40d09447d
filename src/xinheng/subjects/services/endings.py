"""How does a link of an account to a file end because somebody wants it? At once, or after the department looked.

Who stands for another lays that down at once, and whose file it is takes it at once from an agent. For a representative
or a guardian the subject asks; an administrator of the competent department ends the link or keeps it, alone and with a
reason, as every right is taken by one (decision 0015). Whose account it was is told at the next sign-in.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from xinheng.accounts import selectors as accounts
from xinheng.accounts.models import Account
from xinheng.accounts.rules import HOUSE, Role
from xinheng.accounts.selectors.rights import reaches_all
from xinheng.accounts.services import competent_article, notice_account
from xinheng.accounts.services.notices import LINK_ENDED, LINK_KEPT
from xinheng.law.decision import Refused
from xinheng.law.pack import Pack
from xinheng.ledger.rules import SubjectRef
from xinheng.ledger.services import append
from xinheng.lib.errors import BadInput, Conflict, NotAllowed, NotFound, RefusedByLaw
from xinheng.store.ids import next_id
from xinheng.subjects import selectors
from xinheng.subjects.models import SubjectAccount, UnlinkRequest
from xinheng.subjects.rules import OWN, Way, way_to_end
from xinheng.subjects.selectors import links
from xinheng.subjects.services.standing import unlink_account

BY_ADMINISTRATOR = "by_administrator"  # why a link ended
BY_SUBJECT = "by_subject"
LAID_DOWN = "laid_down"


def may_end_links(*, by: Account, pack: Pack, at: datetime) -> None:
    """Refuse whoever is no administrator of the competent department: NotAllowed ``granter_not_administrator``,
    RefusedByLaw ``link_by_competent_only`` with the article that names the department.
    """
    facts = accounts.account_asker(by)
    if Role.ADMINISTRATOR not in facts.roles:
        raise NotAllowed("granter_not_administrator", article=HOUSE)
    if not reaches_all(facts):
        raise RefusedByLaw("link_by_competent_only", competent_article(pack, at))


@transaction.atomic
def end_or_ask(*, link: int, reason: str, by: Account, at: datetime) -> Way:
    """End a link of a file that ``by`` stands for, or ask for its end, by `rules.way_to_end`; which of both.

    Raises NotFound ``link_unknown``, also for a link of somebody else's file; Conflict ``link_ended``,
    ``unlink_asked``; NotAllowed by the rule; BadInput ``link_without_reason``.
    """
    found = _running(next((one for one in links.links_beside(by.id, at) if one.number == link), None))
    mine = found.account_id == by.id
    standing = {one.capacity for one in links.links_of(found.subject_id) if one.account_id == by.id and not one.over}
    way = way_to_end(found.capacity, mine=mine, own=not standing.isdisjoint(OWN))
    if isinstance(way, Refused):
        raise NotAllowed(way.reason, article=way.article)
    _reasoned(reason)
    if way is Way.ASKED:
        _ask(found, reason, by, at)
    else:
        _end(found, ground=LAID_DOWN if mine else BY_SUBJECT, reason=reason, by=by, at=at)
    return way


@transaction.atomic
def end_link(*, account_id: int, link: int, reason: str, by: Account, pack: Pack, at: datetime) -> None:
    """End a link of an account as an administrator of the competent department; that answers a request to end it.

    Raises NotFound ``link_unknown``, Conflict ``link_ended``, RefusedByLaw ``link_by_competent_only``, NotAllowed
    ``granter_not_administrator``, BadInput ``link_without_reason``.
    """
    may_end_links(by=by, pack=pack, at=at)
    found = _running(next((one for one in links.links_of_account(account_id) if one.number == link), None))
    _reasoned(reason)
    _end(found, ground=BY_ADMINISTRATOR, reason=reason, by=by, at=at)


@transaction.atomic
def keep_link(*, request: int, reason: str, by: Account, pack: Pack, at: datetime) -> None:
    """Keep a link that somebody of the file wants ended, with a reason; one entry ``unlink.refused`` about the subject,
    and who asked is told. Raises NotFound ``unlink_unknown``, Conflict ``unlink_decided``, else as `end_link`.
    """
    may_end_links(by=by, pack=pack, at=at)
    asked = UnlinkRequest.objects.select_for_update().filter(id=request).first()
    if asked is None:
        raise NotFound("unlink_unknown")
    if asked.decided_at is not None:
        raise Conflict("unlink_decided")
    _reasoned(reason)
    subject = selectors.lock(asked.subject_id)
    house = by.organisation.code if by.organisation else ""
    entry = append(
        act="unlink.refused",
        at=at,
        law=pack.label,
        actor=f"account:{by.id}",
        organisation=house,
        channel="web",
        subject=SubjectRef(subject.subject_id, subject.tag),
        ground={"reason": reason},
        result="refused",
        fields={"link": str(asked.link_id), "asked_by": str(asked.asked_by)},
    ).entry_id
    asked.decided_by, asked.decided_at, asked.refusal, asked.entry_id = by.id, at, reason, entry
    asked.save(update_fields=["decided_by", "decided_at", "refusal", "entry_id"])
    notice_account(
        account_id=asked.asked_by, what=LINK_KEPT, by=[house], reason=reason, at=at, entry_id=entry, about=subject.name
    )


def _ask(found: links.Link, reason: str, by: Account, at: datetime) -> None:
    if UnlinkRequest.objects.filter(link_id=found.number, decided_at__isnull=True).exists():
        raise Conflict("unlink_asked")
    UnlinkRequest.objects.create(
        id=next_id("local"),
        subject_id=found.subject_id,
        link_id=found.number,
        asked_by=by.id,
        asked_at=at,
        reason=reason,
    )


def _end(found: links.Link, *, ground: str, reason: str, by: Account, at: datetime) -> None:
    """End it; every request for it is answered, and the account's holder told unless it was he himself."""
    house = by.organisation.code if by.organisation else ""
    unlink_account(
        subject_id=found.subject_id,
        account_id=found.account_id,
        ground=ground,
        at=at,
        actor=f"account:{by.id}",
        organisation=house,
        channel="web",
        reason=reason,
    )
    ended = SubjectAccount.objects.filter(subject_id=found.subject_id, account_id=found.account_id, until_at=at)
    UnlinkRequest.objects.filter(link_id__in=ended.values("id"), decided_at__isnull=True).update(
        decided_by=by.id, decided_at=at
    )
    if found.account_id != by.id:
        about = selectors.facts(found.subject_id).name
        houses = [house] if house else []
        notice_account(account_id=found.account_id, what=LINK_ENDED, by=houses, reason=reason, at=at, about=about)


def _running(found: links.Link | None) -> links.Link:
    """The link, as it stands once nobody else can change the subject."""
    if found is None:
        raise NotFound("link_unknown")
    selectors.lock(found.subject_id)
    if any(one.over for one in links.links_of(found.subject_id) if one.number == found.number):
        raise Conflict("link_ended")
    return found


def _reasoned(reason: str) -> None:
    if not reason.strip():
        raise BadInput("link_without_reason")
