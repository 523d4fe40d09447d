"""How does an answer become a file? JSON and CSV of what is public; of the own file in `own_copy`.

CSV files are made by `xinheng.lib.sheetsafe`: neutral cells and a byte-order mark.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

import orjson

from xinheng.disclosure.rules import Fields, for_bulk
from xinheng.disclosure.services.counting import count_public
from xinheng.disclosure.services.public import EVERYTHING, Filters, about, key_of, listed, narrowed, read_key
from xinheng.disclosure.services.shown import ShownRecord
from xinheng.disclosure.services.single import public_record
from xinheng.law.items import ItemVersion
from xinheng.law.pack import Pack
from xinheng.lib.clock import stamp
from xinheng.lib.errors import BadInput, NotFound
from xinheng.lib.sheetsafe import as_csv
from xinheng.records.selectors import public_page

FORMATS = ("csv", "json")
EXPORTED = 1_000  # rows of a list in one file


@dataclass(frozen=True, slots=True)
class Exported:
    """A file of what is public. ``after``: the key of the next file of a list, "" on the last."""

    text: str
    after: str = ""


def public_export(
    *,
    pack: Pack,
    at: datetime,
    format: str,
    item: str = "",
    code: str = "",
    after: str = "",
    filters: Filters = EVERYTHING,
    address: Callable[[str], str] = str,
) -> Exported:
    """A file of what is public: one organisation (``code``) or up to 1,000 rows of a list (``item``, from ``after``).

    Names of representatives are left out (INV-3). A JSON file names the ``address`` of the next one. Raises NotFound
    for an unknown item or when nothing is public under the code, BadInput for another format or an unreadable key.
    """
    if format not in FORMATS:
        raise BadInput("format_unknown", format=format)
    day = at.astimezone(pack.tz).date()
    adjust = partial(_in_bulk, day=day, pack=pack)
    following = ""
    if code:
        found = about(code, at, pack, adjust)
        if found is None:
            raise NotFound("nothing_public")
        rows = [(found.name, found.code, record) for record in found.records]
    else:
        if item not in pack.items or pack.items[item].on(day) is None:
            raise NotFound("item_unknown")
        held = public_page(item_code=item, day=day, before=read_key(after), limit=EXPORTED + 1, to=narrowed(filters))
        following = key_of(held[EXPORTED - 1]) if len(held) > EXPORTED else ""
        rows = [(row.subject_name, row.subject_code, row.record) for row in listed(held[:EXPORTED], day, pack, adjust)]
    count_public({record.item for _, _, record in rows}, at=at)
    onward = address(following) if following else ""
    return Exported(_public_csv(rows) if format == "csv" else _public_json(rows, at, pack, onward), following)


def public_record_json(*, code: str, record_id: int, at: datetime, pack: Pack) -> str:
    """One public record for a machine. Raises NotFound as `public_record` does."""
    found = public_record(code=code, record_id=record_id, at=at, pack=pack, bulk=True)
    body = {
        "law": pack.edition,
        "at": stamp(at),
        "record": {"name": found.subject_name, "code": found.subject_code, **_public_record(found.record)},
    }
    return orjson.dumps(body, option=orjson.OPT_INDENT_2).decode()


def _in_bulk(fields: Fields, item: ItemVersion, *, day: date, pack: Pack) -> Fields:
    return for_bulk(fields, item, day, pack)


def _public_json(rows: Sequence[tuple[str, str, ShownRecord]], at: datetime, pack: Pack, onward: str) -> str:
    body = {
        "law": pack.edition,
        "at": stamp(at),
        "next": onward,
        "records": [{"name": name, "code": code, **_public_record(record)} for name, code, record in rows],
    }
    return orjson.dumps(body, option=orjson.OPT_INDENT_2).decode()


def _public_record(record: ShownRecord) -> dict[str, Any]:
    return {
        "item": record.item,
        "record": str(record.record_id),
        "fields": {shown.code: shown.value for shown in record.visible},
        "marks": list(record.marks),
        "publicity_from": _day(record.publicity_from),
        "publicity_until": _day(record.publicity_until),
    }


def _public_csv(rows: Sequence[tuple[str, str, ShownRecord]]) -> str:
    codes: dict[str, str] = {}
    for _, _, record in rows:
        codes.update({shown.code: shown.label.zh for shown in record.fields if shown.release != "withheld"})
    head = ["name", "code", "item", "record", "marks", "publicity_from", "publicity_until", *codes]
    table = [head]
    for name, code, record in rows:
        values = {shown.code: shown.value for shown in record.visible}
        table.append(
            [
                name,
                code,
                record.item,
                str(record.record_id),
                " ".join(record.marks),
                _day(record.publicity_from),
                _day(record.publicity_until),
                *(values.get(field, "") for field in codes),
            ]
        )
    return as_csv(table)


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
