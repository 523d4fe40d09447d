"""What the figures of a provider are computed from, and reminders of rows that went back or wait."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_machine_clients"),
        ("intake", "0003_mending"),
    ]

    operations = [
        migrations.CreateModel(
            name="IntakeReminder",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=8)),
                ("stage", models.CharField(max_length=8)),
                ("due_on", models.DateField()),
                ("rows", models.IntegerField()),
                ("created_at", models.DateTimeField()),
                ("seen_at", models.DateTimeField(null=True)),
                ("seen_by", models.BigIntegerField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("outcome", models.CharField(blank=True, max_length=12)),
            ],
            options={
                "db_table": "intake_reminder",
            },
        ),
        migrations.AddField(
            model_name="intakebatch",
            name="complete",
            field=models.IntegerField(default=0),
        ),
        migrations.AddField(
            model_name="intakebatch",
            name="faultless",
            field=models.IntegerField(default=0),
        ),
        migrations.AddField(
            model_name="intakebatch",
            name="first_sent",
            field=models.IntegerField(default=0),
        ),
        migrations.AddField(
            model_name="intakebatch",
            name="judged",
            field=models.IntegerField(default=0),
        ),
        migrations.AddField(
            model_name="intakerow",
            name="followed_in",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddIndex(
            model_name="intakerow",
            index=models.Index(
                condition=models.Q(("followed_in__isnull", True), ("state", "returned")),
                fields=["due_on", "batch"],
                name="intake_row_not_mended",
            ),
        ),
        migrations.AddConstraint(
            model_name="intakebatch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("complete__lte", models.F("first_sent")),
                    ("judged__lte", models.F("first_sent")),
                    ("faultless__lte", models.F("judged")),
                    ("first_sent__lte", models.F("row_count")),
                ),
                name="intake_batch_shares_of_rows",
            ),
        ),
        migrations.AddField(
            model_name="intakereminder",
            name="batch",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="reminders", to="intake.intakebatch"
            ),
        ),
        migrations.AddField(
            model_name="intakereminder",
            name="provider",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.organisation"
            ),
        ),
        migrations.AddIndex(
            model_name="intakereminder",
            index=models.Index(
                condition=models.Q(("ended_at__isnull", True)),
                fields=["provider", "due_on"],
                name="intake_reminder_standing",
            ),
        ),
        migrations.AddIndex(
            model_name="intakereminder",
            index=models.Index(fields=["-created_at"], name="intake_reminder_newest"),
        ),
        migrations.AddConstraint(
            model_name="intakereminder",
            constraint=models.UniqueConstraint(
                fields=("batch", "kind", "due_on", "stage"), name="intake_reminder_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="intakereminder",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["returned", "waiting"])), name="intake_reminder_kind_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="intakereminder",
            constraint=models.CheckConstraint(
                condition=models.Q(("stage__in", ["near", "passed"])), name="intake_reminder_stage_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="intakereminder",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at__isnull", True), ("outcome", "")),
                    models.Q(("ended_at__isnull", False), ("outcome__in", ["done", "overtaken"])),
                    _connector="OR",
                ),
                name="intake_reminder_ends_with_an_outcome",
            ),
        ),
    ]
