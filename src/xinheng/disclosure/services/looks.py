"""Who looked at this file, when, for which matter and case, under which article, and what did they see? (QRY-2)

Read from the subject's own chain in the ledger, so that nothing can be left out unseen. Refused and empty looks are
shown too. The subject is told organisation, department and staff number; names of officers are for supervisor and
auditor.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from xinheng.accounts.selectors import names_of, organisations
from xinheng.disclosure.rules import Channel
from xinheng.law.pack import Bilingual, Pack
from xinheng.ledger.selectors import OpenEntry

ANSWERED = "disclosure.answered"
READ = "log.read"
LOGGED = (ANSWERED, READ)  # what a subject is told of as looks
LOG_PAGE = 50


@dataclass(frozen=True, slots=True)
class Seen:
    """What of one item was shown, masked and kept back, in words. ``records``: how many records or waiting rows."""

    item: Bilingual
    records: int
    shown: tuple[Bilingual, ...]
    masked: tuple[Bilingual, ...]
    withheld: tuple[Bilingual, ...]


@dataclass(frozen=True, slots=True)
class Look:
    """One look. ``own``: by the subject itself. ``erased``: the entry stands, what it said was lawfully deleted.

    ``index`` is the place in the tree, None while the entry waits for the sealer. ``officer`` is empty for subjects.
    """

    entry_id: int
    index: int | None
    leaf: str
    at: datetime
    law: str
    act: str
    own: bool
    erased: bool
    channel: str
    purpose: str
    organisation: Bilingual
    department: str
    staff_number: str
    officer: str
    actor: str
    matter: Bilingual
    matter_code: str
    case_number: str
    role: str
    statute: str
    article: str
    result: str
    reason: str
    seen: tuple[Seen, ...]
    hidden: int


def looks_of(read: Sequence[OpenEntry], pack: Pack, *, officers: bool) -> tuple[Look, ...]:
    """Entries as looks. ``officers``: with names of officers, for supervisor and auditor only."""
    names = {o.code: Bilingual(zh=o.name_zh, en=o.name_en or o.name_zh) for o in organisations().prefetch_related(None)}
    actors = {str(entry.body["actor"]) for entry in read if entry.body} if officers else set()
    accounts = {int(actor[8:]) for actor in actors if actor.startswith("account:") and actor[8:].isdigit()}
    people = {f"account:{number}": staff.display_name for number, staff in names_of(accounts).items()}
    return tuple(_look(entry, names, people, pack) for entry in read)


def _look(entry: OpenEntry, names: Mapping[str, Bilingual], people: Mapping[str, str], pack: Pack) -> Look:
    body: Mapping[str, Any] = entry.body or {}
    ground, officer, fields = body.get("ground", {}), body.get("officer", {}), body.get("fields", {})
    code, actor = str(body.get("org", "")), str(body.get("actor", ""))
    return Look(
        entry_id=entry.entry_id,
        index=entry.index,
        leaf=entry.leaf,
        at=entry.at,
        law=entry.law,
        act=entry.act,
        own=ground.get("channel") == Channel.OWN,
        erased=entry.body is None,
        channel=str(body.get("channel", "")),
        purpose=str(ground.get("purpose", "")),
        organisation=names.get(code, Bilingual(zh=code, en=code)),
        department=str(officer.get("department", "")),
        staff_number=str(officer.get("staff_number", "")),
        officer=people.get(actor, "") if code else "",  # an account without organisation is a subject's own
        actor=actor,
        matter=_matter(str(ground.get("matter", "")), entry, pack),
        matter_code=str(ground.get("matter", "")),
        case_number=str(ground.get("case", "")),
        role=str(ground.get("role", "")),
        statute=str(ground.get("statute", "")),
        article=str(ground.get("article", "")),
        result=str(body.get("result", "")),
        reason=str(ground.get("reason", "")),
        seen=(
            *(_seen(item, said, pack) for item, said in sorted(fields.get("items", {}).items())),
            *(_seen(item, said, pack, waiting=True) for item, said in sorted(fields.get("waiting", {}).items())),
        ),
        hidden=int(fields.get("hidden", 0)),
    )


def _matter(code: str, entry: OpenEntry, pack: Pack) -> Bilingual:
    """The words of the stated matter; what an officer typed that no pack knows stays as typed."""
    timeline = pack.matters.get(code)
    found = timeline.on(entry.at.astimezone(pack.tz).date()) if timeline else None
    return found.label if found else Bilingual(zh=code, en=code)


def _seen(item: str, said: Mapping[str, Iterable[str]], pack: Pack, *, waiting: bool = False) -> Seen:
    """``waiting``: of rows that wait in intake, which are no records yet."""
    versions = pack.items[item].versions if item in pack.items else ()
    labels = {field.code: field.label for version in versions for field in version.fields}

    def words(kind: str) -> tuple[Bilingual, ...]:
        return tuple(labels.get(code, Bilingual(zh=code, en=code)) for code in said.get(kind, ()))

    label = pack.items[item].label if item in pack.items else Bilingual(zh=item, en=item)
    if waiting:
        label = Bilingual(zh=f"{label.zh}（等候登记）", en=f"{label.en} (waiting)")
    count = len(list(said.get("rows" if waiting else "records", ())))
    return Seen(label, count, words("full"), words("masked"), words("withheld"))
