"""A department's own system reports rows by machine: once for each key, for itself only, good rows at once."""

from __future__ import annotations

import json
import re
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from tests.accounts.machines import revoke
from tests.intake.made import Desk, penalty, table, text_of
from tests.records.machines import REPORT, System
from tests.records.rows import COMPANY, OTHER, PERSON, PERSON_ID, row, sheet
from tests.records.test_intake_command import sent_under
from xinheng.accounts.models import MachineRequest, Organisation
from xinheng.accounts.rules import Scope
from xinheng.accounts.selectors import organisation_by_code
from xinheng.intake.models import IntakeBatch
from xinheng.intake.rules.provider import may_report, provider_in_pack
from xinheng.law import lookup
from xinheng.law.pack import Pack
from xinheng.ledger import selectors as ledger
from xinheng.lib import clock
from xinheng.lib.errors import BadInput
from xinheng.records.api import body
from xinheng.records.models import Record

pytestmark = pytest.mark.django_db
CHINESE = re.compile(r"[一-鿿]")
LATER = {"CF_JDRQ": "2027/01/02"}  # a decision of the future: returned


@pytest.fixture
def system(bureau: Organisation) -> System:
    return System(bureau)


def code_of(answer: Any) -> str:
    return str(answer.json()["error"]["code"])


def untouched() -> tuple[int, int, int]:
    return IntakeBatch.objects.count(), Record.objects.count(), MachineRequest.objects.count()


@pytest.mark.req("INT-1", "IOP-1", "ZY-33", "SP-8", kind="journey")
def test_rows_are_registered_and_the_receipt_names_the_others(system: System, bureau: Organisation) -> None:
    answer = system.report(row(1), row(2, **LATER), row(3, OTHER))
    assert answer.status_code == 201
    told = answer.json()
    sums = {name: told[name] for name in ("rows", "accept", "registered", "unchanged", "review", "reject")}
    assert sums == {"rows": 3, "accept": 2, "registered": 2, "unchanged": 0, "review": 0, "reject": 1}
    batch = IntakeBatch.objects.get(id=int(told["batch"]))
    assert (batch.provider_id, batch.uploaded_by, batch.file_sha256) == (bureau.id, None, told["file_sha256"])
    entry = ledger.entry(int(told["entry"]))
    assert entry.body is not None
    assert (entry.leaf, entry.law) == (told["leaf"], told["law"])
    assert (entry.body["channel"], entry.body["actor"].split(":")[0], entry.body["org"]) == ("api", "client", "scjgj")
    assert told["promise"]
    (found,) = [one for one in told["findings"] if one["field"] == "CF_JDRQ"]
    assert (found["row"], found["verdict"]) == (3, "reject")
    assert CHINESE.search(found["message"])
    assert not CHINESE.search(found["message_en"])
    assert told["next"] is None
    assert answer.headers["Location"] == f"/api/v1/intake/batches/{told['batch']}"
    assert answer.headers["Cache-Control"] == "no-store"
    assert Record.objects.count() == 2


@pytest.mark.req("INT-1", "IOP-1", kind="journey")
def test_the_same_request_gets_the_same_receipt_and_writes_nothing(system: System) -> None:
    rows = [row(1), row(2, **LATER)]
    first = system.report(*rows)
    before = untouched()
    again = system.report(*rows)
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    assert (first.headers.get("Idempotent-Replay"), again.headers["Idempotent-Replay"]) == (None, "true")
    assert untouched() == before
    other = system.report(*rows, key="k-2").json()
    assert (other["registered"], other["unchanged"]) == (0, 1)  # a new request; what is on file is not written twice


@pytest.mark.req("INT-1", "IOP-1", kind="refusal")
def test_a_key_stands_for_one_body_and_one_item(system: System) -> None:
    assert system.report(row(1)).status_code == 201
    before = untouched()
    for answer in (system.report(row(2)), system.report(row(1), path="/api/v1/intake/XK")):
        assert (answer.status_code, code_of(answer)) == (422, "idempotency_key_reused")
    assert untouched() == before


@pytest.mark.req("IOP-1", kind="rule")
def test_each_system_has_keys_of_its_own(system: System, bureau: Organisation) -> None:
    assert system.report(row(1)).status_code == 201
    assert System(bureau).report(row(2)).status_code == 201
    assert not any("k-1" in one.key_digest for one in MachineRequest.objects.all())


@pytest.mark.req("INT-1", "IOP-1", kind="refusal")
def test_a_file_that_is_refused_whole_leaves_nothing_and_frees_its_key(system: System) -> None:
    before = untouched()
    for data, code in ((b" \n", "file_empty"), (b"a,b\n1,2\n", "header_missing"), (b"%PDF-1.7 x", "file_not_text")):
        answer = system.report(data=data)
        assert (answer.status_code, code_of(answer)) == (422, code)
        assert answer.json()["error"]["message"]
    assert untouched() == before
    assert system.report(row(1)).status_code == 201


@pytest.mark.req("INT-1", kind="rule")
@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_a_text_may_come_in_any_encoding_of_the_offices(system: System, encoding: str) -> None:
    answer = system.report(data=sheet([row(1)]).decode().encode(encoding))
    assert (answer.status_code, answer.json()["registered"]) == (201, 1)


@pytest.mark.req("INT-1", kind="refusal")
@pytest.mark.parametrize("data", [b"\xff\xfe\x00\xd8\x00\xd8", b"CF_WSH,\xff\xff\xff\n\xfe\xfe", b"\x00\x01\x02\x03"])
def test_a_text_in_no_encoding_gets_one_clear_answer(system: System, data: bytes) -> None:
    answer = system.report(data=data)
    assert answer.status_code == 422
    assert not IntakeBatch.objects.exists()


@pytest.mark.req("INT-1", "IOP-1", kind="journey")
@pytest.mark.parametrize("kind", ["application/x-ndjson", "application/json"])
def test_rows_come_as_json(system: System, kind: str) -> None:
    rows = [row(1), row(2, **LATER)]
    lines = "\n".join(json.dumps(one, ensure_ascii=False) for one in rows)
    data = lines if kind == "application/x-ndjson" else json.dumps(rows, ensure_ascii=False)
    answer = system.report(data=data.encode(), kind=kind)
    assert answer.status_code == 201
    assert (answer.json()["registered"], answer.json()["reject"]) == (1, 1)
    assert answer.json()["findings"][0]["row"] == 2


@pytest.mark.req("IOP-1", kind="refusal")
@pytest.mark.parametrize("kind", ["", "multipart/form-data; boundary=x", "application/pdf", "text/html"])
def test_other_kinds_of_content_are_not_taken(system: System, kind: str) -> None:
    answer = system.report(row(1), kind=kind)
    assert (answer.status_code, code_of(answer)) == (415, "content_type_unknown")
    packed = system.report(row(1), **{"Content-Encoding": "gzip"})
    assert (packed.status_code, code_of(packed)) == (415, "content_coding_unknown")
    assert not IntakeBatch.objects.exists()


@pytest.mark.req("IOP-1", kind="refusal")
@pytest.mark.parametrize(
    ("key", "code"),
    [
        ("", "idempotency_key_missing"),
        ("  ", "idempotency_key_missing"),
        ("x" * 256, "idempotency_key_unreadable"),
        ("编号", "idempotency_key_unreadable"),
        ("a\x00b", "idempotency_key_unreadable"),
    ],
)
def test_a_request_needs_a_key(system: System, key: str, code: str) -> None:
    answer = system.report(row(1), key=key)
    assert (answer.status_code, code_of(answer)) == (400, code)
    assert not IntakeBatch.objects.exists()


@pytest.mark.req("IOP-1", kind="rule")
@given(st.text(max_size=300))
def test_a_key_is_1_to_255_printable_characters_and_nothing_else(text: str) -> None:
    from django.test import RequestFactory

    request = RequestFactory().post(REPORT, b"", content_type="text/csv", headers={"Idempotency-Key": text})
    bare = text.strip(" \t")
    if 1 <= len(bare) <= 255 and all(" " <= letter <= "~" for letter in bare):
        assert body.key_of(request) == bare
    else:
        with pytest.raises(BadInput) as refused:
            body.key_of(request)
        assert not text.strip() or text not in str(refused.value.params)


@pytest.mark.req("IOP-1", kind="refusal")
def test_half_a_body_is_no_report(system: System) -> None:
    data = sheet([row(1), row(2)])
    headers = system.headers(**{"Idempotency-Key": "k"})
    short = {"CONTENT_LENGTH": str(len(data) + 5), "wsgi.input": BytesIO(data)}
    answer = Client().post(REPORT, data, content_type="text/csv", headers=headers, **short)
    assert (answer.status_code, code_of(answer)) == (400, "body_cut_short")
    assert not IntakeBatch.objects.exists()


@pytest.mark.req("IOP-1", "INT-1", kind="refusal")
def test_a_body_that_is_too_long_is_refused_by_the_length_it_announces(system: System, settings: Any) -> None:
    settings.XINHENG_MAX_UPLOAD_MB = 2
    headers = system.headers(**{"Idempotency-Key": "k"})
    answer = Client().post(REPORT, b"x", content_type="text/csv", headers=headers, CONTENT_LENGTH=str((2 << 20) + 1))
    assert (answer.status_code, code_of(answer)) == (413, "too_large")
    assert "2 MB" in answer.json()["error"]["message"]
    strange = Client().post(REPORT, b"x", content_type="text/csv", CONTENT_LENGTH=str(2 << 20))
    assert strange.status_code == 401  # the token first, the body never


@pytest.mark.req("ORG-1", "SUB-2", "IOP-1", "ZY-33", "SP-8", kind="refusal")
@pytest.mark.parametrize(("code", "path"), [("gwy", REPORT), ("xyfw", REPORT), ("scjgj", "/api/v1/intake/JSRY")])
def test_an_organisation_that_may_not_report_is_refused_with_the_article(db: None, code: str, path: str) -> None:
    system = System(organisation_by_code(code))
    answer = system.report(row(1), path=path)
    assert answer.status_code == 403
    assert answer.json()["error"]["article"]
    assert path not in {one["report"] for one in system.get("/api/v1/intake/items").json()["items"]}
    assert not IntakeBatch.objects.exists()


@pytest.mark.req("INV-2", "INT-1", "IOP-1", kind="refusal")
@pytest.mark.parametrize("item", ["ZZ", "cf", "items"])
def test_what_is_no_item_in_force_does_not_exist(system: System, item: str) -> None:
    assert system.report(row(1), path=f"/api/v1/intake/{item}").status_code in (404, 405)
    assert not IntakeBatch.objects.exists()


@pytest.mark.req("CAT-2", "IOP-1", kind="refusal")
def test_an_item_that_comes_by_other_channels_is_not_taken(system: System, monkeypatch: pytest.MonkeyPatch) -> None:
    for place in ("services.reporting", "selectors"):
        monkeypatch.setattr(f"xinheng.records.{place}.MACHINE", "post")
    answer = system.report(row(1))
    assert (answer.status_code, code_of(answer)) == (403, "item_not_by_machine")
    assert answer.json()["error"]["article"]
    assert system.get("/api/v1/intake/items").json() == {"items": []}


@pytest.mark.req("IOP-1", "ORG-1", kind="refusal")
def test_a_token_opens_what_its_scope_says(bureau: Organisation) -> None:
    reporter, reader = System(bureau, Scope.REPORT), System(bureau, Scope.READ)
    told = reporter.report(row(1))
    assert told.status_code == 201
    for answer in (reader.report(row(2)), reporter.get(told.headers["Location"]), reporter.get("/api/v1/intake/items")):
        assert (answer.status_code, code_of(answer)) == (403, "scope_missing")
        assert 'error="insufficient_scope"' in answer.headers["WWW-Authenticate"]
    assert reader.get(told.headers["Location"]).json() == told.json()


@pytest.mark.req("IOP-1", kind="refusal")
@pytest.mark.parametrize("header", ["", "Bearer", "Bearer xht_unknown", "Basic eDp5", "Bearer a b", "bearer \x7f"])
def test_without_a_token_nothing_opens(system: System, header: str) -> None:
    headers = {"Idempotency-Key": "k"} | ({"Authorization": header} if header else {})
    answer = Client().post(REPORT, sheet([row(1)]), content_type="text/csv", headers=headers)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith('Bearer realm="xinheng"')
    assert answer.headers["Cache-Control"] == "no-store"
    assert not IntakeBatch.objects.exists()


@pytest.mark.req("IOP-1", "INV-3", kind="refusal")
def test_a_token_in_an_address_or_a_form_opens_nothing(system: System) -> None:
    assert Client().get(f"/api/v1/intake/items?access_token={system.token}").status_code == 401
    answer = Client().post(REPORT, {"access_token": system.token}, headers={"Idempotency-Key": "k"})
    assert answer.status_code == 401


@pytest.mark.req("IOP-1", kind="refusal")
def test_a_revoked_client_is_turned_away_at_once(system: System) -> None:
    told = system.report(row(1))
    revoke(system.issued)
    for answer in (system.report(row(1)), system.report(row(2), key="k-2"), system.get(told.headers["Location"])):
        assert (answer.status_code, code_of(answer)) == (401, "token_invalid")
    assert IntakeBatch.objects.count() == 1


@pytest.mark.req("IOP-1", "INV-3", "INT-1", kind="refusal")
def test_a_batch_of_another_organisation_does_not_exist(system: System) -> None:
    told = system.report(row(1), row(2, **LATER))
    address = told.headers["Location"]
    stranger = System(organisation_by_code("zjj"))
    unknown = stranger.get("/api/v1/intake/batches/999999999")
    for path in (address, f"{address}/rows", f"{address}/rows?verdict=reject"):
        answer = stranger.get(path)
        assert (answer.status_code, code_of(answer)) == (404, "batch_unknown")
        assert answer.json()["error"]["message"] == unknown.json()["error"]["message"]
        assert COMPANY["CF_XDR_MC"] not in answer.content.decode()
    assert system.get("/api/v1/intake/batches/" + "9" * 30).status_code == 404


@pytest.mark.req("INT-1", "IOP-1", kind="journey")
def test_every_row_can_be_read_page_by_page(system: System, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("xinheng.records.api.answers.ROWS_SHOWN", 2)
    rows = [row(number, **(LATER if number % 2 else {})) for number in range(1, 11)]
    told = system.report(*rows).json()
    seen, following = {one["row"] for one in told["findings"]}, told["next"]
    assert len(seen) == 2
    while following:
        page = system.get(following).json()
        assert {one["verdict"] for one in page["rows"]} == {"reject"}
        seen |= {one["row"] for one in page["rows"]}
        following = page["next"]
    assert seen == {2, 4, 6, 8, 10}
    address = f"/api/v1/intake/batches/{told['batch']}/rows"
    everything = system.get(f"{address}?after=9").json()
    assert [(one["row"], one["verdict"], one["state"]) for one in everything["rows"]] == [
        (10, "reject", "returned"),
        (11, "accept", "registered"),
    ]
    for wrong in ("after=x", "after=-1", "after=" + "9" * 40, "verdict=maybe", "verdict="):
        assert system.get(f"{address}?{wrong}").status_code == 422


@pytest.mark.req("INV-3", "INT-1", "IOP-1", kind="refusal")
def test_numbers_of_persons_are_masked_in_every_answer(system: System, caplog: pytest.LogCaptureFixture) -> None:
    mistyped = PERSON_ID[:-1] + "9"
    with caplog.at_level("DEBUG"):
        told = system.report(
            row(1, {**PERSON, "CF_XDR_ZJHM": mistyped}),
            row(2, PERSON, CF_SY=f"当事人{PERSON_ID}在场"),
            row(PERSON_ID, **LATER),
            row(3, CF_JDRQ=PERSON_ID),
            row(4, CF_XDR_SHXYM=PERSON_ID),
            key=PERSON_ID,
        )
    assert told.status_code == 201
    assert told.json()["findings"]
    page = system.get(told.headers["Location"] + "/rows")
    for secret in (PERSON_ID, mistyped, PERSON_ID[6:14]):
        for answer in (told, page):
            assert secret not in answer.content.decode()
            assert secret not in str(answer.headers)
    logged = [r.getMessage() for r in caplog.records if not r.name.startswith("django.db")]
    assert not [line for line in logged if PERSON_ID in line or mistyped in line]


@pytest.mark.req("CAT-2", "IOP-1", "SUB-2", kind="journey")
def test_a_system_finds_what_it_may_report_with_the_schema_of_a_row(system: System) -> None:
    items = system.get("/api/v1/intake/items").json()["items"]
    found = {one["item"]: one for one in items}
    assert "CF" in found
    assert found["CF"]["name"]["en"] and found["CF"]["report"] == REPORT
    schema = Client().get(found["CF"]["schema"])
    assert schema.status_code == 200
    assert "CF_WSH" in schema.json()["properties"]


@pytest.mark.req("IOP-1", "INV-3", kind="refusal")
def test_a_session_of_the_pages_reports_nothing(bureau: Organisation) -> None:
    from xinheng.accounts.models import Account

    browser = Client(enforce_csrf_checks=True)
    browser.force_login(Account.objects.get(username="scjgj.collector"))
    headers = {"Idempotency-Key": "k"}
    answer = browser.post(REPORT, sheet([row(1)]), content_type="text/csv", headers=headers)
    assert (answer.status_code, code_of(answer)) == (401, "token_missing")
    assert not IntakeBatch.objects.exists()


@pytest.mark.req("IOP-1", "INT-1", "ZY-18", "ZY-31", "ZY-33", "SP-6", "SP-14", kind="journey")
def test_a_system_reports_under_each_law(law_city: Pack) -> None:
    data = sent_under(
        law_city, text_of(table(Desk(law_city).item, [penalty(1), penalty(2) | {"CF_JDRQ": "2026/02/30"}]))
    )
    system = System(organisation_by_code("scjgj"))
    first, again = system.report(data=data), system.report(data=data)
    assert (first.status_code, again.status_code, again.json()) == (201, 200, first.json())
    told = first.json()
    assert (told["registered"], told["reject"], told["law"]) == (1, 1, law_city.label)
    assert system.report(data=data, path="/api/v1/intake/ZZ", key="z").json()["error"]["article"]


@pytest.mark.req("SUB-2", "ORG-1", "IOP-1", "ZY-33", "SP-8", kind="refusal")
def test_under_each_law_a_machine_reports_no_more_than_its_organisation_may(law_city: Pack) -> None:
    today = clock.today(law_city.zone)
    item = lookup.item(law_city, "CF", today)
    refused = 0
    for one in Organisation.objects.all():
        facts = provider_in_pack(law_city, one.code) if one.code in codes(law_city) else None
        if facts is None or may_report(law_city, item, facts, today):
            continue
        answer = System(one).report(row(1))
        assert (answer.status_code, bool(answer.json()["error"]["article"])) == (403, True)
        refused += 1
    assert refused


def codes(pack: Pack) -> set[str]:
    """The organisations of the demo of a pack."""
    return {str(one["code"]) for one in pack.demo["organisations"]}  # type: ignore[index, union-attr, misc]
