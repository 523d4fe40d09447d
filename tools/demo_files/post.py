"""Which files did the departments of a city send this year, when, in which form, and with which faults?"""

from __future__ import annotations

import itertools
import json
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from demo_files import forms, person_faults  # noqa: F401 - importing the second enters its faults
from demo_files.decisions import Desk, fallback
from demo_files.departments import DEPARTMENTS, SECTOR
from demo_files.dress import dress
from demo_files.faults import FAULTS, Office, apply
from demo_files.people import People
from demo_files.rows import Layout, Raw, Sent
from demo_files.styles import MONTH, STYLES, Style

SIZES = (8, 12, 15, 9, 22, 18, 31, 11, 26, 14, 40, 20, 10, 60, 16, 24)
BIG = 312
EACH = 4  # faults in a file
MONTH_FAULTS = ("letter_o", "without_number", "yuan_for_ten_thousands", "tomorrow")
OLD_FAULTS = (
    "wrong_check_character",
    "day_that_is_not",
    "placeholder",
    "without_number",
    "tomorrow",
    "identity_in_text",
)
OLD_STATUS = (
    ("1", "reject", "old_status_revoked"),
    ("2", "review", "old_status_open"),
    ("9", "reject", "old_status_unknown"),
)
OLD_COLUMNS = {
    "CF": "CF_WSH CF_CFMC CF_CFLB1=CF_CFLB CF_CFLB2 CF_SY CF_YJ CF_XDR_MC CF_XDR_SHXYM CF_XDR_ZDM CF_XDR_GSDJ "
    "CF_XDR_SWDJ CF_XDR_SFZ=CF_XDR_ZJHM CF_FR=CF_FRDB CF_JG=CF_NR CF_JDRQ CF_XZJG=CF_CFJG CF_ZT DFBM SJC BZ",
    "XK": "XK_WSH XK_XMMC XK_SPLB=XK_XKLB XK_NR XK_XDR=XK_XDR_MC XK_XDR_SHXYM XK_XDR_ZDM XK_XDR_GSDJ XK_XDR_SWDJ "
    "XK_XDR_SFZ=XK_XDR_ZJHM XK_FR=XK_FRDB XK_JDRQ XK_JZQ=XK_YXQZI XK_XZJG=XK_XKJG XK_ZT DFBM SJC",
}
OPTIONAL = ("GSZC", "ZZJG", "SWDJ", "SYDW", "SHZZ", "FR_ZJLX", "FR_ZJHM", "X_SXCD", "BZ")


type Working = Callable[[date], bool]  # whether a day is worked


@dataclass(frozen=True)
class Entry:
    """A file of the post: who sends what, when and in which form; ``faults``: empty for those whose turn it is."""

    item: str
    provider: str
    received: date
    style: Style
    rows: int
    faults: tuple[str, ...]

    @property
    def file(self) -> str:
        """The name in the folder of the pack."""
        return f"{self.provider}-{self.item}-{self.received:%m%d}.{self.style.form}"


def plan(items: Sequence[str], senders: frozenset[str], working: Working) -> Iterator[Entry]:
    """The post of a year in the order of the months; every style and every fault has its turn."""
    styles, sizes = itertools.cycle(STYLES), itertools.cycle(SIZES)
    sector = [item for item in items if item in SECTOR]
    wanted: list[tuple[date, str, str]] = []
    for number, one in enumerate(DEPARTMENTS):
        first = date(2026, 3, 4) + timedelta(days=number * 3)
        twice = range(2 if number % 3 == 0 or not sector else 1)
        wanted += [(first + timedelta(days=120 * turn), "CF", one.code) for turn in twice]
        wanted += [(first + timedelta(days=30 + 190 * turn), "XK", one.code) for turn in range(1 if sector else 2)]
    wanted += [
        (date(2026, 4, 8) + timedelta(days=10 * number), item, SECTOR[item][0]) for number, item in enumerate(sector)
    ]
    for on, item, provider in sorted(wanted):
        assert provider in senders, provider
        style = next(styles)
        while (style.old and item not in OLD_COLUMNS) or (style.in_yuan and item != "CF"):
            style = next(styles)
        faults = OLD_FAULTS[:: 1 if item == "CF" else 2] if style.old else ()
        received = next(day for ago in range(14) if working(day := on - timedelta(days=ago)))
        yield Entry(item, provider, received, style, next(sizes), faults)
    yield Entry("CF", "scjgj", date(2026, 11, 3), MONTH, BIG, MONTH_FAULTS)


class Post:
    """The post of one pack."""

    def __init__(self, *, demo: Mapping[str, Any], layouts: Mapping[str, Layout], seed: str, working: Working) -> None:
        self.demo = dict(demo)
        self.layouts = layouts
        self.seed = seed
        self.working = working
        self.people = People(self.demo)
        self.organs = {
            row["code"]: {"name": row["name"]["zh"], "uscc": row["uscc"]} for row in self.demo["organisations"]
        }
        self._desks: dict[str, Desk] = {}
        self._turn = list(FAULTS)  # the fault that has waited longest first

    def desk(self, code: str) -> Desk:
        """The department at work, the same one for all its files."""
        if code not in self._desks:
            prefix = self.demo["document_prefix"]
            self._desks[code] = Desk(
                department=fallback(code), sender=self.organs[code], people=self.people, prefix=prefix
            )
        return self._desks[code]

    def files(self) -> Iterator[tuple[str, bytes, dict[str, Any]]]:
        """Each file: its name, its bytes, and its line in the list with the truth about its rows."""
        for entry in plan(list(self.layouts), frozenset(self.organs), self.working):
            written = self.write(entry)
            yield entry.file, written.data, self._line(entry, written)

    def _before(self, day: date) -> list[date]:
        """The working days of the seven weeks before a day, the latest first."""
        earlier = (day - timedelta(days=ago) for ago in range(1, 49))
        return [one for one in earlier if self.working(one)]

    def write(self, entry: Entry) -> forms.Written:
        """One file."""
        chance = random.Random(f"{self.seed} {entry.file}")
        layout, desk, style = self.layouts[entry.item], self.desk(entry.provider), entry.style
        days = desk.days(chance, self._before(entry.received), entry.rows)
        rows = [desk.made(layout, chance, on, rare=style.rare) for on in days]
        other = self.organs["zjj" if entry.provider != "zjj" else "zfj"]
        office = Office(layout, self.people, (other["name"], other["uscc"]), entry.received, style.form, style.encoding)
        done = apply(entry.faults or self._turn, EACH, office, rows)
        self._turn = [name for name in self._turn if name not in done] + [name for name in self._turn if name in done]
        for row in rows:
            dress(row, layout, style.habit, chance)
        self._shapes(style, rows)
        if not style.old:
            self._doubles(entry, rows)
        columns, rows = self._columns(entry, chance, rows)
        return self._bytes(entry, columns, layout, rows)

    def _shapes(self, style: Style, rows: list[Sent]) -> None:
        """Lines of a text file that were not written by a program."""
        whole = [row for row in rows if row.sound and all("\n" not in str(cell) for cell in row.cells.values())]
        for row, shape in zip(whole[1:], style.broken, strict=False):
            row.shape, row.verdict, row.codes = shape, "reject", {shape}

    def _doubles(self, entry: Entry, rows: list[Sent]) -> None:
        """A row pasted twice, and once more with another content."""
        sound = [row for row in rows if row.sound]
        if len(rows) < 12 or len(sound) < 3 or entry.rows == BIG:
            return
        again = sound[1].copy()
        again.find("accept", "unchanged_in_file")
        rows.append(again)
        content = next(
            (code for code in ("CF_NR", "XK_NR", "NR", "ZY_NR", "SX_LX", "JY_XM") if code in sound[2].cells), ""
        )
        if content and len(rows) % 2:
            other = sound[2].copy()
            other.cells[content] = Raw(f"{str(other.cells[content]).rstrip('。')}（更正）。")
            other.find("review", "differs_in_file")
            rows.append(other)

    def _columns(self, entry: Entry, chance: random.Random, rows: list[Sent]) -> tuple[list[str], list[Sent]]:
        """The columns of the file; in the layout of 2015 the rows under its names."""
        layout = self.layouts[entry.item]
        if entry.style.old:
            return self._old(entry.item, rows)
        columns = list(layout.labels)
        if entry.style.lean:
            used = {code for row in rows for code, cell in row.cells.items() if cell != ""}
            columns = [c for c in columns if c in used or c in layout.needed or not c.endswith(OPTIONAL)]
        if entry.style.shuffled:
            chance.shuffle(columns)
        return columns, rows

    def _old(self, item: str, rows: list[Sent]) -> tuple[list[str], list[Sent]]:
        pairs = [name.partition("=")[::2] for name in OLD_COLUMNS[item].split()]
        moved = []
        for number, row in enumerate(rows):
            cells = {old: row.cells.get(new or old, "") for old, new in pairs}
            kept = {code for code in row.codes if code not in ("normalised", "date_serial")}
            notes = row.codes - kept  # made of columns that stayed
            stayed = self._noted(row, {new or old for old, new in pairs})
            made = Sent(cells, row.verdict, kept | (notes & stayed) | {"filled_in", "absent_in_old_layout"})
            cells[f"{item}_ZT"] = "0"
            if number % 5 == 3 and row.sound:
                cells[f"{item}_ZT"], verdict, code = OLD_STATUS[number // 5 % 3]
                made.find(verdict, code)
            moved.append(made)
        return [old for old, _ in pairs], moved

    def _noted(self, row: Sent, columns: set[str]) -> set[str]:
        return {note for code, note in row.notes if code in columns}

    def _bytes(self, entry: Entry, columns: list[str], layout: Layout, rows: list[Sent]) -> forms.Written:
        style = entry.style
        words = {
            "name": self.organs[entry.provider]["name"],
            "item": {"CF": "行政处罚信息", "XK": "行政许可信息"}.get(entry.item, "信用信息"),
            "year": str(entry.received.year),
            "month": str(entry.received.month),
        }
        if style.form == "jsonl":
            return forms.json_lines(rows, columns=columns, layout=layout, style=style)
        half = (len(rows) + 1) // 2 if style.halves else len(rows)
        parts = [("第一批", rows[:half]), ("第二批", rows[half:])] if style.halves else [(words["item"], rows)]
        sheets = [
            forms.sheet(name, columns=columns, layout=layout, style=style, rows=part, words=words)
            for name, part in parts
        ]
        if style.form == "xlsx":
            front = (
                "填报说明",
                "一、请在第二张表里填写，不要改动表头。",
                "二、金额单位为万元。",
                "三、证照编号设为文本格式。",
            )
            return forms.xlsx(sheets, style, front=front if style.front else ())
        return forms.xls(sheets, style) if style.form == "xls" else forms.text(sheets[0], style)

    def _line(self, entry: Entry, written: forms.Written) -> dict[str, Any]:
        told = "行政处罚" if entry.item == "CF" else "行政许可" if entry.item == "XK" else entry.item
        return {
            "file": entry.file,
            "name": f"{told}{entry.received.year}年{entry.received.month}月.{entry.style.form}",
            "item": entry.item,
            "provider": entry.provider,
            "received": entry.received.isoformat(),
            "form": entry.style.told,
            "truth": {
                name: [[number, row.verdict, *sorted(row.codes)] for number, row in places]
                for name, places in written.places.items()
            },
        }


def listed(lines: Sequence[Mapping[str, Any]]) -> bytes:
    """The list of the files, one a line."""
    return "".join(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n" for line in lines).encode()
