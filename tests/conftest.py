"""What every test stands on: the real database, as the application role, on a fixed day.

Only the fixture that builds the database and the one that empties it act as the owner; under the owner an append-only
test would see its update succeed and prove nothing.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping
from graphlib import TopologicalSorter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import django
import psycopg
import psycopg.sql
import pytest
from hypothesis import settings as hypothesis

if TYPE_CHECKING:
    from xinheng.law.pack import Pack
    from xinheng.machine.database import Urls

ROOT = Path(__file__).resolve().parents[1]
HOME = Path(os.environ.get("XINHENG_TEST_HOME") or Path(tempfile.gettempdir()) / f"xinheng-test-{os.getuid()}")
# Set here and not in the project file, so that the settings are read after the lines below.
os.environ["DJANGO_SETTINGS_MODULE"] = "xinheng.settings"
os.environ["XINHENG_MODE"] = "test"
os.environ["XINHENG_TODAY"] = "2026-11-20"
os.environ["XINHENG_HOME"] = str(HOME)
os.environ["XINHENG_LAW"] = "demo-city"
os.environ["XINHENG_LAWPACKS"] = str(ROOT / "lawpacks")
pytest_plugins = ["tests.evidence", "tests.law_usage"]

# Two lengths of the property tests: the same few examples each time in CI, many new ones in the long run.
hypothesis.register_profile("ci", deadline=None, max_examples=30, derandomize=True, database=None)
hypothesis.register_profile("full", deadline=None, max_examples=1000)
hypothesis.load_profile(os.environ.get("XINHENG_TEST_PROFILE") or "ci")

for name in ("XINHENG_DATABASE_URL", "XINHENG_OWNER_DATABASE_URL"):
    os.environ.pop(name, None)

django.setup()

PACKS = ("zhangye", "siping", "demo-city")


def load_pack(name: str) -> Pack:
    """The law pack ``name`` of this checkout."""
    from xinheng.law.loader import load

    return load(name, root=ROOT / "lawpacks")


@pytest.fixture(scope="session")
def pack() -> Pack:
    """The fictional city that exercises every switch."""
    return load_pack("demo-city")


@pytest.fixture(params=PACKS)
def law_pack(request: pytest.FixtureRequest) -> Pack:
    """Each law in turn, for pure rules."""
    return load_pack(request.param)


@pytest.fixture(autouse=True)
def checkpoint_folder(settings: Any, tmp_path: Path) -> Path:
    """Each test writes its checkpoints to a folder of its own: two ledgers never share one."""
    folder = tmp_path / "checkpoints"
    settings.XINHENG_CHECKPOINT_DIR = [folder]
    return folder


@pytest.fixture(autouse=True)
def no_counts_of_another_test() -> None:
    """What an earlier test looked at is counted in memory; it is none of this test's."""
    from xinheng.disclosure.services.counting import take_counts

    take_counts()


@pytest.fixture(autouse=True)
def the_law_is_read_anew(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What another test put into force is no law here; a test without a database has the pack alone."""
    from xinheng.ui import city

    city.forget()
    if not {"db", "transactional_db", "_django_db_helper", "place"} & set(request.fixturenames):
        monkeypatch.setattr(city, "_supplements", [])
    yield
    city.forget()


# The database ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def database_urls(request: pytest.FixtureRequest) -> Iterator[Urls]:
    """A fresh database of this worker on the quick server (fsync off): the addresses of application and owner."""
    from xinheng.machine import database, mode, postgres

    assert mode.mode() is mode.Mode.TEST
    worker = getattr(request.config, "workerinput", {}).get("workerid", "main")
    server = postgres.Server(HOME, durable=False)
    server.start()
    urls = database.scratch(f"test_{worker}_{os.getpid()}", server=server)
    yield urls
    database.drop(urls, server=server)


@pytest.fixture(scope="session")
def django_db_setup(database_urls: Urls, django_db_blocker: Any) -> Iterator[None]:
    """Create and migrate as the owner, set the grants, then switch to the application role for good."""
    from django.core.management import call_command
    from django.db import connection
    from django.test import TransactionTestCase

    from xinheng.machine import database
    from xinheng.store import grants, ids

    with django_db_blocker.unblock():
        connection.close()
        connection.settings_dict.update(database.django(database_urls.owner))
        call_command("migrate", interactive=False, verbosity=0)
        with connection.cursor() as cursor:
            for statement in grants.statements(database.role_of(database_urls.app)):
                cursor.execute(statement)
        connection.close()
        connection.settings_dict.update(database.django(database_urls.app))
        ids.forget()
        _lay_baseline()
    baseline = read_all(database_urls.owner)

    def empty(self: TransactionTestCase) -> None:
        connection.close()
        write_all(database_urls.owner, baseline)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", empty)
        yield
    with django_db_blocker.unblock():
        connection.close()


def _lay_baseline() -> None:
    """The committed ground of every test: the demo city's pack published, its organisations and officers in place."""
    from django.db import transaction

    from xinheng.accounts.services import load_demo_accounts
    from xinheng.lib import clock
    from xinheng.start import publish_law

    publish_law()
    with transaction.atomic():
        load_demo_accounts(pack=load_pack("demo-city"), at=clock.now())


def read_all(owner_url: str) -> dict[str, bytes]:
    """Every table but the list of migrations with its rows, those that others refer to first."""
    references = """
        SELECT c.relname, coalesce(array_agg(r.relname) FILTER (WHERE r.oid <> c.oid), '{}')
        FROM pg_class c LEFT JOIN pg_constraint f ON f.conrelid = c.oid AND f.contype = 'f'
        LEFT JOIN pg_class r ON r.oid = f.confrelid
        WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND c.relname <> 'django_migrations'
        GROUP BY c.relname"""
    with psycopg.connect(owner_url, autocommit=True) as conn:
        tables = TopologicalSorter[str](dict(conn.execute(references).fetchall())).static_order()
        found: dict[str, bytes] = {}
        for table in tables:
            statement = psycopg.sql.SQL("COPY {} TO STDOUT").format(psycopg.sql.Identifier(table))
            with conn.cursor() as cursor, cursor.copy(statement) as copy:
                found[table] = b"".join(copy)
    return found


def write_all(owner_url: str, rows: Mapping[str, bytes]) -> None:
    """Empty every table but the list of migrations and put ``rows`` back, as the owner."""
    with psycopg.connect(owner_url) as conn:
        conn.execute(
            psycopg.sql.SQL("TRUNCATE {} RESTART IDENTITY").format(
                psycopg.sql.SQL(", ").join(psycopg.sql.Identifier(table) for table in rows)
            )
        )
        for table, data in rows.items():
            if data:
                statement = psycopg.sql.SQL("COPY {} FROM STDIN").format(psycopg.sql.Identifier(table))
                with conn.cursor() as cursor, cursor.copy(statement) as copy:
                    copy.write(data)


@pytest.fixture
def owner(database_urls: Urls) -> Iterator[psycopg.Connection[Any]]:
    """A connection as the owner of the tables: the attacker with the greatest power short of the machine."""
    with psycopg.connect(database_urls.owner, autocommit=True) as conn:
        yield conn


@pytest.fixture
def as_owner(django_db_setup: None, database_urls: Urls, django_db_blocker: Any) -> Iterator[None]:
    """Everything in this test runs as the owner of the tables and is rolled back; request it before ``db``."""
    from django.db import connection

    from xinheng.machine import database

    with django_db_blocker.unblock():
        connection.close()
        connection.settings_dict.update(database.django(database_urls.owner))
    yield
    with django_db_blocker.unblock():
        connection.close()
        connection.settings_dict.update(database.django(database_urls.app))


@pytest.fixture(params=PACKS)
def law_city(request: pytest.FixtureRequest, settings: Any, db: None) -> Pack:
    """A city under each law in turn: pack published, organisations and officers in place."""
    from xinheng.accounts.services import load_demo_accounts
    from xinheng.lib import clock
    from xinheng.start import publish_law

    settings.XINHENG_LAW = request.param
    chosen = load_pack(request.param)
    publish_law()
    load_demo_accounts(pack=chosen, at=clock.now())
    return chosen
