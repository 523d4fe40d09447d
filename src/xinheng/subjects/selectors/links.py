"""Which accounts stand or stood for a subject, who wants that ended, and what may each reader know of it?

A subject is told every account that may look at its file. An administrator is told which account stands for which
organisation; of a person only that it is one: neither name nor number.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from xinheng.accounts import selectors as accounts
from xinheng.law.enums import SubjectKind
from xinheng.lib.errors import NotFound
from xinheng.store.guard import across_subjects
from xinheng.subjects.models import SubjectAccount, UnlinkRequest
from xinheng.subjects.rules import OWN, Capacity, SubjectFacts, Way, way_to_end
from xinheng.subjects.selectors import by_code, display_name, facts_many, standings


@dataclass(frozen=True, slots=True)
class Link:
    """That an account stands or stood for a subject. ``over``: it has an end."""

    number: int
    subject_id: int
    account_id: int
    capacity: Capacity
    from_at: datetime
    until_at: datetime | None

    @property
    def over(self) -> bool:
        return self.until_at is not None


def _link(row: SubjectAccount) -> Link:
    return Link(row.id, row.subject_id, row.account_id, Capacity(row.capacity), row.from_at, row.until_at)


def links_of(subject_id: int) -> list[Link]:
    """Every account that stands or stood for a subject, the oldest first."""
    return [_link(row) for row in SubjectAccount.objects.filter(subject_id=subject_id).order_by("id")[:1000]]


@across_subjects("the subjects one account stands for; index on the account, few rows")
def links_of_account(account_id: int) -> list[Link]:
    """For whom an account stands or stood, the oldest first."""
    return [_link(row) for row in SubjectAccount.objects.filter(account_id=account_id).order_by("id")[:1000]]


def links_beside(account_id: int, at: datetime) -> list[Link]:
    """Every link, running or over, to the subjects that an account stands for now."""
    return [link for one in standings(account_id, at) for link in links_of(one.subject_id)]


@dataclass(frozen=True, slots=True)
class Asked:
    """An open request to end a link: which, who asked, when and why."""

    number: int
    link: Link
    asked_by: int
    asked_at: datetime
    reason: str


def asked_ends(subject_ids: Iterable[int] | None = None) -> list[Asked]:
    """The open requests to end a link, the oldest first: of some subjects, or all."""
    found = UnlinkRequest.objects.filter(decided_at__isnull=True)
    if subject_ids is not None:
        found = found.filter(subject_id__in=set(subject_ids))
    rows = list(found.order_by("asked_at", "id"))
    links = {link.number: link for one in {row.subject_id for row in rows} for link in links_of(one)}
    return [Asked(row.id, links[row.link_id], row.asked_by, row.asked_at, row.reason) for row in rows]


def asked_ends_count() -> int:
    """How many requests to end a link wait for the competent department."""
    return UnlinkRequest.objects.filter(decided_at__isnull=True).count()


@dataclass(frozen=True, slots=True)
class LinkLine:
    """A link as it is read. ``account``: how the account is called; ``way``: how its end comes about, None when the
    reader has no say; ``asked``: its end is asked for.
    """

    link: Link
    account: str
    mine: bool
    way: str | None
    asked: bool


@dataclass(frozen=True, slots=True)
class FileLines:
    """A file that an account may look at, with everybody who may or might. ``own``: as the subject's own."""

    subject: SubjectFacts
    name: str
    own: bool
    running: tuple[LinkLine, ...]
    over: tuple[LinkLine, ...]


def files_of(account_id: int, at: datetime) -> list[FileLines]:
    """Every file that an account may look at now. Who opens it as the subject's own sees all who stand for it; an agent
    or guardian sees its own link only.
    """
    found = standings(account_id, at)
    known = facts_many(one.subject_id for one in found)
    return [_file(known[one.subject_id], account_id) for one in found]


def _file(subject: SubjectFacts, account_id: int) -> FileLines:
    links = links_of(subject.subject_id)
    own = any(one.account_id == account_id and one.capacity in OWN and not one.over for one in links)
    seen = [one for one in links if own or one.account_id == account_id]
    asked = {one.link.number for one in asked_ends([subject.subject_id])}
    names = _names(one.account_id for one in seen)
    lines = [_line(one, account_id, own, one.number in asked, names) for one in seen]
    over = [line for line in reversed(lines) if line.link.over]
    running = [line for line in lines if not line.link.over]
    return FileLines(subject, display_name(subject.subject_id), own, tuple(running), tuple(over))


def _line(link: Link, account_id: int, own: bool, asked: bool, names: dict[int, str]) -> LinkLine:
    mine = link.account_id == account_id
    way = way_to_end(link.capacity, mine=mine, own=own)
    says = way.value if isinstance(way, Way) and not link.over else None
    return LinkLine(link, names.get(link.account_id, ""), mine, says, asked)


def _names(account_ids: Iterable[int]) -> dict[int, str]:
    return {number: one.display_name for number, one in accounts.names_of(account_ids).items()}


@dataclass(frozen=True, slots=True)
class AdministeredLink:
    """A link as an administrator reads it. ``subject``: name and code of an organisation, empty for a person."""

    link: Link
    username: str
    person: bool
    subject: str
    code: str


@dataclass(frozen=True, slots=True)
class AskedLine:
    """A request to end a link as an administrator reads it; ``by``: user name of who asks."""

    asked: Asked
    administered: AdministeredLink
    by: str


def asked_lines() -> list[AskedLine]:
    """The open requests to end a link, the oldest first."""
    found = asked_ends()
    lines = administered([one.link for one in found])
    return [AskedLine(one, line, _username(one.asked_by)) for one, line in zip(found, lines, strict=True)]


def link_lines(words: str) -> list[AdministeredLink]:
    """The links of the account with exactly this user name, or of the organisation with this code; none for a person's
    name or number.
    """
    words = words.strip()
    body = by_code(words.upper()) if len(words) == 18 else None
    if body is not None:
        return administered(links_of(body.subject_id))
    try:
        return administered(links_of_account(accounts.account_by_username(words.lower()).id))
    except NotFound:
        return []


def administered(links: Sequence[Link]) -> list[AdministeredLink]:
    """Links for an administrator: an organisation by name and code, a person by nothing."""
    known = facts_many(one.subject_id for one in links)
    return [
        AdministeredLink(
            one,
            _username(one.account_id),
            known[one.subject_id].kind is SubjectKind.NATURAL_PERSON,
            known[one.subject_id].name,
            known[one.subject_id].code,
        )
        for one in links
    ]


def _username(account_id: int) -> str:
    return str(accounts.account(account_id).username)
