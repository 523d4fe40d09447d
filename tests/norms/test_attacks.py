"""The owner of the tables alters an instrument, a step, a text or an opinion; verification finds each."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from tests.catalog.rows import company, made, sheet
from tests.norms.city import CODE, Road
from tests.norms.city import text as text_of_item
from xinheng.accounts.selectors import asker_by_username, organisation_by_code
from xinheng.catalog.selectors import supplemented
from xinheng.law.norms import CATALOG_ITEM
from xinheng.law.pack import Pack
from xinheng.ledger import verify
from xinheng.norms.rules import Basis, Change, Text, begun
from xinheng.norms.services import steps
from xinheng.records.services import accept_batch, expire
from xinheng.ui import city

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
    "the law of the city is emptied": (
        "UPDATE catalog_item_version SET text = '' WHERE text <> ''",
        "catalog_item_version_text",
    ),
    "the law of the city is garbage": (
        "UPDATE catalog_item_version SET text = 'x: [' WHERE text <> ''",
        "catalog_item_version_text",
    ),
    "the law of the city vanishes": (
        "UPDATE catalog_item_version SET norm_id = NULL WHERE norm_id IS NOT NULL",
        "catalog_item_version_norm",
    ),
    "an item of the pack has an instrument": (
        "UPDATE catalog_item_version SET norm_id = (SELECT min(id) FROM norm) WHERE norm_id IS NULL",
        "catalog_item_version_norm",
    ),
    "an item was ended by nobody": (
        "UPDATE catalog_item_version SET closed_by_id = (SELECT min(id) FROM norm) WHERE norm_id IS NULL",
        "catalog_item_version_closed_by",
    ),
    "an item is that of another law": (
        "INSERT INTO law_version SELECT 3, pack, version, hash, 'x', loaded_at FROM law_version LIMIT 1; "
        "UPDATE catalog_item_version SET law_version_id = 3",
        "catalog_item_version_law",
    ),
    "an item is invented": ("INSERT INTO catalog_item VALUES (5, 'ZZZ', 'city')", "catalog_item_without_entry"),
    "a step is dated back": ("UPDATE norm_event SET at = at - interval '300 days'", "norm_event_differs"),
    "an instrument is dated back": ("UPDATE norm SET opened_at = opened_at - interval '1 day'", "norm_opened_at"),
    "an instrument is another organ's": (
        "UPDATE norm SET organisation_id = (SELECT id FROM organisation WHERE code = 'scjgj')",
        "norm_organisation",
    ),
    "an instrument is of another kind": ("UPDATE norm SET kind = 'measure'", "norm_kind"),
    "an item ends early": (
        "UPDATE catalog_item_version SET valid_until = '2030-01-01' WHERE text <> ''",
        "catalog_item_version_until",
    ),
}


def damages() -> list[verify.Damage]:
    return [one for one in verify.run() if isinstance(one, verify.Damage)]


@pytest.fixture
def published(db: None, pack: Pack, monkeypatch: pytest.MonkeyPatch) -> Road:
    """A supplement that went the whole road; its entries tell the kind of the instrument."""
    append = steps.append

    def with_kind(**said: Any) -> Any:
        return append(**said | {"fields": {"kind": CATALOG_ITEM, **said["fields"]}})

    monkeypatch.setattr(steps, "append", with_kind)
    road = Road(pack).ready_to_publish()
    road.published(road.today + timedelta(days=1))
    assert damages() == []
    return road


def test_entries_that_do_not_tell_the_kind_are_whole_too(db: None, pack: Pack) -> None:
    road = Road(pack).ready_to_publish()
    road.published(road.today + timedelta(days=1))
    assert damages() == []


def as_sql(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def test_a_retired_item_that_comes_back_is_found(as_owner: None, db: None, pack: Pack) -> None:
    own = next(item for item in pack.items.values() if item.level == "city" and item.versions)
    version, road = own.versions[-1], Road(pack, change=Change.RETIRE)
    text = Text(
        begun(version, code=own.code, label={"zh": "甲", "en": "a"}, article=version.article, proposed=road.today),
        (Basis("regulation", "《建设工程质量管理条例》第六十四条"),),
        "不再需要。",
        "不影响个人。",
    )
    road.draft(text).cosigned().submitted().approved()
    last = road.today + timedelta(days=1)
    road.published(last)
    assert damages() == []
    for attack, expected in (
        ("UPDATE catalog_item_version SET closed_by_id = NULL", "catalog_item_version_closed_by"),
        ("UPDATE catalog_item_version SET valid_until = NULL", "catalog_item_version_until"),
    ):
        with transaction.atomic():
            as_sql(attack)
            assert expected in {one.what for one in damages()}
            transaction.set_rollback(True)


@pytest.mark.parametrize("text", ["", "x: [", "[]", "{}", '{"code": "CF"}'])
def test_a_damaged_supplement_takes_itself_out_of_force_and_nothing_else(
    as_owner: None, published: Road, pack: Pack, text: str
) -> None:
    assert CODE in supplemented(pack).items
    with connection.cursor() as cursor:
        cursor.execute("UPDATE catalog_item_version SET text = %s WHERE norm_id IS NOT NULL", [text])
    city.forget()
    assert supplemented(pack).items == pack.items
    assert "catalog_item_version_text" in {one.what for one in damages()}
    for page in ("/", "/catalog", "/consultations"):
        assert Client().get(page).status_code == 200
    city.forget()


def test_another_text_that_can_be_read_is_not_in_force(as_owner: None, published: Road, pack: Pack) -> None:
    as_sql("UPDATE catalog_item_version SET text = replace(text, '绿色施工', '蓝色施工') WHERE norm_id IS NOT NULL")
    assert CODE not in supplemented(pack).items
    city.forget()


def test_names_told_by_records_under_a_supplement_alone_are_compared(as_owner: None, db: None, pack: Pack) -> None:
    wanted = text_of_item(pack)
    wanted.item["kinds_map"] = {"法人及非法人组织": "legal_person"}  # type: ignore[index]
    road = Road(pack).draft(wanted).cosigned().consulting().heard().over().closed().submitted().approved()
    day = road.today + timedelta(days=1)
    road.published(day)
    city.forget()
    version, body, who = supplemented(pack).items[CODE].versions[-1], organisation_by_code("scjgj"), company(pack)
    names = {"authority": body.name_zh, "authority_code": body.uscc, "source": body.name_zh, "source_code": body.uscc}
    receipt = accept_batch(
        file=sheet(version, made(pack, version, who, **names)),
        file_name="a.csv",
        item_code=CODE,
        provider=body,
        actor="account:1",
        channel="web",
        at=datetime.combine(day, time(3), tzinfo=UTC),
        uploaded_by=asker_by_username("scjgj.collector").account_id,
    )
    assert receipt.records == 1
    assert damages() == []
    as_sql("UPDATE subject_name SET name = '乙'", "UPDATE subject SET name = '乙'")
    assert "subject_name" in {one.what for one in damages()}
    as_sql("UPDATE catalog_item_version SET text = '' WHERE norm_id IS NOT NULL")
    assert "catalog_item_version_text" in {one.what for one in damages()}  # and verification lives
    city.forget()
    ten_years = datetime.combine(day, time(3), tzinfo=UTC) + timedelta(days=3660)
    assert expire(at=ten_years) == 1  # its use ends; what it said can't be told from that of others and stays
    assert expire(at=ten_years) == 0
    city.forget()


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
