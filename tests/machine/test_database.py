"""Two roles that cannot become each other, one database for each law pack, and copies for trials."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from xinheng.machine import database
from xinheng.machine.errors import MachineError
from xinheng.machine.postgres import SUPERUSER, Server

from .conftest import make_home

ENSURE = """
import sys
from pathlib import Path
from xinheng.machine import database
from xinheng.machine.postgres import Server
print(database.ensure("demo-city", server=Server(Path(sys.argv[1]), durable=False)).app)
"""


@pytest.fixture(scope="module")
def server(made_once: Path) -> Iterator[Server]:
    """One running quick server for this file; its tests leave the roles as they found them."""
    home = make_home()
    subprocess.run(["/bin/cp", "-a", made_once, home], check=True)
    made = Server(home, durable=False)
    made.start()
    yield made
    made.stop("immediate")
    shutil.rmtree(home)


@pytest.fixture
def urls(server: Server) -> database.Urls:
    """The database of a pack, with one table of the owner's that the application may read and add to."""
    made = database.ensure("demo-city", server=server)
    _run(made.owner, "DROP TABLE IF EXISTS t")
    _run(made.owner, "CREATE TABLE t AS SELECT 1 AS a")
    _run(made.owner, "GRANT SELECT, INSERT ON t TO xinheng_app")
    return made


def _run(url: str, statement: str) -> None:
    with database.connect(url) as connection:
        connection.execute(statement.encode())


def test_ensure_makes_roles_database_and_extensions_once(folder: Path) -> None:
    server = Server(folder, durable=False)
    urls = database.ensure("demo-city", server=server)
    assert database.ensure("demo-city", server=server) == urls
    assert database.name_of(urls.app) == "xinheng_demo_city"
    assert (database.role_of(urls.app), database.role_of(urls.owner)) == ("xinheng_app", "xinheng_owner")
    with database.connect(urls.app) as connection:
        found = {row[0] for row in connection.execute("SELECT extname FROM pg_extension")}
        assert {"pg_trgm", "btree_gin"} <= found
        assert connection.execute("SELECT cardinality(show_trgm('信用中国'))").fetchone() == (5,)


def test_commands_that_ensure_at_once_get_the_same_database(folder: Path) -> None:
    command = [sys.executable, "-c", ENSURE, str(folder)]
    started = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    said = {one.communicate(timeout=60)[0] for one in started}
    assert [one.returncode for one in started] == [0, 0, 0]
    assert len(said) == 1


def test_a_database_left_half_made_by_a_crash_is_finished_by_the_next_call(server: Server) -> None:
    _run(server.url(SUPERUSER, "postgres"), "CREATE DATABASE xinheng_half OWNER xinheng_owner CONNECTION LIMIT 0")
    urls = database.ensure("half", server=server)
    assert database.privileges(urls.app) == []


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE mine (a int)",
        "CREATE SCHEMA mine",
        "SET ROLE xinheng_owner",
        "GRANT xinheng_owner TO xinheng_app",
        "ALTER TABLE t ADD COLUMN b int",
        "UPDATE t SET a = 1",
        "DROP TABLE t",
        "TRUNCATE t",
        "SET session_replication_role = replica",
        "COPY t TO PROGRAM 'true'",
        "CREATE DATABASE mine",
        "CREATE ROLE mine",
    ],
)
def test_the_application_role_is_refused(urls: database.Urls, statement: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        _run(urls.app, statement)
    _run(urls.app, "CREATE TEMP TABLE staged (a int)")
    assert database.privileges(urls.app) == []


@pytest.mark.parametrize(
    ("widened", "narrowed", "finding"),
    [
        ("GRANT xinheng_owner TO xinheng_app", "REVOKE xinheng_owner FROM xinheng_app", "owner_member"),
        ("ALTER ROLE xinheng_app SUPERUSER", "ALTER ROLE xinheng_app NOSUPERUSER", "superuser"),
        ("ALTER ROLE xinheng_app CREATEROLE", "ALTER ROLE xinheng_app NOCREATEROLE", "createrole"),
        ("ALTER ROLE xinheng_app BYPASSRLS", "ALTER ROLE xinheng_app NOBYPASSRLS", "bypassrls"),
        ("GRANT CREATE ON SCHEMA public TO PUBLIC", "REVOKE CREATE ON SCHEMA public FROM PUBLIC", "creates"),
        ("ALTER TABLE t OWNER TO xinheng_app", "ALTER TABLE t OWNER TO xinheng_owner", "owns"),
        ("GRANT pg_write_all_data TO xinheng_app", "REVOKE pg_write_all_data FROM xinheng_app", "powerful_member"),
    ],
)
def test_a_widened_application_role_is_found(
    server: Server, urls: database.Urls, widened: str, narrowed: str, finding: str
) -> None:
    superuser = server.url(SUPERUSER, database.name_of(urls.app))
    _run(superuser, widened)
    found = database.privileges(urls.app)
    _run(superuser, narrowed)
    assert finding in found
    assert database.privileges(urls.app) == []


def test_nobody_else_may_connect_and_the_reader_cannot_write(server: Server, urls: database.Urls) -> None:
    _run(server.url(SUPERUSER, "postgres"), f"CREATE ROLE stranger LOGIN PASSWORD '{server.password('stranger')}'")
    for dbname in ("xinheng_demo_city", "postgres", "template1"):
        with pytest.raises(MachineError):
            database.connect(server.url("stranger", dbname))
    assert urls.read is not None
    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        _run(urls.read, "CREATE TABLE mine (a int)")


def test_a_clone_is_a_copy_that_leaves_its_source_alone(server: Server, urls: database.Urls) -> None:
    open_session = database.connect(urls.owner)
    copy = database.clone(urls, "tamper", server=server)
    with pytest.raises(psycopg.OperationalError):
        open_session.execute("SELECT 1")
    open_session.close()
    _run(copy.owner, "UPDATE t SET a = 2")
    with database.connect(urls.owner) as connection:
        assert connection.execute("SELECT a FROM t").fetchone() == (1,)
    assert database.privileges(copy.app) == []
    database.drop(copy, server=server)
    with pytest.raises(MachineError):
        database.connect(copy.app)


def test_a_scratch_database_is_empty_each_time(server: Server) -> None:
    first = database.scratch("trial", server=server)
    _run(first.owner, "CREATE TABLE t (a int)")
    again = database.scratch("trial", server=server)
    assert again == first
    _run(again.owner, "CREATE TABLE t (a int)")
    database.drop(again, server=server)


def test_a_deployment_is_never_dropped(server: Server, urls: database.Urls) -> None:
    with pytest.raises(MachineError) as refused:
        database.drop(urls, server=server)
    assert refused.value.code == "not_a_scratch_database"


@pytest.mark.parametrize("name", ["", "A", "a b", "a;b", "../a", "a" * 41])
def test_a_pack_id_that_cannot_name_a_database_is_refused(server: Server, name: str) -> None:
    with pytest.raises(MachineError) as refused:
        database.ensure(name, server=server)
    assert refused.value.code == "pack_id_unfit"


def test_an_existing_server_is_used_by_its_two_settings(
    server: Server, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _run(
        server.url(SUPERUSER, "postgres"),
        f"CREATE ROLE city_owner LOGIN CREATEDB PASSWORD '{server.password('city_owner')}'",
    )
    _run(server.url(SUPERUSER, "postgres"), f"CREATE ROLE city_app LOGIN PASSWORD '{server.password('city_app')}'")
    _run(server.url(SUPERUSER, "postgres"), "CREATE DATABASE city OWNER city_owner")
    _run(server.url(SUPERUSER, "postgres"), "GRANT CONNECT ON DATABASE postgres TO city_owner")  # open to all elsewhere
    monkeypatch.setenv("XINHENG_HOME", str(folder / "another"))
    monkeypatch.setenv("XINHENG_DATABASE_URL", server.url("city_app", "city"))
    with pytest.raises(MachineError) as refused:
        database.ensure("demo-city")
    assert refused.value.code == "database_url_alone"
    monkeypatch.setenv("XINHENG_OWNER_DATABASE_URL", server.url("city_owner", "city"))
    urls = database.ensure("demo-city")
    assert (database.name_of(urls.app), database.role_of(urls.owner)) == ("city", "city_owner")
    assert database.privileges(urls.app, owner="city_owner") == []
    copy = database.clone(urls, "tamper")
    assert database.privileges(copy.app, owner="city_owner") == []
    trial = database.scratch("trial")
    _run(trial.owner, "CREATE TABLE t (a int)")
    for scratch in (copy, trial):
        database.drop(scratch)
    assert not (folder / "another" / "postgres").exists()


def test_the_address_of_the_embedded_server_in_the_settings_is_no_existing_server(
    server: Server, urls: database.Urls, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XINHENG_HOME", str(server.home))
    monkeypatch.setenv("XINHENG_DATABASE_URL", urls.app)
    assert database.external() is None


def test_an_address_never_shows_its_password(server: Server, urls: database.Urls) -> None:
    assert server.password("xinheng_app") not in repr(urls)
    parts = database.django(urls.app)
    assert parts["PASSWORD"] == server.password("xinheng_app")
    assert parts["HOST"] == str(server.socket_folder())
