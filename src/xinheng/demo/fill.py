"""How does the demo city come to have something in it? By the verbs a real city uses, from the files of its offices."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from django.db import transaction

from xinheng.accounts import selectors as accounts
from xinheng.accounts.services import DemoAccount, load_demo_accounts
from xinheng.demo.sent import sent_files
from xinheng.demo.supplement import draft_supplement
from xinheng.disclosure import services as disclosure
from xinheng.disclosure.rules import Channel, Ground
from xinheng.intake import selectors as intake
from xinheng.law import lookup
from xinheng.law.pack import Pack
from xinheng.ledger import services as ledger
from xinheng.lib import clock
from xinheng.records import services as records
from xinheng.subjects.services import link_demo_subjects


@dataclass(frozen=True, slots=True)
class Filled:
    """What the demo holds: the accounts to sign in with, and how many batches and rows this call received."""

    accounts: tuple[DemoAccount, ...]
    batches: int
    rows: int


@dataclass(frozen=True, slots=True)
class _Delivery:
    """A file on its way into the city."""

    path: Path
    name: str
    item: str
    provider: str
    at: datetime


Tell = Callable[[int, int, int], None]
_OPENS = time(9, 30)  # the hour at which offices send


def fill(*, pack: Pack, at: datetime, whole: bool = True, tell: Tell | None = None) -> Filled:
    """Put the pack's demo organisations, officers, subjects and files in place. Idempotent: files are received once.

    ``whole`` False leaves out what the departments sent over the months. ``tell`` hears how many files are done, how
    many there are to do, and how many rows were received.
    """
    with transaction.atomic():
        people = load_demo_accounts(pack=pack, at=at)
        link_demo_subjects(pack=pack, at=at)
    coming = [*(_over_the_months(pack, at) if whole else ()), *_of_today(pack, at)]
    fresh = _fresh(coming)
    rows = 0
    for number, one in enumerate(fresh, start=1):
        rows += _receive(one)
        if tell is not None:
            tell(number, len(fresh), rows)
    if fresh:
        _first_looks(pack=pack, people=people, at=at)
        draft_supplement(pack=pack, people=people, at=at - timedelta(days=9))
        ledger.seal(at=at)
    return Filled(tuple(people), len(fresh), rows)


def _over_the_months(pack: Pack, at: datetime) -> Iterator[_Delivery]:
    """What the departments sent, each file on its day, oldest first."""
    for number, sent in enumerate(sent_files(pack)):
        opens = datetime.combine(sent.received, _OPENS, ZoneInfo(pack.zone)) + timedelta(minutes=number)
        yield _Delivery(
            path=sent.path,
            name=sent.name,
            item=sent.item,
            provider=sent.provider,
            at=min(opens, at - timedelta(hours=1)),
        )


def _of_today(pack: Pack, at: datetime) -> Iterator[_Delivery]:
    """The files that the demo file names, received in the last minutes."""
    files = demo_files(pack)
    for number, entry in enumerate(files):
        path = pack.folder / "demo" / entry["file"]
        moment = at - timedelta(minutes=len(files) - number)
        yield _Delivery(path=path, name=path.name, item=entry["item"], provider=entry["provider"], at=moment)


def _fresh(coming: Sequence[_Delivery]) -> list[_Delivery]:
    """Those that their provider has not sent before."""
    sums = {one: hashlib.sha256(one.path.read_bytes()).hexdigest() for one in coming}
    of: dict[str, set[str]] = defaultdict(set)
    for one, digest in sums.items():
        of[one.provider].add(digest)
    known = {
        (code, digest)
        for code, digests in of.items()
        for digest in intake.sent_before(provider_id=accounts.organisation_by_code(code).id, digests=digests)
    }
    return [one for one in coming if (one.provider, sums[one]) not in known]


def _receive(one: _Delivery) -> int:
    """Receive a file as from its sender; the number of its rows."""
    receipt = records.accept_batch(
        file=one.path,
        file_name=one.name,
        item_code=one.item,
        provider=accounts.organisation_by_code(one.provider),
        actor="platform",
        channel="cli",
        at=one.at,
    )
    return receipt.received.row_count


def demo_files(pack: Pack) -> list[Mapping[str, str]]:
    """The files of the demo, each with item, provider and file name."""
    files = pack.demo["files"]
    assert isinstance(files, tuple)
    return [{key: str(value) for key, value in entry.items()} for entry in files if isinstance(entry, Mapping)]


def _first_looks(*, pack: Pack, people: list[DemoAccount], at: datetime) -> None:
    """One granted and one refused query about each demo subject with an account, so that its file shows who looked."""
    querier = next(person for person in people if "querier" in person.roles)
    asker, officer = disclosure.officer_of(accounts.account_by_username(querier.username).id)
    day = clock.day_of(at, pack.zone)
    matters = [m for m in lookup.matters(pack, day) if m.statute == "none" and m.powers & asker.powers]
    codes = [person.subject for person in people if len(person.subject) == 18]
    for number, code in enumerate(codes, start=1):
        for matter in (matters[0].code, "not_a_listed_matter"):
            disclosure.official_query(
                asker=asker,
                officer=officer,
                ground=Ground(
                    channel=Channel.OFFICIAL,
                    matter=matter,
                    case_number=f"〔2026〕演示{number}号",
                    authorisation=None,
                    statute=None,
                ),
                identifiers=[disclosure.Identifier(row=1, kind="uscc", text=code)],
                channel_name="web",
                at=at,
                pack=pack,
            )
