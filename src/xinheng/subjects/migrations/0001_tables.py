"""Subjects, keys, identities, names and accounts that stand for subjects."""

import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ("store", "0001_id_sequences"),
        ('ledger', '0001_law_version'),
    ]

    operations = [
        migrations.RunSQL("CREATE EXTENSION IF NOT EXISTS pg_trgm", migrations.RunSQL.noop),
        migrations.CreateModel(
            name='AccountSubject',
            fields=[
                ('account_id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('subject_id', models.BigIntegerField()),
            ],
            options={
                'db_table': 'account_subject',
            },
        ),
        migrations.CreateModel(
            name='SubjectKey',
            fields=[
                ('key', models.CharField(max_length=100, primary_key=True, serialize=False)),
                ('subject_id', models.BigIntegerField()),
            ],
            options={
                'db_table': 'subject_key',
            },
        ),
        migrations.CreateModel(
            name='Subject',
            fields=[
                ('id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=24)),
                ('name', models.CharField(blank=True, max_length=200)),
                ('code', models.CharField(blank=True, max_length=18)),
                ('name_key', models.CharField(blank=True, max_length=800)),
                ('tag', models.BinaryField(max_length=16)),
                ('frozen', models.BooleanField(default=False)),
                ('created_at', models.DateTimeField()),
                ('law_version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.lawversion')),
            ],
            options={
                'db_table': 'subject',
            },
        ),
        migrations.CreateModel(
            name='SubjectAccount',
            fields=[
                ('pk', models.CompositePrimaryKey('subject_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('id', models.BigIntegerField()),
                ('account_id', models.BigIntegerField()),
                ('capacity', models.CharField(max_length=16)),
                ('from_at', models.DateTimeField()),
                ('until_at', models.DateTimeField(null=True)),
                ('subject', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='accounts', to='subjects.subject')),
            ],
            options={
                'db_table': 'subject_account',
            },
        ),
        migrations.CreateModel(
            name='SubjectIdentity',
            fields=[
                ('pk', models.CompositePrimaryKey('subject_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('id', models.BigIntegerField()),
                ('kind', models.CharField(max_length=8)),
                ('sealed', models.BinaryField()),
                ('subject', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='identities', to='subjects.subject')),
            ],
            options={
                'db_table': 'subject_identity',
            },
        ),
        migrations.CreateModel(
            name='SubjectName',
            fields=[
                ('pk', models.CompositePrimaryKey('subject_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('id', models.BigIntegerField()),
                ('subject_kind', models.CharField(max_length=24)),
                ('name', models.CharField(max_length=200)),
                ('from_on', models.DateField()),
                ('until_on', models.DateField(null=True)),
                ('source', models.CharField(blank=True, max_length=100)),
                ('subject', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='names', to='subjects.subject')),
            ],
            options={
                'db_table': 'subject_name',
            },
        ),
        migrations.AddIndex(
            model_name='subject',
            index=django.contrib.postgres.indexes.GinIndex(condition=models.Q(('kind', 'natural_person'), _negated=True), fields=['name'], name='subject_name_trigram', opclasses=['gin_trgm_ops']),
        ),
        migrations.AddConstraint(
            model_name='subject',
            constraint=models.UniqueConstraint(fields=('id', 'kind'), name='subject_id_kind'),
        ),
        migrations.AddConstraint(
            model_name='subject',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['natural_person', 'legal_person', 'unincorporated', 'individual_business'])), name='subject_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='subject',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'natural_person'), _negated=True), models.Q(('code', ''), ('name', ''), ('name_key', '')), _connector='OR'), name='subject_person_has_no_open_name'),
        ),
        migrations.AddConstraint(
            model_name='subject',
            constraint=models.CheckConstraint(condition=models.Q(('kind', 'natural_person'), models.Q(('code', ''), _negated=True), _connector='OR'), name='subject_organisation_has_code'),
        ),
        migrations.AddIndex(
            model_name='subjectaccount',
            index=models.Index(fields=['account_id'], name='subject_account_of'),
        ),
        migrations.AddConstraint(
            model_name='subjectaccount',
            constraint=models.CheckConstraint(condition=models.Q(('capacity__in', ['self', 'representative', 'agent', 'guardian'])), name='subject_account_capacity_known'),
        ),
        migrations.AddConstraint(
            model_name='subjectaccount',
            constraint=models.UniqueConstraint(condition=models.Q(('until_at__isnull', True)), fields=('subject', 'account_id', 'capacity'), name='subject_account_once'),
        ),
        migrations.AddConstraint(
            model_name='subjectidentity',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['id', 'doc', 'name'])), name='subject_identity_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='subjectname',
            constraint=models.CheckConstraint(condition=models.Q(('subject_kind', 'natural_person'), _negated=True), name='subject_name_organisations_only'),
        ),
        migrations.AddConstraint(
            model_name='subjectname',
            constraint=models.CheckConstraint(condition=models.Q(('until_on__isnull', True), ('until_on__gt', models.F('from_on')), _connector='OR'), name='subject_name_half_open'),
        ),
        # A name in the open belongs to an organisation: the kind is the subject's own.
        migrations.RunSQL(
            "ALTER TABLE subject_name ADD CONSTRAINT subject_name_of_its_kind"
            " FOREIGN KEY (subject_id, subject_kind) REFERENCES subject (id, kind)",
            "ALTER TABLE subject_name DROP CONSTRAINT subject_name_of_its_kind",
        ),
    ]
