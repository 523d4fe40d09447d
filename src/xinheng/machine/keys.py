"""Which keys does this deployment hold, and are they real?

Three secrets lie outside the database: data keys (versions, newest used for writing), the ledger's signing key, and
the key of signed cookies. Demo and test make their own on first use and mark them; production takes none of those and
none that others can read. ``python -m xinheng.machine.keys FOLDER`` makes real ones.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import stat
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from xinheng.machine import home as homes
from xinheng.machine.errors import MachineError
from xinheng.machine.mode import Mode, mode

DATA = "xinheng-data-keys"
LEDGER = "xinheng-ledger-key"
SECRET = "xinheng-secret-key"  # noqa: S105 (the kind of a file)
DEMO, REAL = "demo", "production"
_FILES = {DATA: "data-keys.json", LEDGER: "ledger-key.json", SECRET: "secret-key.json"}
_SETTINGS = {DATA: "XINHENG_DATA_KEYS", LEDGER: "XINHENG_LEDGER_KEY", SECRET: "XINHENG_SECRET_KEY"}
_BYTES = 32
_SECRET_LENGTH = 50
"""Characters, the length below which Django warns."""


@dataclass(frozen=True, slots=True, repr=False)
class DataKey:
    """One version of the data keys: two independent secrets of 32 bytes, to encrypt and to look up blindly."""

    version: int
    encrypt: bytes
    blind: bytes


@dataclass(frozen=True, slots=True, repr=False)
class DataKeys:
    """Every live version, newest first; the newest is used for writing, the others are still read."""

    demo: bool
    versions: tuple[DataKey, ...]


@dataclass(frozen=True, slots=True, repr=False)
class LedgerKey:
    """The ledger's Ed25519 seed (32 bytes); ``demo`` says that nobody should trust its signatures."""

    demo: bool
    seed: bytes

    def origin(self, log: str) -> str:
        """The name under which a log signs: ``XINHENG_LEDGER_ORIGIN``, else one that no other demo has.

        ``log`` tells the logs of one key apart (pack id, name of a scratch database). Raises MachineError in
        production when the setting is missing: a log's name is promised to the public and must not be made up.
        """
        named = os.environ.get("XINHENG_LEDGER_ORIGIN")
        if named:
            return named
        if mode() is Mode.PRODUCTION:
            raise MachineError(
                "production_origin_missing",
                zh="生产模式必须设置 XINHENG_LEDGER_ORIGIN（台账对外的名称，如 credit.example.gov.cn/ledger）。",
                en="Production needs XINHENG_LEDGER_ORIGIN, the ledger's public name (credit.example.gov.cn/ledger).",
            )
        return f"demo.xinheng.invalid/{hashlib.sha256(b'origin' + self.seed).hexdigest()[:8]}/{log}"


@dataclass(frozen=True, slots=True, repr=False)
class SecretKey:
    """The key of signed cookies."""

    demo: bool
    value: str


def data_keys(path: Path | None = None) -> DataKeys:
    """The data keys in ``path``, else in the file of ``XINHENG_DATA_KEYS``, else the demo's own.

    Raises MachineError when the file cannot be read, and in production when it is missing, a demo's, or open to
    others.
    """
    return _data(_load(DATA, path))


def ledger_key(path: Path | None = None) -> LedgerKey:
    """The ledger's signing key: ``path``, else ``XINHENG_LEDGER_KEY``, else the demo's own; refusals as
    `data_keys`."""
    content = _load(LEDGER, path)
    return LedgerKey(demo=content["use"] != REAL, seed=bytes.fromhex(content["seed"]))


def secret_key() -> SecretKey:
    """The value of ``XINHENG_SECRET_KEY``, else the demo's own; production refuses the demo's in either form."""
    value = os.environ.get(_SETTINGS[SECRET])
    if not value:
        content = _load(SECRET, None)
        return SecretKey(demo=content["use"] != REAL, value=content["secret"])
    own = _place(SECRET, None)
    demo = own.is_file() and value == _read(SECRET, own)["secret"]
    if demo and mode() is Mode.PRODUCTION:
        raise _demo_key(SECRET, own)
    return SecretKey(demo=demo, value=value)


def refuse_demo_keys() -> None:
    """In production, raise MachineError when any of the three keys is missing, a demo's, or open to others."""
    if mode() is Mode.PRODUCTION:
        data_keys()
        ledger_key().origin("")
        secret_key()


def add_data_key(path: Path) -> DataKeys:
    """Add a newest version to a file of data keys; the old ones stay readable. Gives all of them."""
    with homes.Lock(path.with_suffix(".lock")):
        content = _read(DATA, path)
        content["keys"][str(max(map(int, content["keys"])) + 1)] = _fresh_pair()
        homes.write_private(path, _text(content))
    return _data(content)


def _data(content: dict[str, Any]) -> DataKeys:
    versions = sorted(content["keys"].items(), key=lambda item: -int(item[0]))
    return DataKeys(
        demo=content["use"] != REAL,
        versions=tuple(
            DataKey(int(version), bytes.fromhex(pair["encrypt"]), bytes.fromhex(pair["blind"]))
            for version, pair in versions
        ),
    )


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


def _load(kind: str, path: Path | None) -> dict[str, Any]:
    """The content of a key file, made first in demo and test mode, refused in production when it is not fit for it."""
    setting = _SETTINGS[kind]
    if path is None and kind != SECRET and os.environ.get(setting):
        path = Path(os.environ[setting])
    place = _place(kind, path)
    production = mode() is Mode.PRODUCTION
    if production and path is None:
        raise MachineError(
            "production_key_missing",
            zh=f"生产模式必须设置 {setting}。可运行 python -m xinheng.machine.keys 文件夹 生成密钥。",
            en=f"Production needs {setting}. Make keys with: python -m xinheng.machine.keys FOLDER",
            setting=setting,
        )
    if path is None and not place.exists():
        homes.home()
        homes.private_folder(place.parent)
        with homes.Lock(place.parent / "keys.lock"):
            if not place.exists():
                homes.write_private(place, _text(_fresh(kind, DEMO)))
    content = _read(kind, place)
    if production and content["use"] != REAL:
        raise _demo_key(kind, place)
    if production and stat.S_IMODE(place.stat().st_mode) & 0o077:
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


def _place(kind: str, path: Path | None) -> Path:
    return path if path else homes.home_path() / "keys" / _FILES[kind]


def _read(kind: str, path: Path) -> dict[str, Any]:
    """A key file whose form was checked. The content never reaches an error."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if content["kind"] != kind or content["use"] not in {DEMO, REAL}:
            raise ValueError
        if kind == SECRET and len(content["secret"]) < _SECRET_LENGTH:
            raise ValueError
        found = [content["seed"]] if kind == LEDGER else []
        if kind == DATA:
            found = [pair[use] for pair in content["keys"].values() for use in ("encrypt", "blind")]
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
        content["keys"] = {"1": _fresh_pair()}
    elif kind == LEDGER:
        content["seed"] = secrets.token_hex(_BYTES)
    else:
        content["secret"] = secrets.token_urlsafe(48)
    return content


def _fresh_pair() -> dict[str, str]:
    return {"encrypt": secrets.token_hex(_BYTES), "blind": secrets.token_hex(_BYTES)}


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
