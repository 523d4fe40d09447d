"""The system of the bureau at the doors of intake for machines."""

from __future__ import annotations

from typing import Any

from django.test import Client

from tests.accounts.machines import client_of, token_of
from tests.records.rows import sheet
from xinheng.accounts.models import Organisation
from xinheng.accounts.rules import Scope
from xinheng.accounts.services.machine import Issued

REPORT = "/api/v1/intake/CF"


class System:
    """A machine client with a token. ``client.post`` and ``get`` of Django's test client carry it."""

    def __init__(self, body: Organisation, *scopes: Scope) -> None:
        self.issued: Issued = client_of(body, *scopes)
        self.token = token_of(self.issued)

    def headers(self, **more: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}", **more}

    def report(
        self, *rows: dict[str, str], key: str = "k-1", path: str = REPORT, kind: str = "text/csv", **changed: Any
    ) -> Any:
        """Report rows of penalties, or ``data`` as it is."""
        data = changed.pop("data", None)
        headers = self.headers(**{"Idempotency-Key": key}, **changed)
        return Client().post(path, sheet(rows) if data is None else data, content_type=kind, headers=headers)

    def get(self, path: str) -> Any:
        return Client().get(path, headers=self.headers())
