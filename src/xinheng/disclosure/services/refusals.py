"""How many refused questions of one account get an entry each, and what of the rest? (QRY-5)

Only those refused before anybody is looked up: without the post, by their ground, for their length. Up to the bound of
the law pack each has its entry; beyond it the same refusal is answered at once (429), counted durably before the answer
leaves, and one entry sums them when the time is over. So nothing goes unlogged and nobody floods the log. A question
that is admitted is never held up by this, and one that is decided about a subject always has its own entry.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from xinheng.disclosure.models import RefusalCount
from xinheng.disclosure.services.denials import enter_denial
from xinheng.law.lookup import query_log
from xinheng.law.pack import Pack
from xinheng.lib.clock import day_of
from xinheng.lib.errors import NotAllowed
from xinheng.store.guard import across_subjects

SUMMED = "refusals_summed"


def bound_refusals(*, account_id: int | None, organisation: str, at: datetime, pack: Pack, weight: int = 1) -> None:
    """Count a refused question of an account; return when it is to be entered as ever.

    ``weight``: how many entries it makes. Raises NotAllowed ``too_many_refusals`` (minutes left) beyond the bound, once
    the count is committed; then nothing else is to be entered or answered.
    """
    if account_id is None:
        return
    until = _counted(account_id, organisation, at, pack, weight)
    if until is not None:
        raise NotAllowed("too_many_refusals", minutes=str(max(-(-int((until - at).total_seconds()) // 60), 1)))


@transaction.atomic
def _counted(account_id: int, organisation: str, at: datetime, pack: Pack, weight: int) -> datetime | None:
    """None when the question is within the bound; else until when the account is beyond it."""
    most, lasts = _bound(pack, at)
    fresh = RefusalCount(account_id=account_id, organisation=organisation, began_at=at, last_at=at)
    RefusalCount.objects.bulk_create([fresh], ignore_conflicts=True)
    one = RefusalCount.objects.select_for_update().get(account_id=account_id)
    if not one.began_at <= at < one.began_at + lasts:
        _sum_up(one, pack, at)
        one.began_at, one.entered, one.held = at, 0, 0
    beyond = one.entered >= most
    if beyond:
        one.held += 1
    else:
        one.entered += weight
    one.organisation, one.last_at = organisation, at
    one.save()
    return one.began_at + lasts if beyond else None


@across_subjects("accounts whose refused questions were counted; few rows, no subject in them")
def close_refusals(*, at: datetime, pack: Pack) -> int:
    """Enter the sums of what is over, and forget the counts; how many accounts."""
    _, lasts = _bound(pack, at)
    over = RefusalCount.objects.filter(began_at__lte=at - lasts)
    numbers = list(over.values_list("account_id", flat=True))
    for account_id in numbers:
        with transaction.atomic():
            one = over.select_for_update().filter(account_id=account_id).first()
            if one is not None:
                _sum_up(one, pack, at)
                one.delete()
    return len(numbers)


def _bound(pack: Pack, at: datetime) -> tuple[int, timedelta]:
    rule = query_log(pack, day_of(at, pack.zone))
    return rule.refused, timedelta(minutes=rule.refused_minutes)


def _sum_up(one: RefusalCount, pack: Pack, at: datetime) -> None:
    """One entry for all that were held, in the caller's transaction."""
    if one.held:
        enter_denial(
            account_id=one.account_id,
            organisation=one.organisation,
            reason=SUMMED,
            at=at,
            pack=pack,
            given=one.held,
            since=one.began_at,
            until=one.last_at,
        )
