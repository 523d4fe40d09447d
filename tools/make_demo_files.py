"""Write the demonstration files of the law packs: lawpacks/<pack>/demo, and with --check tell which differ.

`first` are the four files that the story and its tests stand on. `sent/` is what a dozen departments sent over the
months, in the forms and with the faults of real offices; `sent/files.jsonl` lists the files with the truth about every
row. The same seed gives the same content. A workbook is compared by what it holds, since its bytes depend on the
library that packs it.
"""

import argparse
import io
import sys
import zipfile
from collections.abc import Iterator
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from demo_files.first import Writer, read
from demo_files.post import Post, listed
from demo_files.rows import Layout

from xinheng.law import lookup
from xinheng.law.calendar import is_workday
from xinheng.law.items import Field, ItemVersion
from xinheng.law.loader import load
from xinheng.law.pack import Pack

TODAY = date(2026, 11, 20)


def layouts(pack: Pack) -> dict[str, Layout]:
    """The columns of every item in force, dual publicity first."""
    items = sorted(lookup.items(pack, TODAY), key=lambda one: (one.code not in ("CF", "XK"), one.code))
    return {item.code: _layout(item) for item in items}


def _layout(item: ItemVersion) -> Layout:
    roles = {name: code for name in ROLES if (code := item.role(name))}
    return Layout(
        item=item.code,
        labels={field.code: field.label.zh for field in item.fields},
        roles=roles,
        needed=frozenset(field.code for field in item.fields if field.required != "no"),
        types={field.code: field.type.value for field in item.fields},
        adverse=item.adverse,
        choices={field.code: _choices(field) for field in item.fields},
    )


ROLES = (
    *("name", "kind", "uscc", "representative", "id_type", "id_number", "document_number", "decided_on", "valid_until"),
    *("publicity_end", "authority", "authority_code", "source", "source_code", "penalty_kinds", "basis", "content"),
)


def _choices(field: Field) -> tuple[str, ...]:
    return tuple(value.value for value in field.enum.values) if field.enum else ()


def works(pack: Pack, day: date) -> bool:
    """Whether a day is worked by the calendar of the pack."""
    return is_workday(pack, day).is_workday


def made(packs: Path) -> Iterator[tuple[Path, bytes]]:
    """Every file with its path."""
    labels = {
        item: {field["code"]: field["label"]["zh"] for field in read(path)["fields"]}
        for item in ("CF", "XK")
        for path in [packs / "cn-national" / "catalog" / f"{item}.yaml"]
    }
    for source in sorted(packs.glob("*/demo.yaml")):
        demo: dict[str, Any] = read(source)
        folder = source.parent / "demo"
        writer = Writer(demo=demo, labels=labels, seed=source.parent.name)
        for entry in demo["files"]:
            yield folder / entry["file"], writer.file(entry=entry)
        pack = load(source.parent.name, root=packs)
        lines = []
        working = partial(works, pack)
        for name, data, line in Post(demo=demo, layouts=layouts(pack), seed=pack.id, working=working).files():
            lines.append(line)
            yield folder / "sent" / name, data
        yield folder / "sent" / "files.jsonl", listed(lines)


def same(path: Path, data: bytes) -> bool:
    """Whether the file holds this; of a workbook, whether each of its parts does."""
    if not path.is_file():
        return False
    held = path.read_bytes()
    return held == data or (path.suffix == ".xlsx" and _parts(held) == _parts(data))


def _parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        return {name: book.read(name) for name in book.namelist()}


def main() -> int:
    """Write the files, or with --check say which committed ones differ; exit 1 when one does."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--packs", type=Path, default=Path("lawpacks"))
    parser.add_argument("--check", action="store_true")
    asked = parser.parse_args()
    different, known = [], set()
    for path, data in made(asked.packs):
        known.add(path)
        if asked.check:
            different += [] if same(path, data) else [path]
        elif not same(path, data):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
    for stale in sorted({*asked.packs.glob("*/demo/sent/*")} - known):
        different.append(stale)
        if not asked.check:
            stale.unlink()
    if not asked.check:
        return 0
    for path in different:
        print(f"{path} is not what tools/make_demo_files.py writes", file=sys.stderr)
    return 1 if different else 0


if __name__ == "__main__":
    raise SystemExit(main())
