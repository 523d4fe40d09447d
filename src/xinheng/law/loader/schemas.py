"""Does each file of a pack fit its JSON Schema under ``lawpacks/schema/``?

The schemas help whoever edits a pack with an ordinary editor; the loader judges shapes by itself and does not need
them. A fault of a schema is mapped back to line and column.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError, best_match

from xinheng.law.errors import Finding
from xinheng.law.loader import strict
from xinheng.law.loader.layers import Layer

MESSAGES = {
    "required": "缺少必需的键：{value}",
    "additionalProperties": "有不认识的键：{message}",
    "enum": "“{instance}”不在允许的词里：{value}",
    "const": "这里只能写“{value}”",
    "pattern": "“{instance}”的写法不对，应符合 {value}",
    "type": "类型不对，应为{value}",
    "minItems": "列表至少要有{value}项",
    "uniqueItems": "列表里有重复的项",
}


def faults(chain: list[Layer], root: Path) -> Iterator[Finding]:
    """Give the faults of every file of the chain that has a schema."""
    for layer in chain:
        for name, source in layer.files.items():
            path = root / "schema" / f"{name.partition('/')[0]}.schema.json"
            if not path.is_file():
                continue
            plain = strict.plain(source.node)
            if (mark := _mark(path, plain)) in _sound:
                continue
            errors = list(_validator(path).iter_errors(plain))
            if not errors:
                _sound.add(mark)
            for error in errors:
                inner = best_match([error]) or error
                line, column = strict.at(source.node, tuple(inner.absolute_path))
                yield Finding(source.file, line, column, f"schema_{inner.validator}", _sentence(inner))


# Content that fits its schema is not judged again in this process: packs share their upper layers, and a command that
# changes one file judges a pack before and after.
_sound: set[tuple[Path, bytes]] = set()


def _mark(path: Path, plain: Any) -> tuple[Path, bytes]:
    return path, hashlib.sha256(repr(plain).encode()).digest()


@cache
def _validator(path: Path) -> Draft202012Validator:
    return Draft202012Validator(json.loads(path.read_text(encoding="utf-8")))


def _sentence(error: ValidationError) -> str:
    """Word a fault of a schema in Chinese."""
    template = MESSAGES.get(str(error.validator), "不符合规定的形状：{message}")
    value: Any = error.validator_value
    instance: Any = error.instance
    missing = [key for key in value if key not in instance] if error.validator == "required" else value
    shown = "、".join(map(str, missing)) if isinstance(missing, list) else str(missing)
    return template.format(value=shown[:200], instance=str(instance)[:60], message=error.message[:200])
