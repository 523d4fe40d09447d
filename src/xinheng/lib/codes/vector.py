"""The same answers as `check`, for millions of codes at once.

Codes that are already written properly (18, 15 or 9 capital letters and digits) are judged in NumPy; the rest go
through the scalar form one by one. Reasons are worded only when somebody asks for them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from xinheng.lib.codes import idnumber, orgcode, uscc
from xinheng.lib.codes.check import TYPED_FOR, check
from xinheng.lib.codes.divisions import CENTURY_ENDINGS, NATIONAL, province_known
from xinheng.lib.codes.verdict import CodeVerdict, Kind

Bytes = npt.NDArray[np.uint8]
Flags = npt.NDArray[np.bool_]
Sums = npt.NDArray[Any]

KINDS: tuple[Kind | None, ...] = (None, "uscc", "id", "org")
_NONE, _USCC, _ID, _ORG = range(4)
_BAD = 255
_BLOCK = 65_536


def _table(values: dict[str, int]) -> bytes:
    table = bytearray([_BAD] * 256)
    for character, value in values.items():
        table[ord(character)] = value
    return bytes(table)


_USCC_TABLE = _table(uscc.VALUES)
_OUTSIDE_TABLE = bytes(int(value == _BAD) for value in _USCC_TABLE)  # 1 for a character outside the alphabet
_ID_TABLE = _table({str(n): n for n in range(10)})
_TYPED_TABLE = _table({chr(c): int(chr(TYPED_FOR.get(c, c))) for c in b"0123456789OILZSB"})
_ORG_TABLE = _table(orgcode.VALUES)
_USCC_WEIGHTS = np.array([*uscc.WEIGHTS, 1], dtype=np.float32)
_ID_WEIGHTS = np.array([*idnumber.WEIGHTS, 0], dtype=np.float32)
_ORG_WEIGHTS = np.array(orgcode.WEIGHTS, dtype=np.float32)
_ALL = np.ones(18, dtype=np.float32)
_FIRST_17 = np.array([1] * 17 + [0], dtype=np.float32)
_DIVISION = np.array([0, 0, 1, 1, 1, 1, 1, 1] + [0] * 10, dtype=np.float32)
_PLACES = np.array([0, 0, 100_000, 10_000, 1_000, 100, 10, 1] + [0] * 10, dtype=np.float32)
_OF_DIGITS = np.stack([_FIRST_17, _DIVISION, _ID_WEIGHTS, _PLACES], axis=1)  # four sums in one pass
_MONTH_DAYS = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31], dtype=np.int32)
_PROVINCE = np.zeros(100, dtype=bool)
_PROVINCE[[n for n in range(100) if province_known(f"{n:02}")]] = True
_CENTURY_ENDINGS = np.array(sorted(int(d) for d in CENTURY_ENDINGS), dtype=np.int32)
_STRUCTURE = np.zeros(65_536, dtype=bool)  # first two characters, big-endian
for _first, (_name, _second) in uscc.AUTHORITIES.items():
    for _kind in _second:
        _STRUCTURE[ord(_first) << 8 | ord(_kind)] = True


@dataclass(slots=True)
class Verdicts(Sequence[CodeVerdict]):
    """The answers for ``texts`` in order: ``kinds`` (places in `KINDS`) and ``valid`` as arrays, verdicts on demand."""

    texts: Sequence[str]
    kinds: Bytes
    valid: Flags
    plain: Flags  # valid, nothing to say, and canonical as it stands
    today: date | None

    def __len__(self) -> int:
        return len(self.texts)

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        if self.plain[index]:
            return CodeVerdict(KINDS[self.kinds[index]], True, self.texts[index])
        return check(self.texts[index], today=self.today)

    def __iter__(self) -> Iterator[CodeVerdict]:
        return (self[i] for i in range(len(self)))


def check_many(texts: Sequence[str], *, today: date | None = None) -> Verdicts:
    """Judge every text; `Verdicts` equals ``[check(t, today=today) for t in texts]``."""
    count = len(texts)
    answer = Verdicts(texts, np.zeros(count, np.uint8), np.zeros(count, bool), np.zeros(count, bool), today)
    for start in range(0, count, _BLOCK):
        _check_block(answer, start, texts[start : start + _BLOCK])
    return answer


def _check_block(answer: Verdicts, start: int, texts: Sequence[str]) -> None:
    lengths = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
    done = np.zeros(len(texts), dtype=bool)
    for width, judge in ((18, _judge_18), (15, _judge_15), (9, _judge_9)):
        places = np.flatnonzero(lengths == width)
        if not len(places):
            continue
        chosen = texts if len(places) == len(texts) else [texts[i] for i in places.tolist()]
        blob = "".join(chosen).encode("latin-1", "replace")
        judged, kinds, valid, plain = judge(blob, len(places), answer.today)
        at = places + start
        answer.kinds[at], answer.valid[at], answer.plain[at] = kinds, valid, plain
        done[places] = judged
    for index in np.flatnonzero(~done).tolist():
        verdict = check(texts[index], today=answer.today)
        answer.kinds[start + index] = KINDS.index(verdict.kind)
        answer.valid[start + index] = verdict.valid
        answer.plain[start + index] = False


def _grid(blob: bytes, count: int, width: int) -> Bytes:
    return np.frombuffer(blob, dtype=np.uint8).reshape(count, width)


def _weighted(values: Bytes, weights: npt.NDArray[np.float32]) -> Sums:
    # Sums stay far below 2**24, so single precision is exact and BLAS does the work.
    return (values.astype(np.float32) @ weights).astype(np.int32)


def _pair(digits: Bytes, at: int) -> Sums:
    return digits[:, at].astype(np.int32) * 10 + digits[:, at + 1]


def _date_fits(century: Sums, digits: Bytes, at: int, today: date | None) -> Flags:
    """Whether two digits of a year, month and day from column ``at`` are a date since 1900 and not after ``today``."""
    year, month, day = century * 100 + _pair(digits, at), _pair(digits, at + 2), _pair(digits, at + 4)
    inside: Flags = (month >= 1) & (month <= 12)
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    longest = _MONTH_DAYS[np.where(inside, month, 0)] + ((month == 2) & leap)
    fits: Flags = inside & (day >= 1) & (day <= longest) & (year >= idnumber.EARLIEST.year)
    if today is not None:
        fits &= year * 10_000 + month * 100 + day <= today.year * 10_000 + today.month * 100 + today.day
    return fits


def _region_known(digits: Bytes) -> Flags:
    provincial = _PROVINCE[np.minimum(_pair(digits, 0), 99)]
    abroad = (digits[:, 0] == 9) & _PROVINCE[np.minimum(_pair(digits, 1), 99)] & (digits[:, 3:6].max(axis=1) > 0)
    known: Flags = np.where(digits[:, 0] == 9, abroad, provincial)
    return known


def _judge_18(blob: bytes, count: int, today: date | None) -> tuple[Flags, Bytes, Flags, Flags]:
    raw = _grid(blob, count, 18)
    values = _grid(blob.translate(_USCC_TABLE), count, 18)
    digits = _grid(blob.translate(_ID_TABLE), count, 18)
    typed = _grid(blob.translate(_TYPED_TABLE), count, 18)
    in_alphabet = _weighted(_grid(blob.translate(_OUTSIDE_TABLE), count, 18), _ALL) == 0
    # 17 digits sum to 153 at most, anything else to 255 and more
    total, in_division, products, place = _weighted(digits, _OF_DIGITS).T
    last = np.where(raw[:, 17] == ord("X"), 10, digits[:, 17])
    idlike = (total < _BAD) & (last <= 10)
    # The placeholder, and letters typed for the digits of an identity number, need words: left to the scalar form.
    judged = in_alphabet & (total > 0)
    judged &= idlike | (_weighted(typed, _FIRST_17) >= _BAD) | ~_drawn_as_id(typed)

    # So is what is drawn like an identity number but for one letter: one bad character sums to 255, two to 510.
    one_letter = np.where(last <= 10, (total >= _BAD) & (total < 2 * _BAD), total < _BAD)
    judged &= ~(one_letter & _drawn_as_id(digits))

    head = raw[:, 0].astype(np.int32) << 8 | raw[:, 1]
    body = in_alphabet & _STRUCTURE[head] & (in_division < _BAD) & (_weighted(values, _USCC_WEIGHTS) % 31 == 0)
    person = idlike & ((products + last) % 11 == 1)
    person &= _date_fits(_pair(digits, 6), digits, 8, today)

    inner = _inner_check(blob, raw, count)
    registered = _PROVINCE[np.minimum(_pair(digits, 2), 99)] | (place == int(NATIONAL))
    region = _region_known(digits)
    century = idlike & _drawn_as_id(digits)
    near = idlike & region & ~century & _near_a_number(digits)
    mistaken = body & near & ~(registered & inner)
    body &= ~century | (inner & np.isin(place, _CENTURY_ENDINGS))
    body &= ~mistaken
    as_person = idlike & np.where(
        person & body, ~(registered & inner & ~region), person | (~body & (century | mistaken))
    )
    kinds = np.where(as_person, _ID, _USCC).astype(np.uint8)
    valid = np.where(as_person, person, body)
    plain = valid & np.where(as_person, region, registered & inner)
    return judged, kinds, valid, plain


def _drawn_as_id(digits: Bytes) -> Flags:
    century = _pair(digits, 6)
    drawn: Flags = (century >= 18) & (century <= 20)
    return drawn


def _near_a_number(digits: Bytes) -> Flags:
    """A month and a day where an identity number has them, around a year with one digit mistyped."""
    year, month, day = digits[:, 6:8], _pair(digits, 10), _pair(digits, 12)
    near: Flags = (year[:, 0] == 1) | (year[:, 0] == 2) | (year[:, 1] == 9) | (year[:, 1] == 0)
    return near & (month >= 1) & (month <= 12) & (day >= 1) & (day <= 31)


def _inner_check(blob: bytes, raw: Bytes, count: int) -> Flags:
    values = _grid(blob.translate(_ORG_TABLE), count, 18)[:, 8:16]
    return _org_fits(values, raw[:, 16])


def _org_fits(values: Bytes, last: Bytes) -> Flags:
    rest = 11 - _weighted(values, _ORG_WEIGHTS) % 11
    expected = np.where(rest == 10, ord("X"), np.where(rest == 11, ord("0"), rest + ord("0")))
    fits: Flags = expected == last
    return fits


def _judge_15(blob: bytes, count: int, today: date | None) -> tuple[Flags, Bytes, Flags, Flags]:
    digits = _grid(blob.translate(_ID_TABLE), count, 15)
    judged = digits.max(axis=1) <= 9
    valid = _date_fits(np.full(count, 19, dtype=np.int32), digits, 6, None) & judged
    return judged, np.full(count, _ID, dtype=np.uint8), valid, np.zeros(count, dtype=bool)


def _judge_9(blob: bytes, count: int, today: date | None) -> tuple[Flags, Bytes, Flags, Flags]:
    raw = _grid(blob, count, 9)
    values = _grid(blob.translate(_ORG_TABLE), count, 9)
    judged = values.max(axis=1) != _BAD
    valid = judged & _org_fits(values[:, :8], raw[:, 8])
    return judged, np.full(count, _ORG, dtype=np.uint8), valid, valid.copy()
