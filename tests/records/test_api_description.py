"""The description says what the doors do: the addresses, the scopes, and the shape of every answer."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver
from jsonschema import Draft202012Validator

from tests.records.machines import System
from tests.records.rows import row
from xinheng.accounts.models import Organisation
from xinheng.accounts.selectors import organisation_by_code
from xinheng.records.api.openapi import document
from xinheng.ui.pages import PAGES

pytestmark = pytest.mark.django_db
TEXT = {"type": "string"}
# What OpenAPI 3.1 asks of the parts that are used here.
ANSWER = {
    "type": "object",
    "required": ["description"],
    "properties": {"description": TEXT, "content": {"type": "object"}, "headers": {"type": "object"}},
    "additionalProperties": False,
}
PARAMETER = {
    "type": "object",
    "required": ["name", "in", "schema"],
    "properties": {
        "name": TEXT,
        "in": {"enum": ["path", "query", "header"]},
        "required": {"type": "boolean"},
        "schema": {"type": "object"},
        "explode": {"type": "boolean"},
        "description": TEXT,
    },
    "if": {"properties": {"in": {"const": "path"}}},
    "then": {"required": ["required"], "properties": {"required": {"const": True}}},
    "additionalProperties": False,
}
OPERATION = {
    "type": "object",
    "required": ["operationId", "responses", "security"],
    "properties": {
        "operationId": TEXT,
        "summary": TEXT,
        "security": {"type": "array", "items": {"type": "object", "additionalProperties": {"type": "array"}}},
        "parameters": {"type": "array", "items": PARAMETER},
        "requestBody": {"type": "object", "required": ["content"]},
        "responses": {
            "type": "object",
            "propertyNames": {"pattern": "^[1-5][0-9]{2}$"},
            "additionalProperties": ANSWER,
        },
    },
    "additionalProperties": False,
}
OPENAPI = {
    "type": "object",
    "required": ["openapi", "info", "paths"],
    "properties": {
        "openapi": {"pattern": r"^3\.1\.\d+$"},
        "info": {"type": "object", "required": ["title", "version"]},
        "paths": {
            "type": "object",
            "propertyNames": {"pattern": "^/"},
            "additionalProperties": {
                "type": "object",
                "propertyNames": {"enum": ["get", "post"]},
                "additionalProperties": OPERATION,
            },
        },
        "components": {"type": "object"},
    },
    "additionalProperties": False,
}


@pytest.fixture
def system(bureau: Organisation) -> System:
    return System(bureau)


def fits(schema: str, told: Any) -> None:
    """Raise unless an answer has the shape that the description gives it."""
    Draft202012Validator({"$ref": f"#/components/schemas/{schema}", **document()}).validate(told)


@pytest.mark.req("IOP-1", kind="rule")
def test_the_description_is_open_and_well_formed() -> None:
    answer = Client().get("/api/v1/intake/openapi.json")
    assert answer.status_code == 200
    assert answer.json() == document()
    Draft202012Validator(OPENAPI).validate(answer.json())
    for schema in document()["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)
    names = [one["operationId"] for methods in document()["paths"].values() for one in methods.values()]
    assert len(set(names)) == len(names)


@pytest.mark.req("IOP-1", kind="rule")
def test_every_door_is_described_with_its_scope() -> None:
    listed = {page.name: page.scope for page in PAGES if page.name.startswith("records:api_")}
    described = {}
    for path, methods in document()["paths"].items():
        match = get_resolver().resolve(path.format(item="CF", batch="1"))
        for one in methods.values():
            described[match.view_name] = "".join(scope for need in one["security"] for scope in need.get("client", []))
    assert described == listed


@pytest.mark.req("IOP-1", "INT-1", kind="journey")
def test_every_answer_has_the_shape_described(system: System) -> None:
    rows = [row(1), row(2, CF_JDRQ="2027/01/02")]
    for answer in (system.report(*rows), system.report(*rows)):
        fits("Receipt", answer.json())
        assert str(answer.status_code) in document()["paths"]["/api/v1/intake/{item}"]["post"]["responses"]
    place = answer.headers["Location"]
    fits("Receipt", system.get(place).json())
    fits("Rows", system.get(f"{place}/rows").json())
    fits("Items", system.get("/api/v1/intake/items").json())
    refused = [
        system.report(row(3)),
        system.report(data=b" "),
        system.report(row(1), kind="text/html"),
        system.report(row(1), key=""),
        system.report(row(1), path="/api/v1/intake/ZZ", key="z"),
        System(organisation_by_code("gwy")).report(row(1)),
        Client().post("/api/v1/intake/CF", b"", content_type="text/csv"),
        system.get("/api/v1/intake/batches/0"),
    ]
    assert [answer.status_code for answer in refused] == [422, 422, 415, 400, 404, 403, 401, 404]
    for answer in refused:
        fits("Error", answer.json())
        assert answer.headers["Cache-Control"] == "no-store"
