"""What may everybody see, and how often was it seen?

No ledger entry: what is public is counted per item and hour without the visitor (INV-3). Only organisations are found
here, by code or name; a person's name or number is answered like any word nobody knows (INV-4).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import TypedDict

from xinheng.accounts.selectors import organisation_by_code
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
from xinheng.disclosure.services.operators import operators_of
from xinheng.disclosure.services.shown import Adjust, ShownRecord, facts_of, provider_names, tell
from xinheng.law.enums import SubjectKind
from xinheng.law.lookup import item as item_in_force
from xinheng.law.pack import Bilingual, Pack
from xinheng.lib.codes import check
from xinheng.lib.errors import BadInput, NotFound
from xinheng.lib.text import one_line
from xinheng.records.rules import HeldRecord
from xinheng.records.selectors import data_version, public_page, public_total, records_of, records_of_many
from xinheng.subjects.rules import SubjectFacts as KnownSubject
from xinheng.subjects.selectors import by_identifier, facts_many, search_organisations

VISITOR = Asker(None, None, frozenset(), None, frozenset())
IN_PUBLIC = Ground(Channel.PUBLIC, None, None, None, None)
SHORTEST = 2  # characters of a name that may be searched for


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
    """An organisation that a search may mean. Candidates are never merged."""

    name: str
    code: str
    kind: SubjectKind
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class SearchResult:
    """``kind``: code, name or short (the text was too short to look for). ``more``: there are more than shown."""

    kind: str
    candidates: tuple[Candidate, ...]
    more: bool


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
    subject = _organisation(code)
    if subject is None:
        return ""
    held = records_of(subject.subject_id, with_content=False)
    day = at.astimezone(pack.tz).date()
    rests = (day, pack.label, subject, held, [provider_names(one.provider_id) for one in held])
    return sha256(repr(rests).encode()).hexdigest()


def public_search(*, text: str, at: datetime, pack: Pack, limit: int = 20) -> SearchResult:
    """Organisations with something public whose name contains ``text``, or whose code it is."""
    words = one_line(text)
    verdict = check(words)
    if verdict.kind in ("uscc", "org", "id"):
        found = _public_subject(words, at, pack)
        hits = (Candidate(found.name, found.code, found.kind, found.counts),) if found else ()
        return SearchResult("code", hits, more=False)
    if len(words) < SHORTEST:
        return SearchResult("short", (), more=False)
    candidates = _candidates(words, search_organisations(text=words, limit=4 * limit), at, pack)
    return SearchResult("name", tuple(candidates[:limit]), more=len(candidates) > limit)


def public_list(
    *,
    item: str,
    at: datetime,
    pack: Pack,
    after: str = "",
    limit: int = 20,
    provider: str = "",
    since: date | None = None,
    until: date | None = None,
) -> PublicList:
    """A page of the records of one item that are public today, newest publicity first.

    ``provider``: code of the organisation that sent them; ``since`` and ``until`` bound the day of the decision, both
    days included. Raises NotFound ``item_unknown`` for an item that is not in force, BadInput
    ``paging_key_unreadable``.
    """
    day = at.astimezone(pack.tz).date()
    if item not in pack.items or pack.items[item].on(day) is None:
        raise NotFound("item_unknown")
    asked = narrowed(provider, since, until)
    held = public_page(item_code=item, day=day, before=read_key(after), limit=limit + 1, **asked)
    rows = listed(held[:limit], day, pack)
    count_public([item], at=at)
    version = item_in_force(pack, item, day)
    following = _key(held[limit - 1]) if len(held) > limit else ""
    total = public_total(item_code=item, day=day, **asked)
    return PublicList(item, version.label, tuple(rows), following, version.article, total)


class Narrowed(TypedDict):
    """The filters of a list as the records understand them."""

    provider_id: int | None
    since: date | None
    until: date | None


def narrowed(provider: str, since: date | None, until: date | None) -> Narrowed:
    """Filters as the page gives them: a code, and two days that both count. Raises NotFound for an unknown provider."""
    number = organisation_by_code(provider).id if provider else None
    return Narrowed(provider_id=number, since=since, until=until + timedelta(days=1) if until else None)


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
    subject = _organisation(code)
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


def _organisation(code: str) -> KnownSubject | None:
    """The organisation behind a code; never a person."""
    verdict = check(code)
    scheme = verdict.kind if verdict.kind in ("uscc", "org") else "uscc"
    found = by_identifier(scheme, verdict.canonical or "")
    return None if found is None or found.kind is SubjectKind.NATURAL_PERSON else found


def _candidates(words: str, found: Sequence[KnownSubject], at: datetime, pack: Pack) -> list[Candidate]:
    """The hits that have something public; an individual business only when its public name holds the words (INV-4)."""
    day = at.astimezone(pack.tz).date()
    held = records_of_many([subject.subject_id for subject in found], with_content=False) if found else {}
    operators = operators_of(found, pack)
    candidates = []
    for subject in found:
        mine = held.get(subject.subject_id, [])
        facts = [facts_of(one, pack) for one in mine]
        counts = Counter(
            one.item.code for one in facts if not is_sealed(one) and unpublished(one, subject.kind, day) is None
        )
        name = public_name(subject.name, subject.kind, operators.get(subject.subject_id, ()))
        if counts and words in name:
            candidates.append(Candidate(name, subject.code, subject.kind, counts))
    return candidates


def _key(held: HeldRecord) -> str:
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
