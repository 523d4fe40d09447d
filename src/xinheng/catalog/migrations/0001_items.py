"""Items and their versions."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = [("ledger", "0001_law_version"), ("store", "0001_id_sequences")]
    operations = [
        migrations.CreateModel(
            name="CatalogItem",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("code", models.CharField(max_length=64, unique=True)),
                ("level", models.CharField(max_length=16)),
            ],
            options={"db_table": "catalog_item"},
        ),
        migrations.CreateModel(
            name="CatalogItemVersion",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("valid_from", models.DateField()),
                ("valid_until", models.DateField(null=True)),
                ("sha256", models.CharField(max_length=64)),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="versions", to="catalog.catalogitem"
                    ),
                ),
                (
                    "law_version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.lawversion"
                    ),
                ),
            ],
            options={
                "db_table": "catalog_item_version",
                "constraints": [
                    models.UniqueConstraint(fields=("item", "valid_from", "sha256"), name="catalog_item_version_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_until__isnull", True),
                            ("valid_until__gt", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="catalog_item_version_period",
                    ),
                ],
            },
        ),
    ]
