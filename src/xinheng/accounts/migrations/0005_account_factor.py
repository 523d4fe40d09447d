"""Authenticators of accounts, the second step of sign-in."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0004_grants'),
    ]

    operations = [
        migrations.CreateModel(
            name='AccountFactor',
            fields=[
                ('id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('sealed', models.BinaryField()),
                ('begun_at', models.DateTimeField()),
                ('confirmed_at', models.DateTimeField(null=True)),
                ('last_step', models.BigIntegerField(default=0)),
                ('recovery', models.TextField(blank=True)),
                ('entry_id', models.BigIntegerField(null=True)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='factors', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'account_factor',
                'constraints': [models.UniqueConstraint(condition=models.Q(('confirmed_at__isnull', False)), fields=('account',), name='account_factor_one_in_use'), models.UniqueConstraint(condition=models.Q(('confirmed_at__isnull', True)), fields=('account',), name='account_factor_one_offered'), models.CheckConstraint(condition=models.Q(models.Q(('confirmed_at__isnull', True), ('entry_id__isnull', True)), models.Q(('confirmed_at__isnull', False), ('entry_id__isnull', False)), _connector='OR'), name='account_factor_confirmed_whole')],
            },
        ),
    ]
