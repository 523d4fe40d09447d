"""Which organisations may the words of a public search mean?

Only spellings that everybody may search are looked at, and only organisations about which something is public on the
day count: both before anything is cut off, so that a common word never hides what there is. Values stand in the
statements as literals: a plan made for all values alike could use none of the indexes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from django.db import connection

from xinheng.law.enums import Attribute
from xinheng.law.items import ItemVersion
from xinheng.law.pack import Pack
from xinheng.store.guard import across_subjects
from xinheng.subjects.rules import HIDDEN, pairs, plain
from xinheng.subjects.services import latin

MOST = 200  # organisations that a search tells apart; whoever wants another writes more words
SHORTEST = 2  # characters
_SHORTEST_SOUND = 3  # Latin letters: fewer have no trigram
_LONGEST_SOUND = 24  # a longer one has so many trigrams that each look takes long; its one character is found anyway
_LEAST_LEFT = 2  # pairs of a misspelt name that must be right
_SHORT, _PARTS = 6, 3  # a misspelt name up to so long is tried without each character, a longer one in so many parts


class Why(StrEnum):
    """Why an organisation was found, the closest first."""

    EXACT = "exact"
    PREFIX = "prefix"
    CONTAINS = "contains"
    FORMER = "former"
    SOUND = "sound"
    SIMILAR = "similar"


_RANK = tuple(Why)


@dataclass(frozen=True, slots=True)
class Hit:
    """A subject, why it was found, and the name that was found (a former one for `Why.FORMER`)."""

    subject_id: int
    why: Why
    name: str


_PUBLIC = """EXISTS (SELECT FROM record r WHERE r.subject_id = s.subject_id AND r.subject_kind <> 'natural_person'
 AND r.item_code = ANY(%(items)s) AND r.publicity_from <= %(day)s
 AND (r.publicity_until IS NULL OR r.publicity_until > %(day)s)
 AND r.decided_on <= %(day)s AND (r.use_until IS NULL OR r.use_until > %(day)s))"""
_WHERE = {
    Why.EXACT: "s.plain = %(whole)s",
    Why.PREFIX: "s.plain LIKE %(begins)s",
    Why.CONTAINS: "s.pairs @> %(pairs)s::varchar[] AND s.plain LIKE ALL (%(parts)s)",
    Why.SOUND: "s.latin LIKE %(sound)s",
}
# Each way is cut off by itself, so that a common word can't crowd out an exact name. Several spellings of one
# organisation are one hit: its closest. A former name ranks behind every present one. A function that changes a
# setting keeps the plan to one process: starting others takes longer than the search, and they would answer in an
# order of chance.
_FOUND = """
WITH found AS ({ways}),
closest AS (
 SELECT DISTINCT ON (f.subject_id) f.subject_id, s.name, s.plain,
  CASE WHEN f.rank < %(sounds)s AND NOT s.present THEN %(former)s ELSE f.rank END AS rank
 FROM found f JOIN subject_spelling s ON s.subject_id = f.subject_id AND s.id = f.id
 ORDER BY f.subject_id, CASE WHEN f.rank < %(sounds)s AND NOT s.present THEN %(former)s ELSE f.rank END,
  length(s.plain), s.plain COLLATE "C")
SELECT subject_id, rank, name FROM closest JOIN set_config('max_parallel_workers_per_gather', '0', true) ON true
 ORDER BY rank, {likeness}length(plain), plain COLLATE "C", subject_id LIMIT %(most)s
"""
_WAY = "(SELECT s.subject_id, s.id, {rank} AS rank FROM subject_spelling s WHERE {where} AND {public} LIMIT %(most)s)"


def find(*, text: str, day: date, pack: Pack) -> list[Hit]:
    """The organisations that ``text`` may mean, the closest first, at most `MOST`; never a person (INV-4).

    One statement, and a second one when it found none: names that differ in one character, and those that sound alike.
    Words parted by white space must all be in the name.
    """
    words = [word for part in text.split() if (word := plain(part).replace(HIDDEN, ""))]
    whole = "".join(words)
    if len(whole) < SHORTEST:
        return []
    values = {"items": _items(pack), "day": day, "most": MOST, "whole": whole, "begins": f"{whole}%"}
    values |= {
        "pairs": sorted({pair for word in words for pair in pairs(word)}),
        "parts": [f"%{word}%" for word in words],
        "sound": f"%{whole}%",
    }
    ways = [Why.EXACT, Why.PREFIX, Why.CONTAINS]
    if not values["pairs"]:
        ways.remove(Why.CONTAINS)
    if whole.isascii() and len(whole) >= _SHORTEST_SOUND:
        ways.append(Why.SOUND)
    found = _asked({why: _WHERE[why] for why in ways}, values)
    return found or _alike(whole, values)


def _alike(whole: str, values: dict[str, Any]) -> list[Hit]:
    """Names with one character more, fewer or other than ``whole``, and names that sound like it.

    Of a long name a part at a time may be wrong, which takes three looks into the index, however long it is; that it
    is one character the patterns see to.
    """
    step = max(1, -(-len(whole) // _PARTS) if len(whole) > _SHORT else 1)
    parts = [range(at, min(at + step, len(whole))) for at in range(0, len(whole), step)]
    near = [rest for part in parts if len(rest := _without(whole, part)) >= _LEAST_LEFT]
    tests = [f"s.pairs @> %(near{n})s::varchar[]" for n in range(len(near))]
    where = [f"({' OR '.join(tests)}) AND s.plain LIKE ANY (%(patterns)s)"] if tests else []
    sound = latin(whole).partition(" ")[0]
    where += ["s.latin LIKE %(sound)s"] if _SHORTEST_SOUND <= len(sound) <= _LONGEST_SOUND else []
    if not where:
        return []
    values = {**values, **{f"near{n}": rest for n, rest in enumerate(near)}, "sound": f"%{sound}%"}
    values["patterns"] = [f"%{whole[:at]}%{whole[at + 1 :]}%" for at in range(len(whole))]
    return _asked({Why.SIMILAR: f"({' OR '.join(f'({one})' for one in where)})"}, values)


def _without(whole: str, part: range) -> list[str]:
    """The pairs of ``whole`` that do not touch its characters in ``part``."""
    return sorted({whole[n : n + 2] for n in range(len(whole) - 1) if n not in part and n + 1 not in part})


@across_subjects("public search by name: organisations only, three indexes, each way limited")
def _asked(ways: dict[Why, str], values: dict[str, Any]) -> list[Hit]:
    asked = " UNION ALL ".join(
        _WAY.format(rank=_RANK.index(why), where=where, public=_PUBLIC) for why, where in ways.items()
    )
    likeness = "similarity(plain, %(whole)s) DESC, " if Why.SIMILAR in ways else ""
    statement = _FOUND.format(ways=asked, likeness=likeness)
    values = {**values, "sounds": _RANK.index(Why.SOUND), "former": _RANK.index(Why.FORMER)}
    with connection.cursor() as cursor:
        cursor.execute(connection.ops.compose_sql(statement, values))  # type: ignore[attr-defined]
        return [Hit(number, _RANK[rank], name) for number, rank, name in cursor.fetchall()]


def _items(pack: Pack) -> Sequence[str]:
    """The items of which anything may be public: which records are was decided when they were registered."""
    return sorted(code for code, item in pack.items.items() if any(_may_be_public(one) for one in item.versions))


def _may_be_public(version: ItemVersion) -> bool:
    return (
        version.state == "on"
        and not version.market
        and version.publicity is not Attribute.NONE
        and Attribute.PUBLIC in version.kinds.values()
    )
