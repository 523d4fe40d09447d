"""What the server writes about refused requests: never the address, for a visitor may put anything there."""

from __future__ import annotations

import pytest
from django.test import Client

NUMBER = "220399199001011239"


@pytest.mark.django_db
@pytest.mark.req("INV-4", kind="refusal")
@pytest.mark.parametrize("address", [f"/subjects/{NUMBER}/export.csv", f"/{NUMBER}", f"/publicity/{NUMBER}"])
def test_a_persons_number_in_an_address_is_not_logged(
    client: Client, caplog: pytest.LogCaptureFixture, address: str
) -> None:
    assert client.get(address).status_code == 404
    assert Client(enforce_csrf_checks=True).post(address).status_code in {403, 404}
    assert NUMBER not in caplog.text
