"""How does a folder of YAML files become a pack, or a list of faults?

`load` refuses a pack with any fault (`PackError`); `check` is what ``law check`` runs: the same, and the JSON Schemas
and the worked examples besides.
"""

from __future__ import annotations

from pathlib import Path
from types import MappingProxyType

from xinheng.law.errors import Finding, PackError
from xinheng.law.linking import linked
from xinheng.law.loader import (
    catalog,
    collection,
    consents,
    crosscheck,
    entries,
    forbidden,
    head,
    itemchecks,
    layers,
    limits,
    listchecks,
    norms,
    query_log,
    repair,
    severe,
)
from xinheng.law.loader import lists as listed
from xinheng.law.loader.reading import Faults, frozen, tree
from xinheng.law.pack import NOTHING, Pack, Tree

type _Stamp = tuple[tuple[str, int, int], ...]
_cache: dict[Path, tuple[_Stamp, tuple[Path, ...], Pack]] = {}


def load(pack: str | Path, *, root: Path) -> Pack:
    """Read a pack by its id under ``root`` or by the path of its folder.

    The pack is kept as long as no file of its chain changes. Raises `UnknownPack`, or `PackError` with all faults.
    """
    folder = layers.locate(pack, root).resolve()
    known = _cache.get(folder)
    if known is not None and _stamp(known[1]) == known[0]:
        return known[2]
    found, faults, folders = read(folder, root)
    if found is None or faults.findings:
        raise PackError(tuple(sorted(faults.findings)))
    _cache[folder] = _stamp(folders), folders, found
    return found


def check(pack: str | Path, *, root: Path) -> tuple[Finding, ...]:
    """Give every fault of a pack: text, shapes, references, periods, ranks, JSON Schemas, worked examples."""
    from xinheng.law.loader import examples, schemas

    found, faults, chain = _read(layers.locate(pack, root), root)
    seen = {(fault.file, fault.line) for fault in faults.findings}
    for fault in schemas.faults(chain, root):
        if (fault.file, fault.line) not in seen:
            faults.findings.append(fault)
    if found is not None and not faults.findings:
        faults.findings.extend(fault for layer in chain for fault in examples.faults(layer, found))
    return tuple(sorted(set(faults.findings)))


def read(folder: Path, root: Path) -> tuple[Pack | None, Faults, tuple[Path, ...]]:
    """Read a pack with its faults; None when not even the head of it can be read."""
    found, faults, chain = _read(folder, root)
    return found, faults, tuple(layer.folder for layer in chain) if found else ()


def _read(folder: Path, root: Path) -> tuple[Pack | None, Faults, list[layers.Layer]]:
    faults = Faults()
    chain = layers.chain(folder, root, faults)
    whole = bool(chain) and chain[-1].folder.resolve() == folder.resolve()
    return _pack(chain, faults) if whole else None, faults, chain


def _pack(chain: list[layers.Layer], faults: Faults) -> Pack:
    heads = [head.Head(layer) for layer in chain]
    top, city = heads[-1], chain[-1]
    person = entries.person(chain, "person")
    laws = head.laws(chain)
    articles = head.articles(chain, laws, faults)
    items = catalog.items(chain, faults)
    kinds, sectors, provides = entries.organs(chain, faults)
    powers = entries.powers(chain, faults)
    rules = repair.rule_sets(chain, faults)
    matters, categories = entries.matters(chain, faults), entries.categories(chain, faults)
    known = crosscheck.Known(articles, items, kinds, sectors, powers, laws, matters, categories)
    lists = _lists(chain, faults)
    crosscheck.crosscheck(chain, known, faults)
    bounds = limits.limits(chain, faults)
    listchecks.check(lists, known, bounds)
    itemchecks.check(chain, items, known, bounds, faults)
    crosscheck.levels(chain, items, faults)
    crosscheck.publicity(chain, items, rules, faults)
    never = forbidden.kinds(chain, faults)
    forbidden.judge(chain, items, never.values(), faults)
    return Pack(
        id=city.id,
        version=top.version,
        hash=layers.digest(chain)[:12],
        name=top.name,
        zone=top.zone,
        division=top.division,
        rank=top.rank,
        extends=tuple(layer.id for layer in chain[-2::-1]),
        fictional=top.fictional,
        notices=tuple(one.notice for one in heads if one.notice is not None),
        subject_kinds=top.subject_kinds,
        catalog_levels=top.catalog_levels,
        laws=frozen(laws),
        articles=frozen(articles),
        calendar=frozen(head.calendar(chain, faults)),
        deadlines=frozen(entries.deadlines(chain, faults)),
        matters=frozen(linked(matters, items)),
        grounds=frozen(entries.grounds(chain, faults, "grounds", "name")),
        reasons=frozen(entries.grounds(chain, faults, "disclosure", "reason")),
        person=person,
        items=frozen(items),
        categories=frozen(categories),
        powers=frozen(powers),
        organ_kinds=frozen(kinds),
        sectors=frozen(sectors),
        provides=frozen(provides),
        rule_sets=rules,
        norms=frozen(norms.procedures(chain, powers, faults)),
        forbidden=frozen(never),
        limits=frozen(bounds),
        query_log=frozen(query_log.rules(chain, faults)),
        notice=frozen(collection.statements(chain, faults)),
        consents=frozen(consents.rules(chain, faults)),
        measures=frozen(lists.measures.timelines),
        conducts=frozen(lists.conducts.timelines),
        severe=frozen(lists.categories.timelines),
        severe_fields=frozen(lists.fields.timelines),
        terms=frozen(head.terms(chain, faults)),
        presentation=_tree(city, "presentation"),
        demo=_tree(city, "demo"),
        folder=city.folder,
    )


def _lists(chain: list[layers.Layer], faults: Faults) -> listchecks.Lists:
    return listchecks.Lists(
        *listed.measures(chain, faults),
        *listed.conducts(chain, faults),
        *severe.categories(chain, faults),
        *severe.fields(chain, faults),
    )


def _tree(layer: layers.Layer, name: str) -> MappingProxyType[str, Tree] | MappingProxyType[str, Tree]:
    found = tree(layer.files[name].node) if name in layer.files else NOTHING
    return found if isinstance(found, MappingProxyType) else MappingProxyType({})


def _stamp(folders: tuple[Path, ...]) -> _Stamp:
    """Describe all files of the chain so that any change shows."""
    stamps = []
    for folder in folders:
        for path in layers.paths(folder):
            stat = path.stat()
            stamps.append((str(path), stat.st_mtime_ns, stat.st_size))
    return tuple(stamps)
