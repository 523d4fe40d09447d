"""What of a row that waits or was returned may be shown, and to whom?"""

from __future__ import annotations

from collections.abc import Mapping

from xinheng.law.enums import ChannelName, FieldType, ReleaseWord, SubjectKind
from xinheng.law.items import Field, ItemVersion
from xinheng.lib import freetext


def tail(text: str) -> str:
    """At most the last two characters of an identifier."""
    return "*" * (len(text) - 2) + text[-2:] if len(text) > 2 else "*" * len(text)


def for_provider(item: ItemVersion, values: Mapping[str, str]) -> dict[str, str]:
    """Values with the identifiers of persons masked, in their own fields and in free text."""
    return {code: _masked(item.by_code.get(code), text) for code, text in values.items()}


def for_own_file(item: ItemVersion, kind: SubjectKind | None, values: Mapping[str, str]) -> dict[str, str]:
    """Values as the item releases them to the subject itself; without a readable kind as an organisation's."""
    shown: dict[str, str] = {}
    for code, text in values.items():
        entry = item.by_code.get(code)
        release = entry.release(ChannelName.OWN, kind or SubjectKind.LEGAL_PERSON).release if entry else None
        if release is ReleaseWord.FULL:
            shown[code] = text
        elif release is ReleaseWord.MASKED:
            shown[code] = _masked(entry, text)
    return shown


def _masked(entry: Field | None, text: str) -> str:
    if entry is None or entry.type is FieldType.IDNUMBER:
        return tail(text)
    return freetext.masked(text) if entry.type in (FieldType.TEXT, FieldType.STRING) else text
