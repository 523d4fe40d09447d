"""Which entries of the ledger answer which question, so that its organisation finds its receipts again."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("disclosure", "0003_case_party")]
    operations = [
        migrations.CreateModel(
            name="AskedQuestion",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("organisation_id", models.BigIntegerField()),
                ("account_id", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                ("matter", models.CharField(max_length=64)),
                ("case_digest", models.CharField(max_length=80)),
                ("granted", models.IntegerField()),
                ("empty", models.IntegerField()),
                ("refused", models.IntegerField()),
                (
                    "entries",
                    django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None),
                ),
                ("batch", models.BigIntegerField(null=True)),
            ],
            options={
                "db_table": "asked_question",
                "indexes": [
                    models.Index(fields=["organisation_id", "-at", "-id"], name="asked_question_newest"),
                    models.Index(fields=["at"], name="asked_question_age"),
                ],
            },
        ),
    ]
