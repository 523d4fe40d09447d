"""May this organisation report this item? (SUB-2, ORG-1)"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from xinheng.law import lookup
from xinheng.law.decision import Allowed, Refused
from xinheng.law.errors import NoValueInForce
from xinheng.law.items import ItemVersion
from xinheng.law.pack import Bilingual, Pack
from xinheng.lib.errors import NotFound

POWER = "information.provide"


@dataclass(frozen=True, slots=True)
class ProviderFacts:
    """The organisation that sends a file; ``kind`` and ``powers`` in the words of the pack.

    ``others``: unified codes of the other organisations that report for themselves.
    """

    code: str
    name: str
    uscc: str
    kind: str
    powers: frozenset[str]
    others: frozenset[str] = frozenset()


def provider_in_pack(pack: Pack, code: str) -> ProviderFacts:
    """The organisation ``code`` of the pack's demonstration city. Raises NotFound."""
    listed = pack.demo.get("organisations")
    listed = listed if isinstance(listed, tuple) else ()
    for entry in listed:
        if isinstance(entry, Mapping) and entry["code"] == code:
            powers = entry.get("powers")
            return ProviderFacts(
                code=code,
                name=Bilingual.of(entry["name"]).zh,
                uscc=str(entry["uscc"]),
                kind=str(entry["kind"]),
                powers=frozenset(str(p) for p in powers) if isinstance(powers, tuple) else frozenset(),
                others=frozenset(str(one["uscc"]) for one in listed if isinstance(one, Mapping) and one is not entry),
            )
    raise NotFound("organisation_unknown", name=code)


def may_report(pack: Pack, item: ItemVersion, provider: ProviderFacts, today: date) -> Allowed | Refused:
    """Whether ``provider`` may report ``item``: its kind must provide such information, it must hold the power, and
    the item must be collected from it (归集来源, ZY-32).

    Where the article's list of kinds is open ("等") the power alone decides.
    """
    provides = pack.provides["market" if item.market else "public"]
    if provider.kind not in provides.kinds and not provides.open:
        return Refused("provider_kind_may_not_report", provides.article)
    if not item.market and POWER not in provider.powers:
        return Refused("provider_without_power", lookup.power(pack, POWER, today).article)
    if not item.reportable_with(provider.powers):
        return Refused("provider_not_of_item", lookup.ground(pack, "intake.catalog", today).article)
    return Allowed()


def item_to_report(pack: Pack, code: str, today: date) -> ItemVersion:
    """The version of an item under which rows may be taken in today.

    Raises NotFound ``item_not_in_force`` with the article that founds the catalog: what no item in force names is not
    collected, a draft among it (ZY-32, SP-8, INV-2).
    """
    try:
        return lookup.item(pack, code, today)
    except NoValueInForce:
        article = lookup.ground(pack, "intake.catalog", today).article
        raise NotFound("item_not_in_force", article=article, item=code, on=today.isoformat()) from None
