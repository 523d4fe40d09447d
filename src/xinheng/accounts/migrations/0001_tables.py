"""Organisations, powers, accounts, roles and attempts to sign in."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ("store", "0001_id_sequences"),
    ]

    operations = [
        migrations.CreateModel(
            name='Organisation',
            fields=[
                ('id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('code', models.CharField(max_length=64, unique=True)),
                ('name_zh', models.CharField(max_length=200)),
                ('name_en', models.CharField(blank=True, max_length=200)),
                ('uscc', models.CharField(blank=True, max_length=18)),
                ('kind', models.CharField(max_length=40)),
                ('level', models.CharField(max_length=20)),
                ('sector', models.CharField(blank=True, max_length=64)),
                ('active', models.BooleanField(default=True)),
            ],
            options={
                'db_table': 'organisation',
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['state_organ', 'authorised_organisation', 'peoples_organisation', 'public_service_enterprise', 'credit_service_institution', 'association', 'chamber', 'enterprise'])), name='organisation_kind_known'), models.UniqueConstraint(condition=models.Q(('uscc', ''), _negated=True), fields=('uscc',), name='organisation_uscc_once')],
            },
        ),
        migrations.CreateModel(
            name='Account',
            fields=[
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('username', models.CharField(max_length=64, unique=True)),
                ('department', models.CharField(blank=True, max_length=100)),
                ('staff_number', models.CharField(blank=True, max_length=40)),
                ('display_name', models.CharField(blank=True, max_length=100)),
                ('is_active', models.BooleanField(default=True)),
                ('language', models.CharField(default='zh-hans', max_length=10)),
                ('organisation', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='accounts', to='accounts.organisation')),
            ],
            options={
                'db_table': 'account',
            },
        ),
        migrations.CreateModel(
            name='SignInAttempt',
            fields=[
                ('id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('username_digest', models.CharField(max_length=80)),
                ('at', models.DateTimeField()),
                ('succeeded', models.BooleanField()),
            ],
            options={
                'db_table': 'sign_in_attempt',
                'indexes': [models.Index(fields=['username_digest', 'at'], name='sign_in_attempt_recent')],
            },
        ),
        migrations.CreateModel(
            name='AccountRole',
            fields=[
                ('id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('role', models.CharField(max_length=20)),
                ('granted_by', models.BigIntegerField(null=True)),
                ('second_by', models.BigIntegerField(null=True)),
                ('granted_at', models.DateTimeField()),
                ('entry_id', models.BigIntegerField()),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='roles', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'account_role',
                'constraints': [models.UniqueConstraint(fields=('account', 'role'), name='account_role_once'), models.CheckConstraint(condition=models.Q(('role__in', ['collector', 'reviewer', 'querier', 'operator', 'auditor', 'administrator', 'supervisor', 'subject'])), name='account_role_known'), models.CheckConstraint(condition=models.Q(('second_by__isnull', True), models.Q(('granted_by__isnull', False), models.Q(('second_by', models.F('granted_by')), _negated=True)), _connector='OR'), name='account_role_two_persons')],
            },
        ),
        migrations.CreateModel(
            name='OrganisationPower',
            fields=[
                ('id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('power', models.CharField(max_length=64)),
                ('level', models.CharField(max_length=20)),
                ('article', models.CharField(max_length=64)),
                ('active', models.BooleanField(default=True)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='powers', to='accounts.organisation')),
            ],
            options={
                'db_table': 'organisation_power',
                'constraints': [models.UniqueConstraint(fields=('organisation', 'power'), name='organisation_power_once'), models.CheckConstraint(condition=models.Q(('article', ''), _negated=True), name='organisation_power_cites')],
            },
        ),
    ]
