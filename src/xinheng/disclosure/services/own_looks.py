"""Who looked at my file: page by page, by kind and by days, from the subject's own chain in the ledger (QRY-2).

A page costs what it shows, however often a file was asked about. How many entries there are is the number of the last
one, which the ledger proves; a kind is counted over the newest entries only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction

from xinheng.disclosure.rules import Channel
from xinheng.disclosure.services.looks import LOGGED, READ, Look, looks_of
from xinheng.disclosure.services.own import Whom, founding, open_own
from xinheng.law.pack import Pack
from xinheng.ledger.rules import Receipt, SubjectRef
from xinheng.ledger.selectors import OpenEntry, chain, chain_length
from xinheng.ledger.services import append

ALL, OFFICIAL, REFUSED, MINE = "", "official", "refused", "own"
KINDS = (ALL, OFFICIAL, REFUSED, MINE)
LOOKS_PAGE = 25
LOOKS_IN_FILE = 1_000  # looks in one copy; the next file continues
COUNTED = 1_000  # the newest entries that the counts by kind are of
_PART = 250  # entries opened at a time


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which looks are asked for: of one of `KINDS`, on legal days from ``since`` to ``until``, both included."""

    kind: str = ALL
    since: date | None = None
    until: date | None = None

    @property
    def narrowed(self) -> bool:
        """Whether not all are asked for."""
        return self != Wanted()

    def holds(self, entry: OpenEntry, pack: Pack) -> bool:
        """Whether this entry is a look that is asked for. One whose content was erased is of no kind."""
        if entry.act not in LOGGED and entry.body is not None:
            return False
        day = entry.at.astimezone(pack.tz).date()
        if (self.since and day < self.since) or (self.until and day > self.until):
            return False
        return self.kind == ALL or self.kind in _kinds(entry)


@dataclass(frozen=True, slots=True)
class Looks:
    """Looks of a subject, newest first, and the receipt of this reading.

    ``total``: entries about the subject, of whatever act; they are numbered from 1 on. ``before``: the number where
    the next page begins, None on the last. The counts are of looks among the ``counted`` newest entries.
    """

    subject_id: int
    account_id: int
    whom: Whom
    looks: tuple[Look, ...]
    receipt: Receipt | None
    total: int
    before: int | None
    counted: int = 0
    official: int = 0
    refused: int = 0
    mine: int = 0

    @property
    def looked(self) -> int:
        """How many looks the counts are of."""
        return self.official + self.mine


@dataclass(slots=True)
class Part:
    """Looks as they were read, before they are put in words."""

    total: int
    entries: list[OpenEntry] = field(default_factory=list)
    before: int | None = None


def who_looked(
    *,
    account_id: int,
    at: datetime,
    pack: Pack,
    subject_id: int | None = None,
    wanted: Wanted | None = None,
    before: int | None = None,
    limit: int = LOOKS_PAGE,
) -> Looks:
    """A page of who looked at the own file of an account; the reading is entered first.

    Raises NotFound ``no_own_file``, RefusedByLaw when the file is closed to the account.
    """
    law = founding("query.own", at, pack)
    with transaction.atomic():
        opened = open_own(account_id=account_id, at=at, pack=pack, subject_id=subject_id)
        subject = opened.subject
        if opened.refused is not None:
            opened.enter_refusal(account_id=account_id, at=at, pack=pack, act=READ, purpose="looks")
        else:
            part = read_looks(subject.tag, pack, wanted=wanted or Wanted(), before=before, limit=limit)
            counts = _counts(chain(subject.tag, limit=COUNTED))
            receipt = append(
                act=READ,
                at=at,
                law=pack.label,
                actor=f"account:{account_id}",
                organisation="",
                channel="web",
                subject=SubjectRef(subject.subject_id, subject.tag),
                ground={"channel": Channel.OWN.value, "purpose": "looks", "article": law},
                result="granted" if part.entries else "empty",
                fields={"entries": len(part.entries), "of": part.total},
            )
    opened.raise_refusal()
    return Looks(
        subject_id=subject.subject_id,
        account_id=account_id,
        whom=opened.whom,
        looks=looks_of(part.entries, pack, officers=False),
        receipt=receipt,
        total=part.total,
        before=part.before,
        counted=min(part.total, COUNTED),
        official=counts[OFFICIAL],
        refused=counts[REFUSED],
        mine=counts[MINE],
    )


def read_looks(tag: bytes, pack: Pack, *, wanted: Wanted, before: int | None, limit: int) -> Part:
    """The newest ``limit`` looks that are asked for, below the number ``before``; inside the caller's lock."""
    part = Part(chain_length(tag))
    past = min(before or part.total + 1, part.total + 1)
    while past > 1 and len(part.entries) <= limit:
        found = chain(tag, before_seq=past, limit=_PART)
        part.entries += [entry for entry in reversed(found) if wanted.holds(entry, pack)]
        past = max(past - _PART, 1)
    if len(part.entries) > limit:
        del part.entries[limit:]
        part.before = part.entries[-1].seq
    return part


def _counts(entries: Sequence[OpenEntry]) -> dict[str, int]:
    """How many looks of each kind there are."""
    counts = dict.fromkeys(KINDS, 0)
    for entry in entries:
        for kind in _kinds(entry) if entry.act in LOGGED or entry.body is None else ():
            counts[kind] += 1
    return counts


def _kinds(entry: OpenEntry) -> tuple[str, ...]:
    """By the subject's side or by others; refused ones of others besides. An erased one counts as somebody else's."""
    body = entry.body or {}
    if body.get("ground", {}).get("channel") == Channel.OWN:
        return (MINE,)
    return (OFFICIAL, REFUSED) if body.get("result") == "refused" else (OFFICIAL,)
