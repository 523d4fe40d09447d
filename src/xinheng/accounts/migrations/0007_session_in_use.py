"""When a session began, when it was last used, and on what kind of device."""

import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0006_one_time_password'),
    ]

    operations = [
        migrations.AddField(
            model_name='session',
            name='device',
            field=models.CharField(blank=True, default='', max_length=40),
        ),
        migrations.AddField(
            model_name='session',
            name='seen_at',
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
        ),
        migrations.AddField(
            model_name='session',
            name='started_at',
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
        ),
        migrations.AlterField(
            model_name='session',
            name='account_id',
            field=models.BigIntegerField(db_index=True, null=True),
        ),
    ]
