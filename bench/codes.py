"""A million codes, a twentieth of them faulty: every fault found, against the check characters alone in NumPy."""

from __future__ import annotations

import random
import time
from datetime import date

import numpy as np

from bench.line import Line, in_turn
from bench.world import code_of

CODES = 1_000_000
FAULTY = 20  # every twentieth
TODAY = date(2026, 11, 20)
_ID_WEIGHTS = [pow(2, 17 - i, 11) for i in range(17)]


def line(*, runs: int, codes: int = CODES) -> Line:
    """Codes a second of the vectorised form. A seeded fault that is missed, or a sound code refused, ends the bench."""
    from xinheng.lib.codes import uscc
    from xinheng.lib.codes.vector import check_many

    texts, faulty = seeded(codes)

    def ours() -> float:
        start = time.perf_counter()
        verdicts = check_many(texts, today=TODAY)
        took = time.perf_counter() - start
        if not np.array_equal(verdicts.valid, ~faulty):
            wrong = np.flatnonzero(verdicts.valid == faulty)
            raise SystemExit(f"{len(wrong)} codes judged wrongly, the first {texts[wrong[0]]}: nothing is measured")
        return codes / took

    values = np.full(256, 0, dtype=np.float32)
    values[[ord(c) for c in uscc.ALPHABET]] = np.arange(31)
    weights = np.array([*uscc.WEIGHTS, 1], dtype=np.float32)

    def floor() -> float:
        start = time.perf_counter()
        grid = np.frombuffer("".join(texts).encode("ascii"), dtype=np.uint8).reshape(codes, 18)
        fits = (values[grid] @ weights) % 31 == 0
        assert fits.any()
        return codes / (time.perf_counter() - start)

    rates, floors = in_turn(ours, floor, runs=runs)
    few = [text for text in texts[: max(4, codes // 50)] if text.startswith("9")]
    said = (
        f"{codes:,} codes of 18 characters, bodies and persons, {int(faulty.sum()):,} with a seeded fault (a digit "
        f"changed, two neighbours exchanged): all found, none of the others refused; must be ≥ 1,000,000/s; the scalar "
        f"form {scalar(few):,.0f}/s; peer: python-stdnum, bodies only, {stdnum(few):,.0f}/s"
    )
    return Line(
        name="codes check",
        unit="codes/s",
        ours=rates,
        floor=floors,
        floor_is="NumPy, one weighted sum over the joined texts and nothing else",
        least=1_000_000,
        note=said,
    )


def seeded(count: int) -> tuple[list[str], np.ndarray[tuple[int], np.dtype[np.bool_]]]:
    """Codes with valid check characters and divisions that do not exist, and which of them were made faulty."""
    chance = random.Random(20261122)
    texts = [code_of(n) if n % 4 else _person(chance) for n in range(count)]
    faulty = np.zeros(count, dtype=np.bool_)
    for place in range(0, count, FAULTY):
        texts[place + place // FAULTY % FAULTY] = _spoiled(texts[place + place // FAULTY % FAULTY], chance)
        faulty[place + place // FAULTY % FAULTY] = True
    return texts, faulty


def _person(chance: random.Random) -> str:
    """A number in a division that was never given out."""
    born = f"{chance.randint(1950, 2005)}{chance.randint(1, 12):02}{chance.randint(1, 28):02}"
    body = f"620799{born}{chance.randint(0, 999):03}"
    rest = sum(int(c) * w for c, w in zip(body, _ID_WEIGHTS, strict=True)) % 11
    return body + "10X98765432"[rest]


def _spoiled(text: str, chance: random.Random) -> str:
    """The text with one digit changed or two different neighbours exchanged."""
    places = [i for i in range(8, 16) if text[i].isdigit() and text[i + 1].isdigit()]
    at = chance.choice(places)
    if text[at] != text[at + 1] and chance.random() < 0.5:
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    return text[:at] + str((int(text[at]) + chance.randint(1, 9)) % 10) + text[at + 1 :]


def scalar(texts: list[str]) -> float:
    """Codes a second of the scalar form."""
    from xinheng.lib.codes import check

    start = time.perf_counter()
    for text in texts:
        check(text, today=TODAY)
    return len(texts) / (time.perf_counter() - start)


def stdnum(texts: list[str]) -> float:
    """Codes a second of python-stdnum; 0 where it is not installed."""
    try:
        from stdnum.cn import uscc
    except ImportError:
        return 0
    start = time.perf_counter()
    for text in texts:
        uscc.is_valid(text)
    return len(texts) / (time.perf_counter() - start)
