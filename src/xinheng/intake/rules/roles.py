"""Which field plays which part in a row: who, by which code, which document, decided when and by whom?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from xinheng.law.enums import SubjectKind
from xinheng.law.items import ItemVersion
from xinheng.lib.codes import PLACEHOLDER

_ID_CARD = "身份证"
# Brackets around the year of a document number are typed in many ways; they part no two decisions.
BRACKETS = {"[": "〔", "（": "〔", "(": "〔", "【": "〔", "]": "〕", "）": "〕", ")": "〕", "】": "〕"}


@dataclass(frozen=True, slots=True)
class Roles:
    """The parts of an item version. Every method takes canonical values (field code → text, missing fields absent)."""

    item: ItemVersion

    def code(self, role: str) -> str | None:
        """The code of the field that plays ``role``, None when the item has none."""
        return self.item.role(role)

    def value(self, role: str, values: Mapping[str, str]) -> str:
        """The text of the field that plays ``role``, empty when it is missing."""
        code = self.item.role(role)
        return values.get(code, "") if code else ""

    def subject_kind(self, values: Mapping[str, str]) -> SubjectKind | None:
        """The kind of subject a row speaks of, None when its kind can't be read."""
        return self.item.kinds_map.get(self.value("kind", values))

    def identifier(self, values: Mapping[str, str]) -> tuple[str, str] | None:
        """How the subject is identified: ("uscc" | "org" | "id" | "doc", text); None when nothing identifies it.

        A person is identified by a document only, an organisation or business never by one. Documents other than the
        identity card carry their kind: ``护照号:E12345678``.
        """
        if self.subject_kind(values) is SubjectKind.NATURAL_PERSON:
            number, kind = self.value("id_number", values), self.value("id_type", values)
            if not number:
                return None
            return ("id", number) if kind in ("", _ID_CARD) else ("doc", f"{kind}:{number}")
        uscc = self.value("uscc", values)
        if uscc and uscc != PLACEHOLDER:
            return "uscc", uscc
        org_code = self.value("org_code", values)
        return ("org", org_code) if org_code else None

    def natural_key(self, values: Mapping[str, str]) -> tuple[str, str, str, str]:
        """Item, document number, counterpart and authority: rows with equal keys speak of the same decision."""
        identifier = self.identifier(values)
        counterpart = ":".join(identifier) if identifier else f"name:{self.value('name', values)}"
        authority = self.value("authority_code", values) or self.value("authority", values)
        number = self.value("document_number", values)
        for written, meant in BRACKETS.items():
            number = number.replace(written, meant)
        return self.item.code, number, counterpart, authority


def roles_of(item: ItemVersion) -> Roles:
    """The parts of ``item``."""
    return Roles(item)


def full_values(item: ItemVersion, values: Mapping[str, str]) -> dict[str, str]:
    """Every field of the item version with its text, missing = empty: the form that commitments cover."""
    return {field.code: values.get(field.code, "") for field in item.fields}
