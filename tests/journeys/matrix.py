"""Who gets what, at which door, on which ground, in which state of the session? The access matrix as a table.

Written from the law and not from the code, like `tests/disclosure/oracle.py`: nothing of `xinheng` is called here. Each
family of doors has its axes and its lines; the first line that fits a cell says what it must answer. `test_matrix.py`
plays the cells, and `tools/build_reference.py` prints the same lines as ``docs/reference/access.md``.

A new page is placed by one line in `src/xinheng/ui/whose.py`. One that opens records on a stated ground
(``Whose.CASE``) needs a line in `GROUNDED` as well: the family that plays it, or the test that does.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

Cell = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Then:
    """What a cell must answer. ``status``: one that fits; the command line has none. ``reason``: code of
    the refusal, which names the article that the law pack gives for it. ``entries``: how many the ledger gains, None
    where that is not this table's affair. ``shows``: whose record the answer may hold: "" nobody's, else a word of
    the family.
    """

    status: tuple[int, ...]
    reason: str = ""
    entries: int | None = 0
    shows: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """``when``: axis -> the values it holds for; an axis left out does not matter."""

    when: Mapping[str, tuple[str, ...]]
    then: Then
    why: str

    def fits(self, cell: Cell) -> bool:
        return all(cell[axis] in values for axis, values in self.when.items())


@dataclass(frozen=True, slots=True)
class Family:
    """Doors of one kind. ``impossible``: combinations of values that no cell can have."""

    name: str
    says: str
    axes: Mapping[str, tuple[str, ...]]
    lines: tuple[Line, ...]
    impossible: tuple[Mapping[str, tuple[str, ...]], ...] = ()
    open_axes: Mapping[str, str] = field(default_factory=dict)  # axis -> the value that hides nothing behind it

    def cells(self) -> Iterator[dict[str, str]]:
        """Every cell that can be."""
        for values in itertools.product(*self.axes.values()):
            cell = dict(zip(self.axes, values, strict=True))
            if not any(all(cell[axis] in barred for axis, barred in one.items()) for one in self.impossible):
                yield cell

    def expected(self, cell: Cell) -> Then:
        """What the first line that fits says. Raises LookupError for a cell that the table forgets."""
        for line in self.lines:
            if line.fits(cell):
                return line.then
        raise LookupError(f"{self.name}: no line fits {dict(cell)}")

    def pairs(self) -> list[dict[str, str]]:
        """Cells in which every two values of two axes meet, and meet again where nothing hides them: a visitor's cell
        says nothing about matters, so once each of ``open_axes`` is held open in turn, at last all of them together.
        """
        everything, chosen = list(self.cells()), []
        held: dict[str, str] = {}
        for step in (None, *self.open_axes):
            if step is not None:
                held[step] = self.open_axes[step]
            free = [cell for cell in everything if all(cell[axis] == value for axis, value in held.items())]
            chosen += [cell for cell in covering(free) if cell not in chosen]
        return chosen


def covering(cells: Iterable[dict[str, str]]) -> list[dict[str, str]]:
    """Of ``cells`` so many that every pair of values that occurs in one occurs in one of them; the same each time."""
    shuffled = list(cells)
    random.Random(2026).shuffle(shuffled)
    met: set[frozenset[tuple[str, str]]] = set()
    chosen = []
    for cell in shuffled:
        pairs = {frozenset(pair) for pair in itertools.combinations(cell.items(), 2)}
        if not pairs <= met:
            met |= pairs
            chosen.append(cell)
    return chosen


SIGNED_IN = "signed in"
GONE = ("anonymous", "expired", "signed out", "forged", "account closed", "password changed")
ROLE_REVOKED = "role revoked"
SESSIONS = (SIGNED_IN, *GONE, ROLE_REVOKED)

# The official query -------------------------------------------------------------------------------------------------

QUERY_DOORS = ("page", "json", "express", "command line")
ASKERS = ("competent", "without the power", "another kind", "inactive", "no role")
GROUNDS = (
    "listed, with a case",
    "none",
    "unlisted",
    "of another law",
    "no case number",
    "statute cited",
    "no statute",
    "statute unknown",
    "organisations only",
)
ABOUT = (
    "organisation",
    "organisation, another's name",
    "person, party",
    "person, no party",
    "person, another's name",
    "unknown organisation",
    "unknown person",
    "unknown person, no party",
)
NO_PARTY = ("person, no party", "unknown person, no party")
PERSONS = ("person, party", "person, another's name", "unknown person", *NO_PARTY)

OFFICIAL = Family(
    name="official query",
    says="A question for a listed matter: `/desk/query` as page, as JSON, as JSON by the express lane, `xinheng query`",
    axes={"door": QUERY_DOORS, "asker": ASKERS, "ground": GROUNDS, "about": ABOUT, "session": SESSIONS},
    impossible=(
        {"door": ("command line",), "session": ("expired", "signed out", "forged", "password changed")},
        {"door": ("command line",), "about": NO_PARTY},  # whoever runs it states that they are parties
    ),
    open_axes={"session": SIGNED_IN, "asker": "competent", "ground": "listed, with a case"},
    lines=(
        Line({"door": ("command line",), "session": ("anonymous",)}, Then((), "account_unknown"), "no such account"),
        Line(
            {"door": ("command line",), "session": ("account closed", ROLE_REVOKED)},
            Then((), "role_needed"),
            "nobody asks without the role of querier",
        ),
        Line({"session": GONE}, Then((403,), "not_signed_in"), "a form of somebody who is not signed in"),
        Line({"session": (ROLE_REVOKED,)}, Then((403,), "role_missing", 1), "a revoked role ends at once; entered"),
        Line(
            {"door": ("command line",), "asker": ("inactive", "no role")},
            Then((), "role_needed"),
            "nobody asks without the role of querier",
        ),
        Line(
            {"asker": ("inactive", "no role")},
            Then((403,), "role_missing", 1),
            "an organisation that has ended has no role and no power",
        ),
        Line(
            {"ground": ("none",), "door": ("page", "json", "express")},
            Then((422,)),
            "a form that is not filled in asks nothing, so nothing is entered",
        ),
        Line(
            {"ground": ("none", "unlisted", "of another law")},
            Then((403,), "matter_not_listed", 1),
            "only matters that the law lists",
        ),
        Line({"asker": ("another kind",)}, Then((403,), "matter_not_for_you", 1), "only kinds of askers the law names"),
        Line({"asker": ("without the power",)}, Then((403,), "power_missing", 1), "only within the own powers"),
        Line({"ground": ("no case number",)}, Then((403,), "case_missing", 1), "a case stands behind every question"),
        Line({"ground": ("no statute",)}, Then((403,), "statute_missing", 1), "other matters cite their statute"),
        Line({"ground": ("statute unknown",)}, Then((403,), "statute_unknown", 1), "a statute that the pack lists"),
        Line(
            {"ground": ("organisations only",), "about": PERSONS},
            Then((403,), "batch_of_persons", 1),
            "a matter that admits no persons",
        ),
        Line({"about": NO_PARTY}, Then((403,), "person_not_party", 1), "a person only as party to the case"),
        Line(
            {"about": ("organisation, another's name",)},
            Then((403,), "name_differs", 1),
            "a name that belongs to another code",
        ),
        Line(
            {"about": ("person, another's name", "unknown person", "unknown organisation")},
            Then((200,), "", 1),
            "nothing found; a wrong name of a person is answered like a person nobody knows",
        ),
        Line({"about": ("organisation",)}, Then((200,), "", 1, "organisation"), "linked records, field by field"),
        Line({"about": ("person, party",)}, Then((200,), "", 1, "person"), "linked records, field by field"),
    ),
)

# The own file -------------------------------------------------------------------------------------------------------

OWN_DOORS = ("file", "looks", "copy.json", "copy.csv")
STANDINGS = ("own", "representative", "guardian", "no file", "staff", "no role")

OWN = Family(
    name="own file",
    says="`/my/file`, `/my/looks` and the copies",
    axes={
        "door": OWN_DOORS,
        "standing": STANDINGS,
        "link": ("running", "ended"),
        "file": ("open", "frozen"),
        "address": ("as given", "naming another subject"),
        "session": SESSIONS,
    },
    impossible=(
        {"standing": ("representative", "no file", "staff", "no role"), "file": ("frozen",)},
        {"standing": ("no file", "staff", "no role"), "link": ("ended",)},
        {"standing": ("no role",), "session": (ROLE_REVOKED,)},
    ),
    open_axes={"session": SIGNED_IN, "link": "running", "file": "open"},
    lines=(
        Line({"session": GONE}, Then((302,)), "led to the sign-in page"),
        Line({"session": (ROLE_REVOKED,)}, Then((403,), "role_missing"), "a revoked role ends at once"),
        Line({"standing": ("staff", "no role")}, Then((403,), "role_missing"), "work and own file are two accounts"),
        Line({"standing": ("no file",)}, Then((404,), "no_own_file"), "no file belongs to the account"),
        Line({"link": ("ended",)}, Then((404,), "no_own_file"), "who no longer stands for the subject reads nothing"),
        Line(
            {"standing": ("own",), "file": ("frozen",)},
            Then((403,), "subject_frozen", 1),
            "after death or loss of capacity only those who act for the person",
        ),
        Line({"door": ("looks",)}, Then((200,), "", 1), "who looked, and at whose file; no content of a record"),
        Line({"standing": ("representative",)}, Then((200,), "", 1, "organisation"), "the subject's own right"),
        Line({}, Then((200,), "", 1, "person"), "the subject's own right, and that of who acts for the person"),
    ),
)

# What is public -----------------------------------------------------------------------------------------------------

PUBLIC_DOORS = ("subject", "subject.csv", "subject.json", "list", "list.csv", "list.json", "search", "home")

PUBLIC = Family(
    name="public",
    says="Subject pages, lists, their exports, search, start page",
    axes={
        "door": PUBLIC_DOORS,
        "asker": ("visitor", "querier", "subject"),
        "about": ("organisation", "business", "person by number", "person by name", "unknown"),
    },
    lines=(
        Line(
            {
                "door": ("subject.csv", "subject.json"),
                "about": ("person by number", "person by name", "unknown"),
            },
            Then((404,)),
            "a person and one nobody knows are answered alike",
        ),
        Line({"door": ("search",), "about": ("person by number", "person by name", "unknown")}, Then((200,)), "alike"),
        Line({"door": ("subject",), "about": ("person by number", "person by name", "unknown")}, Then((200,)), "alike"),
        Line(
            {"door": ("subject", "subject.csv", "subject.json"), "about": ("organisation",)},
            Then((200,), "", 0, "public organisation"),
            "public fields in their publicity; counted, not entered",
        ),
        Line(
            {"door": ("subject", "subject.csv", "subject.json"), "about": ("business",)},
            Then((200,), "", 0, "public business"),
            "business name and code; the operator never",
        ),
        Line({"door": ("search", "home")}, Then((200,), "", 0, "any public"), "names of organisations"),
        Line({}, Then((200,), "", 0, "all public"), "organisations in their publicity; persons only within INV-4"),
    ),
)

# The doors of machines ----------------------------------------------------------------------------------------------

MACHINE_DOORS = ("items", "batch", "rows", "report")
TOKENS = (
    "valid",
    "none",
    "unknown",
    "session instead",
    "expired",
    "revoked",
    "client revoked",
    "organisation ended",
    "other scope",
    "of another organisation",
)

MACHINE = Family(
    name="machine API",
    says="`/api/v1/intake/…` with the token of an organisation's system",
    axes={"door": MACHINE_DOORS, "token": TOKENS, "number": ("the bureau's", "guessed")},
    impossible=({"door": ("items", "report"), "number": ("guessed",)},),
    lines=(
        Line({"token": ("none", "session instead")}, Then((401,), "token_missing"), "no session opens these doors"),
        Line(
            {"token": ("unknown", "expired", "revoked", "client revoked", "organisation ended")},
            Then((401,), "token_invalid"),
            "a token that is over",
        ),
        Line({"token": ("other scope",)}, Then((403,), "scope_missing"), "a token opens what it was given for"),
        Line({"door": ("batch", "rows"), "number": ("guessed",)}, Then((404,), "batch_unknown"), "no such batch"),
        Line(
            {"door": ("batch", "rows"), "token": ("of another organisation",)},
            Then((404,), "batch_unknown"),
            "another's batch looks like none",
        ),
        Line(
            {"door": ("report",), "token": ("of another organisation",)},
            Then((403,), "provider_without_power"),
            "only sources that the catalog names report",
        ),
        Line({"door": ("report",)}, Then((201,), "", 1), "rows of the own organisation; one entry binds the batch"),
        Line({}, Then((200,)), "what the own organisation reported; no value of a row is told"),
    ),
)

# Every registered page ----------------------------------------------------------------------------------------------

WHO = ("visitor", "no role", "another role", "organisation ended", "same role elsewhere", "holder")
WHOSE = ("public", "none", "own", "organisation", "case", "all")
GUARDS = ("open", "session", "token")
PAGE_SESSIONS = (SIGNED_IN, "anonymous", "expired", "account closed", ROLE_REVOKED)

REGISTRY = Family(
    name="every page",
    says="Every address of `src/xinheng/ui/pages.py`, by whose data it shows (`src/xinheng/ui/whose.py`)",
    axes={"whose": WHOSE, "guard": GUARDS, "kind": ("page", "act"), "who": WHO, "session": PAGE_SESSIONS},
    impossible=(
        {"guard": ("open",), "session": (*GONE[1:], ROLE_REVOKED)},  # nobody is asked for a session
        {"guard": ("open",), "who": ("organisation ended", "same role elsewhere")},
        {"who": ("visitor",), "session": (SIGNED_IN, *GONE[1:], ROLE_REVOKED)},
        {"who": ("no role",), "session": (ROLE_REVOKED,)},
        {"who": WHO[1:], "session": ("anonymous",)},
        {"guard": ("open",), "whose": ("own", "organisation", "case", "all")},
        {"guard": ("session", "token"), "whose": ("public",)},
        {"guard": ("token",), "who": ("holder", "same role elsewhere")},  # the family of machines plays these
        {"kind": ("act",), "guard": ("open",)},  # forms without an account: each has tests of its own
        {"kind": ("act",), "who": ("holder", "same role elsewhere"), "session": (SIGNED_IN,)},  # they would act
    ),
    lines=(
        Line({"guard": ("open",)}, Then((200, 404), "", 0, "any public"), "the same for everybody; 404: not in force"),
        Line({"guard": ("token",)}, Then((401,), "token_missing"), "no session opens a door of machines"),
        Line({"kind": ("page",), "session": GONE}, Then((302,)), "led to the sign-in page"),
        Line({"session": GONE}, Then((403,), "not_signed_in"), "a form of somebody who is not signed in"),
        Line(
            {"who": ("no role", "another role", "organisation ended"), "whose": ("own",)},
            Then((200, 302, 403)),
            "a page of the own account opens to its holder, and holds nothing of anybody else's",
        ),
        Line(
            {"session": (ROLE_REVOKED,), "whose": ("own",)},
            Then((200, 302, 403)),
            "without its role an account keeps only the pages of its own security",
        ),
        Line({"session": (ROLE_REVOKED,)}, Then((403,), "role_missing", None), "a revoked role ends at once"),
        Line(
            {"who": ("no role", "another role", "organisation ended")},
            Then((403,), "role_missing", None),
            "the role decides who opens a page",
        ),
        Line(
            {"who": ("same role elsewhere",), "whose": ("own",)},
            Then((200,), "", None, "organisation"),
            "another subject reads its own file and nothing of this one's",
        ),
        Line(
            {"who": ("same role elsewhere",), "whose": ("organisation", "case")},
            Then((200, 403, 404)),
            "the page opens, and holds nothing of the other's",
        ),
        Line(
            {"who": ("same role elsewhere",)},
            Then((200, 403, 404), "", None),
            "what is shown to the role; no content of a record",
        ),
        Line(
            {},
            Then((200, 403, 404), "", None, "anything"),
            "the page opens; 403 where the law asks for a competent organ, 404 where there is nothing of one's own",
        ),
    ),
)

FAMILIES = (OFFICIAL, OWN, PUBLIC, MACHINE, REGISTRY)

# Pages on which an officer states a ground: the family that plays them, or the test that does.
GROUNDED: dict[str, str] = {
    "disclosure:query": OFFICIAL.name,
    "disclosure:batch": "tests/disclosure/test_batches.py",
}


def failing(wrong: list[str], most: int = 40) -> str:
    """What went wrong, so that a person can read it."""
    more = f"\n… and {len(wrong) - most} more" if len(wrong) > most else ""
    return "\n".join(wrong[:most]) + more
