"""The sequences of the id families."""

from django.db import migrations

FAMILIES = ("subject", "record", "version", "entry", "batch", "row", "account", "local")


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.RunSQL(
            sql=[f"CREATE SEQUENCE xh_ids_{family} AS bigint" for family in FAMILIES],
            reverse_sql=[f"DROP SEQUENCE xh_ids_{family}" for family in FAMILIES],
        )
    ]
