"""Which values of a pack does code read?

During a test run every attribute of a pack that code of ours reads is noted; ``law check --used`` compares a pack with
what was noted and names the values no code reads. Outside a test run nothing is counted.
"""

from __future__ import annotations

import dataclasses
import json
import os
import sys
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

_names: set[str] | None = None
_counted: dict[CodeType, bool] = {}
_SRC = Path(__file__).parents[1]
_LOADER = _SRC / "law" / "loader"


def named(kind: str, name: str) -> None:
    """Note that code asked for a value by its name."""
    if _names is not None:
        _names.add(f"{kind}:{name}")


def start() -> None:
    """Begin to note reads: call once, before the tests run."""
    global _names  # noqa: PLW0603  (one recorder for the process)
    if _names is not None:
        return
    _names = set()
    for module in modules():
        for cls in vars(module).values():
            if isinstance(cls, type) and dataclasses.is_dataclass(cls) and cls.__module__ == module.__name__:
                _watch(cls)


def modules() -> tuple[ModuleType, ...]:
    """Give the modules whose frozen classes hold what a pack says."""
    from xinheng.law import collection, conditions, consents, forbidden, items, limits, lists, norms, pack, query_log

    return pack, items, collection, conditions, consents, forbidden, limits, lists, norms, query_log


def noted() -> frozenset[str]:
    """Give what was noted so far: "Class.attribute" and "Class:name"."""
    return frozenset(_names or ())


def save(path: Path) -> None:
    """Merge what was noted into a file; several workers write the same one, one after the other."""
    from xinheng.machine.home import Lock

    with Lock(path.with_suffix(".lock")):
        text = json.dumps({"read": sorted(read(path) | noted())}, indent=1) + "\n"
        part = path.with_suffix(f".{os.getpid()}")
        part.write_text(text, encoding="utf-8")
        part.replace(path)


def read(path: Path) -> frozenset[str]:
    """Read the committed file; an empty set when it does not exist."""
    return frozenset(json.loads(path.read_text(encoding="utf-8"))["read"]) if path.exists() else frozenset()


def _watch(cls: type) -> None:
    """Let each read of a field of this class be noted."""
    fields = frozenset(field.name for field in dataclasses.fields(cls))
    plain = object.__getattribute__

    def noting(self: object, name: str) -> Any:
        if name in fields and _names is not None and _is_ours(sys._getframe(1).f_code):
            _names.add(f"{cls.__name__}.{name}")
        return plain(self, name)

    cls.__getattribute__ = noting  # type: ignore[method-assign,assignment]


def _is_ours(code: CodeType) -> bool:
    """A reader counts when it is code of ours outside the loader: no test, no library."""
    known = _counted.get(code)
    if known is None:
        path = Path(code.co_filename)
        known = _counted[code] = path.is_relative_to(_SRC) and not path.is_relative_to(_LOADER)
    return known
