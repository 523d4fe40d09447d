"""Clocks: opening and trace are history, the clock is their present state."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("ledger", "0003_log_shape"),
    ]

    operations = [
        migrations.CreateModel(
            name="ClockOpened",
            fields=[
                ("case_kind", models.CharField(max_length=32)),
                ("case_id", models.BigIntegerField()),
                ("deadline", models.CharField(max_length=64)),
                ("received_at", models.DateTimeField()),
                ("zone", models.CharField(max_length=40)),
                ("starts_on", models.DateField()),
                ("due_on", models.DateField()),
                ("provisional", models.BooleanField()),
                ("article", models.CharField(max_length=64)),
                ("opened_at", models.DateTimeField()),
                ("clock_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("entry_id", models.BigIntegerField()),
                (
                    "law_version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.lawversion"
                    ),
                ),
            ],
            options={
                "db_table": "clock_opened",
            },
        ),
        migrations.CreateModel(
            name="Clock",
            fields=[
                ("case_kind", models.CharField(max_length=32)),
                ("case_id", models.BigIntegerField()),
                ("deadline", models.CharField(max_length=64)),
                ("received_at", models.DateTimeField()),
                ("zone", models.CharField(max_length=40)),
                ("starts_on", models.DateField()),
                ("due_on", models.DateField()),
                ("provisional", models.BooleanField()),
                ("article", models.CharField(max_length=64)),
                ("opened_at", models.DateTimeField()),
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("stopped_at", models.DateTimeField(null=True)),
                ("late", models.BooleanField(null=True)),
                (
                    "law_version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.lawversion"
                    ),
                ),
            ],
            options={
                "db_table": "clock",
                "indexes": [
                    models.Index(
                        condition=models.Q(("stopped_at__isnull", True)),
                        fields=["due_on", "id"],
                        name="clock_running_by_day",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("case_kind", "case_id", "deadline"), name="clock_once_for_each_case"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("late__isnull", True), ("stopped_at__isnull", True)),
                            models.Q(("late__isnull", False), ("stopped_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="clock_stopped_in_time_or_late",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("due_on__gte", models.F("starts_on"))), name="clock_ends_after_it_starts"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ClockTrace",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("clock_id", models.BigIntegerField()),
                ("n", models.IntegerField()),
                ("step", models.CharField(max_length=12)),
                ("at", models.DateTimeField()),
                ("starts_before", models.DateField()),
                ("starts_after", models.DateField()),
                ("due_before", models.DateField()),
                ("due_after", models.DateField()),
                ("provisional_before", models.BooleanField()),
                ("provisional_after", models.BooleanField()),
                ("late", models.BooleanField(null=True)),
                ("entry_id", models.BigIntegerField()),
                (
                    "law_after",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.lawversion"
                    ),
                ),
                (
                    "law_before",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.lawversion"
                    ),
                ),
            ],
            options={
                "db_table": "clock_trace",
                "indexes": [models.Index(fields=["entry_id"], name="clock_trace_of_entry")],
                "constraints": [
                    models.UniqueConstraint(fields=("clock_id", "n"), name="clock_trace_in_order"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("late__isnull", False), ("step", "stopped")),
                            models.Q(("late__isnull", True), ("step", "recomputed")),
                            _connector="OR",
                        ),
                        name="clock_trace_step_known",
                    ),
                ],
            },
        ),
    ]
