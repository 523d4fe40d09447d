"""The notice of collection as everybody and as a subject reads it, in the city of the test and in real ones."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from xinheng.law.collection import notice
from xinheng.law.pack import Pack
from xinheng.ui import city

pytestmark = pytest.mark.django_db


def said(response: Any) -> str:
    """The words of a page."""
    assert response.status_code == 200
    return bytes(response.content).decode()


@pytest.mark.req("PIP-1", "QRY-2", kind="journey")
def test_everybody_reads_who_collects_what_for_and_which_rights_there_are(law_city: Pack) -> None:
    page = said(Client().get("/notice"))
    found = notice(law_city, city.today())
    for one in (*found.statements, *found.rights):
        assert one.text is not None and one.text.zh in page
    assert found.handler[0].text is not None and found.handler[0].text.zh in page
    assert page.count("由市里填写，还没有填") == len(found.unfilled)
    for item in found.items:
        assert f'href="/catalog/{item.code}"' in page
        assert item.conduct.zh in page or (item.purpose and item.purpose.zh in page)
        for field in item.fields:
            assert field.label.zh in page
    assert 'href="/notice"' in said(Client().get("/"))
    english = said(Client(headers={"cookie": "xinheng_language=en"}).get("/notice"))
    assert found.rights[0].text is not None and found.rights[0].text.en in english


@pytest.mark.req("PIP-1", "SEC-1", kind="journey")
def test_a_complaint_names_its_entry_and_leads_to_a_door_that_is_there(law_city: Pack) -> None:
    from tests.disclosure.test_doors import as_user
    from xinheng.accounts.services import load_demo_accounts
    from xinheng.lib import clock
    from xinheng.subjects.services import link_demo_subjects

    load_demo_accounts(pack=law_city, at=clock.now())
    link_demo_subjects(pack=law_city, at=clock.now())
    page = said(as_user("gongmin").get("/my/notice", {"about": "1234567"}))
    assert "台账条目1234567" in page
    assert 'id="complain"' in page
    assert 'href="/service"' in page
    for nonsense in ("<b>", "12a", "", "9" * 40):
        assert "台账条目" not in said(as_user("gongmin").get("/my/notice", {"about": nonsense}))
    assert said(Client().get("/service"))
