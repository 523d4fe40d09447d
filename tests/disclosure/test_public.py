"""What everybody sees: organisations only, nothing of persons, and no difference between unknown and hidden."""

from __future__ import annotations

from datetime import datetime, timedelta

import orjson
import pytest

from tests.disclosure.city import (
    AT,
    PERSON,
    PERSON_ID,
    PERSON_NAME,
    PHONE,
    REPRESENTATIVE_ID,
    SECRET,
    UNKNOWN_COMPANY,
    City,
)
from tests.records.conftest import Send
from tests.records.rows import COMPANY, OTHER, SHOP, row
from xinheng.disclosure import services
from xinheng.disclosure.models import PublicCount
from xinheng.disclosure.services import Filters, copies, counting
from xinheng.ledger import selectors as ledger
from xinheng.lib.errors import BadInput, NotFound
from xinheng.records.services import review_row

pytestmark = pytest.mark.django_db
CODE = COMPANY["CF_XDR_SHXYM"]


@pytest.mark.req("QRY-4", "PUB-1", kind="journey")
def test_an_organisation_is_public_with_its_running_penalties(city: City) -> None:
    found = services.public_subject(code=CODE, at=AT, pack=city.pack)
    assert found is not None
    assert (found.name, found.counts) == (COMPANY["CF_XDR_MC"], {"CF": 1})
    (record,) = found.records
    assert record.value("representative") == COMPANY["CF_FRDB"]
    assert record.publicity_until is not None
    assert record.earliest_repair is not None
    said = repr(found)
    for secret in (SECRET, PHONE, REPRESENTATIVE_ID):
        assert secret not in said


@pytest.mark.req("PUB-1", "INV-7", kind="journey")
def test_publicity_ends_by_itself_on_its_day(city: City) -> None:
    found = services.public_subject(code=CODE, at=AT, pack=city.pack)
    assert found is not None
    end = found.records[0].publicity_until
    assert end is not None
    days = (end - AT.date()).days
    assert services.public_subject(code=CODE, at=AT + timedelta(days=days - 1), pack=city.pack) is not None
    assert services.public_subject(code=CODE, at=AT + timedelta(days=days), pack=city.pack) is None


@pytest.mark.req("INV-4", "QRY-4", "ZY-47", kind="refusal")
@pytest.mark.parametrize("text", [PERSON_ID, UNKNOWN_COMPANY, "不存在", "", "622201200510101380"])
def test_a_person_and_an_unknown_code_are_answered_alike(city: City, text: str) -> None:
    assert services.public_subject(code=text, at=AT, pack=city.pack) is None


@pytest.mark.req("INV-4", "QRY-4", kind="refusal")
@pytest.mark.parametrize("text", [PERSON_NAME, PERSON_ID, "沈砚舟", "吴大勇", "没有的名字"])
def test_a_search_never_finds_a_person_nor_an_organisation_by_a_person(city: City, text: str) -> None:
    assert services.public_search(text=text, at=AT, pack=city.pack).candidates == ()


@pytest.mark.req("QRY-4", kind="journey")
def test_a_search_finds_organisations_by_part_of_the_name_and_by_code(city: City) -> None:
    by_name = services.public_search(text="云衡食品", at=AT, pack=city.pack)
    by_code = services.public_search(text=f" {CODE.lower()} ", at=AT, pack=city.pack)
    assert [c.code for c in by_name.candidates] == [c.code for c in by_code.candidates] == [CODE]
    assert services.public_search(text="云", at=AT, pack=city.pack).kind == "short"


@pytest.mark.req("INV-4", kind="refusal")
def test_the_operator_is_hidden_in_name_text_and_search(city: City) -> None:
    found = services.public_subject(code=SHOP["CF_XDR_SHXYM"], at=AT, pack=city.pack)
    assert found is not None
    assert SHOP["CF_FRDB"] not in repr(found)
    (hit,) = services.public_search(text="五金店", at=AT, pack=city.pack).candidates
    assert SHOP["CF_FRDB"] not in hit.name


@pytest.mark.req("PUB-2", "PUB-1", kind="journey")
def test_the_list_pages_by_key_and_names_no_person(city: City) -> None:
    first = services.public_list(item="CF", at=AT, pack=city.pack, limit=2)
    second = services.public_list(item="CF", at=AT, pack=city.pack, limit=2, after=first.after)
    rows = [*first.rows, *second.rows]
    assert (first.total, second.after) == (3, "")
    assert {r.subject_code for r in rows} == {one["CF_XDR_SHXYM"] for one in (COMPANY, OTHER, SHOP)}
    assert PERSON_NAME not in repr(rows)


@pytest.mark.req("PUB-2", kind="journey")
def test_the_list_is_narrowed_by_provider_and_day(city: City) -> None:
    day = services.public_list(item="CF", at=AT, pack=city.pack).rows[0].record.decided_on
    assert services.public_list(item="CF", at=AT, pack=city.pack, filters=Filters("scjgj", day, day)).total == 3
    assert services.public_list(item="CF", at=AT, pack=city.pack, filters=Filters("zjj")).rows == ()
    assert (
        services.public_list(item="CF", at=AT, pack=city.pack, filters=Filters(until=day - timedelta(days=1))).total
        == 0
    )


@pytest.mark.req("PUB-2", "QRY-4", kind="journey")
def test_the_list_is_narrowed_by_words_of_the_name_and_never_by_an_operator(city: City) -> None:
    def codes(words: str) -> list[str]:
        rows = services.public_list(item="CF", at=AT, pack=city.pack, filters=Filters(words=words)).rows
        return [one.subject_code for one in rows]

    assert codes("云衡") == codes("云衡 食品") == codes("（云衡）食品") == [CODE]
    assert codes("五金店") == [SHOP["CF_XDR_SHXYM"]]
    assert codes(SHOP["CF_FRDB"]) == codes(PERSON_NAME) == codes(COMPANY["CF_FRDB"]) == []
    with pytest.raises(BadInput, match="list_words_short"):
        codes("云")


@pytest.mark.req("PUB-2", kind="journey")
def test_a_list_longer_than_a_file_goes_on_in_the_next_and_keeps_its_filters(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copies, "EXPORTED", 2)
    asked = {"pack": city.pack, "at": AT, "format": "json", "item": "CF", "filters": Filters("scjgj")}
    first = services.public_export(**asked, address=lambda key: f"/there?after={key}")
    second = services.public_export(**asked, after=first.after)
    one, two = orjson.loads(first.text), orjson.loads(second.text)
    assert (one["next"], two["next"], second.after) == (f"/there?after={first.after}", "", "")
    records = [record["record"] for body in (one, two) for record in body["records"]]
    assert len(records) == len(set(records)) == 3


@pytest.mark.req("PUB-2", kind="refusal")
def test_an_unknown_item_and_a_broken_key_are_told(city: City) -> None:
    with pytest.raises(NotFound, match="item_unknown"):
        services.public_list(item="ZZ", at=AT, pack=city.pack)
    with pytest.raises(BadInput, match="paging_key_unreadable"):
        services.public_list(item="CF", at=AT, pack=city.pack, after="gestern")


@pytest.mark.req("INV-3", "PUB-1", kind="refusal")
@pytest.mark.parametrize("form", ["csv", "json"])
def test_exports_leave_out_representatives_and_numbers(city: City, form: str) -> None:
    for told in (
        services.public_export(pack=city.pack, at=AT, format=form, code=CODE).text,
        services.public_export(pack=city.pack, at=AT, format=form, item="CF").text,
    ):
        assert COMPANY["CF_XDR_MC"] in told
        for hidden in (COMPANY["CF_FRDB"], SHOP["CF_FRDB"], SECRET, PHONE, REPRESENTATIVE_ID, PERSON_NAME, PERSON_ID):
            assert hidden not in told
    body = services.public_export(pack=city.pack, at=AT, format="json", code=CODE).text
    assert orjson.loads(body)["records"][0]["fields"]["CF_NR_FK"] == "3"


@pytest.mark.req("QRY-4", kind="refusal")
def test_an_export_of_what_is_not_public_is_not_found(city: City) -> None:
    for text in (PERSON_ID, UNKNOWN_COMPANY):
        with pytest.raises(NotFound, match="nothing_public"):
            services.public_export(pack=city.pack, at=AT, format="csv", code=text)
    with pytest.raises(BadInput, match="format_unknown"):
        services.public_export(pack=city.pack, at=AT, format="pdf", code=CODE)


@pytest.mark.req("INV-3", kind="rule")
def test_public_looks_are_counted_without_the_visitor_and_closed_days_become_one_entry(city: City) -> None:
    before = len(ledger.entries(limit=500))
    for _ in range(3):
        services.public_subject(code=CODE, at=AT, pack=city.pack)
    services.public_subject(code=PERSON_ID, at=AT, pack=city.pack)
    assert len(ledger.entries(limit=500)) == before
    assert not PublicCount.objects.exists()  # counted in memory, written once a second
    assert services.close_counts(at=AT, pack=city.pack) is None
    assert sum(PublicCount.objects.filter(item_code="CF").values_list("n", flat=True)) == 3
    receipt = services.close_counts(at=AT + timedelta(days=1), pack=city.pack)
    assert receipt is not None
    body = ledger.entry(receipt.entry_id).body
    assert body is not None
    assert body["fields"] == {"2026-11-20": {"CF": 3, "nothing": 1}}
    assert services.close_counts(at=AT + timedelta(days=1), pack=city.pack) is None


@pytest.mark.req("PUB-1", "INV-7", kind="journey")
def test_what_waits_for_a_second_person_is_not_public(city: City, send: Send) -> None:
    send(row(1, COMPANY, CF_NR="罚款九万元", CF_NR_FK="9"))
    found = services.public_subject(code=CODE, at=AT, pack=city.pack)
    assert found is not None
    assert "罚款九万元" not in repr(found)
    assert PERSON["CF_XDR_MC"] not in repr(found)


@pytest.mark.req("INV-4", "ZY-47", kind="refusal")
def test_no_operator_of_a_business_is_public_though_another_record_names_them(city: City, send: Send) -> None:
    receipt = send(row(9, SHOP, CF_FRDB="李 春生", CF_SY="吴 大勇之子李春生在店内销售过期食品"))
    review_row(
        row_id=receipt.rows[0].row_id,
        outcome="accept",
        reviewer=city.accounts["scjgj.reviewer"],
        reason="经营者已变更",
        channel="web",
        at=AT,
    )
    code = SHOP["CF_XDR_SHXYM"]
    told = [
        repr(services.public_subject(code=code, at=AT, pack=city.pack)),
        repr(services.public_list(item="CF", at=AT, pack=city.pack)),
        repr(services.public_search(text="五金店", at=AT, pack=city.pack)),
        *(services.public_export(pack=city.pack, at=AT, format=form, code=code).text for form in ("csv", "json")),
        *(services.public_export(pack=city.pack, at=AT, format=form, item="CF").text for form in ("csv", "json")),
    ]
    for said in told:
        assert "五金店" in said
        for name in ("吴大勇", "吴 大勇", "李春生", "李 春生"):
            assert name not in said
    assert services.public_search(text="吴大勇", at=AT, pack=city.pack).candidates == ()


@pytest.mark.req("INV-3", kind="rule")
def test_a_closed_day_is_never_changed_and_what_comes_late_gets_an_entry_of_its_own(city: City) -> None:
    services.public_subject(code=CODE, at=AT, pack=city.pack)
    tomorrow = AT + timedelta(days=1)
    assert services.close_counts(at=tomorrow, pack=city.pack) is not None
    closed = list(PublicCount.objects.values_list("item_code", "shard", "n", "entry_id"))
    for _ in range(2):
        services.public_subject(code=CODE, at=AT, pack=city.pack)
    counting.write_counts()
    assert (
        list(PublicCount.objects.filter(entry_id__isnull=False).values_list("item_code", "shard", "n", "entry_id"))
        == closed
    )
    late = services.close_counts(at=tomorrow, pack=city.pack)
    assert late is not None
    body = ledger.entry(late.entry_id).body
    assert body is not None and body["fields"] == {"2026-11-20": {"CF": 2}}


def test_what_can_not_be_written_now_is_written_later(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    services.public_subject(code=CODE, at=AT, pack=city.pack)

    def away(*_: object) -> list[tuple[str, datetime]]:
        raise OSError("no route to host")

    with monkeypatch.context() as broken:
        broken.setattr(counting, "_written", away)
        with pytest.raises(OSError, match="no route"):
            counting.write_counts()
    assert counting.counted(since=AT - timedelta(days=1), until=AT + timedelta(days=1)) == {"CF": 1}


@pytest.mark.req("INV-4", "PUB-1", "ZY-47", kind="refusal")
def test_a_named_statute_alone_publishes_no_penalty_of_a_person(city: City) -> None:
    from dataclasses import replace

    from tests.disclosure.city import PERSON_ID
    from xinheng.disclosure.rules import PublicationFacts
    from xinheng.disclosure.services.shown import facts_of
    from xinheng.records.selectors import records_of_many
    from xinheng.subjects.selectors import by_identifier

    known = by_identifier("id", PERSON_ID)
    assert known is not None
    (held,) = records_of_many([known.subject_id])[known.subject_id]
    facts = facts_of(replace(held, person_statute="CN-APL-48"), city.pack)
    assert facts.person_publication == PublicationFacts("CN-APL-48", held.provider_id, held.decided_on)
    assert not facts.person_publication.social_impact
