"""How is a text kept from being taken for a formula by the spreadsheet that opens it? (OWASP: CSV injection)

A cell that begins with one of ``= + - @``, a tab or a line break is calculated when a file is opened, and may fetch or
send data. Spreadsheets pass over blanks, byte-order marks and quotation marks before it, and some read the full-width
forms as well. In CSV such a cell gets an apostrophe in front, which spreadsheets show as text.
"""

from __future__ import annotations

import csv
import io
import re
import string
from collections.abc import Iterable, Iterator, Sequence

from xinheng.lib.codes.clean import invisible

BOM = "\ufeff"
_STARTS = frozenset("=+-@\t\r\n＝＋－＠−﹢﹦﹣﹫")
_PLAIN = frozenset(string.ascii_letters + string.digits)
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")


def looks_like_formula(cell: str) -> bool:
    """Whether a spreadsheet may take the cell for a formula; plain numbers, negative ones too, are none."""
    if not cell or "\u4e00" <= cell[0] <= "\u9fff" or (cell[0] in _PLAIN) or _NUMBER.fullmatch(cell):
        return False
    for character in cell:
        if character in _STARTS:
            return True
        if not (character.isspace() or invisible(character) or character in "'\""):
            return False
    return False


def neutral(cell: str) -> str:
    """The cell as CSV may hold it: with an apostrophe in front where a spreadsheet might calculate it."""
    return "'" + cell if looks_like_formula(cell) else cell


def as_csv(rows: Iterable[Sequence[str]]) -> str:
    """Rows as CSV text, every cell neutral, with the byte-order mark by which spreadsheets tell UTF-8."""
    return BOM + _written(rows)


def csv_pieces(blocks: Iterable[Iterable[Sequence[str]]]) -> Iterator[bytes]:
    """`as_csv` for a long table, in UTF-8: a piece for each block of rows, so that it never lies in memory whole."""
    yield BOM.encode()
    for rows in blocks:
        yield _written(rows).encode()


def _written(rows: Iterable[Sequence[str]]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows([neutral(cell) for cell in row] for row in rows)
    return out.getvalue()
