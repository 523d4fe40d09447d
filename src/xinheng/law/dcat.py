"""How is the catalog described to machines as DCAT 3, in JSON-LD? (ZY-32, ZY-36, SP-8, SP-12)

A dataset for each item version in force. What may be collected is public law, so an item that is not public is
described too, without a distribution. Addresses stand below ``base``; an empty base leaves them relative.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from xinheng.law.citation import cite
from xinheng.law.enums import Attribute, Level, Unit
from xinheng.law.items import ItemVersion
from xinheng.law.lookup import article as find_article
from xinheng.law.pack import Amount, Bilingual, Pack

type Node = dict[str, Any]

CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "adms": "http://www.w3.org/ns/adms#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_RIGHTS = "http://publications.europa.eu/resource/authority/access-right/"
ACCESS = {Attribute.PUBLIC: "PUBLIC", Attribute.BY_MATTER: "RESTRICTED", Attribute.NONE: "NON_PUBLIC"}
_MEDIA = "https://www.iana.org/assignments/media-types/"
FORMATS = {"csv": "text/csv", "json": "application/json"}
_UNITS = {
    Unit.WORKING_DAY: Bilingual("个工作日", "working days"),
    Unit.CALENDAR_DAY: Bilingual("天", "days"),
    Unit.MONTH: Bilingual("个月", "months"),
    Unit.YEAR: Bilingual("年", "years"),
}
_LEVELS = {
    Level.NATIONAL: Bilingual("国家目录", "national catalog"),
    Level.PROVINCIAL: Bilingual("省级目录", "provincial catalog"),
    Level.CITY: Bilingual("市级补充目录", "city supplement"),
}


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the platform answers about an item; a test compares these with its address list."""

    base: str = ""

    def catalog(self) -> str:
        """The page of the whole catalog."""
        return f"{self.base}/catalog"

    def dataset(self, version: ItemVersion) -> str:
        """The page of one version of an item."""
        return f"{self.base}/catalog/{version.code}/{version.version}"

    def schema(self, version: ItemVersion) -> str:
        """The JSON Schema of one row."""
        return f"{self.dataset(version)}/schema.json"

    def page(self, version: ItemVersion) -> str:
        """The list of what is public under the item."""
        return f"{self.base}/publicity/{version.code}"

    def export(self, version: ItemVersion, form: str) -> str:
        """The same list as a file."""
        return f"{self.page(version)}/export.{form}"


def dcat(pack: Pack, items: Iterable[ItemVersion], base_url: str = "") -> Node:
    """Describe the catalog of ``pack`` with these item versions, which the caller chose as those in force.

    Drafts and items that are switched off are no part of a catalog in force; one among ``items`` is a ValueError.
    """
    at = Addresses(base_url.rstrip("/"))
    chosen = tuple(items)
    if wrong := [version.code for version in chosen if version.state != "on"]:
        raise ValueError(f"not in force: {', '.join(wrong)}")
    return {
        "@context": CONTEXT,
        "@id": at.catalog(),
        "@type": "dcat:Catalog",
        "dct:title": _both(
            Bilingual(f"{pack.name.zh}公共信用信息目录", f"Catalog of public credit information, {pack.name.en}")
        ),
        "dct:description": _both(_about(pack)),
        "dct:identifier": pack.label,
        "dct:language": ["zh", "en"],
        "dct:publisher": _publisher(pack),
        "foaf:homepage": {"@id": at.catalog()},
        "dcat:dataset": [_dataset(pack, version, at) for version in chosen],
    }


def _both(text: Bilingual) -> list[Node]:
    return [{"@value": text.zh, "@language": "zh"}, {"@value": text.en, "@language": "en"}]


def _about(pack: Pack) -> Bilingual:
    zh = "生效的目录项：归集什么、依据什么、向谁公开和共享、保存多久。没有列入的不归集。"
    en = (
        "The items in force: what is collected, on which basis, for whom it is public or shared, how long it is kept. "
        "What is not listed is not collected."
    )
    return (
        Bilingual("虚构城市，仅供演示。" + zh, "A fictional city, for demonstration. " + en)
        if pack.fictional
        else Bilingual(zh, en)
    )


def _publisher(pack: Pack) -> Node:
    platform = pack.presentation.get("platform")
    name = Bilingual.of(platform) if platform else pack.name
    return {"@type": "foaf:Agent", "foaf:name": _both(name)}


def _dataset(pack: Pack, version: ItemVersion, at: Addresses) -> Node:
    found: Node = {
        "@id": at.dataset(version),
        "@type": "dcat:Dataset",
        "dct:identifier": f"{version.code}@{version.version}",
        "dct:title": _both(version.label),
        "dct:description": _both(version.conduct),
        "dct:publisher": _publisher(pack),
        "dct:temporal": _period(version),
        "dct:accrualPeriodicity": _frequency(version.frequency),
        "dct:accessRights": {
            "@id": _RIGHTS + ACCESS[version.publicity],
            "@type": "dct:RightsStatement",
        },
        "dct:conformsTo": {"@id": at.schema(version), "@type": "dct:Standard"},
        "dct:provenance": _provenance(pack, version),
        "dcat:version": version.version,
        "adms:versionNotes": _both(_notes(pack, version)),
        "dcat:keyword": _both(_LEVELS[version.level]),
        "dcat:landingPage": {"@id": at.dataset(version)},
    }
    if version.purpose is not None:
        found["rdfs:comment"] = _both(version.purpose)
    if version.publicity is Attribute.PUBLIC:
        found["dcat:distribution"] = [_distribution(version, form, at) for form in FORMATS]
    return found


def _period(version: ItemVersion) -> Node:
    """The period in force. DCAT counts the last day in, the catalog counts the first day no longer: one day less."""
    found: Node = {"@type": "dct:PeriodOfTime", "dcat:startDate": _day(version.from_.isoformat())}
    if version.until is not None:
        found["dcat:endDate"] = _day(version.until.fromordinal(version.until.toordinal() - 1).isoformat())
    return found


def _day(text: str) -> Node:
    return {"@value": text, "@type": "xsd:date"}


def _frequency(amount: Amount) -> Node:
    """Within how long a record is reported: no member of the usual lists of frequencies."""
    unit = _UNITS[amount.unit]
    en = unit.en[:-1] if amount.count == 1 else unit.en
    said = Bilingual(f"{amount.count}{unit.zh}内", f"within {amount.count} {en}")
    return {"@type": "dct:Frequency", "skos:prefLabel": _both(said)}


def _provenance(pack: Pack, version: ItemVersion) -> Node:
    said = Bilingual(cite(pack, version.article, "zh"), cite(pack, version.article, "en"))
    based = [{"@type": "rdfs:Resource", "rdfs:label": {"@value": text, "@language": "zh"}} for text in version.basis]
    return {
        "@type": "dct:ProvenanceStatement",
        "dct:identifier": find_article(pack, version.article).id,
        "rdfs:label": _both(said),
        "dct:references": based,
    }


def _notes(pack: Pack, version: ItemVersion) -> Bilingual:
    nth = [one.version for one in pack.items[version.code].versions].index(version.version) + 1
    return Bilingual(
        f"第{nth}版，{version.from_.isoformat()}起施行；正文指纹{version.sha256[:12]}",
        f"Version {nth}, in force from {version.from_.isoformat()}; fingerprint of the text {version.sha256[:12]}",
    )


def _distribution(version: ItemVersion, form: str, at: Addresses) -> Node:
    return {
        "@id": at.export(version, form),
        "@type": "dcat:Distribution",
        "dct:title": _both(Bilingual(f"{version.label.zh}（{form.upper()}）", f"{version.label.en} ({form.upper()})")),
        "dcat:accessURL": {"@id": at.page(version)},
        "dcat:downloadURL": {"@id": at.export(version, form)},
        "dcat:mediaType": {"@id": _MEDIA + FORMATS[form]},
        "dct:conformsTo": {"@id": at.schema(version)},
    }
