"""How does an answer become a file? JSON and CSV of what is public; of the own file in `own_copy`.

CSV files are made by `xinheng.lib.sheetsafe`: neutral cells and a byte-order mark.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from functools import partial
from typing import Any

import orjson

from xinheng.disclosure.rules import Fields, for_bulk
from xinheng.disclosure.services.counting import count_public
from xinheng.disclosure.services.public import about, listed, narrowed, read_key
from xinheng.disclosure.services.shown import ShownRecord
from xinheng.law.items import ItemVersion
from xinheng.law.pack import Pack
from xinheng.lib.clock import stamp
from xinheng.lib.errors import BadInput, NotFound
from xinheng.lib.sheetsafe import as_csv
from xinheng.records.selectors import public_page

FORMATS = ("csv", "json")
EXPORTED = 1_000  # rows of a list in one file


def public_export(
    *,
    pack: Pack,
    at: datetime,
    format: str,
    item: str = "",
    code: str = "",
    after: str = "",
    provider: str = "",
    since: date | None = None,
    until: date | None = None,
) -> str:
    """A file of what is public: one organisation (``code``) or up to 1,000 rows of a list (``item``, from ``after``).

    Names of representatives are left out (INV-3). Raises NotFound for an unknown item or when nothing is public under
    the code, BadInput for another format or an unreadable key.
    """
    if format not in FORMATS:
        raise BadInput("format_unknown", format=format)
    day = at.astimezone(pack.tz).date()
    adjust = partial(_in_bulk, day=day, pack=pack)
    if code:
        found = about(code, at, pack, adjust)
        if found is None:
            raise NotFound("nothing_public")
        rows = [(found.name, found.code, record) for record in found.records]
    else:
        if item not in pack.items or pack.items[item].on(day) is None:
            raise NotFound("item_unknown")
        held = public_page(
            item_code=item, day=day, before=read_key(after), limit=EXPORTED, **narrowed(provider, since, until)
        )
        rows = [(row.subject_name, row.subject_code, row.record) for row in listed(held, day, pack, adjust)]
    count_public({record.item for _, _, record in rows}, at=at)
    return _public_csv(rows) if format == "csv" else _public_json(rows, at, pack)


def _in_bulk(fields: Fields, item: ItemVersion, *, day: date, pack: Pack) -> Fields:
    return for_bulk(fields, item, day, pack)


def _public_json(rows: Sequence[tuple[str, str, ShownRecord]], at: datetime, pack: Pack) -> str:
    body = {
        "law": pack.edition,
        "at": stamp(at),
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
