"""Batches, pieces of files, rows, contents, findings and keys."""

import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_tables"),
        ("catalog", "0001_items"),
        ("ledger", "0001_law_version"),
        ("store", "0001_id_sequences"),
    ]

    operations = [
        migrations.CreateModel(
            name="IntakeRow",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("row", models.IntegerField()),
                ("verdict", models.CharField(max_length=8)),
                ("state", models.CharField(max_length=12)),
                ("leaf", models.BinaryField(max_length=32)),
                ("span_from", models.IntegerField()),
                ("span_until", models.IntegerField()),
                ("decided_by", models.BigIntegerField(null=True)),
                ("decided_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "intake_row",
            },
        ),
        migrations.CreateModel(
            name="IntakeBatch",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("item_code", models.CharField(max_length=64)),
                ("file_name", models.CharField(max_length=255)),
                ("file_sha256", models.CharField(max_length=64)),
                ("encoding", models.CharField(max_length=16)),
                ("marked", models.BooleanField()),
                ("row_count", models.IntegerField()),
                ("accepted", models.IntegerField()),
                ("review", models.IntegerField()),
                ("rejected", models.IntegerField()),
                ("unchanged", models.IntegerField()),
                ("root", models.CharField(max_length=64)),
                ("entry_id", models.BigIntegerField(null=True)),
                ("uploaded_by", models.BigIntegerField(null=True)),
                ("received_at", models.DateTimeField()),
                ("state", models.CharField(max_length=16)),
                (
                    "item_version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="catalog.catalogitemversion"
                    ),
                ),
                (
                    "law_version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.lawversion"
                    ),
                ),
                (
                    "provider",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.organisation"
                    ),
                ),
            ],
            options={
                "db_table": "intake_batch",
            },
        ),
        migrations.CreateModel(
            name="IntakeChunk",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("n", models.IntegerField()),
                ("sealed", models.BinaryField()),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="chunks", to="intake.intakebatch"
                    ),
                ),
            ],
            options={
                "db_table": "intake_chunk",
            },
        ),
        migrations.CreateModel(
            name="IntakeRowContent",
            fields=[
                (
                    "row",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="content",
                        serialize=False,
                        to="intake.intakerow",
                    ),
                ),
                ("sealed", models.BinaryField()),
            ],
            options={
                "db_table": "intake_row_content",
            },
        ),
        migrations.AddField(
            model_name="intakerow",
            name="batch",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="rows", to="intake.intakebatch"
            ),
        ),
        migrations.CreateModel(
            name="IntakeFinding",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("field", models.CharField(blank=True, max_length=64)),
                ("code", models.CharField(max_length=64)),
                ("article", models.CharField(blank=True, max_length=64)),
                ("sealed", models.BinaryField(null=True)),
                (
                    "row",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="findings", to="intake.intakerow"
                    ),
                ),
            ],
            options={
                "db_table": "intake_finding",
            },
        ),
        migrations.CreateModel(
            name="IntakeRowKey",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("key", models.CharField(db_index=True, max_length=160)),
                (
                    "row",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="keys", to="intake.intakerow"
                    ),
                ),
            ],
            options={
                "db_table": "intake_row_key",
            },
        ),
        migrations.AddIndex(
            model_name="intakebatch",
            index=models.Index(fields=["provider", "-received_at"], name="intake_batch_of_provider"),
        ),
        migrations.AddConstraint(
            model_name="intakebatch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "row_count",
                        django.db.models.expressions.CombinedExpression(
                            django.db.models.expressions.CombinedExpression(
                                django.db.models.expressions.CombinedExpression(
                                    models.F("accepted"), "+", models.F("review")
                                ),
                                "+",
                                models.F("rejected"),
                            ),
                            "+",
                            models.F("unchanged"),
                        ),
                    )
                ),
                name="intake_batch_every_row_counted",
            ),
        ),
        migrations.AddConstraint(
            model_name="intakebatch",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ("received", "closed"))), name="intake_batch_state_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="intakebatch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "closed"), _negated=True), ("entry_id__isnull", False), _connector="OR"
                ),
                name="intake_batch_closed_has_entry",
            ),
        ),
        migrations.AddConstraint(
            model_name="intakechunk",
            constraint=models.UniqueConstraint(fields=("batch", "n"), name="intake_chunk_once"),
        ),
        migrations.AddIndex(
            model_name="intakerow",
            index=models.Index(condition=models.Q(("state", "waiting")), fields=["id"], name="intake_row_waiting"),
        ),
        migrations.AddConstraint(
            model_name="intakerow",
            constraint=models.UniqueConstraint(fields=("batch", "row"), name="intake_row_once"),
        ),
        migrations.AddConstraint(
            model_name="intakerow",
            constraint=models.CheckConstraint(
                condition=models.Q(("verdict__in", ["accept", "review", "reject"])), name="intake_row_verdict_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="intakerow",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["accepted", "waiting", "registered", "returned", "unchanged"])),
                name="intake_row_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="intakerow",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "registered"), _negated=True),
                    ("verdict", "accept"),
                    models.Q(("decided_by__isnull", False), ("verdict", "review")),
                    _connector="OR",
                ),
                name="intake_row_registered_lawfully",
            ),
        ),
    ]
