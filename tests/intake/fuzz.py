"""Feed each reader mutated files: it may give rows or refuse, nothing else.

    python -m tests.intake.fuzz READER SECONDS [SEED]

READER is a key of `READERS` (a function bytes -> None that may raise FileRefused only, with its seeds). Prints
executions, seconds, how often each answer came, and the failures, whose inputs are kept in tests/intake/fuzz-found/.
``child`` hands batches of workbooks to one process under the bounds of the real one; when that process dies, the
halves of the batch are tried alone, so a reproducer is always one file. A bound of memory or time that
was met is an answer (the parent refuses the file), a crash is told apart as ``crash``.
"""

from __future__ import annotations

import hashlib
import io
import json
import random
import struct
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from tests.intake import hostile
from xinheng.intake.reading import child
from xinheng.intake.reading.blocks import Form, blocks
from xinheng.intake.reading.limits import Limits, Refused
from xinheng.intake.reading.lines import read_lines
from xinheng.intake.reading.prescan import prescan
from xinheng.intake.reading.text import read_text
from xinheng.intake.rules.reader import FileRefused, records
from xinheng.machine.limited import Bounds, Stopped, run

FOUND = Path(__file__).parent / "fuzz-found"
LIMITS = Limits(rows=2_000, columns=100, cells=100_000, unpacked=32 << 20, memory=1 << 30, seconds=20)
BATCH = 100
SLOW = 5.0  # seconds for one small input, told as a failure
WORDS = [
    b"</c>", b"<c ", b"<row ", b' r="XFD1048576"', b' r="A1"', b' t="s"', b' t="e"', b"<v>", b"</v>", b"<![CDATA[",
    b"<!--", b"-->", b"<!DOCTYPE x>", b"&amp;", b"&#0;", b"&x;", b"-1", b"4294967295", b"1e999", b"\0", b"\xff\xff",
    b"\xff\xff\xff\xff", b"PK\3\4", b"PK\1\2", b"PK\5\6", b"\x09\x08", b"\x0a\0\0\0", b"<x:c>", b"1900-00-00", b"<is>",
    b'"', b'""', b",", b"\t", b"\r", b"\n", b"\r\n", b"{", b"}", b"[", b"]", b":", b"\\u", b"\\ud800", b"null", b"NaN",
    b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\x81\x30\x81\x30", b"\xc2\x85", b"\xe2\x80\xa8",
]  # fmt: skip
Reader = Callable[[bytes], None]


@dataclass(slots=True)
class Tally:
    """What came of the inputs."""

    answers: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)

    def failed(self, data: bytes, why: str) -> None:
        FOUND.mkdir(exist_ok=True)
        place = FOUND / hashlib.sha256(data).hexdigest()[:16]
        place.write_bytes(data)
        self.answers["FAILED"] += 1
        self.failures.append(f"{place.name}: {why}")


def mutated(data: bytes, others: Sequence[bytes], chance: random.Random) -> bytes:
    """One to eight changes: bits, bytes, splices, cuts, repeats, words."""
    out = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 3, 5, 8))):
        at = chance.randrange(len(out) + 1)
        match chance.randrange(8):
            case 0 if out:
                out[at % len(out)] ^= 1 << chance.randrange(8)
            case 1 if out:
                out[at % len(out)] = chance.choice((0, 1, 0x7F, 0x80, 0xFF, chance.randrange(256)))
            case 2:
                other = chance.choice(others)
                begin = chance.randrange(len(other) + 1)
                out[at : at + chance.randrange(64)] = other[begin : begin + chance.randrange(1, 200)]
            case 3:
                del out[at : at + chance.choice((1, 2, 4, 16, 100))]
            case 4 if chance.random() < 0.3:
                del out[at:]
            case 5:
                out[at:at] = out[at : at + chance.randrange(1, 64)] * chance.choice((1, 2, 50))
            case 6 if len(out) > 4:
                struct.pack_into("<H", out, at % (len(out) - 3), chance.choice((0, 1, 0x7FFF, 0xFFFF)))
            case _:
                out[at : at + chance.choice((0, 0, 4))] = chance.choice(WORDS)
    return bytes(out)


def mutated_workbook(data: bytes, others: Sequence[bytes], chance: random.Random) -> bytes:
    """A zip is mostly changed inside its parts and packed again: else only its check sums would be tested."""
    if not data.startswith(b"PK") or chance.random() < 0.25:
        return mutated(data, others, chance)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        contents = {name: archive.read(name) for name in archive.namelist()}
    for name in chance.sample(sorted(contents), k=min(len(contents), chance.choice((1, 1, 2)))):
        contents[name] = mutated(contents[name], list(contents.values()), chance)
    return hostile.packed(contents)


def _workbooks() -> list[bytes]:
    cells = [
        f'<row r="{row}"><c r="A{row}" t="s"><v>0</v></c><c r="B{row}" s="1"><v>4{row}.5</v></c>'
        f'<c r="C{row}" t="b"><v>1</v></c><c r="D{row}" t="e"><v>#REF!</v></c>'
        f'<c r="E{row}" t="str"><f>A1</f><v>x</v></c><c r="F{row}"/></row>'
        for row in range(1, 6)
    ]
    formats = (
        f'<styleSheet xmlns="{hostile.MAIN}"><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>'
    )
    full = hostile.book(hostile.sheet("".join(cells)), sharedStrings=hostile.STRINGS, styles=formats.encode())
    unplaced = hostile.book(hostile.sheet("<row><c t='e'><v>#N/A</v></c><c><v>2</v></c></row>"), hostile.sheet())
    return [hostile.good(), full, unplaced, hostile.old(120), hostile.old(300), hostile.renamed("Book")]


def _texts() -> list[bytes]:
    text = '文书号,名称,金额\r\nA1,"甲,乙",1.5\r\nA2,"一\n二",""\r\nA3,"x""y",3\r\n' * 3
    return [text.encode(one) for one in ("utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le")] + [
        text.replace(",", "\t").encode()
    ]


def _lines() -> list[bytes]:
    one = '{"CF_WSH":"甲","CF_NR_FK":1.50,"x":null,"y":true}\n{"CF_WSH":"\\u4e59\\n","z":"1"}\n\n'
    return [one.encode() * 3, b"\xef\xbb\xbf" + one.encode(), b'[{"a":1,"b":"x"},\n {"a":2}, {"c":null}]']


def _prescan(data: bytes) -> None:
    try:
        prescan(io.BytesIO(data), limits=LIMITS)
    except Refused as refused:
        raise FileRefused(refused.code, **refused.params) from None


def _read_lines(data: bytes) -> None:
    table = read_lines(io.BytesIO(data))
    with table.text as text:
        text.read().decode()


def _read_text(data: bytes) -> None:
    table = read_text(io.BytesIO(data)).table
    table.text.seek(table.start)
    whole = table.text.read()
    end, slow = table.start, list(records(whole.decode(), ",", width=3))
    found = []
    for block in blocks(table, Form(",", 3), start=table.start, number=1, size=1 + len(whole) // 3):
        found += sorted([*block.records(np.arange(len(block.numbers))), *block.odd], key=lambda one: one.number)
        assert block.start == end, "a part of the text belongs to no block"
        end += len(block.text)
    assert end == table.start + len(whole), "the end of the text belongs to no block"
    assert [(one.number, one.cells, one.stray) for one in found] == [(one.number, one.cells, one.stray) for one in slow]


Mutate = Callable[[bytes, Sequence[bytes], random.Random], bytes]
READERS: dict[str, tuple[Reader, Callable[[], list[bytes]], Mutate]] = {
    "prescan": (_prescan, _workbooks, mutated_workbook),
    "lines": (_read_lines, _lines, mutated),
    "text": (_read_text, _texts, mutated),
}


def inside(given: list[int], files: list[int]) -> list[str]:
    """In the child: the answer to each input of the batch, which lie one behind the other in ``files[0]``."""
    answers = []
    with open(files[0], "rb", closefd=False) as source, tempfile.TemporaryDirectory() as folder:
        source.seek(0)
        for length in given:
            place = Path(folder) / "input"
            place.write_bytes(source.read(length))
            begun = time.monotonic()
            with tempfile.TemporaryFile() as target:
                try:
                    child.sheets(str(place), target, limits=LIMITS)
                    target.seek(0)
                    target.read().decode()
                    answer = "rows"
                except Refused as refused:
                    answer = refused.code
                except MemoryError:
                    raise
                except BaseException as error:  # a panic of the library; alone it would end the child
                    answer = f"{type(error).__name__}, refused by the parent as workbook_damaged"
            answers.append(answer if time.monotonic() - begun < SLOW else "SLOW")
    return answers


def in_child(batch: Sequence[bytes], tally: Tally) -> None:
    """Judge a batch of workbooks in one child; in one child each when that one dies."""
    bounds = Bounds(memory=LIMITS.memory, seconds=LIMITS.seconds, file=LIMITS.unpacked * 2)
    with tempfile.TemporaryFile() as source:
        source.write(b"".join(batch))
        try:
            answers = run("tests.intake.fuzz:inside", given=[len(one) for one in batch], files=[source], bounds=bounds)
        except Stopped as stopped:
            if len(batch) > 1:
                half = len(batch) // 2
                in_child(batch[:half], tally)
                in_child(batch[half:], tally)
            elif stopped.reason == "crash":
                tally.answers["crash, refused by the parent as workbook_damaged"] += 1
                _keep_first_crash(batch[0], str(stopped))
            else:
                tally.answers[f"bound of {stopped.reason}"] += 1
            return
    for data, answer in zip(batch, answers, strict=True):
        if answer == "SLOW":
            tally.failed(data, f"more than {SLOW} seconds")
        else:
            tally.answers[answer] += 1


def _keep_first_crash(data: bytes, said: str) -> None:
    place = FOUND / "crashes"
    place.mkdir(parents=True, exist_ok=True)
    if len(list(place.iterdir())) < 20:
        (place / hashlib.sha256(data + said.encode()).hexdigest()[:16]).write_bytes(data)


def one(reader: Reader, data: bytes, tally: Tally) -> None:
    """Judge one input in this process."""
    begun = time.monotonic()
    try:
        reader(data)
        tally.answers["rows"] += 1
    except FileRefused as refused:
        tally.answers[refused.code] += 1
    except Exception as error:
        tally.failed(data, f"{type(error).__name__}: {str(error)[:100]}")
    if time.monotonic() - begun > SLOW:
        tally.failed(data, f"more than {SLOW} seconds")


def fuzz(name: str, seconds: float, seed: int) -> dict[str, Any]:
    """Run one reader for a while; the same seed gives the same inputs."""
    chance = random.Random(seed)
    reader, seeds, mutate = READERS["prescan" if name == "child" else name]
    corpus, tally = seeds(), Tally()
    done, begun = 0, time.monotonic()
    while time.monotonic() - begun < seconds:
        batch = [mutate(chance.choice(corpus), corpus, chance) for _ in range(BATCH)]
        if name == "child":
            in_child(batch, tally)
        else:
            for data in batch:
                one(reader, data, tally)
        done += len(batch)
    taken = round(time.monotonic() - begun)
    return {
        "reader": name, "seed": seed, "executions": done, "seconds": taken,
        "answers": dict(tally.answers.most_common()), "failures": sorted(set(tally.failures))[:20],
    }  # fmt: skip


def main() -> None:
    """The command line."""
    name, seconds, *seed = sys.argv[1:]
    told = fuzz(name, float(seconds), int(seed[0]) if seed else 1)
    print(json.dumps(told, ensure_ascii=False, indent=1))
    sys.exit(1 if told["failures"] else 0)


if __name__ == "__main__":
    main()
