"""What is wrong with this machine, and what is to be done about it?

Each check gives a sentence in both languages and, when it fails, a remedy. Nothing here changes a record or
the ledger; the embedded server is started because a server that is not running cannot be examined.
"""

from __future__ import annotations

import os
import shutil
import stat
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime

from xinheng.lib import clock
from xinheng.lib.errors import BadInput, NotFound, XinhengError
from xinheng.machine import binaries, database, keys
from xinheng.machine import home as homes
from xinheng.machine.errors import MachineError
from xinheng.machine.mode import Mode, mode

OLDEST_PYTHON = (3, 12)
LEAST_DISK = 2 * 1024**3
"""Bytes that should be free where the state lies."""
BUILT = date(2026, 11, 1)
"""No clock can rightly show an earlier day than this release."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at; the remedies are empty when it is in order."""

    name: str
    ok: bool
    zh: str
    en: str
    remedy_zh: str = ""
    remedy_en: str = ""

    def as_dict(self) -> dict[str, str | bool]:
        """The check as a JSON object."""
        return asdict(self)


def examine(law: str | None = None, *, pack_id: Callable[[str], str]) -> list[Check]:
    """Every check in order, for the database of ``law`` (pack id or folder; default: the law in force here).

    ``pack_id`` reads that pack and gives the id after which its database is named; an `XinhengError` of it is a
    finding.
    """
    checks: list[Check] = []
    for look in (_mode, _interpreter):
        checks += _guarded(look.__name__.strip("_"), look)
    checks += _guarded("law_packs", lambda: _law_packs(law, pack_id))
    for look in (_home, _disk, _clock, _socket, _programs):
        checks += _guarded(look.__name__.strip("_"), look)
    checks += _guarded("keys", _keys)
    checks += _guarded("database", lambda: _database(law, pack_id))
    return checks


def _guarded(name: str, look: Callable[[], Iterator[Check]]) -> list[Check]:
    """The checks of one look; an error of the machine is itself a finding."""
    found: list[Check] = []
    try:
        found.extend(look())
    except MachineError as error:
        found.append(Check(name, False, error.zh, error.en, "按上述说明处理。", "Do as the sentence says."))
    return found


def _mode() -> Iterator[Check]:
    now = mode()
    yield Check("mode", True, f"运行模式：{now}。", f"Mode: {now}.")


def _interpreter() -> Iterator[Check]:
    version = ".".join(map(str, sys.version_info[:3]))
    ok = sys.version_info >= OLDEST_PYTHON
    remedy = ("请运行 make setup。", "Run make setup.") if not ok else ("", "")
    yield Check(
        "interpreter", ok, f"Python {version}（需要 3.12 以上）。", f"Python {version} (3.12 or later).", *remedy
    )


def _law_packs(law: str | None, pack_id: Callable[[str], str]) -> Iterator[Check]:
    folder, named, found = homes.lawpacks(), law or "", ""
    with suppress(MachineError):
        named = law or homes.default_law()
    try:
        found = pack_id(named) if named else ""
    except NotFound:
        pass  # said below
    except XinhengError:
        yield Check(
            "law_packs",
            False,
            f"法规包“{named}”有错误，不能使用。",
            f"The law pack {named!r} has faults and cannot be used.",
            f"请运行 xinheng law check {named}，按它指出的行修改。",
            f"Run xinheng law check {named} and mend the lines it names.",
        )
        return
    if found:
        yield Check("law_packs", True, f"法规包：{found}（{folder}）。", f"Law pack: {found} ({folder}).")
        return
    yield Check(
        "law_packs",
        False,
        f"在 {folder} 找不到法规包{f'“{named}”' if named else ''}。",
        f"No law pack {named!r} in {folder}.",
        "请用 XINHENG_LAWPACKS 指定法规包文件夹，用 XINHENG_LAW 指定其中一个。",
        "Name the folder with XINHENG_LAWPACKS and one pack in it with XINHENG_LAW.",
    )


def _home() -> Iterator[Check]:
    path = homes.home()
    rights = stat.S_IMODE(path.stat().st_mode)
    ok = path.stat().st_uid == os.geteuid() and not rights & (0o066 if os.geteuid() == 0 else 0o077)
    yield Check(
        "home",
        ok,
        f"状态文件夹：{path}（权限 {rights:o}）。",
        f"State folder: {path} (mode {rights:o}).",
        "" if ok else f"请运行 chown {os.geteuid()} 和 chmod 700（root 为 711）。",
        "" if ok else f"Run chown {os.geteuid()} and chmod 700 (711 for root) on it.",
    )


def _disk() -> Iterator[Check]:
    free = shutil.disk_usage(homes.home()).free
    amount = f"{free / 1024**3:.1f} GB"
    ok = free >= LEAST_DISK
    yield Check(
        "disk",
        ok,
        f"可用磁盘空间 {amount}。",
        f"Free disk space {amount}.",
        "" if ok else "请腾出至少 2 GB，或用 XINHENG_HOME 换一块磁盘。写不进台账时系统不答复任何查询。",
        "" if ok else "Free at least 2 GB or move XINHENG_HOME. Without room for the ledger no query is answered.",
    )


def _clock() -> Iterator[Check]:
    real = datetime.fromtimestamp(time.time(), UTC)
    ok = real.date() >= BUILT
    yield Check(
        "clock",
        ok,
        f"系统时间 {real:%Y-%m-%d %H:%M} UTC。",
        f"System clock {real:%Y-%m-%d %H:%M} UTC.",
        "" if ok else "系统时间早于本版本发布日，请校时：期限和台账都以它为准。",
        "" if ok else "The clock is earlier than this release; set it: deadlines and the ledger rely on it.",
    )
    try:
        day = clock.business_day()
    except BadInput:
        yield Check(
            "business_day",
            False,
            "XINHENG_TODAY 无效，或在生产模式下被设置。",
            "XINHENG_TODAY is no ISO day, or is set in production.",
            "请取消该设置。",
            "Unset it.",
        )
        return
    if day is not None:
        yield Check(
            "business_day", True, f"业务日期设为 {day}（演示或测试）。", f"Business day set to {day} (demo or test)."
        )


def _socket() -> Iterator[Check]:
    if database.external() is not None or os.environ.get("XINHENG_DATABASE_URL"):
        return
    server = database.default_server()
    user = homes.service_user(server.data)
    folder = homes.runtime(server.home, owner=user.pw_uid if user else os.geteuid(), socket_name=server.socket_name)
    length = len(os.fsencode(folder / server.socket_name))
    yield Check(
        "socket",
        True,
        f"套接字路径 {length} 字节（上限 {homes.SOCKET_LIMIT}）：{folder}。",
        f"Socket path of {length} bytes (limit {homes.SOCKET_LIMIT}): {folder}.",
    )


def _programs() -> Iterator[Check]:
    if database.external() is not None:
        return
    server = database.default_server()
    user = homes.service_user(server.data)
    install = binaries.install_for(user, state=server.home)
    who = user.pw_name if user else "本用户"
    yield Check(
        "programs",
        True,
        f"PostgreSQL {binaries.version()} 的程序可由 {who} 运行：{install}。",
        f"The programs of PostgreSQL {binaries.version()} run as {user.pw_name if user else 'this user'}: {install}.",
    )


def _keys() -> Iterator[Check]:
    now = mode()
    looks: tuple[tuple[str, Callable[[], object]], ...] = (
        ("data_keys", keys.data_keys),
        ("ledger_key", lambda: keys.ledger_key().origin("")),
        ("secret_key", keys.secret_key),
    )
    for name, look in looks:
        try:
            look()
        except MachineError as error:
            yield Check(name, False, error.zh, error.en, "按上述说明处理。", "Do as the sentence says.")
            continue
        kind = ("正式", "production") if now is Mode.PRODUCTION else ("演示", "demo")
        yield Check(name, True, f"密钥 {name} 可用（{kind[0]}模式）。", f"Key {name} can be used ({kind[1]} mode).")


def _database(law: str | None, pack_id: Callable[[str], str]) -> Iterator[Check]:
    app_url = os.environ.get("XINHENG_DATABASE_URL")
    if app_url:
        owner = os.environ.get("XINHENG_OWNER_DATABASE_URL")
        urls = database.Urls(app=app_url, owner=owner or "")
    else:
        try:
            name = pack_id(law or homes.default_law())
        except XinhengError as error:
            if isinstance(error, MachineError):
                raise
            return  # a pack that cannot be read was said above; it has no database
        urls = database.ensure(name)
    with database.connect(urls.app) as connection:
        version = connection.info.server_version
        trigrams = connection.execute("SELECT cardinality(show_trgm('信用'))").fetchone()
    number = f"{version // 10_000}.{version % 10_000}"
    ok = version >= database.OLDEST * 10_000
    yield Check(
        "server",
        ok,
        f"数据库服务器可用：PostgreSQL {number}。",
        f"The database server answers: PostgreSQL {number}.",
        "" if ok else f"请升级到 PostgreSQL {database.OLDEST} 或更高版本。",
        "" if ok else f"Upgrade to PostgreSQL {database.OLDEST} or later.",
    )
    searchable = trigrams is not None and trigrams != (0,)
    yield Check(
        "chinese_search",
        searchable,
        "汉字可以按三元组检索。" if searchable else "汉字无法按三元组检索。",
        "Chinese text can be searched by trigrams." if searchable else "Trigrams of Chinese text are empty.",
        "" if searchable else "请用 --locale-provider=builtin --locale=C.UTF-8 重建数据库。",
        "" if searchable else "Make the database anew with --locale-provider=builtin --locale=C.UTF-8.",
    )
    found = database.privileges(urls.app, owner=database.role_of(urls.owner) if urls.owner else database.OWNER)
    role = database.role_of(urls.app)
    yield Check(
        "roles",
        not found,
        f"应用角色 {role} 没有多余的权限。" if not found else f"应用角色 {role} 的权限过大：{'、'.join(found)}。",
        f"The application role {role} has no rights beyond its grants."
        if not found
        else f"The application role {role} has too many rights: {', '.join(found)}.",
        "" if not found else "请收回这些权限：应用角色不得拥有表，也不得是所有者角色的成员。",
        "" if not found else "Take them away: the application role owns no table and is no member of the owner.",
    )
