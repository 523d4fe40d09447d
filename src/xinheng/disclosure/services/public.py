"""What may everybody see, and how often was it seen?

No ledger entry: what is public is counted per item and hour without the visitor (INV-3). Only organisations are found
here, by code or name; a person's name or number is answered like any word nobody knows (INV-4).
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

from xinheng.accounts.selectors import organisation_by_code, organisations
from xinheng.disclosure.rules import (
    Asker,
    Channel,
    Ground,
    SubjectFacts,
    is_sealed,
    public_name,
    unpublished,
)
from xinheng.disclosure.services.counting import count_public
from xinheng.disclosure.services.finding import MOST, SHORTEST, Hit, find
from xinheng.disclosure.services.operators import operators_of
from xinheng.disclosure.services.shown import Adjust, ShownRecord, facts_of, provider_names, tell
from xinheng.law.enums import SubjectKind
from xinheng.law.lookup import item as item_in_force
from xinheng.law.pack import Bilingual, Pack
from xinheng.lib.codes import check
from xinheng.lib.dates import day_after
from xinheng.lib.errors import BadInput, NotFound
from xinheng.lib.text import clean, one_line
from xinheng.records.rules import HeldRecord
from xinheng.records.selectors import (
    ALL,
    Narrowed,
    data_version,
    public_page,
    public_providers,
    public_total,
    records_of,
    records_of_many,
)
from xinheng.subjects.rules import HIDDEN, plain
from xinheng.subjects.rules import SubjectFacts as KnownSubject
from xinheng.subjects.selectors import by_identifier, facts_many

VISITOR = Asker(None, None, frozenset(), None, frozenset())
IN_PUBLIC = Ground(Channel.PUBLIC, None, None, None, None)


@dataclass(frozen=True, slots=True)
class PublicSubject:
    """An organisation with what is public about it today. ``counts``: item code -> number of records."""

    name: str
    code: str
    kind: SubjectKind
    records: tuple[ShownRecord, ...]
    counts: Mapping[str, int]
    data_version: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """An organisation that a search may mean. Candidates are never merged. ``why``: code or a value of `Why`;
    ``former``: the former name that was found, "" where the present one was.
    """

    name: str
    code: str
    kind: SubjectKind
    counts: Mapping[str, int]
    why: str
    former: str = ""


@dataclass(frozen=True, slots=True)
class SearchResult:
    """``kind``: code, name or short (the text was too short to look for). ``total``: how many were found, at most
    `MOST`; ``skipped`` of them come before these candidates, ``following`` is what to skip next, 0 on the last page.
    """

    kind: str
    candidates: tuple[Candidate, ...]
    total: int
    skipped: int = 0
    following: int = 0

    @property
    def crowded(self) -> bool:
        """Whether there may be more than a search tells apart."""
        return self.total >= MOST

    def as_dict(self) -> dict[str, object]:
        """The answer to a machine; ``next`` is what to skip next, "" on the last page."""
        shown = [
            {
                "name": one.name,
                "code": one.code,
                "kind": one.kind.value,
                "why": one.why,
                "former": one.former,
                "counts": dict(one.counts),
            }
            for one in self.candidates
        ]
        return {"candidates": shown, "total": self.total, "next": str(self.following or "")}


NOBODY = SearchResult("name", (), 0)


@dataclass(frozen=True, slots=True)
class ListedRecord:
    """A row of a public list, with the organisation it is about."""

    subject_name: str
    subject_code: str
    subject_kind: SubjectKind
    record: ShownRecord


@dataclass(frozen=True, slots=True)
class PublicList:
    """A page of a public list. ``after`` is the key of the next page, "" on the last; ``total`` counts the whole
    list.
    """

    item: str
    label: Bilingual
    rows: tuple[ListedRecord, ...]
    after: str
    article: str
    total: int


def public_subject(*, code: str, at: datetime, pack: Pack) -> PublicSubject | None:
    """The public page of an organisation, or None.

    None alike for a code nobody knows, a text that is no code, a person's number, and an organisation of which
    nothing is public today: a visitor can't tell whether a file exists.
    """
    found = _public_subject(code, at, pack)
    count_public([record.item for record in found.records] if found else [], at=at)
    return found


def public_state(*, code: str, at: datetime, pack: Pack) -> str:
    """What the answer of `public_subject` rests on: while this is the same, the answer is the same.

    A digest over the legal day, the law, the organisation, every record with its version, state and periods, and who
    provided it; "" when nobody is found by the code.
    """
    subject = organisation_of(code)
    if subject is None:
        return ""
    held = records_of(subject.subject_id, with_content=False)
    day = at.astimezone(pack.tz).date()
    rests = (day, pack.label, subject, held, [provider_names(one.provider_id) for one in held])
    return sha256(repr(rests).encode()).hexdigest()


def public_search(*, text: str, at: datetime, pack: Pack, limit: int = 20, skip: int = 0) -> SearchResult:
    """Organisations with something public that have, had or nearly have ``text`` in their name, or whose code it is.

    A person is never found, nor an organisation by a person: a number or name on file is answered with the same
    statements as one nobody knows (INV-4).
    """
    words = one_line(text)
    verdict = check(words)
    if verdict.kind in ("uscc", "org", "id"):
        found = _public_subject(words, at, pack)
        hits = (Candidate(found.name, found.code, found.kind, found.counts, "code"),) if found else ()
        return SearchResult("code", hits, len(hits))
    if len(words) < SHORTEST:
        return SearchResult("short", (), 0)
    day = at.astimezone(pack.tz).date()
    every = find(text=clean(text), day=day, pack=pack)
    shown = every[skip : skip + limit]
    following = skip + limit if len(every) > skip + limit else 0
    return SearchResult("name", tuple(_candidates(shown, day, pack)), len(every), skip, following)


@dataclass(frozen=True, slots=True)
class Filters:
    """How a visitor narrows a list: code of the organisation that sent the records, days of decision (both count), and
    words of the name of the organisation that they are about. Empty: not narrowed.
    """

    provider: str = ""
    since: date | None = None
    until: date | None = None
    words: str = ""


EVERYTHING = Filters()


def public_list(
    *, item: str, at: datetime, pack: Pack, after: str = "", limit: int = 20, filters: Filters = EVERYTHING
) -> PublicList:
    """A page of the records of one item that are public today, newest publicity first.

    Raises NotFound ``item_unknown`` for an item that is not in force, ``organisation_unknown`` for a provider nobody
    knows, BadInput ``paging_key_unreadable``.
    """
    day = at.astimezone(pack.tz).date()
    if item not in pack.items or pack.items[item].on(day) is None:
        raise NotFound("item_unknown")
    to = narrowed(filters)
    held = public_page(item_code=item, day=day, before=read_key(after), limit=limit + 1, to=to)
    rows = listed(held[:limit], day, pack)
    count_public([item], at=at)
    version = item_in_force(pack, item, day)
    following = key_of(held[limit - 1]) if len(held) > limit else ""
    return PublicList(item, version.label, tuple(rows), following, version.article, list_total(item, day, to))


def public_list_state(*, items: Sequence[str], at: datetime, pack: Pack, limit: int = 20) -> str:
    """What the first pages of these lists rest on: while this is the same, `public_list` answers the same.

    A digest over the legal day, the law, and of each list its length, its records with version, state and periods,
    whom they are about under which name, and who provided them.
    """
    day = at.astimezone(pack.tz).date()
    rests: list[object] = [day, pack.label, limit]
    for item in items:
        held = public_page(item_code=item, day=day, limit=limit + 1, with_content=False)
        subjects = facts_many({one.subject_id for one in held})
        operators = operators_of(subjects.values(), pack)
        about = [(subjects[one.subject_id], operators.get(one.subject_id, ())) for one in held]
        rests.append((item, list_total(item, day, ALL), held, about, [provider_names(one.provider_id) for one in held]))
    return sha256(repr(rests).encode()).hexdigest()


def public_length(*, item: str, at: datetime, pack: Pack) -> int:
    """How many records of an item are public today."""
    return list_total(item, at.astimezone(pack.tz).date(), ALL)


def list_providers(*, item: str, at: datetime, pack: Pack) -> list[tuple[str, Bilingual]]:
    """(code, name) of the organisations that provided something in a list, by name."""
    found = public_providers(item_code=item, day=at.astimezone(pack.tz).date())
    known = organisations().prefetch_related(None).filter(id__in=found).values_list("code", "name_zh", "name_en")
    return [(code, Bilingual(zh, en or zh)) for code, zh, en in known]


def narrowed(filters: Filters) -> Narrowed:
    """Filters as the records understand them. Raises NotFound for an unknown provider, BadInput for a single sign."""
    number = organisation_by_code(filters.provider).id if filters.provider else None
    words = tuple(word for part in filters.words.split() if (word := plain(part).replace(HIDDEN, "")))
    if filters.words.strip() and (not words or any(len(word) < SHORTEST for word in words)):
        raise BadInput("list_words_short")
    until = day_after(filters.until) if filters.until else None
    return Narrowed(provider_id=number, since=filters.since, until=until, words=words)


_totals: dict[tuple[str, date, Narrowed], tuple[float, int]] = {}  # what was counted when
_COUNTED_EACH_TIME = 2_000
_TOTALS_KEPT_SECONDS = 60.0
_TOTALS_KEPT = 2_000


def list_total(item: str, day: date, to: Narrowed) -> int:
    """How long a list is: a short one counted each time, a long one once a minute and anew on another day."""
    total = public_total(item_code=item, day=day, to=to, most=_COUNTED_EACH_TIME + 1)
    if total <= _COUNTED_EACH_TIME:
        return total
    known, now = _totals.get((item, day, to)), time.monotonic()
    if known is not None and now - known[0] < _TOTALS_KEPT_SECONDS:
        return known[1]
    if len(_totals) >= _TOTALS_KEPT:
        _totals.clear()
    total = public_total(item_code=item, day=day, to=to)
    _totals[item, day, to] = (now, total)
    return total


def listed(held: Sequence[HeldRecord], day: date, pack: Pack, adjust: Adjust | None = None) -> list[ListedRecord]:
    """Rows of a list out of records of many organisations; what may not be public is left out."""
    subjects = facts_many({one.subject_id for one in held})
    operators = operators_of(subjects.values(), pack)
    rows: list[ListedRecord] = []
    for one in held:
        subject = subjects[one.subject_id]
        facts = SubjectFacts(subject.subject_id, subject.kind, subject.frozen)
        hidden = operators.get(one.subject_id, ())
        told = tell(
            asker=VISITOR,
            ground=IN_PUBLIC,
            subject=facts,
            held=[one],
            day=day,
            pack=pack,
            adjust=adjust,
            dates=True,
            operators=hidden,
        )
        name = public_name(subject.name, subject.kind, hidden)
        rows += [ListedRecord(name, subject.code, subject.kind, record) for record in told.records]
    return rows


def about(code: str, at: datetime, pack: Pack, adjust: Adjust | None = None) -> PublicSubject | None:
    """`public_subject` without counting, with ``adjust`` taking away from the decision."""
    return _public_subject(code, at, pack, adjust)


def _public_subject(code: str, at: datetime, pack: Pack, adjust: Adjust | None = None) -> PublicSubject | None:
    subject = organisation_of(code)
    if subject is None:
        return None
    day = at.astimezone(pack.tz).date()
    held = records_of(subject.subject_id)
    facts = SubjectFacts(subject.subject_id, subject.kind, subject.frozen)
    hidden = operators_of([subject], pack).get(subject.subject_id, ())
    told = tell(
        asker=VISITOR,
        ground=IN_PUBLIC,
        subject=facts,
        held=held,
        day=day,
        pack=pack,
        adjust=adjust,
        dates=True,
        operators=hidden,
    )
    if not told.records:
        return None
    name = public_name(subject.name, subject.kind, hidden)
    counts = Counter(record.item for record in told.records)
    return PublicSubject(name, subject.code, subject.kind, told.records, counts, data_version(told.held))


def organisation_of(code: str) -> KnownSubject | None:
    """The organisation behind a code; never a person."""
    verdict = check(code)
    scheme = verdict.kind if verdict.kind in ("uscc", "org") else "uscc"
    found = by_identifier(scheme, verdict.canonical or "")
    return None if found is None or found.kind is SubjectKind.NATURAL_PERSON else found


def _candidates(hits: Sequence[Hit], day: date, pack: Pack) -> list[Candidate]:
    """The hits as they are shown. Looked at once more: something is public, and no operator's name was found or is
    shown (INV-4).
    """
    if not hits:
        return []
    subjects = facts_many(hit.subject_id for hit in hits)
    held = records_of_many([hit.subject_id for hit in hits], with_content=False)
    operators = operators_of(subjects.values(), pack)
    candidates = []
    for hit in hits:
        subject = subjects[hit.subject_id]
        facts = [facts_of(one, pack) for one in held[hit.subject_id]]
        counts = Counter(
            one.item.code for one in facts if not is_sealed(one) and unpublished(one, subject.kind, day) is None
        )
        hidden = operators.get(hit.subject_id, ())
        if counts and public_name(hit.name, subject.kind, hidden) == hit.name:
            name = public_name(subject.name, subject.kind, hidden)
            former = hit.name if hit.name != name else ""
            candidates.append(Candidate(name, subject.code, subject.kind, counts, hit.why.value, former))
    return candidates


def key_of(held: HeldRecord) -> str:
    assert held.publicity is not None
    return f"{held.publicity.from_.isoformat()}_{held.record_id}"


def read_key(text: str) -> tuple[date, int] | None:
    if not text:
        return None
    day, _, number = text.partition("_")
    try:
        return date.fromisoformat(day), int(number)
    except ValueError:
        raise BadInput("paging_key_unreadable") from None
