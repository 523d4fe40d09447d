# ruff: noqa: E402 (settings come before models)
"""django-import-export in bulk: the file into one table with our record's columns and indexes, with provenance.

    BENCH_URL=… python -m bench.peers.import_export FILE OUT

As fast as its manual allows: bulk, no look-up of existing rows, no difference report, one transaction. Nothing is
checked beyond the columns' own types; rows that a type refuses are left out beforehand.
"""

from __future__ import annotations

import csv
import hashlib
import os
import re
import sys
import time
from pathlib import Path

import django
from django.conf import settings

from bench.peers import rules
from bench.peers.told import tell


def _database() -> dict[str, str]:
    from psycopg.conninfo import conninfo_to_dict

    parts = conninfo_to_dict(os.environ["BENCH_URL"])
    names = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
    return {"ENGINE": "django.db.backends.postgresql", **{a: str(parts.get(b) or "") for a, b in names.items()}}


settings.configure(
    DATABASES={"default": _database()},
    INSTALLED_APPS=["import_export"],
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    USE_TZ=True,
)
django.setup()

import tablib
from django.db import connection, models
from import_export import fields, resources, widgets


class Record(models.Model):
    """Our record in one table: the columns of the file, state and publicity, with the indexes of ours."""

    batch = models.BigIntegerField()
    row = models.IntegerField()
    state = models.CharField(max_length=12, default="active")
    publicity_from = models.DateField(null=True)
    use_until = models.DateField(null=True)
    retention_until = models.DateField(null=True)
    for name in rules.COLUMNS:
        locals()[name.lower()] = (
            models.DateField(null=True)
            if name in rules.DATES
            else models.DecimalField(max_digits=18, decimal_places=6, null=True)
            if name in rules.AMOUNTS
            else models.TextField(blank=True)
        )
    del name

    class Meta:
        app_label = "peer"
        indexes = (
            models.Index(fields=["cf_xdr_shxym", "id"], name="peer_subject"),
            models.Index(fields=["state", "publicity_from", "id"], name="peer_public"),
            models.Index(fields=["use_until"], name="peer_use"),
            models.Index(fields=["retention_until"], name="peer_retention"),
            models.Index(fields=["cf_wsh", "cf_xdr_shxym", "cf_cfjgdm"], name="peer_key"),
        )


class Provenance(models.Model):
    """Which row of which file a record came from."""

    record = models.ForeignKey(Record, on_delete=models.PROTECT)
    batch = models.BigIntegerField()
    row = models.IntegerField()
    digest = models.BinaryField()

    class Meta:
        app_label = "peer"
        constraints = (models.UniqueConstraint(fields=["batch", "row"], name="peer_row_once"),)


class Rows(resources.ModelResource):
    """The file's columns, dates as the format writes them."""

    for name in rules.COLUMNS:
        widget = (
            widgets.DateWidget(format="%Y/%m/%d")
            if name in rules.DATES
            else widgets.DecimalWidget()
            if name in rules.AMOUNTS
            else widgets.CharWidget()
        )
        locals()[name.lower()] = fields.Field(attribute=name.lower(), column_name=name, widget=widget)
    del name, widget

    class Meta:
        model = Record
        fields = tuple(name.lower() for name in rules.COLUMNS)
        import_id_fields = ()
        force_init_instance = True
        use_bulk = True
        batch_size = 1000
        skip_diff = True
        skip_html_diff = True
        report_skipped = False
        use_transactions = True
        clean_model_instances = False

    def __init__(self):
        super().__init__()
        self.origins = []

    def before_save_instance(self, instance, row, **kwargs):
        instance.batch, instance.row = 1, kwargs.get("row_number") or 0
        instance.publicity_from = instance.use_until = instance.cf_jdrq
        digest = hashlib.sha256("\0".join(row.values()).encode()).digest()
        self.origins.append((instance, digest))

    def after_import(self, dataset, result, **kwargs):
        made = [
            Provenance(record=instance, batch=1, row=number, digest=digest)
            for number, (instance, digest) in enumerate(self.origins, start=1)
            if instance.pk is not None
        ]
        Provenance.objects.bulk_create(made, batch_size=1000)


def _readable(path: Path) -> tuple[list[str], list[list[str]]]:
    """Header and the rows that its types can read: one that they can't would roll the whole import back."""
    with path.open(encoding="utf-8", newline="") as source:
        head, *rows = csv.reader(source)
    forms = [(head.index(name), re.compile(rules.PATTERNS[name])) for name in (*rules.DATES, *rules.AMOUNTS)]
    sound = [row for row in rows if len(row) == len(head) and all(not row[n] or f.match(row[n]) for n, f in forms)]
    return head, [row for row in sound if "/02/30" not in "".join(row[-9:])]


def main(file: str, out: str) -> None:
    """Make the tables, read the file, then import; only the import is timed."""
    with connection.schema_editor() as editor:
        editor.create_model(Record)
        editor.create_model(Provenance)
    head, rows = _readable(Path(file))
    start = time.perf_counter()
    data = tablib.Dataset(*rows, headers=head)
    result = Rows().import_data(data, dry_run=False, raise_errors=False)
    took = time.perf_counter() - start
    stored, traced = Record.objects.count(), Provenance.objects.count()
    if stored != traced or not stored:
        raise SystemExit(f"{stored} records, {traced} traced; {result.totals} {result.invalid_rows[:3]}")
    tell(out, rows=len(rows), seconds=took, stored=stored)


if __name__ == "__main__":
    main(*sys.argv[1:])
