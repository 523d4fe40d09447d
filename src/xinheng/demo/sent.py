"""What did the departments of the demo city send?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import orjson

from xinheng.law.pack import Pack

LIST = "files.jsonl"


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file of the post. ``name``: as the sender called it; ``form``: the format, and for text its encoding.

    ``truth``: sheet (empty for a file that is one table) -> for every row its number, the verdict and the finding
    codes that intake must give; the number counts lines of the sheet from 1, of JSON lines the objects from 1.
    """

    path: Path
    name: str
    item: str
    provider: str
    received: date
    form: str
    truth: dict[str, list[list[int | str]]]


def sent_files(pack: Pack) -> Iterator[SentFile]:
    """The post of the pack in the order of receipt; none when the pack has none."""
    folder = pack.folder / "demo" / "sent"
    if not (folder / LIST).is_file():
        return
    lines = [orjson.loads(line) for line in (folder / LIST).read_bytes().splitlines()]
    for line in sorted(lines, key=lambda one: (one["received"], one["file"])):
        yield SentFile(
            path=folder / line["file"],
            name=line["name"],
            item=line["item"],
            provider=line["provider"],
            received=date.fromisoformat(line["received"]),
            form=line["form"],
            truth=line["truth"],
        )
