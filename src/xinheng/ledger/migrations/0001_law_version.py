"""The law packs as they were loaded."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = [("store", "0001_id_sequences")]
    operations = [
        migrations.CreateModel(
            name="LawVersion",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("pack", models.CharField(max_length=64)),
                ("version", models.CharField(max_length=32)),
                ("hash", models.CharField(max_length=12)),
                ("label", models.CharField(max_length=120, unique=True)),
                ("loaded_at", models.DateTimeField()),
            ],
            options={"db_table": "law_version"},
        ),
    ]
