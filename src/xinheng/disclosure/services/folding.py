"""How do the lines of the log of queries come out of the log? (QRY-5)

A sweep reads the sealed entries after the place where it stopped, in the order of the tree, and writes a line for each
query. Nothing of this is on the way of a query. If we crash, the transaction is undone and the next sweep begins at the
same place; two sweeps never meet, for the second one finds the mark locked and leaves.

Flags cannot be worked out anew later, for the law, its calendar and what was erased change. So they are entered in the
transaction that gives them: nobody takes one away unseen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Max, Q

from xinheng.accounts.selectors import accounts_by_username, organisations
from xinheng.disclosure.models import QueryLine, QueryMark, QueryReview
from xinheng.disclosure.rules import Channel, case_words
from xinheng.disclosure.rules.unusual import Flag, Query, Watch, day_of, looks_back, person_back
from xinheng.law.enums import SubjectKind
from xinheng.law.lookup import query_log
from xinheng.law.pack import Pack
from xinheng.ledger.selectors import OpenEntry, leaves, sealed_between
from xinheng.ledger.services import append
from xinheng.lib.text import clean
from xinheng.store.crypto import blind_now, seal
from xinheng.subjects.selectors import facts_many, own_subjects

ANSWERED, DENIED, READ, REVIEWED = "disclosure.answered", "disclosure.refused", "log.read", "query.reviewed"
FLAGGED = "query.flagged"
LINED = (ANSWERED, DENIED, READ)  # each such entry has a line
FOLDED = frozenset({*LINED, REVIEWED})
AUDIT = "audit"
STEP = 2_000  # leaves read in one transaction
ONE_MARK = 1


def fold(*, pack: Pack, at: datetime, step: int = STEP, enters: bool = True) -> int:
    """Write the lines of the next sealed entries; how many places of the tree were read. 0: nothing new, or somebody
    else is at it. Flags are entered, unless the caller does it.
    """
    with transaction.atomic():
        mark = _mark(skip_locked=True)
        if mark is None:
            return 0
        first, last = mark.leaf + 1, min(mark.leaf + step, leaves() - 1)
        if last < first:
            return 0
        read = [one for one in sealed_between(first=first, last=last, acts=FOLDED) if one.body is not None]
        flags = _write([one for one in read if one.act != REVIEWED], pack)
        if flags and enters:
            enter_flags(flags, first=first, last=last, pack=pack, at=at, anew=False)
        _review([one for one in read if one.act == REVIEWED])
        QueryMark.objects.filter(id=ONE_MARK).update(leaf=last)
    return last - first + 1


def rebuild(*, pack: Pack, at: datetime, step: int = STEP) -> int:
    """Read all lines out of the log anew, in one transaction; how many there are. Flags are those of the present law
    pack; one entry has them all.
    """
    with transaction.atomic():
        _mark(skip_locked=False)
        QueryLine.objects.all().delete()
        QueryReview.objects.all().delete()
        QueryMark.objects.filter(id=ONE_MARK).update(leaf=-1)
        while fold(pack=pack, at=at, step=step, enters=False):
            pass
        last = QueryMark.objects.values_list("leaf", flat=True).get(id=ONE_MARK)
        told = QueryLine.objects.exclude(flags="").order_by("leaf").values_list("entry_id", "flags")
        enter_flags(dict(told), first=0, last=last, pack=pack, at=at, anew=True)
        return QueryLine.objects.count()


def enter_flags(flags: Mapping[int, str], *, first: int, last: int, pack: Pack, at: datetime, anew: bool) -> None:
    """One entry ``query.flagged``: which of the lines at the places ``first`` to ``last`` of the tree have flags, and
    which; the others have none. ``anew``: all lines were read again, and what was said before holds no longer.
    """
    append(
        act=FLAGGED,
        at=at,
        law=pack.label,
        actor="system",
        organisation="",
        channel="system",
        subject=None,
        ground={},
        result="done",
        fields={
            "first": first,
            "last": last,
            "anew": anew,
            "flags": {str(entry): text.strip() for entry, text in flags.items()},
        },
    )


def _mark(*, skip_locked: bool) -> QueryMark | None:
    """The mark, locked; None when somebody else holds it. The first reader writes it."""
    QueryMark.objects.bulk_create([QueryMark(id=ONE_MARK, leaf=-1)], ignore_conflicts=True)
    return QueryMark.objects.select_for_update(skip_locked=skip_locked).filter(id=ONE_MARK).first()


# From an entry to its line -------------------------------------------------------------------------------------------


class Known:
    """What lines need of other rooms, read once for many entries."""

    def __init__(self, read: Sequence[OpenEntry]) -> None:
        bodies = [one.body for one in read if one.body is not None]
        self.organisations = {one.code: one.id for one in organisations().prefetch_related(None)}
        claimed = {actor.rpartition(":")[2] for body in bodies if (actor := str(body["actor"])).startswith("cli:")}
        self.claimed = accounts_by_username(claimed)
        self.subjects = facts_many({int(body["subject"]) for body in bodies if body["subject"]})
        self.own = own_subjects({n for body in bodies if (n := self.account(str(body["actor"]))) is not None})

    def account(self, actor: str) -> int | None:
        """The account of an actor; on the command line the one that was claimed."""
        kind, _, rest = actor.partition(":")
        if kind == "account" and rest.isdigit():
            return int(rest)
        return self.claimed.get(rest.rpartition(":")[2]) if kind == "cli" else None


def line_of(entry: OpenEntry, known: Known, pack: Pack) -> QueryLine:
    """The line of one entry, without its flags. The same entry gives the same line, but for the cipher of the case."""
    assert entry.body is not None and entry.index is not None
    body: Mapping[str, Any] = entry.body
    ground, fields = body.get("ground", {}), body.get("fields", {})
    items = fields.get("items", {}) if isinstance(fields.get("items", {}), Mapping) else {}
    case, matter = clean(str(ground.get("case", ""))), str(ground.get("matter", ""))
    subject = known.subjects.get(int(body["subject"] or 0))
    return QueryLine(
        entry_id=entry.entry_id,
        leaf=entry.index,
        at=entry.at,
        ground=str(ground.get("channel", "")),
        organisation_id=known.organisations.get(str(body.get("org", ""))),
        account_id=known.account(str(body["actor"])),
        channel=str(body.get("channel", "")),
        matter=matter if matter in pack.matters else "",
        case_digest=blind_now("case", words) if (words := case_words(case)) else "",
        case_sealed=seal(case.encode(), aad=case_place(entry.entry_id)) if case else None,
        result=str(body.get("result", "")),
        reason=str(ground.get("reason", "")),
        article=str(ground.get("article", "")),
        person=subject.kind is SubjectKind.NATURAL_PERSON if subject else bool(body.get("person", False)),
        items=len(items),
        records=sum(len(list(said.get("records", ()))) for said in items.values()),
        withheld=int(fields.get("hidden", 0)),
        subject_tag=entry.tag,
        asked=str(body.get("asked", "")),
        flags="",
        stage=0,
    )


def case_place(entry_id: int) -> bytes:
    """What the cipher of a case number is bound to."""
    return f"query_line/{entry_id}".encode()


def told(flags: frozenset[Flag]) -> str:
    """Flags as a line keeps them, in the order of the rules, each between blanks."""
    return f" {' '.join(flag for flag in Flag if flag in flags)} " if flags else ""


def flags_of(text: str) -> frozenset[Flag]:
    """The inverse of `told`."""
    return frozenset(Flag(word) for word in text.split())


def _write(read: Sequence[OpenEntry], pack: Pack) -> dict[int, str]:
    """Write the lines of these entries; the flags of those that have any."""
    if not read:
        return {}
    known = Known(read)
    lines = [line_of(entry, known, pack) for entry in read]
    official = [line for line in lines if line.ground == Channel.OFFICIAL]
    tags = {number: facts.tag for number, facts in known.subjects.items()}
    own = {account: tags.get(subject) for account, subject in known.own.items()}
    watch = Watch(pack, _earlier(official, pack))
    for line in official:
        mine = line.subject_tag is not None and own.get(line.account_id or 0) == bytes(line.subject_tag)
        flags = watch.judge(query_of(line, own=mine))
        line.flags, line.stage = told(flags), 2 if flags else 0
    QueryLine.objects.bulk_create(lines, ignore_conflicts=True, batch_size=1000)
    return {line.entry_id: line.flags for line in lines if line.flags}


def query_of(line: QueryLine, *, own: bool = False) -> Query:
    """A line as the rules see it."""
    return Query(
        at=line.at,
        organisation=line.organisation_id,
        account=line.account_id,
        channel=line.channel,
        matter=line.matter,
        case=line.case_digest,
        about=bytes(line.subject_tag).hex() if line.subject_tag is not None else line.asked,
        person=line.person,
        known=line.subject_tag is not None,
        result=line.result,
        reason=line.reason,
        own=own,
        flags=flags_of(line.flags),
    )


def _earlier(lines: Sequence[QueryLine], pack: Pack) -> list[Query]:
    """What the rules must know of the log before these lines, in its order: three questions to the database."""
    if not lines:
        return []
    rules = [query_log(pack, day_of(line.at, pack)) for line in lines]
    begins = min(line.at for line in lines)
    back, far = max(map(looks_back, rules)), max(map(person_back, rules))
    cases = {line.case_digest for line in lines if line.case_digest}
    persons = {bytes(line.subject_tag) for line in lines if line.person and line.subject_tag is not None}
    asked = {line.asked for line in lines if line.person and line.asked}
    official = QueryLine.objects.filter(ground=Channel.OFFICIAL.value)
    found = {line.leaf: line for line in _of_accounts(official, lines, begins - back)}
    of_persons = Q(case_digest__in=cases) | Q(at__gt=begins - far) & (Q(subject_tag__in=persons) | Q(asked__in=asked))
    found |= {line.leaf: line for line in official.filter(of_persons, person=True)}
    return _matters(official, cases) + [query_of(found[leaf]) for leaf in sorted(found)]


def _of_accounts(official: Any, lines: Sequence[QueryLine], since: Any) -> list[QueryLine]:
    """Lines of the same accounts of late that a series or a question may go on from."""
    accounts = {line.account_id for line in lines}
    telling = ~Q(flags="") | Q(result="refused") | ~Q(reason="") | Q(person=True, subject_tag=None)
    return list(official.filter(telling, account_id__in=accounts, at__gt=since - timedelta(seconds=1)))


def _matters(official: Any, cases: set[str]) -> list[Query]:
    """Which matters each case number was used for, one stand-in for each: a case of 10,000 lines is read as one."""
    kept = official.filter(case_digest__in=cases).exclude(matter="")
    rows = kept.values_list("organisation_id", "case_digest", "matter").annotate(at=Max("at")).order_by("at")
    return [
        Query(
            at=at, organisation=body, account=None, channel="", matter=matter, case=case, about="", person=False,
            known=True, result="", reason="",
        )
        for body, case, matter, at in rows
    ]  # fmt: skip


# Reviews -------------------------------------------------------------------------------------------------------------


def _review(read: Sequence[OpenEntry]) -> None:
    rows = []
    for entry in read:
        assert entry.body is not None
        kind, _, number = str(entry.body["actor"]).partition(":")
        line = int(entry.body["fields"]["entry"])
        account = int(number) if kind == "account" and number.isdigit() else None
        rows.append(QueryReview(entry_id=entry.entry_id, line_id=line, account_id=account, at=entry.at))
    QueryReview.objects.bulk_create(rows, ignore_conflicts=True)
    reviewed([row.line_id for row in rows])


def reviewed(entry_ids: Sequence[int]) -> None:
    """Note that unusual queries were looked at."""
    if entry_ids:
        QueryLine.objects.filter(entry_id__in=entry_ids, stage=2).update(stage=1)


def behind() -> int:
    """How many entries of the log are not read yet: those that wait for the sealer and those sealed since."""
    with connection.cursor() as cursor:
        cursor.execute(
            'SELECT (SELECT count(*) FROM ledger_pending) + coalesce((SELECT max("index") FROM ledger_leaf), -1)'
            " - coalesce((SELECT leaf FROM query_mark WHERE id = %s), -1)",
            [ONE_MARK],
        )
        row = cursor.fetchone()
    return max(int(row[0] or 0), 0) if row else 0
