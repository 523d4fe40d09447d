"""The tables of the log, local to the node that seals."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_law_version")]
    operations = [
        migrations.CreateModel(
            name="LedgerEntry",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("bytes", models.BinaryField()),
            ],
            options={"db_table": "ledger_entry"},
        ),
        migrations.CreateModel(
            name="LedgerBody",
            fields=[
                ("entry_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("tag", models.BinaryField(null=True)),
                ("seq", models.BigIntegerField(null=True)),
                ("sealed", models.BinaryField()),
                ("salt", models.BinaryField()),
            ],
            options={
                "db_table": "ledger_body",
                "constraints": [models.UniqueConstraint(fields=("tag", "seq"), name="ledger_body_one_chain")],
            },
        ),
        migrations.CreateModel(
            name="LedgerPending",
            fields=[("entry_id", models.BigIntegerField(primary_key=True, serialize=False))],
            options={"db_table": "ledger_pending"},
        ),
        migrations.CreateModel(
            name="LedgerLeaf",
            fields=[
                ("index", models.BigIntegerField(primary_key=True, serialize=False)),
                ("entry_id", models.BigIntegerField(unique=True)),
                ("hash", models.BinaryField()),
            ],
            options={"db_table": "ledger_leaf"},
        ),
        migrations.CreateModel(
            name="LedgerNode",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey("level", "index", blank=True, editable=False, primary_key=True, serialize=False),
                ),
                ("level", models.SmallIntegerField()),
                ("index", models.BigIntegerField()),
                ("hash", models.BinaryField()),
            ],
            options={"db_table": "ledger_node"},
        ),
        migrations.CreateModel(
            name="LedgerCheckpoint",
            fields=[
                ("size", models.BigIntegerField(primary_key=True, serialize=False)),
                ("root", models.BinaryField()),
                ("note", models.TextField()),
                ("at", models.DateTimeField()),
            ],
            options={"db_table": "ledger_checkpoint"},
        ),
        migrations.CreateModel(
            name="LedgerHead",
            fields=[
                ("tag", models.BinaryField(primary_key=True, serialize=False)),
                ("last_seq", models.BigIntegerField()),
                ("last_leaf", models.BinaryField()),
            ],
            options={"db_table": "ledger_head"},
        ),
        migrations.CreateModel(
            name="LedgerHeadSeal",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "entry_id", "chunk", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("entry_id", models.BigIntegerField()),
                ("chunk", models.IntegerField()),
                ("at", models.DateTimeField()),
                ("heads", models.BinaryField()),
            ],
            options={"db_table": "ledger_head_seal"},
        ),
        migrations.CreateModel(
            name="LedgerSealer",
            fields=[
                ("id", models.SmallIntegerField(primary_key=True, serialize=False)),
                ("signing", models.BigIntegerField(null=True)),
            ],
            options={"db_table": "ledger_sealer"},
        ),
    ]
