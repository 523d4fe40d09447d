"""What must be ready before a command may touch the database?

Every command that needs the database starts it, migrates, sets the grants and publishes the law pack when needed, so
that a first ledger entry always exists. Commands about law and codes never come here.
"""

from __future__ import annotations

import os

import django
from django.core.management import call_command


def prepare(law: str | None = None, *, migrate: bool = True) -> None:
    """Start the database of the chosen law, bring it up to date and set Django up as the application role.

    ``law`` is a pack id or the path of a pack folder; None means ``XINHENG_LAW`` or the pack named in
    ``lawpacks/default``. An existing server is used when ``XINHENG_DATABASE_URL`` names one; then the owner's address
    is needed for migrations only.
    """
    _choose_database(law)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xinheng.settings")
    owner_url = os.environ.get("XINHENG_OWNER_DATABASE_URL")
    django.setup()
    if owner_url and migrate:
        bring_up_to_date()
    if os.environ.get("XINHENG_MODE") == "production":
        _refuse_unsafe_production()
    publish_law()


def _choose_database(law: str | None) -> None:
    """Set ``XINHENG_LAW`` and the two database addresses in the environment."""
    from xinheng.law.loader import load
    from xinheng.machine import database, home

    chosen = law or home.default_law()
    os.environ["XINHENG_LAW"] = chosen
    if os.environ.get("XINHENG_DATABASE_URL"):
        return
    urls = database.ensure(load(chosen, root=home.lawpacks()).id)
    os.environ["XINHENG_DATABASE_URL"] = urls.app
    os.environ["XINHENG_OWNER_DATABASE_URL"] = urls.owner


def bring_up_to_date() -> None:
    """Apply missing migrations as the owner and set the grants that the table registry asks for. Idempotent."""
    from django.db import connections
    from django.db.migrations.executor import MigrationExecutor

    from xinheng.store import grants

    owner = connections["owner"]
    executor = MigrationExecutor(owner)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", database="owner", interactive=False, verbosity=0)
        with owner.cursor() as cursor:
            for statement in grants.statements(connections["default"].settings_dict["USER"]):
                cursor.execute(statement)
    owner.close()


def publish_law() -> None:
    """Publish the pack in force and its catalog items as ledger entries, once for each version of the pack.

    Running clocks are computed again each time: also when an earlier version comes back, nothing new is published.
    """
    from django.conf import settings
    from django.db import transaction

    from xinheng.casework.services import recompute_clocks
    from xinheng.catalog.services import publish_items
    from xinheng.law.loader import load
    from xinheng.ledger.services import publish_pack
    from xinheng.lib import clock

    pack = load(settings.XINHENG_LAW, root=settings.XINHENG_LAWPACKS)
    at = clock.now()
    with transaction.atomic():
        version = publish_pack(pack=pack, at=at)
        publish_items(pack=pack, law_version=version, at=at, actor="platform")
        recompute_clocks(pack=pack, law_version=version, at=at)


def _refuse_unsafe_production() -> None:
    """Production refuses an application connection with the owner's rights (settings refuse demo keys)."""
    from xinheng.lib.errors import BadInput
    from xinheng.machine import database

    found = database.privileges(os.environ["XINHENG_DATABASE_URL"])
    if found:
        raise BadInput("application_role_has_owner_rights", rights="、".join(found))
