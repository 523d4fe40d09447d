"""How does a notice that was read become the calendar of a year in the folder of law packs?

First everything is tried on a copy: only when ``law check`` passes for every pack there is a file replaced. A notice
also sets days of the December before; they are added to that year's file.
"""

from __future__ import annotations

import codecs
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from xinheng.law.calendar import of_next_year
from xinheng.law.errors import Finding
from xinheng.law.loader import check, layers, load
from xinheng.law.loader.reading import Faults
from xinheng.law.notices import Notice
from xinheng.law.pack import CalendarDay, Pack
from xinheng.lib.errors import BadInput, Conflict

LARGEST = 1_000_000  # bytes; a notice has some two thousand
_SOURCE = re.compile(r"国办(?:发明电|发|函)〔\d{4}〕\d{1,3}号")


@dataclass(frozen=True, slots=True)
class Change:
    """A day that the notice makes another one than it was; None: a plain day of its weekday."""

    day: date
    before: CalendarDay | None
    after: CalendarDay | None


@dataclass(frozen=True, slots=True)
class Plan:
    """What an import would do: the changes of days, and each file with its new text (none when nothing changes).

    ``contradicts``: days that were announced before and would be others now.
    """

    changes: tuple[Change, ...]
    contradicts: tuple[Change, ...]
    files: Mapping[Path, str]
    base: Path


def read_text(path: Path) -> str:
    """The text of a notice, in UTF-8, UTF-16 with its mark, or GB18030. Raises BadInput for anything else."""
    try:
        data = path.read_bytes()
    except OSError:
        raise BadInput("file_unreadable", path=str(path)) from None
    if len(data) > LARGEST:
        raise BadInput("notice_not_text", path=path.name)
    marked = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not re.search(r"[\x00-\x08\x0e-\x1f]", text):
            return text
    raise BadInput("notice_not_text", path=path.name)


def source_of(given: str, notice: Notice) -> str:
    """The source line of the calendar. Raises BadInput when ``given`` is no document number, or not the notice's."""
    number = given.strip().replace("[", "〔").replace("]", "〕")
    if not _SOURCE.fullmatch(number):
        raise BadInput("notice_source_malformed", source=given[:40])
    if notice.number and notice.number != number:
        raise BadInput("notice_source_differs", source=number, found=notice.number)
    return f"国务院办公厅关于{notice.year}年部分节假日安排的通知（{number}）"


def plan(notice: Notice, *, source: str, law: str, root: Path, replace: bool) -> Plan:
    """Compare a notice with the calendar in force and prepare the files.

    Raises BadInput when the year before is not announced yet, Conflict ``notice_contradicts`` when announced days would
    become others and ``replace`` was not asked for (its ``plan`` shows them).
    """
    pack = load(law, root=root)
    announced = [one.year for one in pack.calendar.values() if one.announced]
    if not announced[0] <= notice.year <= announced[-1] + 1:
        raise BadInput("notice_year_apart", year=str(notice.year), next=str(announced[-1] + 1))
    old, of_next = _own_days(pack, notice.year)
    december = {day: one for day, one in _own_days(pack, notice.year - 1)[1].items() if _matters(day, one)}
    changes = (*_changes(old, notice.days), *_changes(december, notice.before, pack))
    contradicts = changes if notice.year in announced else tuple(one for one in changes if one.before is not None)
    base = layers.chain(layers.locate(law, root), root, Faults())[0].folder
    files = _files(notice, source, base, of_next, changes) if changes or notice.year not in announced else {}
    found = Plan(changes, contradicts, files, base)
    if contradicts and not replace:
        raise Contradiction(notice.year, found)
    return found


class Contradiction(Conflict):
    """The year was announced with other days; ``plan`` shows what would change."""

    def __init__(self, year: int, plan: Plan) -> None:
        super().__init__("notice_contradicts", year=str(year), count=str(len(plan.contradicts)))
        self.plan = plan


def _own_days(pack: Pack, year: int) -> tuple[dict[date, CalendarDay], dict[date, CalendarDay]]:
    """The days of a year that its own notice set, and those of its December that the next year's notice set."""
    found = pack.calendar[year].days if year in pack.calendar else {}
    of_next = {day: one for day, one in found.items() if of_next_year(day, one)}
    return {day: one for day, one in found.items() if day not in of_next}, of_next


def _matters(day: date, special: CalendarDay) -> bool:
    """Whether the entry makes another day of it; a weekend written as a day off does not."""
    return special.kind == "makeup" or day.weekday() < 5


def _changes(
    old: Mapping[date, CalendarDay], new: Mapping[date, CalendarDay], pack: Pack | None = None
) -> Iterator[Change]:
    for day in sorted(old.keys() | new.keys()):
        before = old.get(day)
        if before is None and pack is not None and day.year in pack.calendar:
            before = pack.calendar[day.year].days.get(day)
        after = new.get(day)
        if (before.kind if before else "") != (after.kind if after else ""):
            yield Change(day, before, after)


def _files(
    notice: Notice, source: str, base: Path, of_next: Mapping[date, CalendarDay], changes: tuple[Change, ...]
) -> dict[Path, str]:
    folder = base / "calendar"
    days = {**notice.days, **of_next}
    head = f'year: "{notice.year}"\nannounced: true\nsource: "{source}"\ndays:\n'
    files = {folder / f"{notice.year}.yaml": head + "".join(_line(day, days[day]) for day in sorted(days))}
    earlier = [one for one in changes if one.day.year < notice.year]
    if earlier:
        path = folder / f"{notice.year - 1}.yaml"
        kept = [line for line in _lines(path) if not any(f'date: "{one.day}"' in line for one in earlier)]
        note = f', note: {{zh: "按{notice.year}年通知", en: "by the notice for {notice.year}"}}'
        added = [_line(one.day, one.after, note) for one in earlier if one.after]
        files[path] = "".join((*kept, *added))
    return files


def _lines(path: Path) -> list[str]:
    return [line + "\n" for line in path.read_text(encoding="utf-8").splitlines()]


def _line(day: date, special: CalendarDay, note: str = "") -> str:
    assert special.name is not None  # every day of a notice belongs to a festival
    name = f'{{zh: "{special.name.zh}", en: "{special.name.en}"}}'
    return f'  - {{date: "{day}", kind: {special.kind}, name: {name}{note}}}\n'


def faults(found: Plan, *, law: str, root: Path) -> tuple[Finding, ...]:
    """What ``law check`` would say of every pack beside the calendar, and of ``law``, once the files are replaced."""
    with tempfile.TemporaryDirectory() as name:
        trial = Path(name) / "lawpacks"
        shutil.copytree(found.base.parent, trial)
        for path, text in found.files.items():
            (trial / path.relative_to(found.base.parent)).write_text(text, encoding="utf-8")
        chosen = layers.locate(law, root).resolve()
        beside = chosen.is_relative_to(found.base.parent.resolve())
        packs: list[str | Path] = [one.parent for one in sorted(trial.glob("*/pack.yaml"))]
        findings = {fault for pack in (packs if beside else [*packs, chosen]) for fault in check(pack, root=trial)}
        here, there = layers.shown(trial), layers.shown(found.base.parent)
        return tuple(
            sorted(Finding(f.file.replace(here, there, 1), f.line, f.column, f.code, f.message) for f in findings)
        )


def write(found: Plan) -> None:
    """Replace the files, each at once. Raises BadInput when the folder cannot be written.

    The year before comes first: if we crash in between, an import of the same notice does the rest.
    """
    for path, text in sorted(found.files.items()):
        handle = -1
        try:
            handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            Path(name).chmod(path.stat().st_mode & 0o777 if path.exists() else 0o644)
            Path(name).replace(path)
        except OSError:
            raise BadInput("file_unwritable", path=str(path)) from None
