"""A faultless row of any catalog item, made from what the item itself asks for. Everything is invented."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from typing import Any

from xinheng.law.enums import FieldType, SubjectKind
from xinheng.law.items import Field, ItemVersion
from xinheng.law.pack import Bilingual, Pack

DECIDED = "2026/11/02"
ENDS = "2027/12/31"
FACTS = "经查，当事人的行为属实，现场共三处。"


def provider_of(pack: Pack, item: ItemVersion) -> Mapping[str, Any]:
    """An organisation of the demo that may report the item."""
    listed: Any = pack.demo["organisations"]
    return next(one for one in listed if "information.provide" in one["powers"] and item.reportable_with(one["powers"]))


def company(pack: Pack) -> dict[str, str]:
    """The enterprise of the demo whose account is ``qiye``, by role."""
    accounts: Any = pack.demo["accounts"]
    listed: Any = pack.demo["enterprises"]
    code = next(one["subject"]["code"] for one in accounts if one["username"] == "qiye")
    one = next(one for one in listed if one["code"] == code)
    return {"name": Bilingual.of(one["name"]).zh, "kind": "法人及非法人组织", "uscc": str(code)}


def shop(pack: Pack) -> dict[str, str]:
    """An individual business of the demo that carries its operator's name, by role."""
    listed: Any = pack.demo["individual_businesses"]
    one = next(one for one in listed if one["operator"] in Bilingual.of(one["name"]).zh)
    name, operator = Bilingual.of(one["name"]).zh, str(one["operator"])
    return {"name": name, "kind": "个体工商户", "uscc": str(one["code"]), "representative": operator}


def person(pack: Pack) -> dict[str, str]:
    """The person of the demo whose account is ``gongmin``, by role."""
    listed: Any = pack.demo["persons"]
    one = next(one for one in listed if one["key"] == "lin")
    return {"name": str(one["name"]), "kind": "自然人", "id_type": "身份证", "id_number": str(one["id_number"])}


def subject_of(pack: Pack, item: ItemVersion) -> dict[str, str]:
    """Somebody of whom the item is collected: an organisation where it may be one, else a person."""
    return company(pack) if SubjectKind.LEGAL_PERSON in item.kinds else person(pack)


def made(pack: Pack, item: ItemVersion, who: Mapping[str, str], number: int = 1, **changed: str) -> dict[str, str]:
    """A row about ``who``; ``changed`` by role. Fields that may be empty are, apart from those of a role."""
    sender = provider_of(pack, item)
    name, code = Bilingual.of(sender["name"]).zh, str(sender["uscc"])
    parts = {
        "document_number": number_of(item, number),
        "decided_on": DECIDED,
        "valid_until": ENDS,
        "severity": "一般",
        "authority": name,
        "authority_code": code,
        "source": name,
        "source_code": code,
        **who,
        **changed,
    }
    by_code = {item.roles[role]: text for role, text in parts.items() if role in item.roles}
    kind = item.kinds_map[who["kind"]]
    filled = {f.code: _text(f) for f in item.fields if f.code not in by_code and f.required_for(by_code, kind)}
    return {**filled, **by_code}


def number_of(item: ItemVersion, number: int = 1) -> str:
    """The number of a document, which no other item of the tests has."""
    return f"衡{item.code}〔2026〕{number}号"


def sheet(item: ItemVersion, *rows: Mapping[str, str]) -> bytes:
    """The rows as a file with Chinese headings."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([field.label.zh for field in item.fields])
    writer.writerows([[row.get(field.code, "") for field in item.fields] for row in rows])
    return out.getvalue().encode()


def _text(field: Field) -> str:
    if field.enum is not None:
        return field.enum.values[0].value
    return {FieldType.DATE: DECIDED, FieldType.DECIMAL: "1.5", FieldType.TEXT: FACTS}.get(field.type, "甲类")
