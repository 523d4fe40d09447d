"""Who asked what, and what may an auditor want explained? (QRY-5)

Every reading — a page with its filter, a file, one query opened, a review — is entered in the log and committed before
anything is handed out. Whom a query was about is told to nobody here: only which other queries were about the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from xinheng.accounts.selectors import StaffFacts, names_of, organisations
from xinheng.disclosure.models import QueryLine, QueryReview
from xinheng.disclosure.rules import Channel, case_words
from xinheng.disclosure.rules.unusual import Flag
from xinheng.disclosure.services.folding import AUDIT, READ, REVIEWED, behind, case_place, flags_of, reviewed
from xinheng.disclosure.services.looks import LOG_PAGE, Look, looks_of
from xinheng.disclosure.services.official import holds_number_of_person
from xinheng.law.pack import Bilingual, Pack
from xinheng.ledger.rules import Receipt
from xinheng.ledger.selectors import entry as ledger_entry
from xinheng.ledger.selectors import opened_entries
from xinheng.ledger.services import append
from xinheng.lib.clock import stamp
from xinheng.lib.dates import day_after
from xinheng.lib.errors import BadInput, NotAllowed, NotFound
from xinheng.lib.sheetsafe import as_csv
from xinheng.lib.text import clean
from xinheng.store.crypto import blind, unseal

OFFICIAL = Channel.OFFICIAL.value
GROUNDS = (OFFICIAL, Channel.OWN.value, AUDIT)  # kinds of lines
CHANNELS = ("web", "api", "cli")
UNUSUAL, NEWEST = "unusual", "newest"
EXPORTED = 10_000  # lines in one file
SAME_SHOWN = 20
_KEYS = {UNUSUAL: re.compile(r"([0-2])-(\d{1,18})"), NEWEST: re.compile(r"()(\d{1,18})")}


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads the log: an auditor or supervisor, and the organisation."""

    account_id: int
    organisation: str


@dataclass(frozen=True, slots=True)
class LogFilter:
    """What the reader looks for; empty means all. ``order``: the unusual ones first, or newest first."""

    order: str = UNUSUAL
    ground: str = OFFICIAL
    organisation: str = ""
    matter: str = ""
    result: str = ""
    reason: str = ""
    channel: str = ""
    persons: bool = False
    since: date | None = None
    until: date | None = None
    case_number: str = ""
    entry: int | None = None

    def said(self) -> dict[str, str]:
        """The filter as its entry tells it."""
        told = {
            "order": self.order,
            "ground": self.ground,
            "organisation": self.organisation,
            "matter": self.matter,
            "result": self.result,
            "reason": self.reason,
            "channel": self.channel,
            "persons": "only" if self.persons else "",
            "since": self.since.isoformat() if self.since else "",
            "until": self.until.isoformat() if self.until else "",
            "case": self.case_number,
            "entry": str(self.entry or ""),
        }
        return {name: value for name, value in told.items() if value}


@dataclass(frozen=True, slots=True)
class Line:
    """One query as a list shows it. ``flags`` are codes of what is unusual; ``reviewed``: somebody looked at it."""

    entry_id: int
    at: datetime
    ground: str
    organisation: Bilingual
    officer: StaffFacts | None
    channel: str
    matter: Bilingual
    case_number: str
    result: str
    reason: str
    article: str
    person: bool
    items: int
    records: int
    withheld: int
    flags: tuple[str, ...]
    reviewed: bool


@dataclass(frozen=True, slots=True)
class LogPage:
    """Lines with the key of the next page ("" on the last), and how many entries of the log are not read yet."""

    rows: tuple[Line, ...]
    next_key: str
    first: bool
    behind: int
    receipt: Receipt


@dataclass(frozen=True, slots=True)
class Review:
    """An auditor's words about a query; ``words`` is empty when they were lawfully erased."""

    entry_id: int
    at: datetime
    reviewer: str
    words: str


@dataclass(frozen=True, slots=True)
class OpenedLine:
    """One query with all that its entry says, but for whom it was about. ``same``: other queries about the same."""

    line: Line
    look: Look
    same: tuple[Line, ...]
    more: int
    reviews: tuple[Review, ...]
    receipt: Receipt


def read_lines(
    *, reader: Reader, asked: LogFilter, after: str, at: datetime, pack: Pack, limit: int = LOG_PAGE
) -> LogPage:
    """A page of the log of queries; the reading with its filter is entered first.

    Raises BadInput ``paging_key_unreadable``, and ``ground_holds_identifier`` for a number of a person in the filter.
    """
    with transaction.atomic():
        found = list(_ordered(_filtered(asked, pack), asked.order, after)[: limit + 1])
        shown = found[:limit]
        said, unread = asked.said() | ({"after": after} if after else {}), behind()
        receipt = _enter(reader, "log", said, shown=shown, at=at, pack=pack)
    return LogPage(
        rows=_lines(shown, pack),
        next_key=_key(shown[-1], asked.order) if len(found) > limit else "",
        first=not after,
        behind=unread,
        receipt=receipt,
    )


def export_lines(*, reader: Reader, asked: LogFilter, at: datetime, pack: Pack) -> str:
    """The lines of a filter as CSV, at most 10,000; the export is entered first. Raises BadInput as `read_lines`."""
    with transaction.atomic():
        found = list(_ordered(_filtered(asked, pack), asked.order, "")[:EXPORTED])
        _enter(reader, "export", asked.said(), shown=found, at=at, pack=pack)
    head = [
        "entry", "at", "ground", "organisation", "department", "staff_number", "officer", "channel", "matter", "case",
        "result", "reason", "article", "person", "items", "records", "withheld", "unusual", "reviewed",
    ]  # fmt: skip
    return as_csv([head, *(_row(line) for line in _lines(found, pack))])


def open_line(*, reader: Reader, entry_id: int, at: datetime, pack: Pack) -> OpenedLine:
    """One query with what its entry says; the opening is entered first, also of an entry that has no line.

    Raises NotFound ``query_unknown``: no such query, its content erased, or not read out of the log yet.
    """
    with transaction.atomic():
        line = QueryLine.objects.filter(entry_id=entry_id).first()
        opened = ledger_entry(entry_id) if line is not None else None
        shown = [] if line is None else [line]
        receipt = _enter(reader, "entry", {"entry": str(entry_id)}, shown=shown, at=at, pack=pack)
        same = [] if line is None else list(_same(line)[: SAME_SHOWN + 1])
        more = 0 if line is None or len(same) <= SAME_SHOWN else _same(line).count() - SAME_SHOWN
        reviews = _reviews(entry_id)
    if line is None or opened is None or opened.body is None:
        raise NotFound("query_unknown", entry=str(entry_id))
    lines = _lines([line, *same[:SAME_SHOWN]], pack)
    look = looks_of([opened], pack, officers=True)[0]
    return OpenedLine(lines[0], look, lines[1:], more, reviews, receipt)


def review_line(*, reader: Reader, entry_id: int, words: str, at: datetime, pack: Pack) -> Receipt:
    """Note in words that an official query was looked at; any number of reviews may follow one another.

    Raises NotFound ``query_unknown``, BadInput ``review_without_words`` and ``ground_holds_identifier``, NotAllowed
    ``review_of_oneself`` for the officer who asked, whatever roles he has now.
    """
    said = clean(words)
    if not said:
        raise BadInput("review_without_words")
    if holds_number_of_person(said):
        raise BadInput("ground_holds_identifier")
    with transaction.atomic():
        line = QueryLine.objects.select_for_update().filter(entry_id=entry_id, ground=OFFICIAL).first()
        if line is None:
            raise NotFound("query_unknown", entry=str(entry_id))
        if line.account_id == reader.account_id:
            raise NotAllowed("review_of_oneself")
        receipt = append(
            act=REVIEWED,
            at=at,
            law=pack.label,
            actor=f"account:{reader.account_id}",
            organisation=reader.organisation,
            channel="web",
            subject=None,
            ground={"channel": AUDIT, "purpose": "review", "words": said},
            result="done",
            fields={"entry": str(entry_id), "flags": sorted(flags_of(line.flags))},
        )
        QueryReview.objects.create(
            entry_id=receipt.entry_id, line_id=entry_id, account_id=reader.account_id, at=receipt.at
        )
        reviewed([entry_id])
    return receipt


# The lines -----------------------------------------------------------------------------------------------------------


def _filtered(asked: LogFilter, pack: Pack) -> QuerySet[QueryLine]:
    """The lines of a filter."""
    if holds_number_of_person(asked.case_number):
        raise BadInput("ground_holds_identifier")
    wanted = Q()
    if asked.organisation:
        wanted &= Q(organisation_id__in=organisations().filter(code=asked.organisation).values("id"))
    for name in ("ground", "matter", "result", "reason", "channel"):
        if value := getattr(asked, name):
            wanted &= Q(**{name: value})
    if asked.persons:
        wanted &= Q(person=True)
    if asked.since:
        wanted &= Q(at__gte=_begins(asked.since, pack))
    if asked.until and (end := day_after(asked.until)):
        wanted &= Q(at__lt=_begins(end, pack))
    if asked.case_number:
        wanted &= Q(case_digest__in=blind("case", case_words(asked.case_number)))
    if asked.entry is not None:
        wanted &= Q(entry_id=asked.entry)
    return QueryLine.objects.filter(wanted)


def _begins(day: date, pack: Pack) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=pack.tz)


def _ordered(lines: QuerySet[QueryLine], order: str, after: str) -> QuerySet[QueryLine]:
    """In the order asked for, after the key of the last line shown."""
    if after:
        key = _KEYS[order].fullmatch(after)
        if key is None:
            raise BadInput("paging_key_unreadable")
        here = Q(leaf__lt=int(key[2]))
        lines = lines.filter(here if order == NEWEST else Q(stage__lt=int(key[1])) | Q(stage=int(key[1])) & here)
    return lines.order_by("-leaf") if order == NEWEST else lines.order_by("-stage", "-leaf")


def _key(line: QueryLine, order: str) -> str:
    return str(line.leaf) if order == NEWEST else f"{line.stage}-{line.leaf}"


def _same(line: QueryLine) -> QuerySet[QueryLine]:
    """Other official queries about the same subject, or the same identifier that nobody knows; newest first."""
    others = QueryLine.objects.filter(ground=OFFICIAL).exclude(entry_id=line.entry_id).order_by("-leaf")
    if line.subject_tag is not None:
        return others.filter(subject_tag=bytes(line.subject_tag))
    return others.filter(asked=line.asked) if line.asked else others.none()


def _enter(
    reader: Reader,
    purpose: str,
    said: Mapping[str, str],
    *,
    shown: Sequence[QueryLine],
    at: datetime,
    pack: Pack,
) -> Receipt:
    return append(
        act=READ,
        at=at,
        law=pack.label,
        actor=f"account:{reader.account_id}",
        organisation=reader.organisation,
        channel="web",
        subject=None,
        ground={"channel": AUDIT, "purpose": purpose, "filter": dict(said)},
        result="done",
        fields={"entries": len(shown), "first": str(shown[0].entry_id) if shown else ""},
    )


def _lines(found: Iterable[QueryLine], pack: Pack) -> tuple[Line, ...]:
    """Lines in words: two questions to the database, however many they are."""
    kept = list(found)
    bodies = {o.id: Bilingual(zh=o.name_zh, en=o.name_en or o.name_zh) for o in organisations().prefetch_related(None)}
    people = names_of({line.account_id for line in kept if line.account_id is not None}) if kept else {}
    return tuple(_line(line, bodies, people, pack) for line in kept)


def _line(line: QueryLine, bodies: Mapping[int, Bilingual], people: Mapping[int, StaffFacts], pack: Pack) -> Line:
    nobody = Bilingual(zh="", en="")
    sealed = line.case_sealed
    return Line(
        entry_id=line.entry_id,
        at=line.at,
        ground=line.ground,
        organisation=bodies.get(line.organisation_id or 0, nobody),
        officer=people.get(line.account_id or 0) if line.organisation_id is not None else None,
        channel=line.channel,
        matter=_matter(line, pack),
        case_number=unseal(bytes(sealed), aad=case_place(line.entry_id)).decode() if sealed is not None else "",
        result=line.result,
        reason=line.reason,
        article=line.article,
        person=line.person,
        items=line.items,
        records=line.records,
        withheld=line.withheld,
        flags=tuple(flag.value for flag in Flag if flag in flags_of(line.flags)),
        reviewed=line.stage == 1,
    )


def _matter(line: QueryLine, pack: Pack) -> Bilingual:
    timeline = pack.matters.get(line.matter)
    value = timeline.on(line.at.astimezone(pack.tz).date()) if timeline else None
    label = value.label if value else timeline.label if timeline else None
    return label or Bilingual(zh="", en="")


def _row(line: Line) -> list[str]:
    officer = line.officer
    return [
        str(line.entry_id),
        stamp(line.at),
        line.ground,
        line.organisation.zh,
        officer.department if officer else "",
        officer.staff_number if officer else "",
        officer.display_name if officer else "",
        line.channel,
        line.matter.zh,
        line.case_number,
        line.result,
        line.reason,
        line.article,
        "1" if line.person else "0",
        str(line.items),
        str(line.records),
        str(line.withheld),
        " ".join(line.flags),
        "1" if line.reviewed else "0",
    ]


def _reviews(entry_id: int) -> tuple[Review, ...]:
    """The reviews of a query, oldest first."""
    rows = list(QueryReview.objects.filter(line_id=entry_id).order_by("at", "entry_id"))
    opened = opened_entries([row.entry_id for row in rows]) if rows else {}
    people = names_of({row.account_id for row in rows if row.account_id is not None}) if rows else {}

    def words(row: QueryReview) -> str:
        found = opened.get(row.entry_id)
        body: Mapping[str, Any] = (found.body if found else None) or {}
        return str(body.get("ground", {}).get("words", ""))

    return tuple(
        Review(
            row.entry_id, row.at, people[row.account_id].display_name if row.account_id in people else "", words(row)
        )
        for row in rows
    )
