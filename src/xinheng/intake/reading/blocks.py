"""How is a table read block by block, fast where it is regular and exact where it is not?

Record boundaries are found in NumPy: a separator or a line end counts where the number of quotation marks before it is
even. A block whose quotation marks all stand where they belong goes through Polars; any other goes through
`rules.reader.records`, record by record. Both give the same records (a property in the tests).
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from xinheng.intake.reading.tables import Table
from xinheng.intake.rules.blocks import Block, Numbers, block_of, joined
from xinheng.intake.rules.reader import LONGEST_QUOTE, FileRefused, Record, records

SIZE = 4 << 20  # bytes read at once
_QUOTE, _LINE, _RETURN = 0x22, 0x0A, 0x0D
LONGEST = 32 << 20  # bytes: no record of an office is longer
_PATCHES = 64  # misplaced marks in a block that are gone around; behind them every record is read by itself
_LONGEST_RECORD = 1 << 20  # bytes: a longer one is read by itself
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Form:
    """How the records of a table are written: the separator, and how many cells a regular record has."""

    separator: str
    width: int


def blocks(table: Table, form: Form, *, start: int, number: int, size: int = SIZE) -> Iterator[Block]:
    """The records from byte ``start`` on, the first of them with the number ``number``."""
    table.text.seek(start)
    carried, at, ended = b"", start, False
    while not ended:
        piece = table.text.read(size)
        ended = not piece
        buffer = carried + piece
        if not buffer:
            return
        block, used = _block(buffer, form, at=at, number=number, last=ended)
        if len(block):
            block.start, block.text = at, buffer[:used]
            yield block
        number += len(block)
        carried, at = buffer[used:], at + used
        if len(carried) > LONGEST:
            raise FileRefused("record_too_long", row=str(number), limit=f"{LONGEST >> 20} MB")


def _block(buffer: bytes, form: Form, *, at: int, number: int, last: bool) -> tuple[Block, int]:
    """The records of ``buffer`` that are complete, and how many bytes they take."""
    if last and not buffer.endswith((b"\n", b"\r")):
        block, used = _block(buffer + b"\n", form, at=at, number=number, last=True)
        np.minimum(block.ends, at + len(buffer), out=block.ends)
        block.odd = [_cut(record, at + len(buffer)) for record in block.odd]
        return block, used
    made: list[Block] = []
    used = 0
    for _ in range(_PATCHES):
        rest = buffer[used:]
        found, stopped = _regular(rest, form)
        if len(found.ends):
            block, taken = _columns(rest, form, found, at=at + used, number=number + sum(map(len, made)))
            made.append(block)
            used, rest = used + taken, rest[taken:]
        if not stopped:
            if not last or used == len(buffer):
                return joined(made, form.width), used
            break  # a quotation that the file never closes
        # Everything up to the line of the first misplaced mark is regular; that record is read by itself.
        block, taken = _one_by_one(rest, form, at=at + used, number=number + sum(map(len, made)), last=last, most=1)
        made.append(block)
        used += taken
        if not taken:
            return joined(made, form.width), used
    block, taken = _one_by_one(buffer[used:], form, at=at + used, number=number + sum(map(len, made)), last=last)
    return joined([*made, block], form.width), used + taken


def _cut(record: Record, end: int) -> Record:
    return Record(record.number, record.cells, (record.span[0], min(record.span[1], end)), record.stray)


@dataclass(frozen=True, slots=True)
class _Places:
    """Where the records of a buffer begin and end, and which of them have the usual number of cells."""

    starts: Numbers
    ends: Numbers
    plain: Flags


def _regular(buffer: bytes, form: Form) -> tuple[_Places, bool]:
    """The places of the complete regular records, and whether one follows that is not regular."""
    data = np.frombuffer(buffer, dtype=np.uint8)
    quotes, lines = data == _QUOTE, data == _LINE
    outside = _outside(quotes) if quotes.any() else None
    separators = data == ord(form.separator)
    ends = np.flatnonzero(lines if outside is None else lines & outside).astype(np.int64) + 1
    misplaced = _first_return(data, lines, outside)
    if outside is not None:
        misplaced = min(misplaced, _first_quote(data, quotes, outside, ord(form.separator)))
        separators &= outside
    stopped = misplaced < len(data)
    if stopped:
        ends = ends[ends <= misplaced]
    elif not len(ends) or lines[ends[-1] :].sum() > LONGEST_QUOTE:
        stopped = True
    starts = np.concatenate(([0], ends[:-1])) if len(ends) else ends
    plain = np.diff(_count_until(separators, ends), prepend=0) == form.width - 1
    several = np.diff(_count_until(lines, ends), prepend=0)
    # A quotation over several lines is believed only in a record that fits the columns.
    odd = ((several > 1) & ~plain) | (several > LONGEST_QUOTE) | (ends - starts > _LONGEST_RECORD)
    if odd.any():
        kept = int(np.argmax(odd))
        return _Places(starts[:kept], ends[:kept], plain[:kept]), True
    return _Places(starts, ends, plain), stopped


def _outside(quotes: Flags) -> Flags:
    """Which bytes lie outside of quotations; an opening mark is inside, a closing one outside."""
    runs = np.diff(np.concatenate(([0], np.flatnonzero(quotes), [len(quotes)])))
    even: Flags = np.repeat(np.arange(len(runs)) % 2 == 0, runs)
    return even


def _count_until(flags: Flags, ends: Numbers) -> Numbers:
    """How many flags are set before each end."""
    return np.searchsorted(np.flatnonzero(flags), ends).astype(np.int64)


def _first_quote(data: npt.NDArray[np.uint8], quotes: Flags, outside: Flags, separator: int) -> int:
    """The first mark that neither opens a quotation at the beginning of a cell nor closes one at its end."""
    places = np.flatnonzero(quotes)
    opening, closing = places[~outside[places]], places[outside[places]]
    before = data[np.maximum(opening - 1, 0)]
    opens = (opening == 0) | (before == separator) | (before == _LINE) | (before == _QUOTE)
    after = data[np.minimum(closing + 1, len(data) - 1)]
    closes = (after == separator) | (after == _LINE) | (after == _RETURN) | (after == _QUOTE)
    closes |= closing == len(data) - 1
    wrong = [marks[int(np.argmin(fits))] for marks, fits in ((opening, opens), (closing, closes)) if not fits.all()]
    return int(min(wrong, default=len(data)))


def _first_return(data: npt.NDArray[np.uint8], lines: Flags, outside: Flags | None) -> int:
    """The first carriage return that stands before no line feed, or inside a quotation."""
    places = np.flatnonzero(data == _RETURN)
    if not len(places):
        return len(data)
    fits = lines[np.minimum(places + 1, len(data) - 1)] & (places + 1 < len(data))
    if outside is not None:
        fits &= outside[places]
    return len(data) if fits.all() else int(places[int(np.argmin(fits))])


def _columns(buffer: bytes, form: Form, found: _Places, *, at: int, number: int) -> tuple[Block, int]:
    """The complete records as columns; those of another width one by one."""
    used = int(found.ends[-1])
    plain, numbers = found.plain, np.arange(number, number + len(found.ends), dtype=np.int64)
    text = buffer[:used]
    if not plain.all():
        kept = np.repeat(plain, found.ends - found.starts)
        text = np.frombuffer(text, dtype=np.uint8)[kept].tobytes()
    frame = _frame(text, form)
    if frame.height != int(plain.sum()):
        return _one_by_one(buffer[:used], form, at=at, number=number, last=True)
    odd = [
        _alone(buffer, form, int(found.starts[place]), int(found.ends[place]), at=at, number=int(numbers[place]))
        for place in np.flatnonzero(~plain).tolist()
    ]
    return Block(frame, numbers[plain], found.starts[plain] + at, found.ends[plain] + at, odd), used


def _frame(text: bytes, form: Form) -> pl.DataFrame:
    names = [f"c{n}" for n in range(form.width)]
    if not text:
        return pl.DataFrame(schema=dict.fromkeys(names, pl.String))
    if text.startswith(codecs.BOM_UTF8):  # Polars takes one away: here it is part of a cell
        text = codecs.BOM_UTF8 + text
    return pl.read_csv(
        text,
        has_header=False,
        new_columns=names,
        separator=form.separator,
        infer_schema=False,
        empty_string_is_null=False,
        raise_if_empty=False,
    )


def _alone(buffer: bytes, form: Form, start: int, end: int, *, at: int, number: int) -> Record:
    """One record of another width than its columns."""
    read = next(records(buffer[start:end].decode(), form.separator, width=form.width))
    return Record(number, read.cells, (start + at, end + at), read.stray)


def _one_by_one(
    buffer: bytes, form: Form, *, at: int, number: int, last: bool, most: int | None = None
) -> tuple[Block, int]:
    """The first records of an irregular buffer; the last lines wait for the next one, for a quotation may run on."""
    text = _whole_characters(buffer if most is None else _some_lines(buffer), last=last)
    lines = text.count("\n")
    found: list[Record] = []
    place, seen = 0, 0
    for record in records(text, form.separator, width=form.width, limit=most):
        said = text[record.span[0] : record.span[1]]
        seen += said.count("\n")
        if not last and lines - seen < LONGEST_QUOTE:
            break
        end = place + len(said.encode())
        found.append(Record(number + len(found), record.cells, (place + at, end + at), record.stray))
        place = end
    return block_of(found, form.width), place


def _some_lines(buffer: bytes) -> bytes:
    """The beginning of a buffer, long enough for one record however its quotation is meant."""
    end = 0
    for _ in range(2 * LONGEST_QUOTE + 2):
        end = buffer.find(b"\n", end) + 1
        if not end:
            return buffer
    return buffer[:end]


def _whole_characters(buffer: bytes, *, last: bool) -> str:
    """The text of a buffer whose last character may be cut in two."""
    if last:
        return buffer.decode()
    while buffer:
        try:
            return buffer.decode()
        except UnicodeDecodeError as error:
            buffer = buffer[: error.start]
    return ""
