"""What may stand in one row that is reported under an item, as JSON Schema 2020-12? (ZY-32, ZY-33, SP-8)

A row is an object: field code → text, fields without a value left out. The schema judges the shape of each text and
which fields must be there; it accepts only the canonical form and the spellings the catalog lists. It is weaker than
intake in what no schema can say: check characters of codes, 29 February, dates in order or in the future, minors and
sealed records, repeated rows, whether the sender is the deciding organ, amounts that contradict the text. It is
stricter where intake reads sloppy writing (full-width digits, units, month names) and writes down what it changed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from xinheng.law.conditions import Comparison, Condition
from xinheng.law.enums import ChannelName, FieldType
from xinheng.law.items import Enumeration, Field, ItemVersion
from xinheng.law.pack import Bilingual

DIALECT = "https://json-schema.org/draft/2020-12/schema"
type Schema = dict[str, Any]

_YEAR = "(19[4-9][0-9]|20[0-9]{2})"
_DAY_31 = "(0?[13578]|1[02])S(0?[1-9]|[12][0-9]|3[01])"
_DAY_30 = "(0?[469]|11)S(0?[1-9]|[12][0-9]|30)"
_DAY_29 = "0?2S(0?[1-9]|[12][0-9])"
_MONTH_DAY = f"({_DAY_31}|{_DAY_30}|{_DAY_29})"
DAY = f"^({_YEAR}-{_MONTH_DAY.replace('S', '-')}|{_YEAR}/{_MONTH_DAY.replace('S', '/')})$"
"""2026-11-05 or 2026/11/05, months with the days they can have."""
USCC = "^[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}$"
ORG_CODE = "^[0-9A-Z]{8}-?[0-9X]$"
ID_NUMBER = r"^[0-9A-Za-z()\-]{4,64}$"
_PATTERNS = {FieldType.DATE: DAY, FieldType.ORG_CODE: ORG_CODE, FieldType.IDNUMBER: ID_NUMBER}
_SPECIAL = re.compile(r"([\\^$.|?*+()\[\]{}/])")


def json_schema(version: ItemVersion, lang: str = "zh", *, address: str | None = None) -> Schema:
    """Give the schema of one row of ``version``; titles in ``lang`` ("zh" or "en"), both languages in ``x-title``.

    ``address`` becomes ``$id``. The text of a platform column counts as any other. ZY-32, SP-8.
    """
    found: Schema = {"$schema": DIALECT}
    if address:
        found["$id"] = address
    found |= {
        "title": version.label.get(lang),
        "description": version.conduct.get(lang),
        "x-title": _both(version.label),
        "x-item": version.code,
        "x-version": version.version,
        "x-until": version.until.isoformat() if version.until else None,
        "x-state": version.state,
        "x-publicity": version.publicity.value,
        "x-kinds": {kind.value: attribute.value for kind, attribute in version.kinds.items()},
        "x-article": version.article,
        "x-sha256": version.sha256,
        "type": "object",
        "properties": {field.code: _property(field, version, lang) for field in version.fields},
        "required": [field.code for field in version.fields if field.required == "always"],
        "additionalProperties": False,
    }
    conditional = [_when(field, version) for field in version.fields if isinstance(field.required, Condition)]
    return found | ({"allOf": conditional} if conditional else {})


def _both(text: Bilingual) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}


def _property(field: Field, version: ItemVersion, lang: str) -> Schema:
    found: Schema = {"type": "string", "title": field.label.get(lang), "x-title": _both(field.label)}
    if field.rule is not None:
        found |= {"description": field.rule.get(lang), "x-description": _both(field.rule)}
    found["minLength"] = 1
    if field.length is not None:
        found["maxLength"] = field.length
    found |= _shape(field, version)
    found["x-type"] = field.type.value
    found["x-disclosure"] = {channel.value: field.disclosure[channel].value for channel in ChannelName}
    if field.disclosure_for:
        found["x-disclosure-for"] = {
            kind.value: {c.value: {"release": r.release.value, "mask": r.mask.value} for c, r in releases.items()}
            for kind, releases in field.disclosure_for.items()
        }
    found["x-mask"] = field.mask.value
    found["x-personal"] = field.personal
    if field.aliases:
        found["x-aliases"] = list(field.aliases)
    return found | ({"x-platform": True} if field.platform else {})


def _shape(field: Field, version: ItemVersion) -> Schema:
    """The keywords that say which texts the type admits."""
    if field.enum is not None:
        return _several(field.enum) if field.type is FieldType.MULTI_ENUM else _one(field.enum)
    if field.type is FieldType.DECIMAL:
        return {"pattern": _decimal(field.digits or 0, field.places or 0)}
    if field.type is FieldType.USCC:
        # the placeholder of a subject whose code is unknown is taken in, and waits for a second person
        unknown = version.placeholders.get("uscc_unknown")
        code = {"pattern": USCC, "minLength": 18, "maxLength": 18}
        return {"anyOf": [code, {"const": unknown}]} if unknown else code
    pattern = _PATTERNS.get(field.type)
    return {"pattern": pattern} if pattern else {}


def _decimal(digits: int, places: int) -> str:
    whole = f"^(0|[1-9][0-9]{{0,{max(digits - places - 1, 0)}}})"
    return whole + (rf"(\.[0-9]{{1,{places}}})?$" if places else "$")


def _spellings(enum: Enumeration) -> list[str]:
    return [text for value in enum.values for text in (value.value, *value.aliases)]


def _one(enum: Enumeration) -> Schema:
    said = {
        "x-enum": [
            {"value": value.value, "en": value.label_en, "aliases": list(value.aliases)} for value in enum.values
        ]
    }
    if not enum.open_prefix:
        return {"enum": _spellings(enum), **said}
    open_end = {"pattern": rf"^{_quoted(enum.open_prefix)}\s*\S"}
    return {"anyOf": [{"enum": _spellings(enum)}, open_end], **said}


def _several(enum: Enumeration) -> Schema:
    """Values joined by ";" in either width, blanks around them allowed."""
    texts = sorted(_spellings(enum), key=len, reverse=True)
    parts = [_quoted(text) for text in texts]
    if enum.open_prefix:
        parts.append(rf"{_quoted(enum.open_prefix)}\s*[^;；\s][^;；]*")
    one = rf"\s*({'|'.join(parts)})\s*"
    said = _one(enum)["x-enum"]
    return {"pattern": rf"^{one}([;；]{one})*$", "x-enum": said}


def _quoted(text: str) -> str:
    """A text as a regular expression of ECMA 262, which knows fewer escapes than Python's."""
    return _SPECIAL.sub(r"\\\1", text)


def _when(field: Field, version: ItemVersion) -> Schema:
    """``if`` the condition holds ``then`` the field is required; every word of the closed vocabulary."""
    assert isinstance(field.required, Condition)
    return {"if": condition_schema(field.required, version), "then": {"required": [field.code]}}


def condition_schema(condition: Condition, version: ItemVersion) -> Schema:
    """Say a condition of the pack as a schema of the row. The kind of a subject is told by the field that names it."""
    match condition.test:
        case Comparison.KIND_IS:
            return _is_kind(condition.values, version)
        case Comparison.EMPTY:
            there: Schema = {"required": [condition.field]}
            return {"not": there} if condition.values == ("true",) else there
        case Comparison.EQUALS:
            return _holds(condition, {"const": condition.values[0]})
        case Comparison.CONTAINS:
            return _holds(condition, {"pattern": "|".join(_quoted(text) for text in condition.values)})
        case Comparison.ANY_OF:
            return _holds(condition, {"pattern": _any_of(condition, _alike(condition, version))})


def _holds(condition: Condition, shape: Mapping[str, Any]) -> Schema:
    assert condition.field is not None
    return {"properties": {condition.field: dict(shape)}, "required": [condition.field]}


def _alike(condition: Condition, version: ItemVersion) -> list[str]:
    """The values of a condition with their other spellings: a row may use either."""
    enum = version.field(condition.field or "").enum
    listed = {value.value: (value.value, *value.aliases) for value in enum.values} if enum else {}
    return [text for value in condition.values for text in listed.get(value, (value,))]


def _any_of(condition: Condition, values: list[str]) -> str:
    one = rf"\s*({'|'.join(_quoted(text) for text in values)})\s*"
    return rf"^{one}([;；]{one})*$" if condition.only else rf"(^|[;；]){one}([;；]|$)"


def _is_kind(kinds: tuple[str, ...], version: ItemVersion) -> Schema:
    code = version.role("kind")
    if code is None:
        return {"not": {}}  # nothing names the kind: the condition can't be told from the row
    words = {word for word, kind in version.kinds_map.items() if kind.value in kinds}
    enum = version.field(code).enum
    texts = [t for v in enum.values if v.value in words for t in (v.value, *v.aliases)] if enum else sorted(words)
    return {"properties": {code: {"enum": texts}}, "required": [code]}
