"""What does a column of a field look like in a workbook: header, format, drop-down list, bounds and prompts?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from xinheng.intake.rules.values import EARLIEST
from xinheng.intake.writing.fields import form_of, is_past
from xinheng.intake.writing.speaking import Words
from xinheng.law import saying
from xinheng.law.conditions import Condition
from xinheng.law.enums import FieldType
from xinheng.law.items import Enumeration, Field, ItemVersion
from xinheng.lib import dates

HEADS = 2  # rows of the header: labels, codes
LAST = 10_000  # the last row that is prepared
_PROMPT, _TITLE, _SHEET_NAME = 255, 32, 31  # characters that a workbook can hold there
_NOT_IN_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\'", "-"))
FONT = "等线"
HEAD = {"bold": True, "font_name": FONT, "font_size": 11, "text_wrap": True, "valign": "vcenter", "border": 1}
HEADERS: Mapping[str, dict[str, Any]] = {
    "always": HEAD | {"bg_color": "#17567F", "font_color": "#FFFFFF", "border_color": "#DEDACF"},
    "when": HEAD | {"bg_color": "#CFE0EC", "font_color": "#1C2428", "border_color": "#DEDACF"},
    "no": HEAD | {"bg_color": "#EFEEE9", "font_color": "#1C2428", "border_color": "#DEDACF", "bold": False},
}
CODE = {
    "font_name": "Consolas",
    "font_size": 9,
    "font_color": "#4A5358",
    "bg_color": "#F4F2EB",
    "border": 1,
    "border_color": "#DEDACF",
}
CELL = {"font_name": FONT, "font_size": 11, "valign": "top"}
_TEXT, _DAY, _AMOUNT = "@", "yyyy/mm/dd", "General"
_WIDTHS = {
    FieldType.TEXT: 42,
    FieldType.DATE: 13,
    FieldType.DECIMAL: 13,
    FieldType.USCC: 22,
    FieldType.ORG_CODE: 13,
    FieldType.IDNUMBER: 22,
    FieldType.ENUM: 18,
    FieldType.MULTI_ENUM: 22,
}


def filled_in(item: ItemVersion) -> list[Field]:
    """The fields that a sender fills in; those of the platform have no column."""
    return [entry for entry in item.fields if not entry.platform]


def sheet_name(text: str) -> str:
    """A text as the name of a sheet."""
    return text.translate(_NOT_IN_NAMES)[:_SHEET_NAME]


def one_page_wide(sheet: Worksheet) -> None:
    """Print on A4, landscape, every column on one page."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def height(texts: Sequence[str], widths: Sequence[float]) -> float:
    """Room for the cell with most lines."""
    lines = (
        sum(1 + drawn(line) // int(width) for line in text.split("\n"))
        for text, width in zip(texts, widths, strict=True)
    )
    return min(16 * max(lines, default=1) + 4, 400)


def drawn(text: str) -> int:
    """How wide a text is drawn, in narrow characters."""
    return sum(1 if character.isascii() else 2 for character in text)


def need(entry: Field) -> str:
    """``always``, ``when`` or ``no``."""
    return "when" if isinstance(entry.required, Condition) else entry.required


def write_header(
    book: Workbook, sheet: Worksheet, fields: Sequence[Field], item: ItemVersion, to: Words, *, first: int = 0
) -> None:
    """Labels above codes from column ``first`` on; required ones are marked and say when in a comment."""
    formats = {name: book.add_format(look) for name, look in HEADERS.items()}
    code = book.add_format(CODE)
    for place, entry in enumerate(fields, start=first):
        star = "*" if need(entry) == "always" else ""
        sheet.write_string(0, place, entry.label.zh + star, formats[need(entry)])
        sheet.write_string(1, place, entry.code, code)
        if need(entry) == "when":
            sheet.write_comment(0, place, saying.required(entry, item, to), {"x_scale": 1.6})
    sheet.set_row(0, 36)


def width_of(entry: Field) -> float:
    """Room for what is usual in the column and for its label on two lines."""
    return max(_WIDTHS.get(entry.type, 20), len(entry.label.zh) + 3)


def cell_format(book: Workbook, entry: Field, *, plain: bool) -> Format:
    """Text for codes and words, so that a spreadsheet leaves them alone; ``plain``: text for everything."""
    number = {FieldType.DATE: _DAY, FieldType.DECIMAL: _AMOUNT}.get(entry.type, _TEXT)
    wrap = entry.type is FieldType.TEXT
    return book.add_format(CELL | {"num_format": _TEXT if plain else number, "text_wrap": wrap})


class Lists:
    """The values of drop-down lists, on a sheet that is not shown: a list beside the cell may have 255 characters."""

    def __init__(self, book: Workbook, to: Words) -> None:
        self._book, self._to = book, to
        self._sheet: Worksheet | None = None
        self._names: dict[str, str] = {}

    def write(self, fields: Sequence[Field]) -> None:
        """One column for each enumeration, under a name of its own. Call it behind the last sheet that is shown."""
        enums = {entry.enum.name: entry.enum for entry in fields if entry.enum is not None}
        if not enums:
            return
        self._sheet = self._book.add_worksheet(self._to.say("sheet.lists"))
        self._sheet.hide()
        for place, (name, enum) in enumerate(enums.items()):
            values = choices(enum)
            for row, value in enumerate(values):
                self._sheet.write_string(row, place, value)
            letter = chr(ord("A") + place)
            where = f"='{self._to.say('sheet.lists')}'!${letter}$1:${letter}${len(values)}"
            self._book.define_name(self.name(name), where)

    def name(self, enum: str) -> str:
        """The name under which the values of an enumeration stand."""
        return self._names.setdefault(enum, f"list_{len(self._names) + 1}")


def choices(enum: Enumeration) -> list[str]:
    """What the list offers; the beginning of an open value stands last."""
    return [*(one.value for one in enum.values), *([enum.open_prefix] if enum.open_prefix else [])]


def validate(
    sheet: Worksheet, place: int, *, entry: Field, item: ItemVersion, lists: Lists, to: Words, plain: bool = False
) -> None:
    """Prompt for a column, and what a spreadsheet holds against its cells. ``plain``: dates and amounts are texts."""
    rule = {"validate": "any"} if plain and entry.type in _PARSED else _rule(entry, item, lists, to)
    prompt = "；".join([saying.required(entry, item, to), *form_of(entry, item, to)])
    shown = {"input_title": entry.label.zh[:_TITLE], "input_message": prompt[:_PROMPT]}
    if "error_message" in rule:
        rule |= {"error_title": to.say("sheet.refused.title"), "error_message": rule["error_message"][:_PROMPT]}
    sheet.data_validation(HEADS, place, LAST, place, {**rule, **shown, "ignore_blank": True})


_PARSED = (FieldType.DATE, FieldType.DECIMAL)


def _rule(entry: Field, item: ItemVersion, lists: Lists, to: Words) -> dict[str, Any]:
    match entry.type:
        case FieldType.ENUM | FieldType.MULTI_ENUM:
            return _list_rule(entry, lists, to)
        case FieldType.DATE:
            return _day_rule(entry, item, to)
        case FieldType.DECIMAL:
            top = 10 ** ((entry.digits or 18) - (entry.places or 0))
            said = to.say("sheet.refused.decimal")
            return _bounds("decimal", 0, top, said, "warning")
        case FieldType.USCC:
            return _bounds("length", 18, 18, to.say("sheet.refused.code", n="18"), "stop")
        case FieldType.ORG_CODE:
            return _bounds("length", 9, 10, to.say("sheet.refused.code", n="9"), "stop")
    if entry.length is None:
        return {"validate": "any"}
    return _bounds("length", 0, entry.length, to.say("sheet.refused.length", n=str(entry.length)), "stop")


def _bounds(what: str, low: Any, high: Any, said: str, kind: str) -> dict[str, Any]:
    return {
        "validate": what,
        "criteria": "between",
        "minimum": low,
        "maximum": high,
        "error_type": kind,
        "error_message": said,
    }


def _list_rule(entry: Field, lists: Lists, to: Words) -> dict[str, Any]:
    """A closed list stops, an open one asks, and where several values may stand a spreadsheet can only remind."""
    assert entry.enum is not None
    rule: dict[str, Any] = {"validate": "list", "source": f"={lists.name(entry.enum.name)}"}
    if entry.type is FieldType.MULTI_ENUM:
        return rule | {"error_type": "information", "error_message": to.say("sheet.refused.multi")}
    if entry.enum.open_prefix:
        said = to.say("sheet.refused.open", prefix=entry.enum.open_prefix)
        return rule | {"error_type": "warning", "error_message": said}
    return rule | {"error_type": "stop", "error_message": to.say("sheet.refused.list")}


def _day_rule(entry: Field, item: ItemVersion, to: Words) -> dict[str, Any]:
    """A day that has come, where the item asks for one; words such as 长期 may stand elsewhere, so it only asks."""
    if is_past(entry, item):
        return _bounds("date", EARLIEST, "=TODAY()", to.say("sheet.refused.past"), "stop")
    return _bounds("date", EARLIEST, dates.LONG_TERM, to.say("sheet.refused.date"), "warning")
