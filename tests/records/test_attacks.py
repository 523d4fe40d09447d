"""The owner of the tables alters who a subject is, who opens a file, what was published; verification finds each."""

from __future__ import annotations

import pytest
from django.db import connection, transaction

from tests.records.conftest import Send
from tests.records.rows import AT, COMPANY, OTHER, PERSON, row
from tests.subjects.verified import proof
from xinheng.accounts.models import Account
from xinheng.ledger import verify
from xinheng.ledger.selectors import chain, entries
from xinheng.ledger.services import erase
from xinheng.lib.errors import Conflict
from xinheng.subjects.models import Subject
from xinheng.subjects.rules import Capacity
from xinheng.subjects.selectors import by_identifier
from xinheng.subjects.services import freeze, link_account

pytestmark = [pytest.mark.owner, pytest.mark.req("INV-8", kind="refusal")]
OF = "(SELECT id FROM subject WHERE code = '{}')"
FIRST, SECOND = OF.format(COMPANY["CF_XDR_SHXYM"]), OF.format(OTHER["CF_XDR_SHXYM"])
PERSON_OF = "(SELECT id FROM subject WHERE kind = 'natural_person')"
SWAP = (
    "UPDATE subject_key SET subject_id = CASE WHEN subject_id = {a} THEN {b} ELSE {a} END"
    " WHERE subject_id IN ({a}, {b})"
)
ATTACKS: dict[str, tuple[str, str]] = {
    "a name is altered": (f"UPDATE subject SET name = '乙' WHERE id = {FIRST}", "subject_name"),
    "a name is altered with its history": (
        f"UPDATE subject_name SET name = '乙' WHERE subject_id = {FIRST}; "
        f"UPDATE subject SET name = '乙' WHERE id = {FIRST}",
        "subject_name",
    ),
    "a code is altered": (f"UPDATE subject SET code = '91620799MA7ZZZZZ0X' WHERE id = {FIRST}", "subject_code"),
    "codes and keys are swapped": (
        SWAP.format(a=FIRST, b=SECOND)
        + f"; UPDATE subject SET code = CASE WHEN id = {FIRST} THEN '{OTHER['CF_XDR_SHXYM']}'"
        f" ELSE '{COMPANY['CF_XDR_SHXYM']}' END WHERE id IN ({FIRST}, {SECOND})",
        "subject_code",
    ),
    "keys are swapped": (SWAP.format(a=FIRST, b=SECOND), "subject_key_of_another"),
    "a person's key leads to a company": (
        f"UPDATE subject_key SET subject_id = {FIRST} WHERE subject_id = {PERSON_OF}",
        "subject_key_missing",
    ),
    "a key leads nowhere": ("INSERT INTO subject_key VALUES ('uscc:x', 9000000000000)", "subject_key_astray"),
    "a key is deleted": (f"DELETE FROM subject_key WHERE subject_id = {FIRST}", "subject_key_missing"),
    "an identity is deleted": (
        f"DELETE FROM subject_identity WHERE subject_id = {PERSON_OF}",
        "subject_identity_differs",
    ),
    "a file is frozen": (f"UPDATE subject SET frozen = true WHERE id = {SECOND}", "subject_frozen_without_entry"),
    "a file is thawed": (f"UPDATE subject SET frozen = false WHERE id = {FIRST}", "subject_frozen"),
    "an account opens another file": (f"UPDATE account_subject SET subject_id = {SECOND}", "own_file"),
    "another account opens a file": ("UPDATE account_subject SET account_id = account_id + 1", "own_file"),
    "an account stands for another": (f"UPDATE subject_account SET subject_id = {SECOND}", "account_link"),
    "a link is deleted": ("DELETE FROM subject_account", "account_link"),
    "a tag is altered": (f"UPDATE subject SET tag = decode(repeat('ff', 16), 'hex') WHERE id = {FIRST}", "subject_tag"),
    "an organisation is renamed": (
        "UPDATE organisation SET name_zh = '乙' WHERE code = 'scjgj'",
        "organisation_name_zh",
    ),
    "an organisation gets another code": (
        "UPDATE organisation SET uscc = '' WHERE code = 'scjgj'",
        "organisation_uscc",
    ),
    "a power is taken": (
        "UPDATE organisation_power SET active = false, ended_at = now(), ended_by = 1, end_reason = 'x', end_entry = 1",
        "organisation_power_end_without_entry",
    ),
    "a power is changed": ("UPDATE organisation_power SET article = 'ZY-1'", "organisation_power_article"),
    "a role is changed": (
        "UPDATE account_role SET role = 'auditor' WHERE role = 'supervisor'",
        "account_role_role",
    ),
    "a role is deleted": ("DELETE FROM account_role WHERE role = 'auditor'", "account_role_missing"),
    "an officer moves house": (
        "UPDATE account SET organisation_id = (SELECT id FROM organisation WHERE code = 'zjj')"
        " WHERE username = 'scjgj.collector'",
        "account_role_organisation",
    ),
    "a law's hash is altered": ("UPDATE law_version SET hash = '000000000000'", "law_version_hash"),
    "an item's text is altered": (
        "UPDATE catalog_item_version SET sha256 = repeat('0', 64)",
        "catalog_item_version_sha256",
    ),
    "an item's end is moved": (
        "UPDATE catalog_item_version SET valid_until = '2090-01-01'",
        "catalog_item_version_until",
    ),
    "a waiting row is returned": ("UPDATE intake_row SET state = 'returned' WHERE state = 'waiting'", "row_state"),
    "a registered row is unchanged": (
        "UPDATE intake_row SET state = 'unchanged' WHERE state = 'registered'",
        "batch_records",
    ),
    "a returned row waits": ("UPDATE intake_row SET state = 'waiting' WHERE state = 'returned'", "row_state"),
    "a row was decided by somebody": ("UPDATE intake_row SET decided_by = 1", "row_decided_by"),
    "a batch is another's": (
        "UPDATE intake_batch SET provider_id = (SELECT id FROM organisation WHERE code = 'zjj')",
        "batch_provider",
    ),
    "a batch's counts are altered": (
        "UPDATE intake_batch SET review = review - 1, rejected = rejected + 1",
        "batch_counts",
    ),
    "what a row said is altered": ("DELETE FROM intake_row_content", "row_content_missing"),
}


def damages() -> list[verify.Damage]:
    return [one for one in verify.run() if isinstance(one, verify.Damage)]


def subject_of(code: str) -> int:
    found = by_identifier("uscc", code)
    assert found is not None
    return found.subject_id


@pytest.fixture
def told(request: pytest.FixtureRequest) -> None:
    """Two companies and a person with records, one row that waits, one returned, a link, a frozen file."""
    send: Send = request.getfixturevalue("send")
    send(row(1), row(2, OTHER), row(3, PERSON))
    send(row(1, CF_NR="罚款"), row(4, CF_JDRQ="2026/13/40"))
    number = Account.objects.get(username="qiye").id
    link_account(
        subject_id=subject_of(COMPANY["CF_XDR_SHXYM"]),
        account_id=number,
        capacity=Capacity.SELF,
        verified=proof(subject_of(COMPANY["CF_XDR_SHXYM"]), AT),
        at=AT,
    )
    first = subject_of(COMPANY["CF_XDR_SHXYM"])
    freeze(subject_id=first, ground="death", article="ZY-3", actor="account:1", at=AT)
    assert damages() == []


def test_every_attack_on_what_hangs_on_entries_is_found(as_owner: None, told: None) -> None:
    missed: dict[str, set[str]] = {}
    for name, (attack, expected) in ATTACKS.items():
        with transaction.atomic():
            for statement in attack.split("; "):
                with connection.cursor() as cursor:
                    cursor.execute(statement)
            found = damages()
            transaction.set_rollback(True)
        if expected not in {one.what for one in found}:
            missed[name] = {one.what for one in found}
        assert all(one.entry is not None or one.record or one.subject for one in found), name
    assert not missed
    assert damages() == []


def test_a_link_and_a_freeze_are_entries_about_their_subject(told: None) -> None:
    subject = Subject.objects.get(code=COMPANY["CF_XDR_SHXYM"])
    read = chain(bytes(subject.tag))
    assert [one.act for one in read] == ["subject.linked", "subject.frozen"]
    assert read[0].body is not None and read[1].body is not None
    assert read[0].body["fields"]["capacity"] == "self"
    assert read[1].body["ground"] == {"ground": "death", "article": "ZY-3"}
    account = Account.objects.get(username="qiye").id
    link_account(
        subject_id=subject.id, account_id=account, capacity=Capacity.SELF, verified=proof(subject.id, AT), at=AT
    )
    freeze(subject_id=subject.id, ground="death", article="ZY-3", actor="account:1", at=AT)
    assert len(chain(bytes(subject.tag))) == 2  # done already: nothing is written


def test_a_body_that_binds_rows_is_never_erased(told: None) -> None:
    for act in ("batch.accepted", "subject.linked", "role.granted", "pack.published"):
        [entry] = entries(act=act, limit=1)
        with pytest.raises(Conflict, match="entry_is_kept"):
            erase(entry_id=entry.entry_id, ground="g", article="ZY-35(2)", actor="a", at=AT, law=entry.law)
