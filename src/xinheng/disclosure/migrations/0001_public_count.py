"""Counts of public answers per item and hour."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = [("store", "0001_id_sequences")]
    operations = [
        migrations.CreateModel(
            name="PublicCount",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "item_code", "hour", "shard", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("item_code", models.CharField(max_length=32)),
                ("hour", models.DateTimeField()),
                ("shard", models.SmallIntegerField()),
                ("n", models.BigIntegerField()),
                ("entry_id", models.BigIntegerField(null=True)),
            ],
            options={
                "db_table": "public_count",
                "constraints": [models.CheckConstraint(condition=models.Q(("n__gt", 0)), name="public_count_positive")],
            },
        ),
    ]
