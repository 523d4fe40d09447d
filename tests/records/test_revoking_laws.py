"""Under each law a licence that is no longer valid makes no record, and ends the one that is there."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import load_pack
from tests.records.sending import sent
from tests.records.test_revoking import damages
from xinheng.accounts.selectors import organisation_by_code
from xinheng.intake.reading import check_file
from xinheng.intake.rules import ProviderFacts, RowState, Verdict
from xinheng.intake.rules.provider import provider_in_pack
from xinheng.law import lookup
from xinheng.law.pack import Pack
from xinheng.records.models import Record
from xinheng.records.rules import RecordState

AT = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)


def licence(pack: Pack, sender: ProviderFacts, number: int, **changed: str) -> dict[str, str]:
    """A licence of the national format, sent by the bureau of the pack's demonstration city to an invented company."""
    company: Any = pack.demo["enterprises"]
    return {
        "XK_XDR_MC": str(company[0]["name"]["zh"]),
        "XK_XDR_LB": "法人及非法人组织",
        "XK_XDR_SHXYM": str(company[0]["code"]),
        "XK_FRDB": str(company[0]["representative"]),
        "XK_XKWS": "食品经营许可决定书",
        "XK_WSH": f"甲许〔2026〕{number}号",
        "XK_XKLB": "普通",
        "XK_JDRQ": "2026/11/02",
        "XK_YXQZ": "2026/11/02",
        "XK_YXQZI": "2029/11/01",
        "XK_NR": "食品经营",
        "XK_XKJG": sender.name,
        "XK_XKJGDM": sender.uscc,
        "XK_ZT": "1",
        "XK_LYDW": sender.name,
        "XK_LYDWDM": sender.uscc,
        **changed,
    }


def written(rows: list[dict[str, str]]) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


@pytest.mark.req("INV-2", "INV-7", "ZY-33", "SP-8", kind="rule")
def test_an_invalid_licence_ends_the_one_on_file_and_makes_none(law_city: Pack) -> None:
    body = organisation_by_code("scjgj")
    sender = provider_in_pack(law_city, "scjgj")

    def send(*rows: dict[str, str]) -> Any:
        return sent(
            file=written(list(rows)), file_name="许可.csv", item_code="XK", provider=body, actor="account:1",
            channel="web", at=AT, uploaded_by=1,
        )  # fmt: skip

    first = send(licence(law_city, sender, 1), licence(law_city, sender, 2))
    assert [one.state for one in first.rows] == [RowState.REGISTERED] * 2, first.rows
    again = send(licence(law_city, sender, 1, XK_ZT="2"), licence(law_city, sender, 3, XK_ZT="无效"))
    assert [one.state for one in again.rows] == [RowState.WITHDREW, RowState.RETURNED]
    assert {finding.code for finding in again.rows[1].findings} >= {"status_revoked"}
    states = dict(Record.objects.values_list("row", "state"))
    assert states == {2: RecordState.WITHDRAWN, 3: RecordState.ACTIVE}
    ended = Record.objects.get(row=2)
    assert (ended.cause, ended.publicity_from, ended.use_until) == ("revoked_by_authority", None, AT.date())
    assert damages() == []


@pytest.mark.req("INV-2", "CAT-2", kind="rule")
@pytest.mark.parametrize("word", ["1", "2", "有效", "无效"])
def test_the_lane_lets_no_invalid_licence_pass(law_pack: Pack, word: str) -> None:
    sender = provider_in_pack(law_pack, "scjgj")
    item = lookup.item(law_pack, "XK", date(2026, 11, 20))
    rows = [licence(law_pack, sender, number, XK_ZT=word) for number in range(3)]
    told = list(check_file(written(rows), item=item, pack=law_pack, provider=sender, today=date(2026, 11, 20)))
    wanted = Verdict.ACCEPT if word in ("1", "有效") else Verdict.REJECT
    assert {one.verdict for one in told} == {wanted}


@given(st.lists(st.sampled_from(["1", "2", "有效", "无效", "", "3"]), min_size=1, max_size=8))
def test_each_row_of_a_file_is_judged_by_its_own_status(words: list[str]) -> None:
    pack = load_pack("demo-city")
    sender, item = provider_in_pack(pack, "scjgj"), lookup.item(pack, "XK", date(2026, 11, 20))
    rows = [licence(pack, sender, number, XK_ZT=word) for number, word in enumerate(words)]
    told = list(check_file(written(rows), item=item, pack=pack, provider=sender, today=date(2026, 11, 20)))
    assert [one.revoked for one in told] == [word in ("2", "无效") for word in words]
