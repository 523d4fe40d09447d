"""How does the demo city come to have something in it? By the verbs a real city uses, from files in national format."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from xinheng.accounts import selectors as accounts
from xinheng.accounts.services import DemoAccount, load_demo_accounts
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


def fill(*, pack: Pack, at: datetime) -> Filled:
    """Put the pack's demo organisations, officers, subjects and files in place. Idempotent: files are received once."""
    with transaction.atomic():
        people = load_demo_accounts(pack=pack, at=at)
        link_demo_subjects(pack=pack, at=at)
    known = {batch.file_sha256 for batch in intake.batches()}
    batches = rows = 0
    files = demo_files(pack)
    for number, entry in enumerate(files):
        data = (pack.folder / "demo" / entry["file"]).read_bytes()
        if hashlib.sha256(data).hexdigest() in known:
            continue
        receipt = records.accept_batch(
            file=data,
            file_name=entry["file"],
            item_code=entry["item"],
            provider=accounts.organisation_by_code(entry["provider"]),
            actor="platform",
            channel="cli",
            at=at - timedelta(minutes=len(files) - number),
        )
        batches += 1
        rows += receipt.received.row_count
    if batches:
        _first_looks(pack=pack, people=people, at=at)
        draft_supplement(pack=pack, people=people, at=at - timedelta(days=9))
        ledger.seal(at=at)
    return Filled(tuple(people), batches, rows)


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
