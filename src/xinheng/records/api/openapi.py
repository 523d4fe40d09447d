"""How do these doors describe themselves to a program? OpenAPI 3.1, built by hand from the same constants.

A test compares it with the addresses, the scopes and the answers of the doors.
"""

from __future__ import annotations

from typing import Any

from xinheng.accounts.rules import REQUESTS_KEPT, Scope
from xinheng.intake.rules.verdicts import RowState, Verdict
from xinheng.records.api.body import KINDS

VERSION = "1"
_TEXT = {"type": "string"}
_COUNT = {"type": "integer", "minimum": 0}
_NEXT = {"type": ["string", "null"], "description": "Address of the following page; null on the last."}
_VERDICT = {"type": "string", "enum": [verdict.value for verdict in Verdict]}


def document() -> dict[str, Any]:
    """The description as an object of JSON."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "xinheng intake",
            "version": VERSION,
            "description": "A department's own system reports rows and reads what became of them. 部门系统报送接口。",
        },
        "paths": {
            "/api/v1/intake/{item}": {"post": _report()},
            "/api/v1/intake/items": {"get": _read("items", "Items that this organisation may report today.", [])},
            "/api/v1/intake/batches/{batch}": {
                "get": _read("batch", "The receipt of an own batch.", [_BATCH], "Receipt")
            },
            "/api/v1/intake/batches/{batch}/rows": {
                "get": _read("rows", "How each row fared.", [_BATCH, _VERDICTS, _AFTER], "Rows")
            },
            "/api/v1/intake/openapi.json": {
                "get": {
                    "operationId": "description",
                    "summary": "This description.",
                    "security": [],
                    "responses": {"200": {"description": "OpenAPI 3.1.", "content": _json({"type": "object"})}},
                }
            },
        },
        "components": {"schemas": _schemas(), "securitySchemes": {"client": _flow()}},
    }


_BATCH = {"name": "batch", "in": "path", "required": True, "schema": {"type": "string", "pattern": "^[0-9]+$"}}
_VERDICTS = {"name": "verdict", "in": "query", "schema": {"type": "array", "items": _VERDICT}, "explode": True}
_AFTER = {"name": "after", "in": "query", "schema": _COUNT, "description": "Rows behind this one."}


def _report() -> dict[str, Any]:
    kinds = {kind: {"schema": {"type": "string"}} for kind in KINDS}
    kept = REQUESTS_KEPT.days
    key = {
        "name": "Idempotency-Key",
        "in": "header",
        "required": True,
        "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[ -~]+$"},
        "description": f"The request's own number. Sent again within {kept} days it gets the same receipt.",
    }
    item = {"name": "item", "in": "path", "required": True, "schema": _TEXT, "description": "Code of a catalog item."}
    return {
        "operationId": "report",
        "summary": "Report rows of one item. Good rows are registered at once, the others named one by one.",
        "security": [{"client": [Scope.REPORT.value]}],
        "parameters": [item, key],
        "requestBody": {"required": True, "content": kinds},
        "responses": {
            "201": _answer("Accepted.", "Receipt"),
            "200": {
                **_answer("The same request was accepted before; nothing was written.", "Receipt"),
                "headers": {"Idempotent-Replay": {"schema": {"type": "string", "const": "true"}}},
            },
            "409": _answer("A request with this key is being carried out; see Retry-After.", "Error"),
            "411": _answer("No Content-Length.", "Error"),
            "413": _answer("Too long.", "Error"),
            "415": _answer("Content type or coding not taken.", "Error"),
            "422": _answer("The file is refused whole, or the key stands for another body or item.", "Error"),
            **_refusals(),
        },
    }


def _read(operation: str, summary: str, parameters: list[dict[str, Any]], schema: str = "Items") -> dict[str, Any]:
    return {
        "operationId": operation,
        "summary": summary,
        "security": [{"client": [Scope.READ.value]}],
        "parameters": parameters,
        "responses": {"200": _answer(summary, schema), "422": _answer("Unreadable.", "Error"), **_refusals()},
    }


def _refusals() -> dict[str, Any]:
    return {
        "400": _answer("Unreadable request.", "Error"),
        "401": _answer("No token, or one that is unknown, over or revoked.", "Error"),
        "403": _answer("The scope is missing, or the law does not let this organisation.", "Error"),
        "404": _answer("No such item in force, or no such batch of this organisation.", "Error"),
        "503": _answer("The database is away; see Retry-After.", "Error"),
    }


def _answer(what: str, schema: str) -> dict[str, Any]:
    return {"description": what, "content": _json({"$ref": f"#/components/schemas/{schema}"})}


def _json(schema: dict[str, Any]) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}


def _object(needed: dict[str, Any], **optional: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "required": list(needed),
        "properties": {**needed, **optional},
        "additionalProperties": False,
    }


def _flow() -> dict[str, Any]:
    scopes = {Scope.REPORT.value: "report rows", Scope.READ.value: "read what became of own batches"}
    return {"type": "oauth2", "flows": {"clientCredentials": {"tokenUrl": "/oauth/token", "scopes": scopes}}}


def _schemas() -> dict[str, Any]:
    finding = {"field": _TEXT, "code": _TEXT, "message": _TEXT, "message_en": _TEXT}
    texts = ("batch", "item", "received_at", "file_sha256", "law", "entry", "leaf", "promise")
    counts = ("rows", "accept", "registered", "unchanged", "ended", "review", "reject")
    row = {
        "row": _COUNT,
        "verdict": _VERDICT,
        "state": {"type": "string", "enum": [state.value for state in RowState]},
        "findings": {"type": "array", "items": _object(finding, article=_TEXT)},
    }
    item = {"item": _TEXT, "name": _object({"zh": _TEXT, "en": _TEXT}), "from": _TEXT, "schema": _TEXT, "report": _TEXT}
    named = _object({"row": _COUNT, "verdict": _VERDICT, **finding}, article=_TEXT)
    return {
        "Receipt": _object(
            {
                **dict.fromkeys(texts, _TEXT),
                **dict.fromkeys(counts, _COUNT),
                "findings": {"type": "array", "items": named},
                "next": _NEXT,
            }
        ),
        "Rows": _object({"batch": _TEXT, "rows": {"type": "array", "items": _object(row)}, "next": _NEXT}),
        "Items": _object({"items": {"type": "array", "items": _object(item)}}),
        "Error": _object(
            {"error": _object({"code": _TEXT, "message": _TEXT, "request": _TEXT}, article=_TEXT)},
        ),
    }
