"""Which row of a provider waits already for a second person, by the decision that it speaks of?"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import orjson

from xinheng.intake.models import IntakeFinding, IntakeRowKey
from xinheng.intake.rules.places import finding_place
from xinheng.intake.rules.verdicts import WAITS, RowState
from xinheng.intake.selectors.rows import contents_of
from xinheng.store import crypto
from xinheng.store.guard import across_subjects


@dataclass(frozen=True, slots=True)
class Waits:
    """Where a row waits, and what it says: field code → text."""

    batch_id: int
    row: int
    values: Mapping[str, str]


def told_to_wait(batch_id: int) -> list[tuple[int, int]]:
    """(batch, row) of the waiting rows that rows of this batch were told they are the same as."""
    found = IntakeFinding.objects.filter(row__batch_id=batch_id, code=WAITS).values_list("id", "sealed")
    places = (orjson.loads(crypto.unseal(bytes(sealed or b""), aad=finding_place(number))) for number, sealed in found)
    return [(int(place["batch"]), int(place["row"])) for place in places]


@across_subjects("intake: do the rows of a block wait already; by the digest of their decision")
def waiting_by_decision(keys: Collection[str], *, provider_id: int) -> dict[str, list[Waits]]:
    """Digest of a natural key → the rows of the provider that wait with it, oldest first."""
    found = IntakeRowKey.objects.filter(
        key__in=[f"decision:{key}" for key in keys],
        row__state=RowState.WAITING.value,
        row__batch__provider_id=provider_id,
    )
    places = list(found.order_by("row_id").values_list("key", "row_id", "row__batch_id", "row__row"))
    contents = contents_of([row_id for _, row_id, _, _ in places])
    waits: dict[str, list[Waits]] = {}
    for key, row_id, batch_id, row in places:
        if row_id in contents:
            waits.setdefault(key.removeprefix("decision:"), []).append(Waits(batch_id, row, contents[row_id]))
    return waits
