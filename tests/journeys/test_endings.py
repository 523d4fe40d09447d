"""How a record leaves, under each law: withdrawn at once, or lawfully erased."""

from __future__ import annotations

from typing import Any

import pytest

from tests.journeys.cast import FINE, Cast, damages
from xinheng.law import lookup
from xinheng.ledger import verify
from xinheng.ledger.services import seal
from xinheng.records.models import Record
from xinheng.records.selectors import contents_in_force
from xinheng.records.services import erase_content, sealing, withdraw
from xinheng.sweeps import run_sweeps

pytestmark = pytest.mark.django_db


def officer(cast: Cast) -> dict[str, Any]:
    """Who decides, at which door and when."""
    return {"actor": "account:1", "organisation": cast.bureau, "channel": "web", "at": cast.now()}


@pytest.mark.req("INV-2", "INV-7", "PUB-1", "INV-8", "ZY-35", "ZY-44", "SP-24", kind="journey")
def test_a_withdrawn_record_leaves_public_and_official_answers_at_once_and_stays_in_the_own_file(cast: Cast) -> None:
    assert FINE in cast.get(f"/subjects/{cast.company_code}").words
    article = lookup.ground(cast.pack, "record.withdraw", cast.today).article
    withdraw(
        **cast.record_of(cast.company_code),
        cause="document_revoked",
        reason="决定书被撤销",
        article=article,
        **officer(cast),
    )
    for path in ("", "/export.csv", "/export.json"):
        assert FINE not in cast.get(f"/subjects/{cast.company_code}{path}").all
    assert cast.company_code not in cast.get("/publicity/CF").all
    asked = cast.ask(cast.company_code)
    assert FINE not in asked.all
    assert "查询期内无相关信息" in asked.words
    assert FINE in cast.get("/my/file", "qiye").words
    seal(at=cast.now())
    assert damages() == set()


@pytest.mark.req("INV-8", "QRY-2", "ZY-35", "SP-15", "SP-28", kind="journey")
def test_lawful_erasure_leaves_nothing_and_the_ledger_verifies(cast: Cast) -> None:
    """The words of the record are in no answer to anybody and in no column of the database, sealed ones included."""
    from tests.records.test_endings import everything

    words = "独一无二的处罚内容"
    cast.report(cast.penalty(11, cast.company, CF_NR=words))
    from xinheng.records.models import Record
    from xinheng.subjects.selectors import by_identifier

    known = by_identifier("uscc", cast.company_code)
    assert known is not None
    held = Record.objects.filter(subject_id=known.subject_id).latest("id")
    assert words in cast.get(f"/subjects/{cast.company_code}").words
    assert words in everything()
    article = lookup.ground(cast.pack, "record.erase", cast.today).article
    erase_content(
        subject_id=held.subject_id, record_id=held.id, ground="本人依法请求删除", article=article, **officer(cast)
    )
    seal(at=cast.now())
    assert words not in everything()
    told = [cast.get(f"/subjects/{cast.company_code}{path}") for path in ("", "/export.csv", "/export.json")]
    told += [cast.get(path, "qiye") for path in ("/my/file", "/my/looks", "/my/copy.json", "/my/copy.csv")]
    told += [cast.ask(cast.company_code), cast.get("/publicity/CF"), cast.get("/desk/log", cast.auditor)]
    told += [cast.get(f"/desk/intake/{held.batch_id}", cast.collector)]
    for page in told:
        assert page.status == 200
        assert words not in page.all
    assert damages() == set()
    erased = [one for one in verify.run() if isinstance(one, verify.Erased)]
    assert article in {one.article for one in erased}


@pytest.mark.req("INV-9", kind="journey")
def test_a_record_that_came_to_be_sealed_is_in_no_answer_and_no_answer_tells_of_it(
    bare: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Taken in lawfully in 2025, sealed from 2026 on: its subject reads a tombstone, everybody else nothing."""
    words = "与邻居推搡一次"
    with monkeypatch.context() as patch:
        patch.setenv("XINHENG_TODAY", "2025-12-22")
        mild = bare.penalty(8, bare.person(), CF_JDRQ="2025/12/01")
        bare.report(mild, bare.penalty(7, bare.person(), CF_JDRQ="2025/12/01", CF_YJ="《治安管理处罚法》", CF_SY=words))
        held = set(Record.objects.values_list("subject_id", "id"))
        assert any(words in content.values() for content in contents_in_force(held).values())
    sealing._looked.clear()
    assert dict(run_sweeps())["records.remove_sealed"] == 1
    seal(at=bare.now())
    own = bare.get("/my/file", "gongmin")
    assert own.status == 200
    assert words not in own.all
    assert "内容已依法删除" in own.words
    asked = bare.ask(bare.person_id)
    assert words not in asked.all
    for word in ("封存", "治安", "删除", "已清除"):
        assert word not in asked.words, word
    assert damages() == set()
