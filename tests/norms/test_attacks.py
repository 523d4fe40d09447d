"""The owner of the tables alters an instrument, a step, a text or an opinion; verification finds each."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from tests.norms.city import Road
from xinheng.law.pack import Pack
from xinheng.ledger import verify

pytestmark = [pytest.mark.owner, pytest.mark.req("INV-8", "CAT-3", kind="refusal")]
STEP = "SELECT id FROM norm_event WHERE act = '{}'"
ATTACKS: dict[str, tuple[str, str]] = {
    "a state is set": ("UPDATE norm SET state = 'approved'", "norm_state"),
    "the day it holds from is moved": ("UPDATE norm SET effective_from = '2026-01-01'", "norm_effective_from"),
    "another organ drafted it": ("UPDATE norm_event SET organisation_id = NULL WHERE n = 1", "norm_event_differs"),
    "another person approved it": (
        "UPDATE norm_event SET account_id = (SELECT account_id FROM norm_event WHERE n = 1) WHERE act = 'approved'",
        "norm_event_differs",
    ),
    "an approval is altered": (
        "UPDATE norm_event SET fields = replace(fields, '31', '32') WHERE act = 'approved'",
        "norm_event_differs",
    ),
    "an answer is deleted": ("DELETE FROM norm_event WHERE act = 'opinion_answered'", "norm_event_missing"),
    "a hearing is invented": (
        "INSERT INTO norm_event SELECT 1, 99, act, at, fields, 1, norm_id, account_id, organisation_id"
        " FROM norm_event WHERE act = 'heard' LIMIT 1",
        "norm_event_without_entry",
    ),
    "a text is altered": ("UPDATE norm_text SET text = replace(text, '7', '8')", "norm_text"),
    "a text is altered with its hash": (
        "UPDATE norm_text SET text = replace(text, '7', '8'); "
        "UPDATE norm_text SET sha256 = encode(sha256(text::bytea), 'hex')",
        "norm_text",
    ),
    "an opinion is deleted": ("DELETE FROM norm_opinion", "norm_opinion"),
    "an opinion is altered": ("UPDATE norm_opinion SET salt = decode(repeat('00', 32), 'hex')", "norm_opinion"),
    "an opinion speaks for another group": ("UPDATE norm_opinion SET \"group\" = 'expert'", "norm_opinion"),
    "an opinion is invented": (
        'INSERT INTO norm_opinion SELECT 7, "group", sealed, salt, norm_id FROM norm_opinion',
        "norm_opinion_unknown",
    ),
    "the law of the city is altered": (
        'UPDATE catalog_item_version SET text = replace(text, \'"count":"7"\', \'"count":"70"\') WHERE text <> \'\'',
        "catalog_item_version_text",
    ),
    "an item ends early": (
        "UPDATE catalog_item_version SET valid_until = '2030-01-01' WHERE text <> ''",
        "catalog_item_version_until",
    ),
}


def damages() -> list[verify.Damage]:
    return [one for one in verify.run() if isinstance(one, verify.Damage)]


@pytest.fixture
def as_owner(django_db_setup: None, database_urls: Any, django_db_blocker: Any) -> Iterator[None]:
    """Everything in this test runs as the owner of the tables and is rolled back; request it before ``db``."""
    from xinheng.machine import database

    with django_db_blocker.unblock():
        connection.close()
        connection.settings_dict.update(database.django(database_urls.owner))
    yield
    with django_db_blocker.unblock():
        connection.close()
        connection.settings_dict.update(database.django(database_urls.app))


@pytest.fixture
def published(db: None, pack: Pack) -> Road:
    """A supplement that went the whole road."""
    road = Road(pack).ready_to_publish()
    road.published(road.today + timedelta(days=1))
    assert damages() == []
    return road


def test_every_attack_on_an_instrument_is_found(as_owner: None, published: Road) -> None:
    missed: dict[str, set[str]] = {}
    for name, (attack, expected) in ATTACKS.items():
        with transaction.atomic():
            for statement in attack.split("; "):
                with connection.cursor() as cursor:
                    cursor.execute(statement)
            found = {one.what for one in damages()}
            transaction.set_rollback(True)
        if expected not in found:
            missed[name] = found
    assert not missed
    assert damages() == []
