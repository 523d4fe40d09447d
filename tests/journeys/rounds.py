"""Going round the doors: what each answer holds beyond the table, and whether the ledger told of it first (INV-3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.test import Client

from tests.journeys.marked_city import MarkedCity
from tests.journeys.marks import Mark, plain
from tests.journeys.may_see import MaySee
from tests.journeys.spoken import Spoken
from tests.journeys.walk import Stop, Who, allowed
from xinheng.ledger.models import LedgerEntry
from xinheng.ledger.selectors import chain
from xinheng.subjects.selectors import by_identifier

TONGUES = (("zh-hans", ""), ("en", ""), ("zh-hans", "application/json"), ("en", "application/json"))
DISCLOSING = ("disclosure:own_file", "disclosure:own_copy")  # and the files of the same


def said_in(response: Any) -> str:
    """Everything that crossed the door: body, headers and cookies."""
    body = b"".join(response.streaming_content) if response.streaming else bytes(response.content)
    heads = "\n".join(f"{name}: {value}" for name, value in response.headers.items())
    return "\n".join([plain(body), plain(heads.encode()), plain(str(response.cookies).encode())])


@dataclass
class Rounds:
    """One round. ``wrong``: what was found, each with the door, who stood there, and the record and field.

    ``seen``: by name of the page, what its answers held together.
    """

    city: MarkedCity
    spoken: Spoken
    wrong: list[str] = field(default_factory=list)
    seen: dict[str, set[Mark]] = field(default_factory=dict)
    statuses: dict[str, set[int]] = field(default_factory=dict)
    browsers: dict[str, Client] = field(default_factory=dict)
    count: int = 0

    @property
    def may(self) -> MaySee:
        return MaySee(self.city)

    def client(self, who: Who) -> Client:
        if who.name not in self.browsers:
            self.browsers[who.name] = self.city.browser(who.account, "signed in" if who.account else "anonymous")
        return self.browsers[who.name]

    def visit(self, who: Who, stop: Stop, tongue: str = "zh-hans", accept: str = "") -> None:
        """Open an address and hold what is there against the table."""
        client = self.client(who)
        client.cookies["xinheng_language"] = tongue
        before = newest() if stop.page.name.startswith(DISCLOSING) else 0
        response = client.get(stop.address, headers={"Accept": accept} if accept else None)
        self.count += 1
        where = f"{who.name} · {stop.page.name} · {stop.address} · {response.status_code}"
        typed = {mark for mark in self.city.marks.found(stop.address) if mark.field != "id"}  # a name may be echoed
        found = self.hold(where, response, allowed(self.may, self.spoken, stop, who) | typed)
        self.seen.setdefault(stop.page.name, set()).update(found)
        self.statuses.setdefault(stop.page.name, set()).add(response.status_code)
        if stop.page.name.startswith(DISCLOSING) and found:
            self.entered(where, found, before, [who.subject])

    def hold(self, where: str, response: Any, may: Iterable[Mark]) -> set[Mark]:
        """What an answer holds; whatever it may not is noted."""
        found = self.city.marks.found(said_in(response))
        self.wrong += [f"{where}: {mark}" for mark in sorted(found - set(may))]
        if response.status_code >= 500:
            self.wrong.append(f"{where}: failed")
        return found

    def entered(self, where: str, found: set[Mark], before: int, subjects: Iterable[str]) -> None:
        """Each subject of whom something not public was shown has an entry since ``before`` that tells these fields."""
        for subject in subjects:
            told = self.told_of(subject, before)
            for one in self.city.records:
                for code, marks in one.fields.items() if one.subject == subject else ():
                    shown = {mark for mark in marks | one.numbers[code] if mark.owner == one.key} & found
                    if shown and code not in told.get(one.item.code, set()):
                        self.wrong.append(f"{where}: {one.key}.{code} is in no entry about {subject}")

    def told_of(self, subject: str, before: int) -> Mapping[str, set[str]]:
        """Item -> the fields that entries about the subject since ``before`` say were shown."""
        known = by_identifier(None, self.city.code(subject))
        told: dict[str, set[str]] = {}
        if known is None:  # rows about it wait, no record was made yet
            return told
        for entry in chain(known.tag, limit=20):
            if entry.entry_id > before and entry.body is not None:
                fields = entry.body["fields"]
                for part in ("items", "waiting"):
                    for item, said in fields.get(part, {}).items():
                        told.setdefault(item, set()).update(said.get("full", ()), said.get("masked", ()))
        return told


def newest() -> int:
    """The number of the newest entry."""
    found = LedgerEntry.objects.order_by("-id").values_list("id", flat=True).first()
    return found or 0
