"""Which folders make up a pack, and what do their files hold?

A pack's chain is read from the nation down: cn-national, then the province, then the city. The hash covers every file
of every layer, so that a record that names it names the whole law it was judged by.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from xinheng.law.enums import Rank
from xinheng.law.errors import UnknownPack
from xinheng.law.loader.reading import Faults, Reader, Source
from xinheng.law.loader.strict import Mapping, Node, Report, Scalar, compose

LONGEST_CHAIN = 5
# names of files and folders at the top of a pack; a file of another name is a fault, not silence
FILES = frozenset({"pack", "articles", "deadlines", "matters", "grounds", "disclosure", "organs", "repair", "measures"})
FILES |= {"conducts", "severe", "severe_fields", "consents", "norms", "forbidden", "presentation", "demo"}
FILES |= {"fields", "categories", "limits", "query_log", "notice"}
FOLDERS = frozenset({"calendar", "catalog", "terms", "evaluation", "examples"})
FREE_FOLDERS = frozenset({"demo"})


@dataclass(frozen=True, slots=True)
class Layer:
    """One folder of the chain with its files: name without ending ("catalog/CF") → source."""

    id: str
    folder: Path
    rank: Rank
    head: Reader
    files: dict[str, Source]


def locate(pack: str | Path, root: Path) -> Path:
    """Find the folder of a pack: a path to a folder, or an id under ``root``."""
    path = Path(pack)
    for folder in (path, root / path) if len(path.parts) > 1 or path.is_absolute() else (root / path, path):
        if (folder / "pack.yaml").is_file():
            return folder
    raise UnknownPack(str(pack))


def paths(folder: Path) -> list[Path]:
    """Give every file of a pack in a fixed order, hidden files and folders left out."""
    found: list[Path] = []
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith((".", "__")))
        found.extend(Path(place, name) for name in names if not name.startswith(".") and not name.endswith("~"))
    return sorted(found)


def chain(folder: Path, root: Path, faults: Faults) -> list[Layer]:
    """Read a pack and all it extends, the nation first; faults are collected."""
    layers: list[Layer] = []
    seen: set[Path] = set()
    here: Path | None = folder
    while here is not None and len(layers) < LONGEST_CHAIN:
        seen.add(here.resolve())
        layer = _layer(here, faults)
        if layer is None:
            break
        layers.append(layer)
        above = layer.head.optional("extends", "")
        here = _above(above, layer, root, seen) if above else None
    return layers[::-1]


def folders(folder: Path, root: Path) -> list[Path]:
    """Give the folders of the chain without judging their files: what a cache must watch."""
    return [layer.folder for layer in chain(folder, root, Faults())]


def digest(layers: list[Layer]) -> str:
    """Hash name and content of every file of every layer: 64 hex digits."""
    total = hashlib.sha256()
    for layer in layers:
        for path in paths(layer.folder):
            name = path.relative_to(layer.folder).as_posix()
            total.update(f"{layer.id}/{name} {hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return total.hexdigest()


def shown(path: Path) -> str:
    """Write a path as the user would: relative to where the command runs when it lies below."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def _above(name: str, layer: Layer, root: Path, seen: set[Path]) -> Path | None:
    """Find the layer above: beside the pack, or under ``root``."""
    for folder in (layer.folder.parent / name, root / name):
        if (folder / "pack.yaml").is_file():
            if folder.resolve() in seen:
                layer.head.fault("extends_circle", f"“{name}”又回到了自己", "extends")
                return None
            return folder
    layer.head.fault("extends_unknown", f"找不到上一层法规包“{name}”", "extends")
    return None


def _layer(folder: Path, faults: Faults) -> Layer | None:
    """Read all files of one folder."""
    nodes: dict[str, tuple[Path, Node]] = {}
    for path in paths(folder):
        name = path.relative_to(folder).with_suffix("").as_posix()
        top, _, rest = name.partition("/")
        if path.suffix in {".yaml", ".yml"} and not (rest and top in FREE_FOLDERS | {"schema"}):
            known = name in FILES if not rest else top in FOLDERS and "/" not in rest
            if not known or path.suffix == ".yml":
                faults.add(shown(path), 1, 1, "unknown_file", f"法规包里不该有文件“{path.relative_to(folder)}”")
                continue
            node = compose(path.read_bytes(), _reporter(faults, shown(path)))
            if node is not None:
                nodes[name] = path, node
    if "pack" not in nodes:
        return None
    path, node = nodes["pack"]
    rank = _rank(node)
    head = Reader(node, Source(shown(path), "pack", node, rank, folder.name), faults, "Pack")
    id = head.text("id")
    sources = {name: Source(shown(path), Path(name).name, node, rank, id) for name, (path, node) in nodes.items()}
    return Layer(id, folder, rank, head, sources)


def _rank(node: Node) -> Rank:
    """Read the rank of a pack ahead of the rest; a wrong word is reported when the head is read."""
    found = node.nodes.get("rank") if isinstance(node, Mapping) else None
    text = found.text if isinstance(found, Scalar) else None
    return Rank(text) if text is not None and text in {*Rank} else Rank.CITY


def _reporter(faults: Faults, file: str) -> Report:
    def report(line: int, column: int, code: str, message: str) -> None:
        faults.add(file, line, column, code, message)

    return report
