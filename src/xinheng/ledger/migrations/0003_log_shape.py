"""Lengths of hashes, salts and tags; room on the pages of rows that are updated, early cleaning of the queue."""

from django.db import migrations

CHECKS = {
    "ledger_body": {"salt": "octet_length(salt) = 32", "chain": "(tag IS NULL) = (seq IS NULL) AND octet_length(tag) = 16"},
    "ledger_leaf": {"hash": "octet_length(hash) = 32", "index": "index >= 0"},
    "ledger_node": {"hash": "octet_length(hash) = 32"},
    "ledger_checkpoint": {"root": "octet_length(root) = 32"},
    "ledger_head": {"leaf": "octet_length(tag) = 16 AND octet_length(last_leaf) = 32 AND last_seq > 0"},
    "ledger_sealer": {"one": "id = 1"},
}


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_log")]
    operations = [
        migrations.RunSQL(
            sql=[
                f"ALTER TABLE {table} ADD CONSTRAINT {table}_{name} CHECK ({check})"
                for table, checks in CHECKS.items()
                for name, check in checks.items()
            ],
            reverse_sql=[
                f"ALTER TABLE {table} DROP CONSTRAINT {table}_{name}" for table, checks in CHECKS.items() for name in checks
            ],
        ),
        migrations.RunSQL(
            sql=[
                "ALTER TABLE ledger_head SET (fillfactor = 70)",
                "ALTER TABLE ledger_pending SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000)",
            ],
            reverse_sql=["ALTER TABLE ledger_head RESET (fillfactor)", "ALTER TABLE ledger_pending RESET"
                         " (autovacuum_vacuum_scale_factor, autovacuum_vacuum_threshold)"],
        ),
    ]
