"""One subject, one file: found by any of its identifiers, registered once, and a person's identity never lies open."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from tests.subjects.verified import proof
from xinheng.accounts.models import Account
from xinheng.law.enums import SubjectKind
from xinheng.law.pack import Pack
from xinheng.ledger.models import LawVersion
from xinheng.ledger.services import publish_pack
from xinheng.lib.errors import BadInput, NotFound
from xinheng.store import crypto
from xinheng.subjects import selectors
from xinheng.subjects.models import Subject, SubjectIdentity, SubjectKey, SubjectName
from xinheng.subjects.rules import Capacity, Scheme, SubjectClaim
from xinheng.subjects.services import (
    find_or_register,
    find_or_register_many,
    forget_identity,
    freeze,
    link_account,
    link_demo_subjects,
    name_key,
)

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
DAY = date(2026, 11, 1)
USCC, OTHER_USCC = "91620702MA7AAAAA1X", "91620703MA7AAAAA1Y"
ORG = "MA7AAAAA1"
PERSON = "62220119700101001X"
LEGAL, NATURAL = SubjectKind.LEGAL_PERSON, SubjectKind.NATURAL_PERSON


@pytest.fixture
def law(pack: Pack) -> LawVersion:
    return publish_pack(pack=pack, at=AT)


def body(identifier: str = USCC, name: str = "甘泉商贸有限公司", on: date = DAY) -> SubjectClaim:
    scheme = Scheme.ORG if len(identifier) == 9 else Scheme.USCC
    return SubjectClaim(LEGAL, scheme, identifier, name, on)


def person(identifier: str = PERSON, name: str = "甄某某", on: date = DAY) -> SubjectClaim:
    return SubjectClaim(NATURAL, Scheme.ID, identifier, name, on)


@pytest.mark.req("SUB-1", kind="journey")
def test_a_subject_is_registered_once_and_found_again(law: LawVersion) -> None:
    first, again, other = find_or_register_many([body(), body(), person()], law_version=law, at=AT)
    assert first == again != other
    assert find_or_register_many([person(), body()], law_version=law, at=AT) == [other, first]
    assert Subject.objects.count() == 2
    found = selectors.by_identifier("uscc", USCC)
    assert found is not None
    assert (found.subject_id, found.code, found.name, len(found.tag)) == (first, USCC, "甘泉商贸有限公司", 16)
    assert selectors.by_identifier(None, PERSON) == selectors.facts(other)
    assert selectors.by_identifier(None, "91620702MA7AAAAA2X") is None
    assert selectors.by_identifier(None, "12") is None
    assert selectors.by_code(USCC) == found
    assert selectors.ref(first).tag == found.tag
    with pytest.raises(NotFound, match="subject_unknown"):
        selectors.facts(-1)


@pytest.mark.req("INV-4", "SUB-1", kind="rule")
def test_a_persons_name_and_number_lie_in_no_open_column(law: LawVersion) -> None:
    number = find_or_register_many([person()], law_version=law, at=AT)[0]
    row = Subject.objects.get(id=number)
    assert (row.name, row.code, row.name_key) == ("", "", "")
    key = SubjectKey.objects.get(subject_id=number)
    assert PERSON not in key.key
    assert not SubjectName.objects.filter(subject_id=number).exists()
    for identity in SubjectIdentity.objects.filter(subject_id=number):
        assert PERSON.encode() not in bytes(identity.sealed)
    assert selectors.display_name(number) == "甄某某"
    assert selectors.identifier_of(number) == PERSON
    later = person(name="甄大某", on=DAY + timedelta(days=1))
    find_or_register_many([later, person()], law_version=law, at=AT)
    find_or_register_many([person(name="甄小某", on=DAY - timedelta(days=1)), later], law_version=law, at=AT)
    assert SubjectIdentity.objects.filter(subject_id=number, kind="name").count() == 3
    assert selectors.display_name(number) == "甄大某"


@pytest.mark.req("INV-4", kind="refusal")
@pytest.mark.parametrize("column", ["name", "code", "name_key"])
def test_the_database_refuses_an_open_name_of_a_person(law: LawVersion, column: str) -> None:
    number = find_or_register_many([person()], law_version=law, at=AT)[0]
    with pytest.raises(IntegrityError, match="subject_person_has_no_open_name"), transaction.atomic():
        Subject.objects.filter(id=number).update(**{column: "x"})


@pytest.mark.req("INV-4", kind="refusal")
def test_the_database_refuses_a_name_history_of_a_person(law: LawVersion) -> None:
    number = find_or_register_many([person()], law_version=law, at=AT)[0]
    row = {"id": 1, "subject_id": number, "name": "甄某某", "from_on": DAY}
    with pytest.raises(IntegrityError, match="subject_name_organisations_only"), transaction.atomic():
        SubjectName.objects.create(subject_kind="natural_person", **row)
    with pytest.raises(IntegrityError, match="subject_name_of_its_kind"), transaction.atomic():
        SubjectName.objects.create(subject_kind="legal_person", **row)


def test_an_organisation_without_code_is_refused_by_the_database(law: LawVersion) -> None:
    number = find_or_register_many([body()], law_version=law, at=AT)[0]
    with pytest.raises(IntegrityError, match="subject_organisation_has_code"), transaction.atomic():
        Subject.objects.filter(id=number).update(code="")


@pytest.mark.req("SUB-1", kind="refusal")
@pytest.mark.parametrize(
    ("claim", "code"),
    [
        (person("0" * 17 + "X"), "placeholder_identifies_nobody"),
        (body("0" * 17 + "X"), "placeholder_identifies_nobody"),
        (SubjectClaim(LEGAL, Scheme.ID, PERSON, "", DAY), "identifier_of_another_kind"),
        (SubjectClaim(NATURAL, Scheme.USCC, USCC, "", DAY), "identifier_of_another_kind"),
        (SubjectClaim(LEGAL, Scheme.USCC, "", "", DAY), "subject_without_identifier"),
    ],
)
def test_who_is_not_identified_has_no_file(law: LawVersion, claim: SubjectClaim, code: str) -> None:
    with pytest.raises(BadInput, match=code):
        find_or_register_many([body(), claim], law_version=law, at=AT)
    assert not Subject.objects.exists()


class TestOrganisationCodes:
    """The organisation code inside a USCC leads to the same subject, but two USCC never become one."""

    def test_old_code_first_then_uscc(self, law: LawVersion) -> None:
        old = find_or_register_many([body(ORG)], law_version=law, at=AT)[0]
        assert selectors.by_identifier("uscc", USCC) == selectors.facts(old)
        assert find_or_register_many([body(USCC)], law_version=law, at=AT) == [old]
        assert selectors.facts(old).code == USCC
        assert find_or_register_many([body(ORG)], law_version=law, at=AT) == [old]

    def test_uscc_first_then_old_code(self, law: LawVersion) -> None:
        first = find_or_register_many([body(USCC)], law_version=law, at=AT)[0]
        assert find_or_register_many([body(ORG)], law_version=law, at=AT) == [first]
        assert selectors.facts(first).code == USCC

    def test_both_in_one_batch(self, law: LawVersion) -> None:
        one, two, three = find_or_register_many([body(USCC), body(ORG), body(OTHER_USCC)], law_version=law, at=AT)
        assert one == two != three
        assert selectors.facts(one).code == USCC
        assert selectors.facts(three).code == OTHER_USCC

    def test_two_uscc_after_an_old_code(self, law: LawVersion) -> None:
        old = find_or_register_many([body(ORG)], law_version=law, at=AT)[0]
        one, two = find_or_register_many([body(USCC), body(OTHER_USCC)], law_version=law, at=AT)
        assert old == one != two
        assert find_or_register_many([body(OTHER_USCC), body(USCC)], law_version=law, at=AT) == [two, one]

    def test_another_uscc_is_not_found_by_the_section_it_shares(self, law: LawVersion) -> None:
        find_or_register_many([body(USCC)], law_version=law, at=AT)
        assert selectors.by_identifier("uscc", OTHER_USCC) is None


def test_a_passport_is_another_identifier_than_an_identity_card(law: LawVersion) -> None:
    claim = SubjectClaim(NATURAL, Scheme.DOC, f"护照号:{PERSON}", "甄某某", DAY)
    one, two = find_or_register_many([claim, person()], law_version=law, at=AT)
    assert one != two
    assert selectors.by_identifier("doc", f"护照号:{PERSON}") == selectors.facts(one)
    assert selectors.identifier_of(one) == f"护照号:{PERSON}"


@pytest.mark.req("SUB-1", kind="journey")
def test_names_of_an_organisation_are_kept_over_time(law: LawVersion) -> None:
    def seen(name: str, on: date) -> int:
        return find_or_register(
            kind=LEGAL, scheme=Scheme.USCC, identifier=USCC, name=name, on=on, law_version=law, at=AT, source="batch:1"
        )

    number = seen("中间名", DAY)
    seen("旧名", DAY - timedelta(days=100))
    assert selectors.facts(number).name == "中间名"  # an older name never becomes the present one
    seen("新名", DAY + timedelta(days=9))
    seen("新名", DAY + timedelta(days=12))
    assert selectors.facts(number).name == "新名"
    assert Subject.objects.get(id=number).name_key == "xinming"
    spans = [(s.name, s.from_on, s.until_on) for s in selectors.name_history(number)]
    middle, last = DAY, DAY + timedelta(days=9)
    assert spans == [("旧名", DAY - timedelta(days=100), middle), ("中间名", middle, last), ("新名", last, None)]


def test_a_batch_names_a_new_subject_by_its_latest_row(law: LawVersion) -> None:
    claims = [
        body(name="旧名", on=DAY - timedelta(days=9)),
        body(name="新名"),
        body(name="旧名", on=DAY - timedelta(days=3)),
    ]
    number = find_or_register_many(claims, law_version=law, at=AT)[0]
    assert selectors.facts(number).name == "新名"
    assert [s.name for s in selectors.name_history(number)] == ["旧名", "新名"]


def test_names_sort_by_pinyin() -> None:
    assert sorted(["中山", "阿里", "甘泉"], key=name_key) == ["阿里", "甘泉", "中山"]
    assert name_key("ABC建筑") == "abcjianzhu"
    assert len(name_key("庄" * 200)) == 800


@pytest.mark.req("INV-4", kind="rule")
def test_a_person_is_found_under_every_live_key_version(law: LawVersion, settings: Any) -> None:
    old = find_or_register_many([person()], law_version=law, at=AT)[0]
    with newer_key(settings):
        assert selectors.by_identifier("id", PERSON) == selectors.facts(old)
        assert find_or_register_many([person()], law_version=law, at=AT) == [old]
        newest = f"id:{crypto.blind_now('id', PERSON)}"
        assert SubjectKey.objects.filter(key=newest, subject_id=old).exists()
        assert selectors.display_name(old) == "甄某某"
    assert SubjectKey.objects.filter(subject_id=old).count() == 2


class newer_key:
    """A key ring with one more version for a block."""

    def __init__(self, settings: Any) -> None:
        self.settings, self.ring = settings, settings.XINHENG_DATA_KEYS

    def __enter__(self) -> None:
        from dataclasses import replace

        newest = self.ring.versions[0]
        added = replace(newest, version=newest.version + 1, encrypt=b"\x07" * 32, blind=b"\x08" * 32)
        self.settings.XINHENG_DATA_KEYS = replace(self.ring, versions=(added, *self.ring.versions))
        crypto.forget_keys()

    def __exit__(self, *_: object) -> None:
        self.settings.XINHENG_DATA_KEYS = self.ring
        crypto.forget_keys()


def test_looking_up_and_locking_takes_one_statement(law: LawVersion, django_assert_num_queries: Any) -> None:
    one, two = find_or_register_many([body(), person()], law_version=law, at=AT)
    pairs = [(None, PERSON), ("uscc", USCC), ("uscc", "91620702MA7CCCCC1X")]
    with django_assert_num_queries(1) as ran:
        found = selectors.lock_by_identifiers(pairs)
    assert [s.subject_id if s else None for s in found] == [two, one, None]
    assert "FOR NO KEY UPDATE" in ran[0]["sql"]
    with django_assert_num_queries(1):
        assert selectors.by_identifiers(pairs) == found
    with django_assert_num_queries(0):
        assert selectors.by_identifiers([]) == []


def test_a_thousand_subjects_take_few_statements(law: LawVersion, django_assert_max_num_queries: Any) -> None:
    claims = [body(f"91620702MA{n:07d}X", f"企业{n}") for n in range(900)]
    claims += [person(f"622201{n:011d}X", f"某{n}") for n in range(100)]
    with django_assert_max_num_queries(40):
        ids = find_or_register_many(claims, law_version=law, at=AT)
    assert len(set(ids)) == 1000
    with django_assert_max_num_queries(12):
        assert find_or_register_many(claims, law_version=law, at=AT) == ids


@pytest.fixture
def account() -> Account:
    found = Account.objects.filter(organisation__isnull=True).first()
    assert found is not None
    return found


@pytest.mark.req("SUB-1", kind="rule")
def test_accounts_stand_for_subjects_in_a_capacity(law: LawVersion, account: Account) -> None:
    own, ward = find_or_register_many([person(), body()], law_version=law, at=AT)
    link_account(subject_id=own, account_id=account.id, capacity=Capacity.SELF, verified=proof(own, AT), at=AT)
    link_account(subject_id=own, account_id=account.id, capacity=Capacity.SELF, verified=proof(own, AT), at=AT)
    link_account(subject_id=ward, account_id=account.id, capacity=Capacity.AGENT, verified=proof(ward, AT), at=AT)
    assert selectors.own_subject(account.id) == own
    standing = [(one.subject_id, one.capacity) for one in selectors.standings(account.id, AT)]
    assert standing == [(own, Capacity.SELF), (ward, Capacity.AGENT)]
    assert selectors.standings(account.id, AT - timedelta(seconds=1)) == ()
    assert selectors.own_subject(-1) is None


def test_freezing_shows_in_the_facts(law: LawVersion) -> None:
    number = find_or_register_many([person()], law_version=law, at=AT)[0]
    freeze(subject_id=number, ground="death", article="ZY-3", actor="account:1", at=AT)
    assert selectors.facts(number).frozen


@pytest.mark.req("INV-8", kind="journey")
def test_a_forgotten_person_cannot_be_found_or_named(law: LawVersion, account: Account) -> None:
    number, kept, company = find_or_register_many(
        [person(), person("62220119700101002X"), body()], law_version=law, at=AT
    )
    link_account(subject_id=kept, account_id=account.id, capacity=Capacity.SELF, verified=proof(kept, AT), at=AT)
    assert forget_identity(subject_id=number)
    assert not forget_identity(subject_id=kept)
    assert not forget_identity(subject_id=company)
    assert selectors.by_identifier("id", PERSON) is None
    assert selectors.display_name(number) == selectors.identifier_of(number) == ""
    assert not SubjectKey.objects.filter(subject_id=number).exists()
    assert selectors.display_name(kept) == "甄某某"
    assert find_or_register_many([person()], law_version=law, at=AT) != [number]


def test_the_demo_links_its_subjects_once(pack: Pack) -> None:
    linked = link_demo_subjects(pack=pack, at=AT)
    assert linked == link_demo_subjects(pack=pack, at=AT) > 0
    accounts = Account.objects.filter(organisation__isnull=True)
    assert all(selectors.own_subject(a.id) is not None for a in accounts)


@pytest.mark.req("INV-8", kind="refusal")
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE subject_name SET name = 'x'",
        "DELETE FROM subject_name",
        "UPDATE subject_identity SET sealed = ''",
        "DELETE FROM subject",
        "UPDATE subject_key SET subject_id = 1",
        "TRUNCATE subject_identity",
    ],
)
def test_the_application_may_not_rewrite_subjects(law: LawVersion, statement: str) -> None:
    find_or_register_many([body(), person()], law_version=law, at=AT)
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


@pytest.mark.django_db(transaction=True)
@pytest.mark.req("SUB-1", kind="rule")
def test_many_who_register_the_same_subject_at_once_end_with_one(pack: Pack) -> None:
    law = publish_pack(pack=pack, at=AT)
    claims = [body(USCC), body(ORG), person()]
    start, results, errors = threading.Barrier(6), [], []

    def register(n: int) -> None:
        try:
            start.wait()
            turned = claims[n % 3 :] + claims[: n % 3]
            ids = find_or_register_many(turned, law_version=law, at=AT)
            results.append(dict(zip([c.identifier for c in turned], ids, strict=True)))
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=register, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert all(result == results[0] for result in results)
    assert results[0][USCC] == results[0][ORG]
    assert Subject.objects.count() == 2


@pytest.fixture(autouse=True)
def no_open_connections() -> Iterator[None]:
    yield
    crypto.forget_keys()
