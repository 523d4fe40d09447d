"""Instruments on their way, their texts and steps, the opinions received."""

import django.db.models.deletion
from django.db import migrations, models

STATES = ["draft", "consulting", "answering", "submitted", "approved", "published", "abandoned"]
CHANGES = ["enact", "amend", "retire"]
ACTS = [
    *("drafted", "revised", "cosigned", "consulted", "heard", "opinion_received", "opinion_answered"),
    *("opinion_erased", "closed", "reopened", "submitted", "returned", "approved", "published", "abandoned"),
]


class Migration(migrations.Migration):
    initial = True
    dependencies = [("accounts", "0001_tables"), ("store", "0001_id_sequences")]
    operations = [
        migrations.CreateModel(
            name="Norm",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=32)),
                ("code", models.CharField(max_length=32)),
                ("change", models.CharField(max_length=8)),
                ("state", models.CharField(max_length=12)),
                ("opened_at", models.DateTimeField()),
                ("effective_from", models.DateField(null=True)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.organisation"
                    ),
                ),
            ],
            options={
                "db_table": "norm",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("state__in", STATES)), name="norm_state_known"),
                    models.CheckConstraint(condition=models.Q(("change__in", CHANGES)), name="norm_change_known"),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["published", "abandoned"]), _negated=True),
                        fields=("kind", "code"),
                        name="norm_one_on_its_way",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="NormText",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("n", models.IntegerField()),
                ("text", models.TextField()),
                ("sha256", models.CharField(max_length=64)),
                (
                    "norm",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="texts", to="norms.norm"
                    ),
                ),
            ],
            options={
                "db_table": "norm_text",
                "constraints": [models.UniqueConstraint(fields=("norm", "n"), name="norm_text_once")],
            },
        ),
        migrations.CreateModel(
            name="NormEvent",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("n", models.IntegerField()),
                ("act", models.CharField(max_length=20)),
                ("at", models.DateTimeField()),
                ("fields", models.TextField()),
                ("entry_id", models.BigIntegerField()),
                (
                    "norm",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="events", to="norms.norm"
                    ),
                ),
                (
                    "account",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.account",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organisation",
                    ),
                ),
            ],
            options={
                "db_table": "norm_event",
                "constraints": [
                    models.UniqueConstraint(fields=("norm", "n"), name="norm_event_once"),
                    models.CheckConstraint(condition=models.Q(("act__in", ACTS)), name="norm_event_act_known"),
                ],
            },
        ),
        migrations.CreateModel(
            name="NormOpinion",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("group", models.CharField(max_length=24)),
                ("sealed", models.BinaryField()),
                ("salt", models.BinaryField(max_length=32)),
                (
                    "norm",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="opinions", to="norms.norm"
                    ),
                ),
            ],
            options={"db_table": "norm_opinion"},
        ),
    ]
