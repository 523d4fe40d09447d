"""How is a field filled in, in the words of a clerk: its form, its values, an example?"""

from __future__ import annotations

from collections.abc import Iterator

from xinheng.intake.writing.speaking import Words
from xinheng.law import saying
from xinheng.law.enums import FieldType
from xinheng.law.items import Field, ItemVersion


def form_of(entry: Field, item: ItemVersion, to: Words) -> list[str]:
    """How a cell is written, sentence by sentence."""
    return [*_of_type(entry, item, to), *([saying.text_of(entry.rule, to)] if entry.rule else [])]


def _of_type(entry: Field, item: ItemVersion, to: Words) -> Iterator[str]:
    match entry.type:
        case FieldType.DECIMAL:
            yield to.say("sheet.form.money" if "万元" in entry.label.zh else "sheet.form.decimal")
        case FieldType.MULTI_ENUM:
            yield to.say("sheet.form.multi_enum")
        case _:
            yield to.say(f"sheet.form.{entry.type}")
    if entry.enum is not None and entry.enum.open_prefix:
        yield to.say("sheet.form.open", prefix=entry.enum.open_prefix)
    if is_past(entry, item):
        yield to.say("sheet.form.past")
    if entry.code in {item.role("valid_until"), item.role("publicity_end")}:
        yield to.say("sheet.form.long")


def is_past(entry: Field, item: ItemVersion) -> bool:
    """Whether the day of a field may not lie behind the day of reporting."""
    return any(check.check == "not_after_today" and check.field == entry.code for check in item.checks)


def values_of(entry: Field, to: Words) -> str:
    """The permitted values; in English each with what it means, since the cell holds the Chinese one."""
    if entry.enum is None:
        return ""
    named = [
        to.say("catalog.in_brackets", text=one.value, more=one.label_en) if to.english else one.value
        for one in entry.enum.values
    ]
    if entry.enum.open_prefix:
        named.append(to.say("sheet.values.open", prefix=entry.enum.open_prefix))
    return "\n".join(named)
