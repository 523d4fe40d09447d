"""Who was listed as party of which case, by digests only: the bound of persons holds for the case."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("disclosure", "0002_query_lines")]
    operations = [
        migrations.CreateModel(
            name="CaseParty",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "organisation_id",
                        "matter",
                        "case_digest",
                        "party_digest",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("organisation_id", models.BigIntegerField()),
                ("matter", models.CharField(max_length=64)),
                ("case_digest", models.CharField(max_length=80)),
                ("party_digest", models.CharField(max_length=80)),
                ("first_entry", models.BigIntegerField()),
                ("at", models.DateTimeField()),
            ],
            options={
                "db_table": "case_party",
                "indexes": [models.Index(fields=["at"], name="case_party_age")],
            },
        ),
    ]
