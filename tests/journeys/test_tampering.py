"""What the owner of the tables does by night is found by the next verification, under each law."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection, transaction

from tests.journeys.cast import damages
from tests.journeys.conftest import people_of, report_four
from xinheng.law.pack import Pack
from xinheng.ledger.services import seal

ENTRY = "(SELECT max(entry_id) FROM ledger_leaf)"
ATTACKS = {
    "an entry is deleted": (f"DELETE FROM ledger_entry WHERE id = {ENTRY}", "entry_missing"),
    "an answer is denied": (f"DELETE FROM ledger_body WHERE entry_id = {ENTRY}", "body_missing"),
    "the newest checkpoint is deleted": (
        "DELETE FROM ledger_checkpoint WHERE size = (SELECT max(size) FROM ledger_checkpoint)",
        "checkpoint_missing",
    ),
    "a content is altered": ("UPDATE record_content SET body = replace(body, '罚款', '警告')", "content_altered"),
    "the key of a decision is deleted": ("DELETE FROM record_key", "record_key_missing"),
    "a content is deleted": ("DELETE FROM record_content", "content_missing"),
    "publicity is ended in history": (
        "UPDATE record_version SET publicity_until = publicity_until - 3 WHERE publicity_until IS NOT NULL",
        "",
    ),
    "publicity is ended in the projection": (
        "UPDATE record SET publicity_until = publicity_until - 3 WHERE publicity_until IS NOT NULL",
        "",
    ),
    "a record is said to be withdrawn": (
        "UPDATE record SET state = 'withdrawn', publicity_from = NULL, publicity_until = NULL",
        "",
    ),
    "records vanish with their history": (
        "DELETE FROM record_content; DELETE FROM record_version; DELETE FROM record",
        "versions_missing",
    ),
    "a row of a batch vanishes": ("DELETE FROM intake_row WHERE row = 2", ""),
    "a company gets another name": ("UPDATE subject SET name = name || '假' WHERE kind <> 'natural_person'", ""),
    "who looked is detached from its subject": ("UPDATE subject SET tag = decode(md5(id::text), 'hex')", ""),
    "a file is frozen": ("UPDATE subject SET frozen = true", ""),
    "codes lead to another file": ("UPDATE subject_key SET subject_id = (SELECT min(id) FROM subject)", ""),
    "a former name is altered": ("UPDATE subject_name SET name = name || '假'", ""),
    "accounts open another file": ("UPDATE account_subject SET subject_id = (SELECT min(id) FROM subject)", ""),
    "a person's identity vanishes": ("DELETE FROM subject_identity", ""),
    "a role is changed": ("UPDATE account_role SET role = 'auditor' WHERE role = 'administrator'", ""),
    "a power is changed": (
        "UPDATE organisation_power SET power = 'query.x' WHERE id = (SELECT min(id) FROM organisation_power)",
        "",
    ),
    "an organisation becomes a state organ": (
        "UPDATE organisation SET kind = 'state_organ' WHERE kind <> 'state_organ'",
        "",
    ),
    "an item of the catalog is altered": ("UPDATE catalog_item_version SET sha256 = reverse(sha256)", ""),
    "a law version is altered": ("UPDATE law_version SET hash = repeat('0', 12)", ""),
    "a head is moved": ("UPDATE ledger_head SET last_seq = last_seq + 1", ""),
}


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside is rolled back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.mark.owner
@pytest.mark.req("INV-8", "ZY-35", "SP-15", "SP-28", kind="refusal")
def test_what_the_owner_of_the_tables_alters_is_found(as_owner: None, law: Pack, db: None) -> None:
    cast = people_of(law)
    report_four(cast)
    cast.ask(cast.company_code)
    cast.ask(cast.person_id)
    seal(at=cast.now())
    assert damages() == set()
    missed: list[str] = []
    for name, (statement, expected) in ATTACKS.items():
        with undone():
            with connection.cursor() as cursor:
                cursor.execute(statement)
                assert cursor.rowcount > 0, name
            found = damages()
            if not found:
                missed.append(name)
            assert not found or not expected or expected in found, (name, found)
    assert missed == []
    assert damages() == set()
