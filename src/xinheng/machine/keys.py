"""Which keys does this deployment hold, and are they real?

Three secrets lie outside the database: data keys (versions, newest used for writing), the ledger's signing key, and
the key of signed cookies. Demo and test make their own on first use and mark them; production takes none of those and
none that others can read. ``python -m xinheng.machine.keys FOLDER`` makes real ones.
"""

from __future__ import annotations

import json
import secrets
import stat
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from xinheng.machine import home as homes
from xinheng.machine.errors import MachineError
from xinheng.machine.mode import Mode

DATA = "xinheng-data-keys"
LEDGER = "xinheng-ledger-key"
SECRET = "xinheng-secret-key"  # noqa: S105 (the kind of a file)
DEMO, REAL = "demo", "production"
_FILES = {DATA: "data-keys.json", LEDGER: "ledger-key.json", SECRET: "secret-key.json"}
_SETTINGS = {DATA: "XINHENG_DATA_KEYS", LEDGER: "XINHENG_LEDGER_KEY", SECRET: "XINHENG_SECRET_KEY"}
_BYTES = 32
_SECRET_LENGTH = 50
"""Characters, the length below which Django warns."""


@dataclass(frozen=True, slots=True)
class LedgerKey:
    """The ledger's Ed25519 seed (32 bytes); ``demo`` says that nobody should trust its signatures."""

    seed: bytes
    demo: bool

    def __repr__(self) -> str:
        return f"LedgerKey(demo={self.demo})"


def data_keys(path: str | Path | None, *, mode: str) -> dict[int, bytes]:
    """Every live data key: version (1, 2, …) -> 32 bytes. ``path`` None: the demo file, which production refuses."""
    found = _load(DATA, path, mode=mode)["keys"]
    return {int(version): bytes.fromhex(text) for version, text in found.items()}


def ledger_key_path(path: str | Path | None, *, mode: str) -> Path:
    """The file of the ledger's signing key, checked; the ledger reads it with `ledger_key` when it signs."""
    _load(LEDGER, path, mode=mode)
    return _place(LEDGER, path)


def ledger_key(path: str | Path) -> LedgerKey:
    """The signing key in ``path``. Raises MachineError when the file is missing or unreadable."""
    content = _read(LEDGER, Path(path))
    return LedgerKey(seed=bytes.fromhex(content["seed"]), demo=content["use"] != REAL)


def secret_key(value: str | None, *, mode: str) -> str:
    """The key of signed cookies: ``value`` (the setting itself), else the demo file, which production refuses."""
    if value:
        demo = _place(SECRET, None)
        if mode == Mode.PRODUCTION and demo.is_file() and value == _read(SECRET, demo)["secret"]:
            raise _demo_key(SECRET, demo)
        return value
    return str(_load(SECRET, None, mode=mode)["secret"])


def add_data_key(path: str | Path) -> dict[int, bytes]:
    """Add a newest version to a file of data keys; the old ones stay readable. Gives all keys."""
    with homes.Lock(Path(path).with_suffix(".lock")):
        content = _read(DATA, Path(path))
        content["keys"][str(max(map(int, content["keys"])) + 1)] = secrets.token_hex(_BYTES)
        homes.write_private(Path(path), _text(content))
    return {int(version): bytes.fromhex(text) for version, text in content["keys"].items()}


def generate(folder: Path) -> dict[str, Path]:
    """Make the three files of a production deployment in ``folder``. Raises MachineError when one exists already.

    Gives setting name -> file; ``XINHENG_SECRET_KEY`` is the value inside its file, not the file's path.
    """
    homes.private_folder(folder)
    made = {}
    for kind, name in _FILES.items():
        path = folder / name
        if path.exists():
            raise MachineError(
                "key_file_exists",
                zh=f"{path} 已存在，不予覆盖：丢失的密钥无法恢复。",
                en=f"{path} exists and is not overwritten: a lost key cannot be brought back.",
            )
        homes.write_private(path, _text(_fresh(kind, REAL)))
        made[_SETTINGS[kind]] = path
    return made


def _load(kind: str, path: str | Path | None, *, mode: str) -> dict[str, Any]:
    """The content of a key file, made first in demo and test mode, refused in production when it is not fit for it."""
    setting = _SETTINGS[kind]
    place = _place(kind, path)
    if mode == Mode.PRODUCTION and not path:
        raise MachineError(
            "production_key_missing",
            zh=f"生产模式必须设置 {setting}。可运行 python -m xinheng.machine.keys 文件夹 生成密钥。",
            en=f"Production needs {setting}. Make keys with: python -m xinheng.machine.keys FOLDER",
            setting=setting,
        )
    if not path and not place.exists():
        homes.home()
        homes.private_folder(place.parent)
        with homes.Lock(place.parent / "keys.lock"):
            if not place.exists():
                homes.write_private(place, _text(_fresh(kind, DEMO)))
    content = _read(kind, place)
    if mode == Mode.PRODUCTION and content["use"] != REAL:
        raise _demo_key(kind, place)
    if mode == Mode.PRODUCTION and stat.S_IMODE(place.stat().st_mode) & 0o077:
        raise MachineError(
            "key_file_open_to_others",
            zh=f"其他用户可以读取密钥文件 {place}。请运行 chmod 600。",
            en=f"Other users can read the key file {place}. Run chmod 600 on it.",
            setting=setting,
        )
    return content


def _demo_key(kind: str, place: Path) -> MachineError:
    setting = _SETTINGS[kind]
    return MachineError(
        "production_demo_key",
        zh=f"{place} 是演示密钥，生产模式不予启动。请用 {setting} 指定正式密钥。",
        en=f"{place} is a demo key; production does not start on it. Name a real one with {setting}.",
        setting=setting,
    )


def _place(kind: str, path: str | Path | None) -> Path:
    return Path(path) if path else homes.home_path() / "keys" / _FILES[kind]


def _read(kind: str, path: Path) -> dict[str, Any]:
    """A key file whose form was checked. The content never reaches an error."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if content["kind"] != kind or content["use"] not in {DEMO, REAL}:
            raise ValueError
        if kind == SECRET and len(content["secret"]) < _SECRET_LENGTH:
            raise ValueError
        found = list(content["keys"].values()) if kind == DATA else [content["seed"]] if kind == LEDGER else []
        if any(len(bytes.fromhex(text)) != _BYTES for text in found):
            raise ValueError
        if kind == DATA and min(map(int, content["keys"])) < 1:
            raise ValueError
    except OSError as error:
        raise MachineError(
            "key_file_unreadable",
            zh=f"无法读取密钥文件 {path}（{error.strerror}）。",
            en=f"Cannot read the key file {path} ({error.strerror}).",
        ) from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise MachineError(
            "key_file_malformed",
            zh=f"密钥文件 {path} 的格式不对，应为 {kind}。",
            en=f"The key file {path} does not have the form of {kind}.",
        ) from None
    return dict(content)


def _fresh(kind: str, use: str) -> dict[str, Any]:
    content: dict[str, Any] = {"kind": kind, "use": use}
    if kind == DATA:
        content["keys"] = {"1": secrets.token_hex(_BYTES)}
    elif kind == LEDGER:
        content["seed"] = secrets.token_hex(_BYTES)
    else:
        content["secret"] = secrets.token_urlsafe(48)
    return content


def _text(content: dict[str, Any]) -> str:
    return json.dumps(content, indent=1) + "\n"


def main(arguments: list[str]) -> int:
    """Make real keys in a folder and say which settings name them; the keys themselves are not shown."""
    if len(arguments) != 1:
        click.echo("用法 usage: python -m xinheng.machine.keys FOLDER", err=True)
        return 2
    try:
        made = generate(Path(arguments[0]).absolute())
    except MachineError as error:
        click.echo(str(error), err=True)
        return 1
    for setting, path in made.items():
        if setting == _SETTINGS[SECRET]:
            read = f'import json; print(json.load(open("{path}"))["secret"])'
            click.echo(f"{setting}=\"$({sys.executable} -c '{read}')\"")
        else:
            click.echo(f"{setting}={path}")
    click.echo("请另存一份：丢失数据密钥，加密的内容便无法恢复。", err=True)
    click.echo("Keep a copy: without the data keys nothing encrypted can be read again.", err=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
