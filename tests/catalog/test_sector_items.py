"""Each item of a sector or profession goes the whole road in the fictional city: intake, public page, official query.

Persons are public nowhere; what a matter is not linked to no query of it shows.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tests.catalog.rows import company, made, number_of, person, provider_of, sheet, shop, subject_of
from tests.conftest import ROOT, load_pack
from tests.disclosure.city import two_lists
from tests.disclosure.test_doors import as_user
from tests.records.sending import Sent, sent
from xinheng.accounts.selectors import organisation_by_code
from xinheng.intake.models import IntakeRow, IntakeRowContent
from xinheng.intake.rules import FileRefused, Verdict
from xinheng.law import lookup
from xinheng.law.enums import Attribute, Level, SubjectKind
from xinheng.law.items import ItemVersion
from xinheng.law.pack import Pack
from xinheng.lib import clock
from xinheng.lib.errors import NotFound
from xinheng.records.models import Record
from xinheng.start import publish_law
from xinheng.subjects.services import link_demo_subjects

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)
DEMO = load_pack("demo-city")
ITEMS = [item.code for item in lookup.items(DEMO, TODAY) if item.level is Level.CITY]
PERSONS = [code for code in ITEMS if SubjectKind.NATURAL_PERSON in lookup.item(DEMO, code, TODAY).kinds]
BUSINESSES = [c for c in ITEMS if SubjectKind.INDIVIDUAL_BUSINESS in lookup.item(DEMO, c, TODAY).kinds]
PRACTICE = [code for code in PERSONS if SubjectKind.LEGAL_PERSON not in lookup.item(DEMO, code, TODAY).kinds]
# matter → the officer of the demo who may ask in it
OFFICERS = {"qualification_review": "scjgj.querier", "public_resource_trading": "ggzy.querier"}
UNLINKED = ("administrative_licence", "scjgj.querier")


@dataclass(frozen=True)
class Town:
    """The fictional city with its people."""

    pack: Pack

    def item(self, code: str) -> ItemVersion:
        return lookup.item(self.pack, code, TODAY)

    def report(self, item: ItemVersion, *rows: dict[str, str], by: str = "") -> Sent:
        """Send rows as the organisation that may report the item, or as ``by``."""
        return sent(
            file=sheet(item, *rows),
            file_name=f"{item.code}.csv",
            item_code=item.code,
            provider=organisation_by_code(by or provider_of(self.pack, item)["code"]),
            actor="test",
            channel="cli",
            at=clock.now(),
        )

    def ask(self, matter: str, officer: str, who: str) -> str:
        """What an officer reads."""
        form = {"matter": matter, "case_number": "审〔2026〕0041", "statute": "", **two_lists(who)}
        answer = as_user(officer).post("/desk/query", form)
        assert answer.status_code == 200
        return answer.content.decode()


@pytest.fixture
def town(pack: Pack) -> Iterator[Town]:
    link_demo_subjects(pack=pack, at=clock.now())
    yield Town(pack)


def who_of(subject: dict[str, str]) -> str:
    """How an officer names the subject."""
    return subject.get("uscc") or f"{subject['id_number']} {subject['name']}"


@pytest.mark.req("ORG-1", "CAT-2", "INT-1", "ZY-32", "ZY-33", kind="journey")
@pytest.mark.parametrize("code", ITEMS)
def test_a_row_of_each_item_is_taken_in_and_its_faulty_twin_returned(town: Town, code: str) -> None:
    item = town.item(code)
    who = subject_of(town.pack, item)
    good, twin = made(town.pack, item, who), made(town.pack, item, who, 2, document_number="")
    receipt = town.report(item, good, twin)
    assert [row.verdict for row in receipt.rows] == [Verdict.ACCEPT, Verdict.REJECT], receipt.rows[0].findings
    assert receipt.records == 1
    record = Record.objects.get()
    assert record.item_code == code
    assert (record.publicity_from is not None) is (item.publicity is Attribute.PUBLIC)
    (returned,) = receipt.rows[1].findings
    if item.adverse:
        assert (returned.code, returned.article) == (
            "document_missing",
            lookup.ground(town.pack, "intake.document", TODAY).article,
        )
        assert not IntakeRowContent.objects.filter(row_id=receipt.rows[1].row_id).exists()
    else:
        assert returned.code == "required_missing"


@pytest.mark.req("INV-4", "PUB-1", "ZY-47", kind="journey")
@pytest.mark.parametrize("code", ITEMS)
def test_everybody_reads_only_what_the_item_makes_public(town: Town, code: str) -> None:
    item, who = town.item(code), subject_of(town.pack, town.item(code))
    town.report(item, made(town.pack, item, who))
    page = Client().get(
        f"/subjects/{who.get('uscc', '')}" if "uscc" in who else "/search", {} if "uscc" in who else {"q": who["name"]}
    )
    lists, file = Client().get(f"/publicity/{code}"), Client().get(f"/publicity/{code}/export.json")
    shown = item.publicity is Attribute.PUBLIC and item.kinds[item.kinds_map[who["kind"]]] is Attribute.PUBLIC
    assert (lists.status_code, file.status_code) == ((200, 200) if shown else (404, 404))
    for told in (page, lists, file):
        assert (number_of(item) in told.text) is shown, told.request
    if not shown:
        assert item.label.zh not in page.text


@pytest.mark.req("QRY-1", "INV-3", "ZY-34", kind="journey")
@pytest.mark.parametrize("code", ITEMS)
def test_an_officer_reads_it_in_a_linked_matter_and_in_no_other(town: Town, code: str) -> None:
    item, who = town.item(code), subject_of(town.pack, town.item(code))
    town.report(item, made(town.pack, item, who))
    matter = next(matter for matter in OFFICERS if matter in item.matters)
    assert number_of(item) in town.ask(matter, OFFICERS[matter], who_of(who))
    assert UNLINKED[0] not in item.matters
    other = town.ask(*UNLINKED, who_of(who))
    # what is public of an organisation everybody reads; a query in another matter adds nothing to it
    assert number_of(item) not in other


@pytest.mark.req("INV-4", "INV-1", "ZY-28", "ZY-47", kind="refusal")
@pytest.mark.parametrize("code", PERSONS)
def test_a_person_is_public_nowhere_and_reads_the_own_file(town: Town, code: str) -> None:
    item, who = town.item(code), person(town.pack)
    assert item.kinds[SubjectKind.NATURAL_PERSON] is Attribute.BY_MATTER
    receipt = town.report(item, made(town.pack, item, who))
    assert receipt.records == 1, receipt.rows[0].findings
    assert Record.objects.get().publicity_from is None
    visitor = Client()
    pages = [visitor.get("/"), visitor.get("/search", {"q": who["name"]}), visitor.get(f"/subjects/{who['id_number']}")]
    pages += [visitor.get(f"/publicity/{code}"), visitor.get(f"/publicity/{code}/export.csv")]
    for page in pages:
        assert number_of(item) not in page.text
        assert who["id_number"] not in page.text
    own = as_user("gongmin").get("/my/file").content.decode()
    assert number_of(item) in own


@pytest.mark.req("INV-4", "PUB-1", "ZY-47", kind="refusal")
@pytest.mark.parametrize("code", BUSINESSES)
def test_the_operator_behind_a_business_is_public_nowhere(town: Town, code: str) -> None:
    item, who = town.item(code), shop(town.pack)
    row = made(town.pack, item, who)
    texts = {"SS", "NR"} & row.keys()
    row |= dict.fromkeys(texts, f"经查，经营者{who['representative']}的行为属实。")
    assert town.report(item, row).records == 1
    visitor, shown = Client(), item.kinds[SubjectKind.INDIVIDUAL_BUSINESS] is Attribute.PUBLIC
    pages = [visitor.get(f"/subjects/{who['uscc']}"), visitor.get(f"/publicity/{code}")]
    pages += [visitor.get(f"/subjects/{who['uscc']}/export.json"), visitor.get(f"/publicity/{code}/export.csv")]
    for page in pages:
        assert (number_of(item) in page.text) is shown
        assert who["representative"] not in page.text
    without = made(town.pack, item, {**who, "representative": ""}, 2)
    (returned,) = town.report(item, without).rows
    assert (returned.verdict, returned.findings[0].code) == (Verdict.REJECT, "required_missing")


@pytest.mark.req("ORG-1", "INV-1", "ZY-27", kind="refusal")
def test_public_security_reports_organisations_only(town: Town) -> None:
    (code,) = [i.code for i in lookup.items(town.pack, TODAY) if "public_security" in i.providers]
    item = town.item(code)
    assert set(item.kinds) == {SubjectKind.LEGAL_PERSON, SubjectKind.UNINCORPORATED}
    rows = [
        made(town.pack, item, {**company(town.pack), "kind": kind}, n)
        for n, kind in enumerate(("自然人", "个体工商户"), 1)
    ]
    receipt = town.report(item, *rows)
    article = lookup.ground(town.pack, "intake.catalog", TODAY).article
    for row in receipt.rows:
        assert row.verdict is Verdict.REJECT
        assert ("kind_not_collected", article) in {(found.code, found.article) for found in row.findings}
    assert not Record.objects.exists()
    assert not IntakeRowContent.objects.filter(row_id__in=IntakeRow.objects.values("id")).exists()


@pytest.mark.req("CAT-2", "ORG-1", "SUB-2", "ZY-32", kind="refusal")
@pytest.mark.parametrize("code", ITEMS)
def test_only_a_source_that_the_catalog_names_may_report_an_item(town: Town, code: str) -> None:
    item = town.item(code)
    # the finance bureau may provide public information and is the source of no sector's item
    with pytest.raises(FileRefused) as refused:
        town.report(item, made(town.pack, item, subject_of(town.pack, item)), by="czj")
    assert refused.value.code == "provider_not_of_item"
    assert refused.value.article == lookup.ground(town.pack, "intake.catalog", TODAY).article
    assert not Record.objects.exists()


@pytest.mark.req("ORG-1", kind="journey")
def test_a_collector_chooses_among_the_items_of_the_own_organisation(town: Town) -> None:
    offered = as_user("jtj.collector").get("/desk/intake").context["form"].fields["item"].choices
    assert {code for code, _ in offered} == {"CF", "XK", "JTYS", "JTRY"}


@pytest.mark.req("INV-9", kind="refusal")
@pytest.mark.parametrize("code", PRACTICE)
def test_a_public_order_violation_stays_out_of_the_records_of_a_profession(town: Town, code: str) -> None:
    item = town.item(code)
    row = made(town.pack, item, person(town.pack), basis="") | {"YJ": "《治安管理处罚法》第四十三条"}
    receipt = town.report(item, row)
    assert receipt.rows[0].verdict is Verdict.REJECT
    assert ("sealed", "CN-PSAL-136") in {(found.code, found.article) for found in receipt.rows[0].findings}
    assert not IntakeRowContent.objects.exists()


@pytest.mark.req("PUB-2", kind="journey")
def test_the_home_page_keeps_dual_publicity_and_a_subject_page_lists_what_it_has(town: Town) -> None:
    item, who = town.item("LDBZ"), company(town.pack)
    town.report(item, made(town.pack, item, who))
    exports = re.findall(r'href="/publicity/(\w+)/export\.csv', Client().get("/").text)
    assert exports == ["XK", "CF"]
    sections = Client().get(f"/subjects/{who['uscc']}").context["sections"]
    assert [one["item"].code for one in sections] == ["CF", "XK", "LDBZ"]


@pytest.mark.req("INV-2", "INV-3", "CAT-1", kind="refusal")
def test_an_item_that_is_switched_off_later_is_read_by_its_subject_alone(
    town: Town, settings: Any, tmp_path: Path
) -> None:
    item, who = town.item("LDBZ"), company(town.pack)
    town.report(item, made(town.pack, item, who))
    assert number_of(item) in Client().get(f"/subjects/{who['uscc']}").text
    assert number_of(item) in town.ask("qualification_review", "scjgj.querier", who["uscc"])
    for name in ("cn-national", "demo-city"):
        shutil.copytree(ROOT / "lawpacks" / name, tmp_path / name)
    file = tmp_path / "demo-city" / "catalog" / "LDBZ.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("    adverse: true", '    adverse: true\n    state: "off"', 1), encoding="utf-8")
    settings.XINHENG_LAW = str(tmp_path / "demo-city")
    publish_law()
    assert number_of(item) not in Client().get(f"/subjects/{who['uscc']}").text
    assert Client().get("/publicity/LDBZ").status_code == 404
    assert number_of(item) not in town.ask("qualification_review", "scjgj.querier", who["uscc"])
    assert number_of(item) in as_user("qiye").get("/my/file").content.decode()
    with pytest.raises(NotFound) as refused:
        town.report(item, made(town.pack, item, who, 2))
    assert refused.value.code == "item_not_in_force"
