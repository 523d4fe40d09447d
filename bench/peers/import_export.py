# ruff: noqa: E402 (settings come before models)
"""django-import-export in bulk: the file into a table with our record's columns and indexes, with its traces.

    BENCH_URL=… python -m bench.peers.import_export FILE OUT

As fast as its manual allows: bulk, no look-up of existing rows, no difference report, one transaction; history, origin
and key of each record, which it does not know of, are written in bulk behind it, and their time is told. Nothing is
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
from django.utils import timezone
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
        )


class Version(models.Model):
    """The history of a record: what its first version says, and which act wrote it."""

    record = models.ForeignKey(Record, on_delete=models.PROTECT, db_index=False)
    n = models.IntegerField(default=1)
    act = models.CharField(max_length=12, default="registered")
    at = models.DateTimeField()
    actor = models.CharField(max_length=100, default="platform")
    state = models.CharField(max_length=12, default="active")
    publicity_from = models.DateField(null=True)
    use_until = models.DateField(null=True)
    entry = models.BigIntegerField(default=1, db_index=True)
    digest = models.BinaryField()

    class Meta:
        app_label = "peer"
        constraints = (models.UniqueConstraint(fields=["record", "n"], name="peer_version_once"),)


class Origin(models.Model):
    """Which row of which file a record came from, and the digest that binds the row."""

    record = models.ForeignKey(Record, on_delete=models.PROTECT)
    batch = models.BigIntegerField()
    row = models.IntegerField()
    verdict = models.CharField(max_length=8, default="accept")
    leaf = models.BinaryField()

    class Meta:
        app_label = "peer"
        constraints = (models.UniqueConstraint(fields=["batch", "row"], name="peer_row_once"),)


class Key(models.Model):
    """The natural key, so that the same decision is found again."""

    key = models.CharField(max_length=100, primary_key=True)
    record = models.BigIntegerField()

    class Meta:
        app_label = "peer"


TRACES = (Version, Origin, Key)


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
        self.origins, self.traced = [], 0.0

    def before_save_instance(self, instance, row, **kwargs):
        instance.batch, instance.row = 1, len(self.origins) + 1
        instance.publicity_from = instance.use_until = instance.cf_jdrq
        digest = hashlib.sha256("\0".join(row.values()).encode()).digest()
        key = hashlib.sha256("\0".join(row[name] for name in rules.UNIQUE).encode()).hexdigest()
        self.origins.append((instance, digest, key))

    def after_import(self, dataset, result, **kwargs):
        start, at = time.perf_counter(), timezone.now()
        made = [one for one in self.origins if one[0].pk is not None]
        Version.objects.bulk_create(
            (
                Version(record=r, at=at, digest=d, publicity_from=r.publicity_from, use_until=r.use_until)
                for r, d, _ in made
            ),
            batch_size=1000,
        )
        Origin.objects.bulk_create((Origin(record=r, batch=1, row=r.row, leaf=d) for r, d, _ in made), batch_size=1000)
        Key.objects.bulk_create((Key(key=k, record=r.pk) for r, _, k in made), batch_size=1000, ignore_conflicts=True)
        self.traced = time.perf_counter() - start


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
        for model in TRACES:
            editor.create_model(model)
    head, rows = _readable(Path(file))
    start = time.perf_counter()
    data = tablib.Dataset(*rows, headers=head)
    rows_of = Rows()
    result = rows_of.import_data(data, dry_run=False, raise_errors=False)
    took = time.perf_counter() - start
    stored, traced = Record.objects.count(), Version.objects.count()
    if not stored or stored != traced:
        raise SystemExit(f"{stored} records, {traced} traced; {result.totals} {result.invalid_rows[:3]}")
    tell(out, rows=len(rows), seconds=took, stored=stored, traced=rows_of.traced)


if __name__ == "__main__":
    main(*sys.argv[1:])
