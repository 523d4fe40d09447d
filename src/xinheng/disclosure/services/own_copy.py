"""How does a subject take its file away? One copy, numbered by its entry: as pages to print, as JSON, as CSV.

All three hold the same: every record with every field, the rows that wait, who looked. One entry tells that a copy was
taken. Looks beyond the newest `LOOKS_IN_FILE` come in files of their own, each of which is an entry too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import orjson
from django.db import transaction

from xinheng.disclosure.services.looks import Look, looks_of
from xinheng.disclosure.services.own import ACT, OwnFile, founding, open_own, shown_of
from xinheng.disclosure.services.own_looks import LOOKS_IN_FILE, Looks, Wanted, read_looks
from xinheng.disclosure.services.own_waiting import Waiting
from xinheng.disclosure.services.shown import ShownField, ShownRecord
from xinheng.law.pack import Pack
from xinheng.ledger.services import promise
from xinheng.lib.clock import stamp
from xinheng.lib.sheetsafe import as_csv

RECORD_HEAD = (
    *("part", "record", "item", "field", "label", "value", "release", "article", "reason"),
    *("item_label", "item_article", "provider", "registered_at", "decided_on", "state", "marks"),
    *("publicity_from", "publicity_until", "use_until", "not_public", "not_public_article", "law"),
)
LOOK_HEAD = (
    *("entry", "leaf", "at", "own", "organisation", "department", "staff_number", "matter", "case_number"),
    *("statute", "article", "result", "reason", "shown", "masked", "withheld", "hidden", "erased"),
)


@dataclass(frozen=True, slots=True)
class OwnCopy:
    """A copy of an own file. Its number is that of its entry. ``looks``: the newest of them."""

    file: OwnFile
    looks: Looks

    @property
    def number(self) -> str:
        """The number by which the copy is named."""
        return self.file.entry


def own_copy(*, account_id: int, at: datetime, pack: Pack, subject_id: int | None = None) -> OwnCopy:
    """A copy of the own file with who looked, under the article on copying, entered before it is returned.

    Raises NotFound ``no_own_file`` when no file belongs to the account, RefusedByLaw when the file is closed to it.
    """
    law = founding("query.copy", at, pack)
    with transaction.atomic():
        opened = open_own(account_id=account_id, at=at, pack=pack, subject_id=subject_id)
        subject = opened.subject
        if opened.refused is not None:
            opened.enter_refusal(account_id=account_id, at=at, pack=pack, act=ACT, purpose="copy")
        else:
            part = read_looks(subject.tag, pack, wanted=Wanted(), before=None, limit=LOOKS_IN_FILE)
            told = {"looks": len(part.entries), "of": part.total}
            file, receipt = shown_of(opened, account_id, at, pack, purpose="copy", law=law, besides=told)
    opened.raise_refusal()
    looks = Looks(
        subject_id=subject.subject_id,
        account_id=account_id,
        whom=opened.whom,
        looks=looks_of(part.entries, pack, officers=False),
        receipt=receipt,
        total=part.total,
        before=part.before,
    )
    return OwnCopy(replace(file, promise=promise(receipt)), looks)


def own_json(copy: OwnCopy) -> str:
    """The copy, machine-readable; ids are strings."""
    file = copy.file
    body = {
        "number": copy.number,
        "name": file.name,
        "identifier": file.identifier,
        "kind": file.kind.value,
        "capacity": file.whom.capacity,
        "copied_at": stamp(file.at),
        "article": file.article,
        "receipt": {"entry": file.entry, "leaf": file.leaf, "promise": file.promise},
        "data_version": file.data_version,
        "records": [_record(record) for record in file.records],
        "waiting": [_waiting(row) for row in file.waiting],
        **_looks(copy.looks),
    }
    return orjson.dumps(body, option=orjson.OPT_INDENT_2).decode()


def own_csv(copy: OwnCopy) -> str:
    """The copy as a table: a line for each field of the copy itself, of each record and of each waiting row.

    ``part`` is copy, record or waiting. Who looked has other columns and so a file of its own: `looks_csv`.
    """
    rows = (*_copy_rows(copy), *_record_rows(copy.file.records), *_waiting_rows(copy.file.waiting))
    return as_csv([list(RECORD_HEAD), *([row.get(name, "") for name in RECORD_HEAD] for row in rows)])


def looks_json(looks: Looks) -> str:
    """Looks, machine-readable."""
    return orjson.dumps(_looks(looks), option=orjson.OPT_INDENT_2).decode()


def looks_csv(looks: Looks) -> str:
    """Looks as a table, a line for each, newest first."""
    rows = [_look(look) for look in looks.looks]
    return as_csv([list(LOOK_HEAD), *([_cell(row[name]) for name in LOOK_HEAD] for row in rows)])


def _copy_rows(copy: OwnCopy) -> Iterator[dict[str, str]]:
    file = copy.file
    said = {
        "number": copy.number,
        "name": file.name,
        "identifier": file.identifier,
        "kind": file.kind.value,
        "capacity": file.whom.capacity,
        "copied_at": stamp(file.at),
        "article": file.article,
        "leaf": file.leaf,
        "promise": file.promise,
        "data_version": file.data_version,
        "entries_about_you": str(copy.looks.total),
    }
    return ({"part": "copy", "field": name, "value": value} for name, value in said.items())


def _record_rows(records: Iterable[ShownRecord]) -> Iterator[dict[str, str]]:
    for record in records:
        about = _about(record)
        for shown in record.fields:
            yield {"part": "record", **{k: _cell(v) for k, v in about.items()}, **_of_field(shown)}


def _waiting_rows(waiting: Iterable[Waiting]) -> Iterator[dict[str, str]]:
    for row in waiting:
        about = {
            "part": "waiting",
            "item": row.item,
            "item_label": row.item_label.zh,
            "item_article": row.article,
            "provider": row.provider_zh,
            "registered_at": stamp(row.received_at),
            "state": "unsettled" if row.unsettled else "waiting",
        }
        yield from ({**about, **_of_field(shown)} for shown in row.fields)
        if not row.fields:
            yield about


def _of_field(shown: ShownField) -> dict[str, str]:
    return {
        "field": shown.code,
        "label": shown.label.zh,
        "value": shown.value,
        "release": shown.release,
        "article": shown.article,
        "reason": shown.reason,
    }


def _about(record: ShownRecord) -> dict[str, Any]:
    return {
        "record": str(record.record_id),
        "item": record.item,
        "item_label": record.item_label.zh,
        "item_article": record.article,
        "law": record.law,
        "provider": record.provider_zh,
        "registered_at": stamp(record.registered_at),
        "decided_on": record.decided_on.isoformat(),
        "state": record.state,
        "marks": list(record.marks),
        "publicity_from": _day(record.publicity_from),
        "publicity_until": _day(record.publicity_until),
        "use_until": _day(record.use_until),
        "not_public": record.not_public,
        "not_public_article": record.not_public_article,
    }


def _record(record: ShownRecord) -> dict[str, Any]:
    return {**_about(record), "fields": [_named(shown) for shown in record.fields]}


def _waiting(row: Waiting) -> dict[str, Any]:
    return {
        "item": row.item,
        "item_label": row.item_label.zh,
        "item_article": row.article,
        "provider": row.provider_zh,
        "received_at": stamp(row.received_at),
        "unsettled": row.unsettled,
        "fields": [_named(shown) for shown in row.fields],
    }


def _named(shown: ShownField) -> dict[str, str]:
    return {"code" if name == "field" else name: value for name, value in _of_field(shown).items()}


def _looks(looks: Looks) -> dict[str, Any]:
    """``looks_before``: the number with which the next file continues, "" when nothing follows."""
    return {
        "entries_about_you": str(looks.total),
        "looks_before": str(looks.before or ""),
        "looks": [_look(look) for look in looks.looks],
    }


def _look(look: Look) -> dict[str, Any]:
    return {
        "entry": str(look.entry_id),
        "leaf": look.leaf,
        "at": stamp(look.at),
        "own": look.own,
        "organisation": look.organisation.zh,
        "department": look.department,
        "staff_number": look.staff_number,
        "matter": look.matter.zh,
        "case_number": look.case_number,
        "statute": look.statute,
        "article": look.article,
        "result": look.result,
        "reason": look.reason,
        "shown": [f"{seen.item.zh}：{label.zh}" for seen in look.seen for label in seen.shown],
        "masked": [f"{seen.item.zh}：{label.zh}" for seen in look.seen for label in seen.masked],
        "withheld": [f"{seen.item.zh}：{label.zh}" for seen in look.seen for label in seen.withheld],
        "hidden": look.hidden,
        "erased": look.erased,
    }


def _cell(value: Any) -> str:
    """A value of the JSON as a cell of the table."""
    if isinstance(value, bool):
        return "1" if value else "0"
    return "；".join(value) if isinstance(value, Sequence) and not isinstance(value, str) else str(value)


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
