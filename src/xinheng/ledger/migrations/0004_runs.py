"""When the log was verified, and when each sweep ran."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0003_log_shape'),
    ]

    operations = [
        migrations.CreateModel(
            name='LedgerVerification',
            fields=[
                ('id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('at', models.DateTimeField(db_index=True)),
                ('leaves', models.BigIntegerField()),
                ('damage', models.IntegerField()),
                ('erased', models.IntegerField()),
            ],
            options={
                'db_table': 'ledger_verification',
            },
        ),
        migrations.CreateModel(
            name='SweepRun',
            fields=[
                ('name', models.CharField(max_length=100, primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
            ],
            options={
                'db_table': 'sweep_run',
            },
        ),
    ]
