"""Which database serves a law pack, and as which two roles is it used?

The owner migrates and owns the tables; the application reads and writes what its grants allow and is no member of the
owner. The embedded server keeps one database for each pack; an existing server is used when ``XINHENG_DATABASE_URL``
and ``XINHENG_OWNER_DATABASE_URL`` name one.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import LiteralString
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from xinheng.machine import home as homes
from xinheng.machine.errors import MachineError
from xinheng.machine.mode import Mode, mode
from xinheng.machine.postgres import SUPERUSER, Server

OWNER = "xinheng_owner"
APP = "xinheng_app"
READ = "xinheng_read"
SCRATCH = "xinheng_scratch_"
OLDEST = 15
"""Oldest PostgreSQL major version that is served: earlier ones let everybody create tables in ``public``."""
_PACK = re.compile(r"[a-z][a-z0-9-]{0,39}")
_SETUP = 720_519_001
"""Number of the advisory lock that keeps two commands from making the same database."""
_EXTENSIONS: tuple[LiteralString, ...] = ("pg_trgm", "btree_gin")
_CONNECT_SECONDS = "5"


@dataclass(frozen=True, slots=True)
class Urls:
    """Addresses of one database; ``read`` is None unless a reading role was set up. They hold passwords: never
    print them."""

    app: str
    owner: str
    read: str | None = None

    def __repr__(self) -> str:
        return f"Urls({name_of(self.app)!r})"


def ensure(pack_id: str, *, server: Server | None = None) -> Urls:
    """The database of a law pack with its roles and extensions, made where missing; nothing is done twice.

    Starts the embedded server (the one without fsync in test mode) unless the two settings name an existing one.
    Raises MachineError when a server cannot be reached, is too old, or when ``pack_id`` cannot be a name.
    """
    existing = external() if server is None else None
    if existing is not None:
        _check_server(existing.owner)
        _extend(existing.owner, schema_owner=role_of(existing.owner), app=role_of(existing.app))
        return existing
    if not _PACK.fullmatch(pack_id):
        raise MachineError(
            "pack_id_unfit",
            zh=f"法规包编号“{pack_id}”不能用作数据库名：应为小写字母、数字和连字符。",
            en=f"The law pack id {pack_id!r} cannot name a database: lower-case letters, digits and hyphens only.",
        )
    return _made(server or default_server(), "xinheng_" + pack_id.replace("-", "_"))


def default_server() -> Server:
    """The embedded server of this deployment, not started: durable, except in test mode."""
    return Server(homes.home(), durable=mode() is not Mode.TEST)


def external() -> Urls | None:
    """The existing server named by the two settings, or None when they are unset or name our own embedded server.

    Raises MachineError when one of the two is missing.
    """
    app, owner = os.environ.get("XINHENG_DATABASE_URL"), os.environ.get("XINHENG_OWNER_DATABASE_URL")
    if app and _is_embedded(app):
        return None
    if app and owner:
        return Urls(app=app, owner=owner)
    if app or owner:
        raise MachineError(
            "database_url_alone",
            zh="XINHENG_DATABASE_URL 和 XINHENG_OWNER_DATABASE_URL 必须同时设置。",
            en="XINHENG_DATABASE_URL and XINHENG_OWNER_DATABASE_URL must be set together.",
        )
    return None


def scratch(name: str, *, server: Server | None = None) -> Urls:
    """An empty database for a trial, ``xinheng_scratch_<name>``; one of that name is dropped first.

    On an existing server the owner must have the right CREATEDB.
    """
    dbname = _scratch_name(name)
    with _administer(server) as connection:
        _drop(connection, dbname)
        existing = external() if server is None else None
        if existing is None:
            return _made(server or default_server(), dbname)
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(dbname)))
        urls = Urls(app=_renamed(existing.app, dbname), owner=_renamed(existing.owner, dbname))
        _extend(urls.owner, schema_owner=role_of(urls.owner), app=role_of(urls.app))
        return urls


def clone(source: Urls, name: str, *, server: Server | None = None) -> Urls:
    """A copy of ``source`` as ``xinheng_scratch_<name>``, made by the server; sessions in ``source`` are ended
    first."""
    dbname, origin = _scratch_name(name), name_of(source.owner)
    with _administer(server) as connection:
        _drop(connection, dbname)
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [origin])
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {} STRATEGY FILE_COPY").format(
                sql.Identifier(dbname), sql.Identifier(origin), sql.Identifier(role_of(source.owner))
            )
        )
        _close_to_others(
            connection, dbname, app=role_of(source.app), read=role_of(source.read) if source.read else None
        )
    return Urls(
        app=_renamed(source.app, dbname),
        owner=_renamed(source.owner, dbname),
        read=_renamed(source.read, dbname) if source.read else None,
    )


def drop(urls: Urls, *, server: Server | None = None) -> None:
    """Drop a scratch database with its open sessions. Raises MachineError for any other: a deployment is never
    dropped here."""
    dbname = name_of(urls.owner)
    if not dbname.startswith(SCRATCH):
        raise MachineError(
            "not_a_scratch_database",
            zh=f"数据库“{dbname}”不是试验用数据库，不予删除。",
            en=f"The database {dbname!r} is no scratch database and is not dropped.",
        )
    with _administer(server) as connection:
        _drop(connection, dbname)


def name_of(url: str) -> str:
    """The database name in an address."""
    return str(conninfo_to_dict(url).get("dbname") or "")


def role_of(url: str) -> str:
    """The role in an address."""
    return str(conninfo_to_dict(url).get("user") or "")


def django(url: str) -> dict[str, str]:
    """The address as the framework's settings name its parts."""
    parts = conninfo_to_dict(url)
    names = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
    return {name: str(parts.get(part) or "") for name, part in names.items()}


def connect(url: str) -> psycopg.Connection[tuple[object, ...]]:
    """A connection that commits each statement. Raises MachineError (never with the password) when there is none."""
    try:
        return psycopg.connect(make_conninfo(url, connect_timeout=_CONNECT_SECONDS), autocommit=True)
    except psycopg.OperationalError as error:
        raise MachineError(
            "server_not_reachable",
            zh=f"无法连接数据库“{name_of(url)}”（用户 {role_of(url)}）：{error}",
            en=f"Cannot connect to the database {name_of(url)!r} as {role_of(url)}: {error}",
        ) from None


def privileges(app_url: str, *, owner: str = OWNER) -> list[str]:
    """What the application role may do beyond its grants, as stable codes; an empty list is the healthy answer.

    ``superuser``, ``createrole``, ``createdb``, ``bypassrls``, ``replication``: attributes of the role.
    ``owner_member``: it may become the owner. ``owns``: it owns a table, sequence, schema or the database.
    ``creates``: it may create in ``public``. ``powerful_member``: it is in one of the server's
    powerful built-in roles.
    """
    with connect(app_url) as connection:
        row = connection.execute(
            """
            SELECT rolsuper, rolcreaterole, rolcreatedb, rolbypassrls, rolreplication,
                   EXISTS (SELECT FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relowner <> r.oid
                           AND pg_has_role(current_user, c.relowner, 'MEMBER'))
                     OR EXISTS (SELECT FROM pg_roles o WHERE o.rolname = %(owner)s AND o.oid <> r.oid
                                AND pg_has_role(current_user, o.oid, 'MEMBER')),
                   EXISTS (SELECT FROM pg_class WHERE relkind IN ('r', 'p', 'S', 'v', 'm') AND relowner = r.oid)
                     OR EXISTS (SELECT FROM pg_namespace WHERE nspowner = r.oid)
                     OR EXISTS (SELECT FROM pg_database WHERE datname = current_database() AND datdba = r.oid),
                   has_schema_privilege(current_user, 'public', 'CREATE'),
                   EXISTS (SELECT FROM pg_roles b WHERE b.rolname = ANY(%(powerful)s)
                           AND pg_has_role(current_user, b.oid, 'MEMBER'))
            FROM pg_roles r WHERE rolname = current_user
            """,
            {
                "owner": owner,
                "powerful": [
                    "pg_read_server_files",
                    "pg_write_server_files",
                    "pg_execute_server_program",
                    "pg_write_all_data",
                ],
            },
        ).fetchone()
    assert row is not None
    codes = (
        "superuser",
        "createrole",
        "createdb",
        "bypassrls",
        "replication",
        "owner_member",
        "owns",
        "creates",
        "powerful_member",
    )
    return [code for code, found in zip(codes, row, strict=True) if found]


def _made(server: Server, dbname: str) -> Urls:
    """Roles, database, extensions and closed doors on the embedded server, each only where missing."""
    server.start()
    with _administer(server) as connection:
        ready = connection.execute(
            "SELECT 1 FROM pg_database WHERE datname = %s AND datconnlimit = -1", [dbname]
        ).fetchone()
        if ready is None:
            connection.execute("SELECT pg_advisory_lock(%s)", [_SETUP])  # released when this connection closes
            _make_roles(connection, server)
            _make_database(connection, server, dbname)
    return _urls(server, dbname)


def _make_roles(connection: psycopg.Connection[tuple[object, ...]], server: Server) -> None:
    """Three roles that log in and can do nothing else by themselves, with the passwords of the private file."""
    for role in (OWNER, APP, READ):
        exists = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
        verb = sql.SQL("ALTER" if exists else "CREATE")
        connection.execute(
            sql.SQL(
                "{} ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD {}"
            ).format(verb, sql.Identifier(role), sql.Literal(server.password(role)))
        )
    connection.execute(sql.SQL("ALTER ROLE {} SET default_transaction_read_only = on").format(sql.Identifier(READ)))
    for shared in ("postgres", "template1"):
        connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(shared)))


def _make_database(connection: psycopg.Connection[tuple[object, ...]], server: Server, dbname: str) -> None:
    """The database, open for connections only when all is in place: a crash half way is repaired by the next call."""
    name = sql.Identifier(dbname)
    state = connection.execute("SELECT datconnlimit FROM pg_database WHERE datname = %s", [dbname]).fetchone()
    if state == (-1,):
        return  # another command made it while we waited for the lock
    if state is None:
        connection.execute(
            sql.SQL("CREATE DATABASE {} OWNER {} CONNECTION LIMIT 0").format(name, sql.Identifier(OWNER))
        )
    _extend(server.url(SUPERUSER, dbname), schema_owner=OWNER, app=APP, read=READ)
    _close_to_others(connection, dbname, app=APP, read=READ)
    connection.execute(sql.SQL("ALTER DATABASE {} CONNECTION LIMIT -1").format(name))


def _close_to_others(
    connection: psycopg.Connection[tuple[object, ...]], dbname: str, *, app: str, read: str | None
) -> None:
    """Only our roles may connect; the application may make temporary tables (intake stages its keys there)."""
    name = sql.Identifier(dbname)
    connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(name))
    connection.execute(sql.SQL("GRANT CONNECT, TEMPORARY ON DATABASE {} TO {}").format(name, sql.Identifier(app)))
    if read:
        connection.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(name, sql.Identifier(read)))


def _extend(url: str, *, schema_owner: str, app: str, read: str | None = None) -> None:
    """The extensions, and a ``public`` schema in which only the owner creates. Does nothing where all is there."""
    with connect(url) as connection:
        have = {row[0] for row in connection.execute("SELECT extname FROM pg_extension")}
        for extension in _EXTENSIONS:
            if extension not in have:
                connection.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(extension)))
        users = [role for role in (app, read) if role]
        state = connection.execute(
            "SELECT has_schema_privilege('public', 'public', 'CREATE')"
            " OR has_schema_privilege('public', 'public', 'USAGE') OR NOT has_schema_privilege(%s, 'public', 'USAGE')",
            [app],
        ).fetchone()
        if state == (False,):
            return
        connection.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")
        for role in users:
            connection.execute(sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(sql.Identifier(role)))
        owner = sql.Identifier(schema_owner)
        connection.execute(
            sql.SQL("ALTER DEFAULT PRIVILEGES FOR ROLE {} REVOKE ALL ON FUNCTIONS FROM PUBLIC").format(owner)
        )


def _check_server(url: str) -> None:
    """Refuse a server that is too old or whose database cannot search Chinese text."""
    with connect(url) as connection:
        if connection.info.server_version < OLDEST * 10_000:
            raise MachineError(
                "server_too_old",
                zh=f"PostgreSQL 版本过低：需要 {OLDEST} 或更高版本。",
                en=f"This PostgreSQL is too old: {OLDEST} or later is needed.",
            )
        encoding = connection.execute("SELECT getdatabaseencoding()").fetchone()
        if encoding != ("UTF8",):
            raise MachineError(
                "server_encoding",
                zh=f"数据库“{name_of(url)}”的编码不是 UTF8。",
                en=f"The encoding of the database {name_of(url)!r} is not UTF8.",
            )


def _administer(server: Server | None) -> psycopg.Connection[tuple[object, ...]]:
    """A connection that may create and drop databases: the superuser of the embedded server, or the owner of an
    existing one."""
    existing = external() if server is None else None
    if existing is not None:
        return connect(_renamed(existing.owner, "postgres"))
    target = server or default_server()
    target.start()
    return connect(target.url(SUPERUSER, "postgres"))


def _is_embedded(url: str) -> bool:
    """Whether ``url`` is the address that `ensure` gave out: a command sets it for itself and for the processes it
    starts."""
    host = conninfo_to_dict(url).get("host")
    servers = (Server(homes.home_path(), durable=durable) for durable in (True, False))
    return any(server.running() and str(server.socket_folder()) == host for server in servers)


def _renamed(url: str, dbname: str) -> str:
    """The same address for another database."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{dbname}"))


def _drop(connection: psycopg.Connection[tuple[object, ...]], dbname: str) -> None:
    connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(dbname)))


def _urls(server: Server, dbname: str) -> Urls:
    return Urls(app=server.url(APP, dbname), owner=server.url(OWNER, dbname), read=server.url(READ, dbname))


def _scratch_name(name: str) -> str:
    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,39}", name):
        raise MachineError(
            "scratch_name_unfit",
            zh=f"试验用数据库名“{name}”无效：应为小写字母、数字、连字符和下划线。",
            en=f"The scratch name {name!r} is unfit: lower-case letters, digits, hyphens and underscores only.",
        )
    return SCRATCH + name.replace("-", "_")
