"""What does a clerk have to know to fill in the template of an item? The instruction sheet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from xinheng.intake.rules.persons import ground
from xinheng.intake.writing.columns import FONT, HEADERS, drawn, filled_in, height, one_page_wide
from xinheng.intake.writing.fields import form_of, values_of
from xinheng.intake.writing.speaking import Words
from xinheng.law import saying
from xinheng.law.enums import SubjectKind
from xinheng.law.items import Field, ItemVersion

_WIDTHS = (18, 24, 28, 56, 36, 34)
_FILL = ("first", "marked", "text", "examples", "again")
_COLUMNS = ("code", "label", "required", "form", "values", "example")


@dataclass(slots=True)
class _Page:
    """A sheet that is written from the top down."""

    sheet: Worksheet
    looks: Mapping[str, Format]
    row: int = 0
    _last: int = field(default=len(_COLUMNS) - 1)

    def head(self, text: str, look: str = "head") -> None:
        self.sheet.merge_range(self.row, 0, self.row, self._last, "", self.looks[look])
        self.sheet.write_string(self.row, 0, text, self.looks[look])
        self.sheet.set_row(self.row, 30 if look == "title" else 24)
        self.row += 1

    def wide(self, text: str, *, before: str = "") -> None:
        """A sentence across the sheet, with its name before it or without."""
        start = 1 if before else 0
        if before:
            self.sheet.write_string(self.row, 0, before, self.looks["name"])
        self.sheet.merge_range(self.row, start, self.row, self._last, "", self.looks["cell"])
        self.sheet.write_string(self.row, start, text, self.looks["cell"])
        self.sheet.set_row(self.row, 16 * (1 + drawn(text) // 150 + text.count("\n")) + 2)
        self.row += 1

    def cells(self, texts: list[str], look: str) -> None:
        for place, text in enumerate(texts):
            self.sheet.write_string(self.row, place, text, self.looks[look])
        self.sheet.set_row(self.row, height(texts, _WIDTHS) if look == "cell" else 22)
        self.row += 1


def write_instructions(
    book: Workbook, item: ItemVersion, example: Mapping[str, str], today: date, to: Words
) -> Worksheet:
    """The sheet in the language of ``to``. No row of it has as many names of fields as a header."""
    sheet = book.add_worksheet(to.say("sheet.instructions"))
    page = _Page(sheet, _looks(book))
    for place, width in enumerate(_WIDTHS):
        sheet.set_column(place, place, width)
    name = saying.text_of(item.label, to)
    page.head(to.say("sheet.title", item=name[:1].upper() + name[1:], number=item.code), "title")
    page.head(to.say("sheet.head.fill"))
    for what in _FILL:
        page.wide(to.say(f"sheet.fill.{what}"))
    page.head(to.say("sheet.head.about"))
    for what, said in _about(item, to):
        page.wide(said, before=to.say(f"sheet.about.{what}"))
    page.head(to.say("sheet.head.never"))
    for said in _never(item, today, to):
        page.wide(said)
    page.head(to.say("sheet.head.fields"))
    page.cells([to.say(f"sheet.col.{name}") for name in _COLUMNS], "column")
    for entry in filled_in(item):
        page.cells(_told(entry, item, example.get(entry.code, ""), to), "cell")
    one_page_wide(sheet)
    sheet.hide_gridlines(2)
    return sheet


def _told(entry: Field, item: ItemVersion, example: str, to: Words) -> list[str]:
    return [
        entry.code,
        saying.text_of(entry.label, to),
        saying.required(entry, item, to),
        _form(entry, item, to),
        values_of(entry, to),
        example,
    ]


def _form(entry: Field, item: ItemVersion, to: Words) -> str:
    """Type and form in one cell: a type alone may be the name of a field, and three names in a row make a header."""
    said = [] if entry.enum is not None else [saying.type_of(entry, to)]
    return "\n".join((*said, *form_of(entry, item, to)))


def _about(item: ItemVersion, to: Words) -> Iterator[tuple[str, str]]:
    """Name and text of what is said about the item as a whole."""
    name = to.say("catalog.in_brackets", text=saying.text_of(item.label, to), more=item.code)
    yield "item", f"{name}{'; ' if to.english else '，'}{to.say('sheet.version', version=item.version)}"
    yield "conduct", saying.text_of(item.conduct, to)
    yield "article", to.cite(item.article)
    yield "basis", saying.listed(item.basis, to)
    provides = to.pack.provides.get("market" if item.market else "public")
    if provides is not None:
        kinds = (saying.text_of(kind.label, to) for code, kind in to.pack.organ_kinds.items() if code in provides.kinds)
        yield "sender", to.say("catalog.in_brackets", text=saying.listed(kinds, to), more=to.cite(provides.article))
    if item.providers:
        yield "power", saying.value(item.providers, to, "providers")
    yield "kinds", saying.value(item.kinds, to, "kinds")
    yield "due", to.say("sheet.due", amount=to.amount(item.frequency))


def _never(item: ItemVersion, today: date, to: Words) -> Iterator[str]:
    """What is returned without being kept, each with its article where there is one."""
    if item.adverse:
        yield _cited(to.say("sheet.never.document"), ground(to.pack, "intake.document", today), to)
    for rule in item.sealed:
        yield _cited(saying.value(rule, to, "sealed", item), rule.article, to)
    if SubjectKind.NATURAL_PERSON in item.kinds:
        if item.adverse:
            yield _cited(to.say("sheet.never.minor"), ground(to.pack, "intake.minor", today), to)
        yield to.say("sheet.never.nobody")
    refused = [kind for kind in item.kinds_map.values() if kind not in item.kinds]
    if refused:
        named = saying.listed((to.say(f"kind.{kind}") for kind in refused), to)
        yield _cited(to.say("sheet.never.kinds", kinds=named), ground(to.pack, "intake.catalog", today), to)
    yield to.say("sheet.never.text")


def _cited(text: str, article: str | None, to: Words) -> str:
    return to.say("catalog.in_brackets", text=text, more=to.cite(article)) if article else text


def _looks(book: Workbook) -> dict[str, Format]:
    plain = {"font_name": FONT, "font_size": 11, "text_wrap": True, "valign": "top"}
    return {
        "title": book.add_format(plain | {"font_size": 16, "bold": True, "valign": "vcenter"}),
        "head": book.add_format(plain | {"font_size": 13, "bold": True, "valign": "vcenter", "bottom": 2}),
        "name": book.add_format(plain | {"bold": True}),
        "cell": book.add_format(plain | {"bottom": 1, "bottom_color": "#DEDACF", "num_format": "@"}),
        "column": book.add_format(dict(HEADERS["always"])),
    }
