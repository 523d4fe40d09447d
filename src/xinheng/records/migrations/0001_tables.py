"""Record, its history, its content and the look-up of natural keys."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ("store", "0001_id_sequences"),
        ('accounts', '0001_tables'),
        ('catalog', '0001_items'),
        ('ledger', '0001_law_version'),
        ('subjects', '0001_tables'),
    ]

    operations = [
        migrations.CreateModel(
            name='RecordKey',
            fields=[
                ('key', models.CharField(max_length=100, primary_key=True, serialize=False)),
                ('subject_id', models.BigIntegerField()),
                ('record_id', models.BigIntegerField()),
            ],
            options={
                'db_table': 'record_key',
            },
        ),
        migrations.CreateModel(
            name='Record',
            fields=[
                ('subject_kind', models.CharField(max_length=24)),
                ('item_code', models.CharField(max_length=32)),
                ('batch_id', models.BigIntegerField()),
                ('row', models.IntegerField()),
                ('registered_at', models.DateTimeField()),
                ('decided_on', models.DateField()),
                ('state', models.CharField(max_length=12)),
                ('publicity_from', models.DateField(null=True)),
                ('publicity_until', models.DateField(null=True)),
                ('use_until', models.DateField(null=True)),
                ('retention_until', models.DateField(null=True)),
                ('severity', models.CharField(blank=True, max_length=16)),
                ('severity_suggested', models.BooleanField(default=False)),
                ('disputed', models.BooleanField(default=False)),
                ('as_minor', models.BooleanField(default=False)),
                ('person_statute', models.CharField(blank=True, max_length=64)),
                ('cause', models.CharField(blank=True, max_length=64)),
                ('content_id', models.BigIntegerField()),
                ('content_commit', models.BinaryField(max_length=32)),
                ('pk', models.CompositePrimaryKey('subject_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('id', models.BigIntegerField()),
                ('version_n', models.IntegerField()),
                ('item_version', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.catalogitemversion')),
                ('law_version', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.lawversion')),
                ('provider', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation')),
                ('subject', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='subjects.subject')),
            ],
            options={
                'db_table': 'record',
            },
        ),
        migrations.CreateModel(
            name='RecordVersion',
            fields=[
                ('subject_kind', models.CharField(max_length=24)),
                ('item_code', models.CharField(max_length=32)),
                ('batch_id', models.BigIntegerField()),
                ('row', models.IntegerField()),
                ('registered_at', models.DateTimeField()),
                ('decided_on', models.DateField()),
                ('state', models.CharField(max_length=12)),
                ('publicity_from', models.DateField(null=True)),
                ('publicity_until', models.DateField(null=True)),
                ('use_until', models.DateField(null=True)),
                ('retention_until', models.DateField(null=True)),
                ('severity', models.CharField(blank=True, max_length=16)),
                ('severity_suggested', models.BooleanField(default=False)),
                ('disputed', models.BooleanField(default=False)),
                ('as_minor', models.BooleanField(default=False)),
                ('person_statute', models.CharField(blank=True, max_length=64)),
                ('cause', models.CharField(blank=True, max_length=64)),
                ('content_id', models.BigIntegerField()),
                ('content_commit', models.BinaryField(max_length=32)),
                ('pk', models.CompositePrimaryKey('subject_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('id', models.BigIntegerField()),
                ('record_id', models.BigIntegerField()),
                ('n', models.IntegerField()),
                ('act', models.CharField(max_length=12)),
                ('at', models.DateTimeField()),
                ('actor', models.CharField(max_length=100)),
                ('organisation', models.CharField(max_length=64)),
                ('reason', models.TextField(blank=True)),
                ('article', models.CharField(max_length=64)),
                ('entry_id', models.BigIntegerField()),
                ('item_version', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.catalogitemversion')),
                ('law_version', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.lawversion')),
                ('provider', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation')),
                ('record', models.ForeignObject(from_fields=['subject_id', 'record_id'], on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='records.record', to_fields=['subject_id', 'id'])),
                ('subject', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='subjects.subject')),
            ],
            options={
                'db_table': 'record_version',
            },
        ),
        migrations.CreateModel(
            name='RecordContent',
            fields=[
                ('pk', models.CompositePrimaryKey('subject_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('id', models.BigIntegerField()),
                ('record_id', models.BigIntegerField()),
                ('body', models.TextField()),
                ('personal', models.BinaryField(null=True)),
                ('salt', models.BinaryField(max_length=32)),
                ('subject', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='subjects.subject')),
                ('version', models.ForeignObject(from_fields=['subject_id', 'id'], on_delete=django.db.models.deletion.PROTECT, related_name='content', to='records.recordversion', to_fields=['subject_id', 'id'])),
            ],
            options={
                'db_table': 'record_content',
            },
        ),
        migrations.AddIndex(
            model_name='record',
            index=models.Index(condition=models.Q(('publicity_from__isnull', False)), fields=['item_code', 'publicity_from', 'id'], name='record_public_list'),
        ),
        migrations.AddIndex(
            model_name='record',
            index=models.Index(condition=models.Q(('state__in', ['active', 'corrected'])), fields=['use_until'], name='record_use_end'),
        ),
        migrations.AddIndex(
            model_name='record',
            index=models.Index(condition=models.Q(('state', 'erased'), _negated=True), fields=['retention_until'], name='record_retention_end'),
        ),
        migrations.AddConstraint(
            model_name='record',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['active', 'corrected', 'withdrawn', 'repaired', 'expired', 'erased'])), name='record_state_known'),
        ),
        migrations.AddConstraint(
            model_name='record',
            constraint=models.CheckConstraint(condition=models.Q(('publicity_until__isnull', True), models.Q(('publicity_from__isnull', False), ('publicity_until__gt', models.F('publicity_from'))), _connector='OR'), name='record_publicity_half_open'),
        ),
        migrations.AddConstraint(
            model_name='record',
            constraint=models.CheckConstraint(condition=models.Q(('publicity_from__isnull', True), ('state__in', ['active', 'corrected']), _connector='OR'), name='record_public_while_live'),
        ),
        migrations.AddConstraint(
            model_name='record',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('subject_kind', 'natural_person'), _negated=True), ('publicity_from__isnull', True), models.Q(models.Q(('person_statute', ''), _negated=True), ('as_minor', False)), _connector='OR'), name='record_person_public_by_statute'),
        ),
        migrations.AddIndex(
            model_name='recordversion',
            index=models.Index(fields=['entry_id'], name='record_version_entry'),
        ),
        migrations.AddConstraint(
            model_name='recordversion',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['active', 'corrected', 'withdrawn', 'repaired', 'expired', 'erased'])), name='record_version_state_known'),
        ),
        migrations.AddConstraint(
            model_name='recordversion',
            constraint=models.CheckConstraint(condition=models.Q(('publicity_until__isnull', True), models.Q(('publicity_from__isnull', False), ('publicity_until__gt', models.F('publicity_from'))), _connector='OR'), name='record_version_publicity_half_open'),
        ),
        migrations.AddConstraint(
            model_name='recordversion',
            constraint=models.CheckConstraint(condition=models.Q(('publicity_from__isnull', True), ('state__in', ['active', 'corrected']), _connector='OR'), name='record_version_public_while_live'),
        ),
        migrations.AddConstraint(
            model_name='recordversion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('subject_kind', 'natural_person'), _negated=True), ('publicity_from__isnull', True), models.Q(models.Q(('person_statute', ''), _negated=True), ('as_minor', False)), _connector='OR'), name='record_version_person_public_by_statute'),
        ),
        migrations.AddConstraint(
            model_name='recordversion',
            constraint=models.CheckConstraint(condition=models.Q(('act__in', ['registered', 'corrected', 'withdrawn', 'expired', 'erased'])), name='record_version_act_known'),
        ),
        migrations.AddConstraint(
            model_name='recordversion',
            constraint=models.CheckConstraint(condition=models.Q(('act', 'registered'), models.Q(('reason', ''), _negated=True), _connector='OR'), name='record_version_reasoned'),
        ),
        migrations.AddConstraint(
            model_name='recordversion',
            constraint=models.UniqueConstraint(fields=('subject', 'record_id', 'n'), name='record_version_n_once'),
        ),
        migrations.AddIndex(
            model_name='recordcontent',
            index=models.Index(fields=['subject', 'record_id'], name='record_content_record'),
        ),
        # Every row below is of one subject: foreign keys lead with subject_id. The kind is the subject's own.
        migrations.RunSQL(
            "ALTER TABLE record ADD CONSTRAINT record_subject_kind"
            " FOREIGN KEY (subject_id, subject_kind) REFERENCES subject (id, kind)",
            "ALTER TABLE record DROP CONSTRAINT record_subject_kind",
        ),
        migrations.RunSQL(
            "ALTER TABLE record_version ADD CONSTRAINT record_version_record"
            " FOREIGN KEY (subject_id, record_id) REFERENCES record (subject_id, id)",
            "ALTER TABLE record_version DROP CONSTRAINT record_version_record",
        ),
        migrations.RunSQL(
            "ALTER TABLE record_content ADD CONSTRAINT record_content_version"
            " FOREIGN KEY (subject_id, id) REFERENCES record_version (subject_id, id)",
            "ALTER TABLE record_content DROP CONSTRAINT record_content_version",
        ),
    ]
