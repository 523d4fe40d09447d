"""Rules about tables that an import check cannot see."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

from xinheng.store.guard import ACROSS
from xinheng.store.kinds import REGISTRY, Placement

ROOT = Path(__file__).resolve().parents[2]


def room_order() -> dict[str, int]:
    """Room -> height, from the import contract (0 = top)."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = next(c for c in contracts if c["id"] == "rooms")["layers"]
    return {
        room.strip(" ()"): height for height, layer in enumerate(layers) for room in layer.replace("|", ":").split(":")
    }


def ours() -> list[type[models.Model]]:
    return [m for m in apps.get_models() if m.__module__.startswith("xinheng.")]


def test_no_table_points_to_a_room_above_its_own() -> None:
    order = room_order()
    upward = [
        f"{model._meta.label}.{field.name}"
        for model in ours()
        for field in model._meta.get_fields()
        if field.is_relation
        and not field.auto_created
        and field.related_model is not None
        and not isinstance(field.related_model, str)
        and field.related_model.__module__.startswith("xinheng.")
        and order[field.related_model.__module__.split(".")[1]] < order[model.__module__.split(".")[1]]
    ]
    assert upward == []


def test_subject_owned_tables_are_keyed_by_the_subject_first() -> None:
    wrong = []
    for kept in REGISTRY.values():
        if kept.placement is not Placement.DISTRIBUTED or kept.table == "subject":
            continue
        pk = kept.model._meta.pk
        if not isinstance(pk, models.CompositePrimaryKey) or pk.field_names[0] != "subject_id":
            wrong.append(kept.table)
    assert wrong == []


def test_unique_rules_of_subject_owned_tables_start_with_the_subject() -> None:
    wrong = [
        f"{kept.table}.{constraint.name}"
        for kept in REGISTRY.values()
        if kept.placement is Placement.DISTRIBUTED and kept.table != "subject"
        for constraint in kept.model._meta.constraints
        if isinstance(constraint, models.UniqueConstraint) and constraint.fields[0] not in ("subject_id", "subject")
    ]
    assert wrong == []


@pytest.mark.django_db
def test_subject_owned_tables_have_no_trigger_and_point_only_where_a_distributed_database_allows() -> None:
    from django.db import connection

    placement = {k.table: k.placement for k in REGISTRY.values()}
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal")
        assert cursor.fetchone() == (0,)
        cursor.execute(
            "SELECT conrelid::regclass::text, confrelid::regclass::text FROM pg_constraint WHERE contype = 'f'"
        )
        links = cursor.fetchall()
    wrong = [
        (child, parent)
        for child, parent in links
        if placement.get(child) is Placement.DISTRIBUTED
        and placement.get(parent) not in (Placement.DISTRIBUTED, Placement.REFERENCE)
    ]
    wrong += [
        (child, parent)
        for child, parent in links
        if placement.get(child) is not Placement.DISTRIBUTED and placement.get(parent) is Placement.DISTRIBUTED
    ]
    assert wrong == []


def test_reads_across_subjects_are_few_and_say_why() -> None:
    assert all(len(reason) > 10 for reason in ACROSS.values())


def test_no_module_names_a_city() -> None:
    """A city is a law pack: no code asks which city it is in."""
    names = [p.name for p in (ROOT / "lawpacks").iterdir() if (p / "pack.yaml").exists()]
    cities = [n for n in names if n not in ("cn-national", "demo-city")] + ["张掖", "四平", "甘肃", "吉林", "衡川"]
    found = [
        f"{path.relative_to(ROOT)}: {city}"
        for path in (ROOT / "src").rglob("*")
        if path.suffix in {".py", ".html", ".js"}
        for city in cities
        if city in path.read_text(encoding="utf-8").lower()
    ]
    assert found == []


def test_there_is_no_room_for_odds_and_ends() -> None:
    assert list((ROOT / "src").rglob("utils.py")) == []


def test_no_file_outgrows_four_hundred_lines() -> None:
    long = [
        f"{path.relative_to(ROOT)}: {lines}"
        for path in (ROOT / "src").rglob("*.py")
        if "migrations" not in path.parts and (lines := len(path.read_text().splitlines())) > 400
    ]
    assert long == []
