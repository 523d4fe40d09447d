"""That accounts were verified: by whom, at which level, when."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('subjects', '0001_tables'),
    ]

    operations = [
        migrations.CreateModel(
            name='SubjectVerification',
            fields=[
                ('id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('account_id', models.BigIntegerField(db_index=True)),
                ('verifier', models.CharField(max_length=200)),
                ('holder_digest', models.CharField(db_index=True, max_length=80)),
                ('scheme', models.CharField(max_length=8)),
                ('level', models.CharField(max_length=200)),
                ('at', models.DateTimeField()),
                ('subject_id', models.BigIntegerField(null=True)),
            ],
            options={
                'db_table': 'subject_verification',
            },
        ),
    ]
