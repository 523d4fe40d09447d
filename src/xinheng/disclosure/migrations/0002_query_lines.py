"""Lines of the log of queries, their reviews, and how far the log was read."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('disclosure', '0001_public_count'),
    ]

    operations = [
        migrations.CreateModel(
            name='QueryMark',
            fields=[
                ('id', models.SmallIntegerField(primary_key=True, serialize=False)),
                ('leaf', models.BigIntegerField()),
            ],
            options={
                'db_table': 'query_mark',
            },
        ),
        migrations.CreateModel(
            name='QueryReview',
            fields=[
                ('entry_id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('line_id', models.BigIntegerField(db_index=True)),
                ('account_id', models.BigIntegerField(null=True)),
                ('at', models.DateTimeField()),
            ],
            options={
                'db_table': 'query_review',
            },
        ),
        migrations.CreateModel(
            name='QueryLine',
            fields=[
                ('entry_id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('leaf', models.BigIntegerField(unique=True)),
                ('at', models.DateTimeField()),
                ('ground', models.CharField(max_length=16)),
                ('organisation_id', models.BigIntegerField(null=True)),
                ('account_id', models.BigIntegerField(null=True)),
                ('channel', models.CharField(max_length=16)),
                ('matter', models.CharField(max_length=64)),
                ('case_digest', models.CharField(max_length=80)),
                ('case_sealed', models.BinaryField(null=True)),
                ('result', models.CharField(max_length=16)),
                ('reason', models.CharField(max_length=64)),
                ('article', models.CharField(max_length=64)),
                ('person', models.BooleanField()),
                ('items', models.IntegerField()),
                ('records', models.IntegerField()),
                ('withheld', models.IntegerField()),
                ('subject_tag', models.BinaryField(null=True)),
                ('asked', models.CharField(max_length=80)),
                ('flags', models.CharField(max_length=200)),
                ('stage', models.SmallIntegerField()),
            ],
            options={
                'db_table': 'query_line',
                'indexes': [models.Index(fields=['stage', 'leaf'], name='query_line_unusual_first'), models.Index(fields=['at'], name='query_line_at'), models.Index(fields=['organisation_id', 'leaf'], name='query_line_of_organisation'), models.Index(fields=['account_id', 'at'], name='query_line_of_account'), models.Index(fields=['case_digest', 'leaf'], name='query_line_of_case'), models.Index(condition=models.Q(('subject_tag', None), _negated=True), fields=['subject_tag', 'leaf'], name='query_line_of_subject'), models.Index(condition=models.Q(('asked', ''), _negated=True), fields=['asked'], name='query_line_of_asked')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('flags', ''), ('stage', 0)), models.Q(('stage__in', [1, 2]), models.Q(('flags', ''), _negated=True)), _connector='OR'), name='query_line_stage')],
            },
        ),
    ]
