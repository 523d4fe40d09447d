"""Which value is in force on a day?

Each function answers with the value or raises `NoValueInForce`: a pack never gives a default.
"""

from __future__ import annotations

import re
from datetime import date

from xinheng.law import usage
from xinheng.law.errors import NoValueInForce
from xinheng.law.items import ItemVersion
from xinheng.law.lists import Conduct, Measure, SevereCategory, SevereField, Side
from xinheng.law.pack import (
    Article,
    Bilingual,
    Dated,
    DeadlineValue,
    Ground,
    Matter,
    Pack,
    PersonRule,
    Power,
    RuleSet,
    Timeline,
)
from xinheng.law.query_log import QUERY, QueryLogRule

_ITEM = re.compile(r"\(\d+\)$")


def article(pack: Pack, id: str) -> Article:
    """Give an article by its id; the item of an article ("ZY-40(1)") gives the article."""
    found = pack.articles.get(_ITEM.sub("", id))
    if found is None:
        raise NoValueInForce(what="article", name=id, on="", pack=pack.edition)
    return found


def item(pack: Pack, code: str, on: date) -> ItemVersion:
    """Give the version of a catalog item in force."""
    found = pack.items.get(code)
    version = found.on(on) if found else None
    if version is None:
        raise NoValueInForce(what="item", name=code, on=on.isoformat(), pack=pack.edition)
    usage.named("Item", code)
    return version


def recorded(pack: Pack, code: str, began: date) -> ItemVersion:
    """Give the version under which something was taken in, so that it can be read whatever became of the version.

    For reading what is held; what may be taken in, shown or asked for is answered by `item`.
    """
    found = pack.items.get(code)
    version = found.began(began) if found else None
    if version is None:
        raise NoValueInForce(what="item", name=code, on=began.isoformat(), pack=pack.edition)
    usage.named("Item", code)
    return version


def items(pack: Pack, on: date) -> tuple[ItemVersion, ...]:
    """Give all catalog items in force, in the order of their codes."""
    return tuple(v for code in sorted(pack.items) if (v := pack.items[code].on(on)) is not None)


def drafts(pack: Pack) -> tuple[ItemVersion, ...]:
    """Give the drafts of catalog items, in the order of their codes: proposals, under which nothing is collected."""
    found = tuple(draft for code in sorted(pack.items) if (draft := pack.items[code].draft) is not None)
    for draft in found:
        usage.named("Item", draft.code)
    return found


def category_label(pack: Pack, version: ItemVersion) -> Bilingual | None:
    """Give the label of the base category that an item belongs to, None when the pack names none."""
    found = pack.categories.get(version.category or "")
    return found.label if found else None


def matter(pack: Pack, code: str, on: date) -> Matter:
    """Give an official matter in which a query is allowed (ZY-34, SP-10)."""
    return _value(pack, "matter", pack.matters.get(code), code, on)


def matters(pack: Pack, on: date) -> tuple[Matter, ...]:
    """Give all matters in force, in the order of the pack."""
    return tuple(value for timeline in pack.matters.values() if (value := timeline.on(on)) is not None)


def deadline(pack: Pack, name: str, on: date) -> DeadlineValue:
    """Give the deadline of that name."""
    return _value(pack, "deadline", pack.deadlines.get(name), name, on)


def person_rule(pack: Pack, on: date) -> PersonRule:
    """Say which natural persons are credit subjects (ZY-3, SP-3)."""
    return _value(pack, "person", pack.person, "person", on)


def ground(pack: Pack, name: str, on: date) -> Ground:
    """Give the article that founds a recurring answer of the platform."""
    return _value(pack, "ground", pack.grounds.get(name), name, on)


def reason_article(pack: Pack, reason: str, on: date) -> str:
    """Give the article for a reason of the room `disclosure`; "" when the reason is a house rule."""
    return _value(pack, "reason", pack.reasons.get(reason), reason, on).article


def power(pack: Pack, code: str, on: date) -> Power:
    """Give a power of organisations as the law grants it."""
    return _value(pack, "power", pack.powers.get(code), code, on)


def rule_set(pack: Pack, on: date) -> RuleSet:
    """Give the rules of publicity and repair for decisions of a day."""
    for found in reversed(pack.rule_sets):
        if found.from_ <= on and (found.until is None or on < found.until):
            usage.named("RuleSet", found.code)
            return found
    raise NoValueInForce(what="repair", name="rule_set", on=on.isoformat(), pack=pack.edition)


def measure(pack: Pack, code: str, on: date) -> Measure:
    """Give a row of a list; one that is switched off is given too, and `xinheng.law.measures` refuses it."""
    return _value(pack, "measure", pack.measures.get(code), code, on)


def measures(pack: Pack, on: date, *, side: Side | None = None, off: bool = False) -> tuple[Measure, ...]:
    """Give the rows of a list in force, the nation's first; with ``off`` those that are switched off instead."""
    found = (timeline.on(on) for timeline in pack.measures.values())
    return tuple(row for row in found if row is not None and row.on is not off and side in (None, row.side))


def conduct(pack: Pack, code: str, on: date) -> Conduct:
    """Give a conduct to which rows of lists link."""
    return _value(pack, "conduct", pack.conducts.get(code), code, on)


def severe_category(pack: Pack, code: str, on: date) -> SevereCategory:
    """Give a category of serious dishonesty, on or off (ZY-41, SP-22)."""
    return _value(pack, "severe", pack.severe.get(code), code, on)


def severe_categories(pack: Pack, on: date, *, off: bool = False) -> tuple[SevereCategory, ...]:
    """Give the categories of serious dishonesty in force; with ``off`` those that are switched off instead."""
    found = (timeline.on(on) for timeline in pack.severe.values())
    return tuple(one for one in found if one is not None and one.on is not off)


def severe_field(pack: Pack, code: str, on: date) -> SevereField:
    """Give a field in which a list of serious dishonesty exists, on or off."""
    return _value(pack, "severe_field", pack.severe_fields.get(code), code, on)


def query_log(pack: Pack, on: date) -> QueryLogRule:
    """Give the bounds of the log of queries in force (QRY-5)."""
    return _value(pack, "query_log", pack.query_log.get(QUERY), QUERY, on)


def _value[T: Dated](pack: Pack, what: str, timeline: Timeline[T] | None, name: str, on: date) -> T:
    """Take the value of a timeline, note that somebody asked for it, or raise."""
    value = timeline.on(on) if timeline else None
    if value is None:
        raise NoValueInForce(what=what, name=name, on=on.isoformat(), pack=pack.edition)
    usage.named(type(value).__name__, name)
    return value
