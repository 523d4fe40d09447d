"""Which column of the file is which field of the item, and where do the rows begin?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from xinheng.intake.rules.reader import SEPARATORS, FileRefused, Record, records
from xinheng.law.items import Field, ItemVersion, header_key

SEARCHED = 30  # titles and notes above the header are never longer
_FEWEST = 3
_SURELY = 10  # known columns that make a header among any number of others
_OF_TODAY = ("kind", "authority_code", "source_code")  # columns that the layout of 2015 had not
_NEEDED_OF_OLD = ("name", "document_number", "decided_on", "authority")
_DECORATION = re.compile(r"[*:★☆※●]|\((?:必填|选填|必填项|选填项|可选|必须)\)|\[(?:必填|选填)\]|【(?:必填|选填)】")
_NUMBERED = re.compile(r"^(?:\([0-9]{1,2}\)|[0-9]{1,2}[.、:)])")  # 1.名称, (1)名称
_CODE = re.compile(r"[A-Z]{1,3}_[A-Z0-9_]+")
_PARENTHESES = re.compile(r"\(([^()]*)\)")
_UNIT = re.compile(r"[(\[【/]*(?:单位)?:?((?:百万|千万|万|千|百|亿|美|港|欧|日)?元)[)\]】]*$")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its field, or None when it is ignored or unknown. ``unit``: money unit that the header states.

    ``endless``: the last day of something, which may be said to have no end.
    """

    header: str
    field: Field | None
    ignored: bool = False
    status: bool = False
    unit: str | None = None
    by_alias: bool = False
    endless: bool = False
    since_1904: bool = False  # a bare number may be a day counted from 1904

    @property
    def known(self) -> bool:
        return self.field is not None or self.ignored or self.status


@dataclass(slots=True)
class Layout:
    """How a file is laid out. ``header_rows``: numbers of the records that are headers."""

    separator: str
    columns: tuple[Column, ...]
    header_row: int
    old: bool
    cells: int  # of the header, empty ones at its end included
    ends: int = 0  # where the header ends in the text, in characters

    @property
    def width(self) -> int:
        return len(self.columns)

    @property
    def present(self) -> frozenset[str]:
        """Codes of the fields that have a column."""
        return frozenset(c.field.code for c in self.columns if c.field)

    def unknown(self) -> list[str]:
        """Headers that no one knows."""
        return [c.header for c in self.columns if not c.known and c.header]

    def ignored(self) -> list[str]:
        """Headers that are known and not kept."""
        return [c.header for c in self.columns if c.ignored]


def find_layout(text: str, item: ItemVersion) -> Layout:
    """The layout of a file. Raises FileRefused: ``header_missing``, ``column_doubled`` or ``column_missing``.

    The separator is the one under which most headers are known; the header is the first of the leading records
    with most known columns.
    """
    best: tuple[int, Record, str, tuple[Column, ...], Record | None] | None = None
    for separator in SEPARATORS:
        above: Record | None = None
        for record in records(text, separator, limit=SEARCHED):
            columns = resolve(record.cells, item)
            score = len({c.header for c in columns if c.known})
            if _is_header(columns) and (best is None or score > best[0]):
                best = (score, record, separator, columns, above)
            above = record
    if best is None:
        raise FileRefused("header_missing", item=item.label.zh)
    _, record, separator, columns, above = best
    columns = _with_merged(columns, above, item) if above is not None else columns
    columns, cells = _without_empty_tail(columns), len(columns)
    layout = Layout(separator, columns, record.number, _is_old(columns, item), cells, record.span[1])
    _refuse_doubled(layout)
    _refuse_missing(layout, item)
    return layout


def _with_merged(columns: tuple[Column, ...], above: Record, item: ItemVersion) -> tuple[Column, ...]:
    """The columns of a header of two rows: a label merged over both stands in the upper one."""
    upper = resolve(above.cells, item)
    upper += (Column("", None),) * (len(columns) - len(upper))
    return tuple(
        over if over.field is not None and not own.header else own for own, over in zip(columns, upper, strict=False)
    )


def is_repeated_header(cells: Sequence[str], item: ItemVersion) -> bool:
    """Whether a record behind the header is a header again (codes under labels, pages pasted together)."""
    first = next((cell for cell in cells if cell), "")
    if _bare(first[:60]) not in _names(item).fields:
        return False
    return _is_header(resolve(cells, item))


def same_columns(cells: Sequence[str], layout: Layout, item: ItemVersion) -> bool:
    """Whether a header further down names the columns in the order of the first one."""
    again = resolve(cells, item)
    return all(
        one.field is None or other.field is None or one.field.code == other.field.code
        for one, other in zip(layout.columns, again, strict=False)
    )


def _is_header(columns: Sequence[Column]) -> bool:
    filled = sum(bool(c.header) for c in columns)
    known = sum(c.known for c in columns)
    return known >= min(_FEWEST, filled) and filled > 1 and (known * 2 >= filled or known >= _SURELY)


def resolve(cells: Iterable[str], item: ItemVersion) -> tuple[Column, ...]:
    """The columns that a record would name if it were the header."""
    return tuple(_column(cell, item) for cell in cells)


def _bare(cell: str) -> str:
    """A header for comparing, without marks for the eye and its number in a list."""
    return _NUMBERED.sub("", _DECORATION.sub("", header_key(cell)))


def _column(cell: str, item: ItemVersion) -> Column:
    names = _names(item)
    key = _bare(cell)
    header = " ".join(cell.split())
    if not key or len(key) > 60:
        return Column(header if len(key) <= 60 else header[:60], None)
    unit = _UNIT.search(key)
    code = _CODE.search(key)
    for candidate in (key, _UNIT.sub("", key) if unit else "", code.group() if code else "", _PARENTHESES.sub("", key)):
        found = names.fields.get(candidate)
        if found:
            endless = found[0].code in (item.role("valid_until"), item.role("publicity_end"))
            return Column(header, found[0], unit=unit.group(1) if unit else None, by_alias=found[1], endless=endless)
    if key in names.ignored:
        return Column(header, None, ignored=True)
    status = item.legacy_status
    return Column(header, None, status=status is not None and key == header_key(status.column))


@dataclass(frozen=True, slots=True)
class _Names:
    """Header keys of an item: field and whether an alias, and the keys of columns that are known and not kept."""

    fields: dict[str, tuple[Field, bool]]
    ignored: frozenset[str]


_HELD: dict[str, _Names] = {}  # by content of the item version, which is immutable


def _names(item: ItemVersion) -> _Names:
    if item.sha256 not in _HELD:
        _HELD[item.sha256] = _Names(_field_names(item), frozenset(map(header_key, item.ignored)))
    return _HELD[item.sha256]


def _field_names(item: ItemVersion) -> dict[str, tuple[Field, bool]]:
    """Codes, aliases and labels, and of labels with parentheses the part before or inside them where it is unique."""
    aliases = {header_key(alias) for f in item.fields for alias in f.aliases}
    names = {key: (found, key in aliases) for key, found in item.by_header.items()}
    short: dict[str, list[Field]] = {}
    for entry in item.fields:
        key = header_key(entry.label.zh)
        inside = [part for part in _PARENTHESES.findall(key) if len(part) > 2]
        for variant in {_PARENTHESES.sub("", key), *inside}:
            short.setdefault(variant, []).append(entry)
    for variant, owners in short.items():
        if len(owners) == 1:
            names.setdefault(variant, (owners[0], False))
    return names


def _without_empty_tail(columns: tuple[Column, ...]) -> tuple[Column, ...]:
    end = len(columns)
    while end and not columns[end - 1].header:
        end -= 1
    return columns[:end]


def _is_old(columns: Sequence[Column], item: ItemVersion) -> bool:
    """Whether the file has the columns of 2015: its marker, or several names that only that layout used and none of
    those that it lacked.
    """
    if item.legacy_status is None:
        return False
    marker = header_key(item.legacy_status.marker or "")
    if any(header_key(c.header) == marker for c in columns):
        return True
    present = {c.field.code for c in columns if c.field}
    if present & {item.role(role) for role in _OF_TODAY}:
        return False
    return sum(c.by_alias or c.ignored for c in columns) >= _FEWEST


def _refuse_doubled(layout: Layout) -> None:
    seen: dict[str, Column] = {}
    for column in layout.columns:
        if column.field is None:
            continue
        if column.field.code in seen:
            raise FileRefused("column_doubled", column=_called(column.field))
        seen[column.field.code] = column


def _refuse_missing(layout: Layout, item: ItemVersion) -> None:
    needed = {item.role(r) for r in _NEEDED_OF_OLD} if layout.old else {f.code for f in item.fields}
    missing = [f for f in item.fields if f.required == "always" and f.code in needed and f.code not in layout.present]
    if missing:
        raise FileRefused("column_missing", columns="、".join(map(_called, missing)))


def _called(entry: Field) -> str:
    return f"{entry.label.zh}（{entry.code}）"
