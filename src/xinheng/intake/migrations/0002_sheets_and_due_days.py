"""Tables of a file, the bytes of each row in them, and the day until which a row was to be reported."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("intake", "0001_tables")]

    operations = [
        migrations.CreateModel(
            name="IntakeSheet",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("n", models.IntegerField()),
                ("name", models.CharField(blank=True, max_length=255)),
                ("shift", models.IntegerField()),
                ("header_row", models.IntegerField()),
                ("separator", models.CharField(max_length=1)),
                ("columns", models.TextField()),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="sheets", to="intake.intakebatch"
                    ),
                ),
            ],
            options={"db_table": "intake_sheet"},
        ),
        migrations.AddConstraint(
            model_name="intakesheet",
            constraint=models.UniqueConstraint(fields=("batch", "n"), name="intake_sheet_once"),
        ),
        # A row is registered by the statement that writes it: no state goes before.
        migrations.RemoveConstraint("intakerow", "intake_row_state_known"),
        migrations.AddConstraint(
            model_name="intakerow",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["waiting", "registered", "returned", "unchanged"])),
                name="intake_row_state_known",
            ),
        ),
        migrations.AddField("intakebatch", "file_size", models.BigIntegerField(default=0)),
        migrations.AddField("intakebatch", "format", models.CharField(default="text", max_length=8)),
        migrations.AddField("intakebatch", "timely", models.IntegerField(default=0)),
        migrations.AddField("intakebatch", "late", models.IntegerField(default=0)),
        migrations.AddField("intakechunk", "sheet", models.IntegerField(default=0)),
        migrations.AddField("intakechunk", "start", models.BigIntegerField(default=0)),
        migrations.AddField("intakerow", "due_on", models.DateField(null=True)),
    ]
