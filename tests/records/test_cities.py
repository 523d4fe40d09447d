"""The files of the demo become records under each law, and no city gets more than its law says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import pytest

from tests.records.rows import AT
from tests.records.sending import sent
from xinheng.intake.models import IntakeRow
from xinheng.law.pack import Pack
from xinheng.records.models import Record
from xinheng.subjects.models import Subject

pytestmark = pytest.mark.django_db


def files(pack: Pack) -> list[Mapping[str, Any]]:
    """The demo files of a pack: item, provider, file."""
    listed: Any = pack.demo["files"]
    return list(listed)


@pytest.mark.req("INT-1", "SUB-1", "INV-4", kind="journey")
def test_the_demo_files_become_records_under_each_law(law_city: Pack) -> None:
    from xinheng.accounts.selectors import organisation_by_code

    told: Counter[str] = Counter()
    for entry in files(law_city):
        receipt = sent(
            file=(law_city.folder / "demo" / entry["file"]).read_bytes(),
            file_name=entry["file"],
            item_code=entry["item"],
            provider=organisation_by_code(entry["provider"]),
            actor="platform",
            channel="cli",
            at=AT,
        )
        assert receipt.law == law_city.label
        told.update(row.state.value for row in receipt.rows)
        assert receipt.records == sum(1 for row in receipt.rows if row.state == "registered")
    assert told["registered"] == Record.objects.count() > 0
    assert IntakeRow.objects.filter(state="registered").count() == Record.objects.count()
    assert not Record.objects.filter(subject_kind="natural_person", publicity_from__isnull=False).exists()
    assert not Subject.objects.filter(kind="natural_person").exclude(name="", code="").exists()
    assert set(Record.objects.values_list("law_version__label", flat=True)) == {law_city.label}
