"""The main job under each law: a file in the national format, an official query, a refusal, the own file, the public
page.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.test import Client

from tests.disclosure.city import two_lists
from tests.disclosure.test_doors import as_user, text_of
from xinheng.accounts.models import Account
from xinheng.accounts.rules import Role
from xinheng.accounts.selectors import account_asker, organisation_by_code
from xinheng.disclosure.rules import offered
from xinheng.disclosure.services import asking
from xinheng.law.lookup import matters
from xinheng.law.pack import Matter, Pack
from xinheng.ledger import selectors as ledger
from xinheng.lib import clock
from xinheng.records.services import accept_batch
from xinheng.subjects.selectors import by_identifier
from xinheng.subjects.services import link_demo_subjects

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)
CASE = "招〔2026〕0041"


@dataclass(frozen=True)
class Story:
    """A city under one law with its demonstration files on file, and who plays in it."""

    pack: Pack
    officer: str
    matter: Matter
    company: str
    person: str

    def ask(self, who: str, **changed: str) -> Any:
        """Send the query form of the officer."""
        form = {"matter": self.matter.code, "case_number": CASE, **two_lists(who), **changed}
        return as_user(self.officer).post("/desk/query", form)


@pytest.fixture
def story(law_city: Pack) -> Story:
    """The demonstration files of the city, taken in as its bureaus would send them."""
    at = clock.now()
    for file in law_city.demo["files"]:  # type: ignore[union-attr]
        accept_batch(
            file=(law_city.folder / "demo" / file["file"]).read_bytes(),
            file_name=file["file"],
            item_code=file["item"],
            provider=organisation_by_code(file["provider"]),
            actor="platform",
            channel="cli",
            at=at,
        )
    link_demo_subjects(pack=law_city, at=at)
    officer, matter = querier(law_city)
    accounts = law_city.demo["accounts"]
    company = next(a["subject"]["code"] for a in accounts if a["username"] == "qiye")  # type: ignore[union-attr]
    key = next(a["subject"]["person"] for a in accounts if a["username"] == "gongmin")  # type: ignore[union-attr]
    person = next(p["id_number"] for p in law_city.demo["persons"] if p["key"] == key)  # type: ignore[union-attr]
    return Story(law_city, officer, matter, company, person)


def querier(pack: Pack) -> tuple[str, Matter]:
    """An officer who may query, and a matter of his organisation that is linked to penalties and admits persons."""
    for account in Account.objects.select_related("organisation").order_by("username"):
        facts = account_asker(account)
        if Role.QUERIER not in facts.roles:
            continue
        asker, _ = asking(facts, account.organisation)
        for matter in matters(pack, TODAY):
            if offered(asker, matter) and "CF" in matter.items and matter.persons_admitted and matter.statute == "none":
                return account.username, matter
    raise AssertionError("no officer of the demonstration may query")


@pytest.mark.req("QRY-1", "INV-3", "ZY-34", "SP-10", kind="journey")
def test_an_officer_asks_for_a_listed_matter_and_is_answered(story: Story) -> None:
    said = text_of(story.ask(story.company))
    assert "查询回执" in said
    assert "行政处罚信息" in said
    assert "不向您显示" in said


@pytest.mark.req("QRY-1", "INV-3", "ZY-34", "ZY-35", "SP-10", "SP-28", kind="refusal")
def test_an_unlisted_matter_is_refused_with_the_article_of_the_city(story: Story) -> None:
    answer = story.ask(story.person, matter="daily_inspection")
    assert answer.status_code == 403
    assert "不是法律允许的查询事项" in text_of(answer)
    known = by_identifier("id", story.person)
    assert known is not None
    last = ledger.chain(known.tag)[-1]
    assert last.body is not None
    assert last.body["ground"]["article"].startswith({"zhangye": "ZY-34", "siping": "SP-10"}.get(story.pack.id, "DC-"))


@pytest.mark.req("QRY-2", "INV-3", "ZY-44", "SP-24", kind="journey")
def test_the_person_reads_the_own_file_and_who_looked(story: Story) -> None:
    story.ask(story.person)
    subject = as_user("gongmin")
    assert "我的信息" in text_of(subject.get("/my/file"))
    looks = text_of(subject.get("/my/looks"))
    assert CASE in looks
    assert subject.get("/my/copy.json").status_code == 200


@pytest.mark.req("QRY-2", "ZY-44", "SP-24", kind="refusal")
def test_nobody_else_opens_that_file(story: Story) -> None:
    assert Client().get("/my/file").status_code == 302
    assert as_user(story.officer).get("/my/file").status_code == 403


@pytest.mark.req("QRY-4", "PUB-1", "PUB-2", "ZY-47", "SP-11", "SP-12", kind="journey")
def test_the_public_page_shows_the_organisation_and_no_person(story: Story) -> None:
    assert "行政处罚信息" in text_of(Client().get(f"/subjects/{story.company}"))
    listed = text_of(Client().get("/publicity/CF"))
    persons = [p["name"] for p in story.pack.demo["persons"]]  # type: ignore[union-attr]
    assert not any(name in listed for name in persons)


@pytest.mark.req("INV-4", "QRY-4", "ZY-47", kind="refusal")
def test_a_persons_number_is_answered_like_one_nobody_knows(story: Story) -> None:
    known, unknown = (Client().get(f"/subjects/{number}") for number in (story.person, "622201200510101380"))
    assert known.status_code == unknown.status_code
    assert abs(len(known.content) - len(unknown.content)) < 40
    assert story.person not in text_of(known)
