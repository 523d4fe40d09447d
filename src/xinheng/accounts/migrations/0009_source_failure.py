"""From which addresses somebody failed to sign in of late, as keyed digests."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0008_lost_factor'),
    ]

    operations = [
        migrations.CreateModel(
            name='SourceFailure',
            fields=[
                ('id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('source_digest', models.CharField(max_length=80)),
                ('at', models.DateTimeField(db_index=True)),
            ],
            options={
                'db_table': 'source_failure',
                'indexes': [models.Index(fields=['source_digest', 'at'], name='source_failure_recent')],
            },
        ),
    ]
