"""Batches received before their quality was counted: every row that went back or waited counts against them.

What each of their rows lacked stands in its findings, but which of them came again is not known any more.
"""

from django.db import migrations

FILL = """
UPDATE intake_batch SET
    first_sent = row_count - unchanged,
    judged = row_count - unchanged,
    faultless = accepted,
    complete = row_count - unchanged - (
        SELECT count(DISTINCT r.id) FROM intake_row r JOIN intake_finding f ON f.row_id = r.id
        WHERE r.batch_id = intake_batch.id AND r.verdict <> 'accept' AND f.code IN (
            'required_missing', 'document_missing', 'subject_unidentified', 'code_placeholder', 'placeholder'
        )
    )
WHERE first_sent = 0
"""


class Migration(migrations.Migration):
    dependencies = [("intake", "0004_quality")]

    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
