"""How is a version of a catalog item written down again, in the shape of a pack file?

The reverse of `xinheng.law.loader.catalog`: what `tree` gives, read again, is the same version. A draft of an item is
kept, compared and approved in this form (ZY-32).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from xinheng.law.conditions import Condition
from xinheng.law.enums import FieldType, MaskName
from xinheng.law.items import Check, Enumeration, Field, FieldRelease, ItemVersion, LegacyStatus, Revocation, Sealed
from xinheng.law.pack import Amount, Bilingual

LISTS = frozenset({"any_of", "kind_is", "contains"})


def tree(version: ItemVersion) -> dict[str, Any]:
    """Write one version as the file of an item that has this version alone: texts, lists and mappings."""
    return _filled(
        code=version.code,
        label=_said(version.label),
        level=version.level.value,
        category=version.category,
        versions=[_version(version)],
        roles=dict(version.roles),
        kinds_map={name: kind.value for name, kind in version.kinds_map.items()},
        natural_key=list(version.natural_key),
        checks=[_check(check) for check in version.checks],
        placeholders=dict(version.placeholders),
        ignored=[_ignored(*pair) for pair in _pairs(version.ignored)],
        legacy_status=_legacy(version.legacy_status),
        revocation=_revocation(version.revocation),
        sealed=[_sealed(one) for one in version.sealed],
        enums={name: _enum(one) for name, one in version.enums.items()},
        fields=[_field(field) for field in version.fields],
    )


def _version(version: ItemVersion) -> dict[str, Any]:
    kinds = {kind.value: attribute.value for kind, attribute in version.kinds.items()}
    return _filled(
        **{"from": version.from_.isoformat()},
        conduct=_said(version.conduct),
        basis=list(version.basis),
        purpose=_said(version.purpose),
        adverse=_flag(version.adverse),
        market=_flag(version.market),
        publicity=version.publicity.value,
        person_statute=version.person_statute,
        sharing=list(version.sharing),
        providers=list(version.providers),
        matters=list(version.matters),
        channel=list(version.channel),
        frequency=_amount(version.frequency),
        kinds=kinds,
        publicity_period=version.publicity_period,
        consent=version.consent,
        retention={**_amount(version.retention), "starts": version.retention_starts},
        article=version.article,
        rank=version.rank.value,
        state=version.state,
    ) | {"until": version.until.isoformat() if version.until else None}


def _field(field: Field) -> dict[str, Any]:
    return _filled(
        code=field.code,
        n=str(field.n),
        label=_said(field.label),
        type=_type(field),
        length=str(field.length) if field.length is not None else None,
        required={"when": _condition(field.required)} if isinstance(field.required, Condition) else field.required,
        disclosure={channel.value: word.value for channel, word in field.disclosure.items()},
        disclosure_for={
            kind.value: {channel.value: _release(release, field.mask) for channel, release in channels.items()}
            for kind, channels in field.disclosure_for.items()
        },
        mask=field.mask.value,
        personal=_flag(field.personal),
        personal_for=sorted(kind.value for kind in field.personal_for),
        whose=field.whose,
        exports=field.exports,
        document_kind=field.document_kind,
        aliases=list(field.aliases),
        rule=_said(field.rule),
        platform=_flag(field.platform),
    )


def _type(field: Field) -> Any:
    if field.type is FieldType.DECIMAL:
        return {"decimal": {"digits": str(field.digits), "places": str(field.places)}}
    if field.enum is not None:
        return {field.type.value: field.enum.name}
    return field.type.value


def _release(release: FieldRelease, usual: MaskName) -> Any:
    if release.mask is usual:
        return release.release.value
    return {"release": release.release.value, "mask": release.mask.value}


def _condition(condition: Condition) -> dict[str, Any]:
    listed = condition.test.value in LISTS
    return _filled(
        field=condition.field,
        **{condition.test.value: list(condition.values) if listed else condition.values[0]},
        only=_flag(condition.only) if condition.only else None,
    )


def _enum(one: Enumeration) -> dict[str, Any]:
    values = [_filled(value=v.value, en=v.label_en, aliases=list(v.aliases)) for v in one.values]
    return _filled(values=values, open_prefix=one.open_prefix, separator=one.separator)


def _check(check: Check) -> dict[str, Any]:
    return _filled(
        check=check.check,
        field=check.field,
        other=check.other,
        when=_condition(check.when) if check.when else None,
        prefixes=list(check.prefixes),
        severity=check.severity,
        code=check.code,
    )


def _ignored(code: str, label: str) -> dict[str, Any]:
    return {"code": code, "label": {"zh": label, "en": label}}


def _pairs(ignored: tuple[str, ...]) -> Iterable[tuple[str, str]]:
    return zip(ignored[::2], ignored[1::2], strict=True)


def _legacy(legacy: LegacyStatus | None) -> dict[str, Any] | None:
    if legacy is None:
        return None
    values = {
        value: {"verdict": verdict, "label": _said(legacy.labels[value])} for value, verdict in legacy.verdicts.items()
    }
    return _filled(column=legacy.column, marker=legacy.marker, values=values)


def _revocation(told: Revocation | None) -> dict[str, Any] | None:
    return None if told is None else {"field": told.field, "values": list(told.values)}


def _sealed(one: Sealed) -> dict[str, Any]:
    return {
        "kind": one.kind.value,
        "when": _condition(one.when),
        "from": one.from_.isoformat(),
        "verdict": one.verdict,
        "article": one.article,
    }


def _said(text: Bilingual | None) -> dict[str, str] | None:
    return {"zh": text.zh, "en": text.en} if text is not None else None


def _amount(amount: Amount) -> dict[str, str]:
    return {"count": str(amount.count), "unit": amount.unit.value}


def _flag(value: bool) -> str:
    return "true" if value else "false"


def _filled(**parts: Any) -> dict[str, Any]:
    """Leave out what is absent or empty: a pack file does not write it either."""
    return {name: part for name, part in parts.items() if part is not None and part not in ({}, [])}
