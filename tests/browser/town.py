"""A city that several persons walk through one after the other, as they do in life: filled once, emptied at the end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.test.utils import override_settings
from pytest_django.live_server_helper import LiveServer

from tests.browser.conftest import Kept, empty
from tests.records.rows import row, sheet
from tests.world import World
from xinheng.accounts import selectors as accounts
from xinheng.disclosure.tasks import read_query_log
from xinheng.law.pack import Pack
from xinheng.ledger.models import LedgerEntry, LedgerLeaf
from xinheng.ledger.services import seal
from xinheng.lib import clock
from xinheng.records.services import accept_batch
from xinheng.ui import city

RENAMED = {"CF_XDR_MC": "衡川市南坡建材有限公司", "CF_XDR_SHXYM": "91620798MA9000054K", "CF_FRDB": "罗照野"}
FORMER = "衡川市北坡建材有限公司"


@dataclass
class Town:
    """The filled city, where it is served, and where its checkpoints lie."""

    world: World
    url: str
    checkpoints: Path

    def minute(self) -> None:
        """What the worker does every minute: seals the log and reads it into the log of queries."""
        seal(at=clock.now())
        read_query_log(at=clock.now())

    def receipt(self) -> tuple[int, str]:
        """Number and leaf of a sealed entry, as a receipt of it says them."""
        leaf = LedgerLeaf.objects.order_by("index").first()
        assert leaf is not None and LedgerEntry.objects.filter(id=leaf.entry_id).exists()
        return leaf.entry_id, bytes(leaf.hash).hex()


def renamed() -> None:
    """An organisation was penalised under a new name."""
    folder = Path(settings.XINHENG_CHECKPOINT_DIR[0])
    file = folder.parent / "renamed.csv"
    file.write_bytes(sheet([row("更名1", RENAMED, CF_JDRQ="2026/11/10")]))
    accept_batch(
        file=file,
        file_name="renamed.csv",
        item_code="CF",
        provider=accounts.organisation_by_code("scjgj"),
        actor="platform",
        channel="cli",
        at=clock.now(),
    )


@contextmanager
def town(pack: Pack, kept: Kept, owner: str, folder: Path, blocker: Any) -> Iterator[Town]:
    """A town with its server, until the last walk is over; ``owner`` is the address of the owner of the tables."""
    checkpoints = folder / "checkpoints"
    with blocker.unblock(), override_settings(XINHENG_CHECKPOINT_DIR=[checkpoints]):
        city.forget()
        server = LiveServer("localhost")
        server._live_server_modified_settings.enable()
        try:
            place = Town(kept.put(pack, owner, checkpoints), server.url, checkpoints)
            renamed()
            place.minute()
            yield place
        finally:
            server._live_server_modified_settings.disable()
            server.stop()
            empty()
            city.forget()
