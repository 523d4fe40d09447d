"""What does an official question consist of: the officer, the ground, those it is about?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from xinheng.disclosure.rules import Asker, Ground
from xinheng.disclosure.services.parties import Party, party
from xinheng.law.pack import Pack
from xinheng.lib.codes import CodeVerdict, check
from xinheng.lib.text import clean


@dataclass(frozen=True, slots=True)
class Officer:
    """The officer behind a question, as the subject will be told: organisation, department, staff number (QRY-2).

    ``claimed_by``: on the command line the operating-system user and the claimed user, "root:lin_cx"; else "".
    """

    organisation_code: str
    organisation_zh: str
    organisation_en: str
    department: str
    staff_number: str
    claimed_by: str = ""


@dataclass(frozen=True, slots=True)
class Identifier:
    """Whom a question is about. ``row`` stands for it in answers; the text itself is never repeated.

    ``kind`` is uscc, org, id or "" (told by the shape). ``name`` is only checked. ``verdict`` is `check` of the text
    where the asker's door had to know it already. ``party``: the asker lists it as party of the case, in this ``role``.
    """

    row: int
    kind: str
    text: str
    name: str = ""
    verdict: CodeVerdict | None = field(default=None, compare=False, repr=False)
    party: bool = False
    role: str = ""

    def judged(self) -> CodeVerdict:
        """What the text is worth as a code."""
        return self.verdict or check(self.text)


def is_person(identifier: Identifier) -> bool:
    """Whether the identifier means a natural person, by its stated kind or its shape."""
    return (identifier.kind or identifier.judged().kind) == "id"


@dataclass(frozen=True, slots=True)
class Question:
    """A question but for whom it is about. ``parties``: the persons listed as parties of the case, each once, by the
    newest of their digests. ``batch``: see `receipts.Noted`.
    """

    asker: Asker
    officer: Officer
    ground: Ground
    channel_name: str
    at: datetime
    day: date
    pack: Pack
    parties: Mapping[str, Party] = field(default_factory=dict)
    batch: int | None = None


def digest_of(identifier: Identifier) -> str:
    """A listed person, by the newest digest."""
    return listed(identifier)[0]


def listed(identifier: Identifier) -> Party:
    """A listed person, by its digests; another spelling of its number is the same person."""
    return party(identifier.judged().canonical or clean(identifier.text))
