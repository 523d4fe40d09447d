"""How do rows that were not taken in go back to their sender, with each fault where it stands?

A workbook with the header of the item: the cells as they were sent, every one as text, so that nothing in it is ever a
formula; what is wrong is coloured and commented. Mended and sent again it is read like any other file.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from xinheng.intake.writing import columns
from xinheng.intake.writing.speaking import Words
from xinheng.law.items import ItemVersion
from xinheng.law.pack import Pack
from xinheng.lib import sheetsafe

_RED, _AMBER = "#F7D7D3", "#F6E7C8"
_COMMENT = {"x_scale": 2.2, "y_scale": 1.6, "font_size": 10}
_LONGEST = 32_767  # characters of a cell
_SAYS, _HIGHEST = 60, 120  # width of what is said, height of a row


@dataclass(frozen=True, slots=True)
class Told:
    """One thing found: ``field`` is empty for the row; ``says`` in Chinese; ``meant`` what is suggested, or None."""

    field: str
    says: str
    meant: str | None = None
    article: str = ""
    review: bool = False


@dataclass(frozen=True, slots=True)
class Returned:
    """A row to be mended. ``place``: its number as the sender counts; ``sheet``: the table, empty when there is one.

    ``cells``: field code → the cell as sent; None when there is nothing to mend here: what must not be kept, and rows
    whose cells may stand in the wrong column.
    """

    place: int
    sheet: str
    cells: Mapping[str, str] | None
    told: tuple[Told, ...]


def returned(item: ItemVersion, rows: Sequence[Returned], *, pack: Pack) -> bytes:
    """The workbook (xlsx). Rows without cells stand on a sheet of their own, with number, reason and article alone."""
    out = io.BytesIO()
    with Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        _Sheets(book, item, Words(pack)).write(rows)
    return out.getvalue()


class _Sheets:
    """The sheets of one workbook."""

    def __init__(self, book: Workbook, item: ItemVersion, to: Words) -> None:
        self._book, self._item, self._to = book, item, to
        self._fields = columns.filled_in(item)
        self._looks: dict[tuple[str, bool], Format] = {}
        self._cell = self._look((), "")
        self._head = book.add_format(dict(columns.HEADERS["no"]))

    def write(self, rows: Sequence[Returned]) -> None:
        lists = columns.Lists(self._book, self._to)
        self._mendable([row for row in rows if row.cells is not None], lists)
        others = [row for row in rows if row.cells is None]
        if others:
            self._others(others)
        lists.write(self._fields)

    def _mendable(self, rows: Sequence[Returned], lists: columns.Lists) -> None:
        sheet = self._book.add_worksheet(self._to.say("sheet.returned"))
        last = len(self._fields) + 1
        columns.write_header(self._book, sheet, self._fields, self._item, self._to, first=1)
        for place, name in ((0, "row"), (last, "says"), (last + 1, "meant")):
            sheet.write_string(0, place, self._to.say(f"sheet.returned.{name}"), self._head)
        sheet.set_column(0, 0, 10, self._cell)
        sheet.set_column(last, last + 1, _SAYS, self._cell)
        for place, entry in enumerate(self._fields, start=1):
            sheet.set_column(place, place, columns.width_of(entry), self._cell)
            columns.validate(sheet, place, entry=entry, item=self._item, lists=lists, to=self._to, plain=True)
        for line, row in enumerate(rows, start=columns.HEADS):
            self._row(sheet, line, row)
        columns.one_page_wide(sheet)
        sheet.freeze_panes(columns.HEADS, 2)
        sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{len(rows) + columns.HEADS + 1}"})

    def _row(self, sheet: Worksheet, line: int, row: Returned) -> None:
        assert row.cells is not None
        sheet.write_string(line, 0, self._number(row), self._cell)
        for place, entry in enumerate(self._fields, start=1):
            text = row.cells.get(entry.code, "")
            told = [one for one in row.told if one.field == entry.code]
            look = self._look(told, text)
            if text:
                sheet.write_string(line, place, text[:_LONGEST], look)
            elif told:
                sheet.write_blank(line, place, None, look)
            if told:
                sheet.write_comment(line, place, self._comment(told), _COMMENT)
        last = len(self._fields) + 1
        says, meant = "\n".join(dict.fromkeys(self._sentence(one) for one in row.told)), "\n".join(self._meant(row))
        sheet.write_string(line, last, says, self._cell)
        sheet.write_string(line, last + 1, meant, self._cell)
        widths = [*(columns.width_of(entry) for entry in self._fields), _SAYS, _SAYS]
        texts = [*(row.cells.get(entry.code, "") for entry in self._fields), says, meant]
        sheet.set_row(line, min(columns.height(texts, widths), _HIGHEST))

    def _look(self, told: Sequence[Told], text: str) -> Format:
        """Red where the row was returned, amber where somebody else looks; what begins like a formula is quoted."""
        colour = "" if not told else _AMBER if all(one.review for one in told) else _RED
        quoted = sheetsafe.looks_like_formula(text)
        if (colour, quoted) not in self._looks:
            look = columns.CELL | {"num_format": "@", "text_wrap": True, "quote_prefix": quoted}
            self._looks[colour, quoted] = self._book.add_format(look | ({"bg_color": colour} if colour else {}))
        return self._looks[colour, quoted]

    def _comment(self, told: Sequence[Told]) -> str:
        meant = [self._to.say("sheet.returned.meant_cell", value=one.meant) for one in told if one.meant]
        return "\n".join(dict.fromkeys([*(one.says for one in told), *meant]))

    def _meant(self, row: Returned) -> list[str]:
        labels = {entry.code: entry.label.zh for entry in self._fields}
        return [
            self._to.say("sheet.returned.meant_one", field=labels[one.field], value=one.meant)
            for one in row.told
            if one.meant and one.field in labels
        ]

    def _sentence(self, one: Told) -> str:
        if not one.article:
            return one.says
        return self._to.say("catalog.in_brackets", text=one.says, more=self._to.cite(one.article))

    def _number(self, row: Returned) -> str:
        if not row.sheet:
            return str(row.place)
        return self._to.say("sheet.returned.row_in_sheet", sheet=row.sheet, row=str(row.place))

    def _others(self, rows: Sequence[Returned]) -> None:
        sheet = self._book.add_worksheet(self._to.say("sheet.returned.others"))
        sheet.write_string(0, 0, self._to.say("sheet.returned.others_note"), self._cell_of_note())
        for place, (name, width) in enumerate((("row", 16), ("says", 80), ("article", 40))):
            sheet.write_string(1, place, self._to.say(f"sheet.returned.{name}"), self._head)
            sheet.set_column(place, place, width)
        for line, row in enumerate(rows, start=2):
            articles = dict.fromkeys(self._to.cite(one.article) for one in row.told if one.article)
            texts = [self._number(row), "\n".join(dict.fromkeys(one.says for one in row.told)), "\n".join(articles)]
            for place, text in enumerate(texts):
                sheet.write_string(line, place, text, self._cell)

    def _cell_of_note(self) -> Format:
        return self._book.add_format(columns.CELL | {"bold": True})
