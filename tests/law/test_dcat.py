"""Is the description of the catalog for machines well formed, whole, and silent about what is not public?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from xinheng.law import lookup
from xinheng.law.dcat import CONTEXT, FORMATS, dcat
from xinheng.law.enums import Attribute
from xinheng.law.pack import Item, Pack

DAY = date(2026, 11, 20)
BASE = "https://city.example"
# DCAT 3: what each class must carry here, and what each property may hold
NEEDED = {
    "dcat:Catalog": {"dct:title", "dct:description", "dct:publisher", "dcat:dataset", "foaf:homepage"},
    "dcat:Dataset": {
        *("dct:title", "dct:description", "dct:publisher", "dct:identifier", "dct:temporal", "dct:accessRights"),
        *("dct:accrualPeriodicity", "dct:conformsTo", "dct:provenance", "adms:versionNotes", "dcat:landingPage"),
    },
    "dcat:Distribution": {"dcat:accessURL", "dcat:downloadURL", "dcat:mediaType", "dct:conformsTo", "dct:title"},
    "dct:PeriodOfTime": {"dcat:startDate"},
    "foaf:Agent": {"foaf:name"},
    "dct:Frequency": {"skos:prefLabel"},
    "dct:ProvenanceStatement": {"rdfs:label", "dct:identifier", "dct:references"},
    "dct:RightsStatement": set(),
    "dct:Standard": set(),
    "rdfs:Resource": {"rdfs:label"},
}
RESOURCES = {
    *("dct:publisher", "foaf:homepage", "dcat:dataset", "dct:temporal", "dct:accessRights", "dct:accrualPeriodicity"),
    *("dct:conformsTo", "dct:provenance", "dcat:landingPage", "dcat:distribution", "dcat:accessURL", "dcat:mediaType"),
    *("dcat:downloadURL", "dct:references"),
}


def nodes(tree: Any) -> Iterator[dict[str, Any]]:
    """Every node of the document, the root first."""
    if isinstance(tree, list):
        for one in tree:
            yield from nodes(one)
    elif isinstance(tree, dict):
        yield tree
        for key, value in tree.items():
            if key != "@context":
                yield from nodes(value)


def faults(document: dict[str, Any]) -> list[str]:
    """What is wrong with the shape: unknown prefixes, missing properties, texts without language, loose addresses."""
    found = []
    for node in nodes(document):
        for key, value in node.items():
            if not key.startswith("@") and key.split(":")[0] not in CONTEXT:
                found.append(f"prefix of {key}")
            if key in RESOURCES:
                inner = value if isinstance(value, list) else [value]
                found += [f"{key} is no resource" for one in inner if not isinstance(one, dict) or "@value" in one]
        if "@value" in node:
            found += [] if {"@language", "@type"} & set(node) and node["@value"] else [f"bare text {node['@value']}"]
        elif "@type" in node:
            kind = node["@type"]
            found += [f"{kind} without {name}" for name in NEEDED.get(kind, {"a known class"}) - set(node)]
        elif set(node) - {"@id", "@context"}:
            found.append(f"node without a class: {sorted(node)}")
        address = node.get("@id", BASE)
        if not address.startswith(("https://", "http://")):
            found.append(f"address {address}")
    return found


@pytest.mark.req("CAT-2", "PUB-2", "ZY-32", "SP-8", kind="rule")
def test_every_item_in_force_is_a_dataset_with_all_its_attributes(law_pack: Pack) -> None:
    versions = [version for version in lookup.items(law_pack, DAY) if version.state == "on"]
    document = dcat(law_pack, versions, BASE)
    assert faults(document) == []
    datasets = document["dcat:dataset"]
    assert [one["dct:identifier"] for one in datasets] == [f"{v.code}@{v.version}" for v in versions]
    assert datasets[0]["dct:title"] == [
        {"@value": versions[0].label.zh, "@language": "zh"},
        {"@value": versions[0].label.en, "@language": "en"},
    ]
    assert datasets[0]["dct:provenance"]["dct:identifier"] == versions[0].article


def test_the_shape_test_itself_can_fail(pack: Pack) -> None:
    document = dcat(pack, lookup.items(pack, DAY), BASE)
    broken: dict[str, Any] = {**document, "odd:thing": 1, "dct:publisher": "somebody"}
    del broken["dct:title"]
    assert set(faults(broken)) == {
        "prefix of odd:thing",
        "dct:publisher is no resource",
        "dcat:Catalog without dct:title",
    }


def _as(pack: Pack, attribute: Attribute) -> dict[str, Any]:
    version = replace(pack.items["CF"].versions[0], publicity=attribute)
    (found,) = dcat(pack, [version], BASE)["dcat:dataset"]
    return dict(found)


@pytest.mark.req("PUB-2", "CAT-2", "INV-3", "ZY-32", kind="refusal")
@pytest.mark.parametrize(
    ("attribute", "right"), [("public", "PUBLIC"), ("by_matter", "RESTRICTED"), ("none", "NON_PUBLIC")]
)
def test_an_item_that_is_not_public_is_described_and_leads_to_no_records(
    pack: Pack, attribute: str, right: str
) -> None:
    found = _as(pack, Attribute(attribute))
    assert found["dct:accessRights"]["@id"].endswith(f"/access-right/{right}")
    assert found["dct:conformsTo"]["@id"] == f"{BASE}/catalog/CF/2018-07-01/schema.json"
    offered = [one["dcat:downloadURL"]["@id"] for one in found.get("dcat:distribution", [])]
    wanted = [f"{BASE}/publicity/CF/export.{form}" for form in FORMATS] if attribute == "public" else []
    assert offered == wanted


def test_a_period_that_ends_names_its_last_day(pack: Pack) -> None:
    version = replace(pack.items["CF"].versions[0], until=date(2027, 1, 1))
    item = Item("CF", version.level, version.label, (version,))
    (found,) = dcat(replace(pack, items={"CF": item}), [version])["dcat:dataset"]
    assert found["dct:temporal"]["dcat:endDate"] == {"@value": "2026-12-31", "@type": "xsd:date"}
    assert found["@id"] == "/catalog/CF/2018-07-01"


@pytest.mark.req("CAT-1", "CAT-3", "ZY-32", kind="refusal")
@pytest.mark.parametrize("state", ["draft", "off"])
def test_a_draft_is_no_part_of_the_catalog_in_force(pack: Pack, state: str) -> None:
    with pytest.raises(ValueError, match="not in force: CF"):
        dcat(pack, [replace(pack.items["CF"].versions[0], state=state)])
