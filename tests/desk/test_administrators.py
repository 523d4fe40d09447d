"""In the demonstration city two administrators put a machine client into use, through the door and with passwords."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from xinheng.accounts.models import MachineClient
from xinheng.accounts.services import DEMO_PASSWORD
from xinheng.law.pack import Pack

FIRST, SECOND = "fgw.admin", "fgw.admin2"


def entered(username: str) -> Client:
    client = Client()
    assert client.post("/sign-in", {"username": username, "password": DEMO_PASSWORD}).status_code == 302
    return client


@pytest.mark.req("ORG-1", "IOP-1", kind="journey")
@pytest.mark.django_db
def test_a_machine_client_can_be_finished_in_the_demo(law_city: Pack) -> None:
    officers: Any = law_city.demo["officers"]
    both = [one for one in officers if "administrator" in one["roles"]]
    assert [one["username"] for one in both] == [FIRST, SECOND]
    assert len({(one["staff_number"], str(one["display_name"])) for one in both}) == 2
    first, second = entered(FIRST), entered(SECOND)
    asked = {"organisation": "scjgj", "name": "双公示系统", "scopes": ["intake.report"]}
    assert first.post("/desk/clients", asked).status_code == 302
    number = MachineClient.objects.get().id
    assert first.post(f"/desk/clients/{number}/grant").status_code == 403
    shown = second.post(f"/desk/clients/{number}/grant")
    assert (shown.status_code, shown.content.decode().count("xhs_")) == (200, 1)
    assert "使用中" in first.get("/desk/clients").content.decode()
