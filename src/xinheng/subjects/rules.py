"""Who is one subject? One subject has one file, found by its keys (ZY-3, SP-3).

An organisation is found by its unified social credit code or its organisation code; a person by the keyed digest of an
identifier. Names never identify anybody.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from xinheng.law.decision import Refused
from xinheng.law.enums import SubjectKind
from xinheng.lib.text import half_width, without_names

HOUSE = "H"  # a rule of the house, cited to no article
HIDDEN = "*"  # part of a spelling, never of what is searched for
PLACEHOLDER = "0" * 17 + "X"  # stands in national files for "number not given": identifies nobody


class Scheme(StrEnum):
    """What kind of identifier is given: a USCC, an organisation code, an identity number, another document of a
    person.
    """

    USCC = "uscc"
    ORG = "org"
    ID = "id"
    DOC = "doc"


class Capacity(StrEnum):
    """In which capacity an account stands for a subject."""

    SELF = "self"
    REPRESENTATIVE = "representative"
    AGENT = "agent"
    GUARDIAN = "guardian"


@dataclass(frozen=True, slots=True)
class Standing:
    """For whom an account stands now, and in which capacity."""

    subject_id: int
    capacity: Capacity


OWN = (Capacity.SELF, Capacity.REPRESENTATIVE)  # capacities that open the file as the subject's own


class Way(StrEnum):
    """How a link of an account to a file comes to its end when somebody of the file wants it."""

    AT_ONCE = "at_once"
    ASKED = "asked"


def way_to_end(capacity: Capacity, *, mine: bool, own: bool) -> Way | Refused:
    """How may an account that stands for a subject end a link to it? House rules.

    ``mine``: the link is the account's own; ``own``: the account opens the file as the subject's own. Who stands for
    another may lay that down, and whose file it is may take it from an agent, both at once. A representative, a
    guardian and a second account of the person itself are for the competent department to look at: that is no choice.
    """
    if mine:
        return Refused("link_own_self", HOUSE) if capacity is Capacity.SELF else Way.AT_ONCE
    if not own:
        return Refused("link_not_yours", HOUSE)
    return Way.AT_ONCE if capacity is Capacity.AGENT else Way.ASKED


@dataclass(frozen=True, slots=True)
class SubjectFacts:
    """What the rooms above may know of a subject. ``name`` and ``code`` are empty for a natural person."""

    subject_id: int
    kind: SubjectKind
    name: str
    code: str
    tag: bytes
    frozen: bool


@dataclass(frozen=True, slots=True)
class SubjectClaim:
    """A subject as a row names it.

    ``identifier`` is canonical (checked upstream): 18 characters of a USCC, 9 of an organisation code, 18 of an
    identity number, or ``<document kind>:<number>`` for another document. ``on`` is the day on which the name held
    (the day of decision). ``operator``: the person whom the row names behind an individual business.
    """

    kind: SubjectKind
    scheme: Scheme
    identifier: str = field(repr=False)
    name: str = field(repr=False)
    on: date
    source: str = ""
    operator: str = field(default="", repr=False)

    @property
    def personal(self) -> bool:
        return self.scheme in (Scheme.ID, Scheme.DOC)


@dataclass(frozen=True, slots=True)
class NameSpan:
    """A name of an organisation over a half-open period of days; ``until`` None: still held."""

    name: str
    from_on: date
    until_on: date | None
    source: str


def fault(claim: SubjectClaim) -> str | None:
    """The stable code of what forbids a file for this claim, or None.

    A person has no file under an organisation's code and the reverse; the placeholder number identifies nobody; an
    individual business is found by its own code, never by its operator's number (INV-4).
    """
    person = claim.kind is SubjectKind.NATURAL_PERSON
    if not claim.identifier:
        return "subject_without_identifier"
    if claim.identifier.upper() == PLACEHOLDER:
        return "placeholder_identifies_nobody"
    if person is not claim.personal:
        return "identifier_of_another_kind"
    return None


def schemes_of(identifier: str) -> tuple[Scheme, ...]:
    """The schemes an identifier of unnamed kind may belong to, told by its shape."""
    if len(identifier) == 9:
        return (Scheme.ORG,)
    if len(identifier) == 18:
        return (Scheme.USCC, Scheme.ID) if identifier[:-1].isdigit() else (Scheme.USCC,)
    return ()


def section(uscc: str) -> str:
    """The organisation code inside a unified social credit code: characters 9 to 17 (GB 32100)."""
    return uscc[8:17]


def spans(names: Iterable[tuple[str, date, date | None, str]]) -> list[NameSpan]:
    """Name history out of (name, from, until or None, source): each span ends where the next name begins, if not
    before.
    """
    ordered = sorted(names, key=lambda row: (row[1], row[0]))
    merged: list[tuple[str, date, date | None, str]] = []
    for row in ordered:
        if merged and merged[-1][0] == row[0] and merged[-1][2] is None:
            continue
        merged.append(row)
    out: list[NameSpan] = []
    for place, (name, start, end, source) in enumerate(merged):
        following = merged[place + 1][1] if place + 1 < len(merged) else None
        until = min((day for day in (end, following) if day is not None), default=None)
        out.append(NameSpan(name, start, until, source))
    return out


def spelled(name: str, kind: SubjectKind, operators: Iterable[str]) -> str:
    """The name as everybody may search it: an individual business without its operators' names inside (INV-4)."""
    if kind is SubjectKind.NATURAL_PERSON:
        return ""
    return without_names(name, operators) if kind is SubjectKind.INDIVIDUAL_BUSINESS else name


def plain(name: str) -> str:
    """A name for comparing: letters, digits and Chinese characters in one width and case; hidden parts stay parts."""
    return "".join(c for c in half_width(name).casefold() if c.isalnum() or c == HIDDEN)


def pairs(text: str) -> list[str]:
    """Every two characters that stand side by side in a `plain` text, each once, in order."""
    return sorted({text[at : at + 2] for at in range(len(text) - 1)})
