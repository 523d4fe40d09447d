"""Systems of organisations, their tokens, and which of their requests were carried out."""


import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_session'),
    ]

    operations = [
        migrations.CreateModel(
            name='MachineClient',
            fields=[
                ('id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('client_id', models.CharField(max_length=40, unique=True)),
                ('name', models.CharField(max_length=100)),
                ('scopes', models.CharField(max_length=200)),
                ('secret_digest', models.CharField(blank=True, max_length=64)),
                ('proposed_by', models.BigIntegerField()),
                ('proposed_at', models.DateTimeField()),
                ('second_by', models.BigIntegerField(null=True)),
                ('granted_at', models.DateTimeField(null=True)),
                ('grant_entry', models.BigIntegerField(null=True)),
                ('revoked_by', models.BigIntegerField(null=True)),
                ('revoked_at', models.DateTimeField(null=True)),
                ('revoke_entry', models.BigIntegerField(null=True)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='clients', to='accounts.organisation')),
            ],
            options={
                'db_table': 'machine_client',
            },
        ),
        migrations.CreateModel(
            name='MachineRequest',
            fields=[
                ('id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('key_digest', models.CharField(max_length=80)),
                ('body_digest', models.CharField(max_length=64)),
                ('result', models.BigIntegerField()),
                ('done_at', models.DateTimeField(db_index=True)),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='requests', to='accounts.machineclient')),
            ],
            options={
                'db_table': 'machine_request',
            },
        ),
        migrations.CreateModel(
            name='MachineToken',
            fields=[
                ('id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('scopes', models.CharField(max_length=200)),
                ('expires_at', models.DateTimeField(db_index=True)),
                ('revoked_at', models.DateTimeField(null=True)),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tokens', to='accounts.machineclient')),
            ],
            options={
                'db_table': 'machine_token',
            },
        ),
        migrations.AddConstraint(
            model_name='machineclient',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('grant_entry__isnull', True), ('granted_at__isnull', True), ('second_by__isnull', True), ('secret_digest', '')), models.Q(('grant_entry__isnull', False), ('granted_at__isnull', False), ('second_by__isnull', False), models.Q(('secret_digest', ''), _negated=True)), _connector='OR'), name='machine_client_granted_whole'),
        ),
        migrations.AddConstraint(
            model_name='machineclient',
            constraint=models.CheckConstraint(condition=models.Q(('second_by__isnull', True), models.Q(('second_by', models.F('proposed_by')), _negated=True), _connector='OR'), name='machine_client_two_persons'),
        ),
        migrations.AddConstraint(
            model_name='machineclient',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('revoke_entry__isnull', True), ('revoked_at__isnull', True), ('revoked_by__isnull', True)), models.Q(('revoke_entry__isnull', False), ('revoked_at__isnull', False), ('revoked_by__isnull', False)), _connector='OR'), name='machine_client_revoked_whole'),
        ),
        migrations.AddConstraint(
            model_name='machinerequest',
            constraint=models.UniqueConstraint(fields=('client', 'key_digest'), name='machine_request_once'),
        ),
    ]
