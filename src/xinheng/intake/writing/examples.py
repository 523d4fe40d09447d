"""Which rows may an item's template show as an example? Three that intake accepts; whoever they name is invented."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from xinheng.law.conditions import Condition, elements
from xinheng.law.enums import FieldType, SubjectKind
from xinheng.law.items import Field, ItemVersion
from xinheng.law.pack import Pack
from xinheng.lib.codes import idnumber, orgcode, uscc

SHOWN = 3
ORGAN, ORGAN_NAME = "11", "示例市某某局"
_NAMES = {
    SubjectKind.LEGAL_PERSON: "示例市某某商贸有限公司",
    SubjectKind.UNINCORPORATED: "示例市某某合伙企业",
    SubjectKind.INDIVIDUAL_BUSINESS: "示例市某某面馆",
    SubjectKind.NATURAL_PERSON: "张某某",
}
_FIRST = {SubjectKind.INDIVIDUAL_BUSINESS: "92"}
_TEXTS = {
    "representative": "李某某",
    "conduct": "发布虚假广告",
    "document_name": "行政决定书",
    "licence_name": "食品经营许可证",
    "licence_number": "示例许字第1号",
    "basis": "《中华人民共和国广告法》第五十五条第一款",
    "facts": "当事人于2026年3月在店内发布广告3则，内容与事实不符。",
    "content": "按照决定书的内容填写。",
}
_AMOUNTS = ("0.3", "1.25", "10")
_LATEST = date(2099, 12, 31)


def example_organ(pack: Pack) -> str:
    """The code of the invented organ that sends the examples."""
    return _uscc(ORGAN, pack, 90_000)


def example_rows(item: ItemVersion, pack: Pack, today: date) -> list[dict[str, str]]:
    """Field code → cell, three rows: every kind of subject that the item collects comes up in turn."""
    kinds = [k for k in item.kinds_map.values() if k in item.kinds and pack.subject_kind_allowed(k)]
    kinds = [kinds[n % len(kinds)] for n in range(SHOWN)] if kinds else []
    return [_row(item, pack, kind, n, today) for n, kind in enumerate(kinds)]


def _row(item: ItemVersion, pack: Pack, kind: SubjectKind, n: int, today: date) -> dict[str, str]:
    decided = today - timedelta(days=5 + n)
    row = dict(_by_role(item, pack, kind, n, decided))
    for _ in item.fields:  # what is filled makes other fields required
        missing = [f for f in item.fields if not f.platform and f.code not in row and f.required_for(row, kind)]
        if not missing:
            break
        row |= {entry.code: _any(item, entry, pack, n, decided) for entry in missing}
    kinds, content = row.get(item.role("penalty_kinds") or ""), item.role("content")
    if kinds and content:
        fine = row.get(item.role("fine") or "")
        row[content] = f"罚款人民币{fine}万元" if fine else kinds
    return row


def _by_role(item: ItemVersion, pack: Pack, kind: SubjectKind, n: int, decided: date) -> Iterator[tuple[str, str]]:
    person = kind is SubjectKind.NATURAL_PERSON
    organ = example_organ(pack)
    word = next(word for word, meant in item.kinds_map.items() if meant is kind)
    said = {
        "name": _NAMES[kind],
        "kind": word,
        "uscc": "" if person else _uscc(_FIRST.get(kind, "91"), pack, n),
        "representative": "" if person else _TEXTS["representative"],
        "id_type": "身份证" if person else "",
        "id_number": _idnumber(pack, n) if person else "",
        "document_number": f"示局决〔{decided.year}〕{n + 1}号",
        "decided_on": f"{decided:%Y/%m/%d}",
        "valid_from": f"{decided:%Y/%m/%d}",
        "valid_until": f"{_LATEST:%Y/%m/%d}",
        "authority": ORGAN_NAME,
        "authority_code": organ,
        "source": ORGAN_NAME,
        "source_code": organ,
    }
    for role, text in said.items():
        code = item.role(role)
        if code and text and code in item.by_code and not item.by_code[code].platform:
            yield code, text


def _any(item: ItemVersion, entry: Field, pack: Pack, n: int, decided: date) -> str:
    """A cell for a field that is required, by its type."""
    role = next((role for role, code in item.roles.items() if code == entry.code), "")
    match entry.type:
        case FieldType.DATE:
            return f"{decided:%Y/%m/%d}"
        case FieldType.DECIMAL:
            return _AMOUNTS[n % len(_AMOUNTS)]
        case FieldType.ENUM | FieldType.MULTI_ENUM:
            return _chosen(item, entry, n)
        case FieldType.USCC:
            return example_organ(pack)
        case FieldType.ORG_CODE:
            return _uscc("91", pack, n)[8:17]
        case _:
            text = _TEXTS.get(role, f"{entry.label.zh}的示例")
            return text[: entry.length] if entry.length else text


def _chosen(item: ItemVersion, entry: Field, n: int) -> str:
    """A value of the list, none sealed or revoking: first those on which an amount depends, so that these show."""
    assert entry.enum is not None
    never = {value for rule in item.sealed for value in rule.when.values}
    if item.revocation is not None and item.revocation.field == entry.code:
        never |= set(item.revocation.values)
    listed = [one.value for one in entry.enum.values if one.value not in never]
    amounts = [f.required for f in item.fields if f.type is FieldType.DECIMAL and isinstance(f.required, Condition)]
    named = [value for when in amounts if when.field == entry.code for value in when.values]
    telling = [value for value in dict.fromkeys(named) if value in listed]
    return [*telling, *(value for value in listed if value not in telling)][n % len(listed)]


def example_values(entry: Field) -> str:
    """One value of a list field as it is written, for the instructions."""
    return next(iter(elements(entry.enum.values[0].value)), "") if entry.enum else ""


def _uscc(head: str, pack: Pack, n: int) -> str:
    """A code in a division that the pack keeps for invented bodies."""
    body = f"{head}{_division(pack)}MA9{n:05}"
    inner = body + orgcode.check_character(body[8:16])
    return inner + uscc.check_character(inner)


def _idnumber(pack: Pack, n: int) -> str:
    body = f"{_division(pack)}19800101{900 + n:03}"
    return body + idnumber.check_character(body)


def _division(pack: Pack) -> str:
    return str(pack.demo.get("division", "100000"))
