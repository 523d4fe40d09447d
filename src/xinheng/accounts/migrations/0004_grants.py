"""Proposals of rights, and the ends of roles and powers: each unique only while it runs."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_machine_clients'),
    ]

    operations = [
        migrations.CreateModel(
            name='GrantProposal',
            fields=[
                ('id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=20)),
                ('what', models.CharField(blank=True, max_length=64)),
                ('level', models.CharField(blank=True, max_length=20)),
                ('article', models.CharField(blank=True, max_length=64)),
                ('reason', models.CharField(max_length=500)),
                ('proposed_by', models.BigIntegerField()),
                ('proposed_at', models.DateTimeField()),
                ('second_by', models.BigIntegerField(null=True)),
                ('decided_at', models.DateTimeField(null=True)),
                ('decision', models.CharField(blank=True, max_length=20)),
                ('refusal', models.CharField(blank=True, max_length=500)),
                ('entry_id', models.BigIntegerField(null=True)),
            ],
            options={
                'db_table': 'grant_proposal',
            },
        ),
        migrations.RemoveConstraint(
            model_name='accountrole',
            name='account_role_once',
        ),
        migrations.RemoveConstraint(
            model_name='organisationpower',
            name='organisation_power_once',
        ),
        migrations.AddField(
            model_name='accountrole',
            name='end_entry',
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='accountrole',
            name='end_reason',
            field=models.CharField(blank=True, max_length=500),
        ),
        migrations.AddField(
            model_name='accountrole',
            name='ended_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='accountrole',
            name='ended_by',
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='organisationpower',
            name='end_entry',
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='organisationpower',
            name='end_reason',
            field=models.CharField(blank=True, max_length=500),
        ),
        migrations.AddField(
            model_name='organisationpower',
            name='ended_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='organisationpower',
            name='ended_by',
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='organisationpower',
            name='entry_id',
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddConstraint(
            model_name='accountrole',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('account', 'role'), name='account_role_once'),
        ),
        migrations.AddConstraint(
            model_name='accountrole',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('end_entry__isnull', True), ('end_reason', ''), ('ended_at__isnull', True), ('ended_by__isnull', True)), models.Q(('end_entry__isnull', False), ('ended_at__isnull', False), ('ended_by__isnull', False), models.Q(('end_reason', ''), _negated=True)), _connector='OR'), name='account_role_ended_whole'),
        ),
        migrations.AddConstraint(
            model_name='organisationpower',
            constraint=models.UniqueConstraint(condition=models.Q(('active', True)), fields=('organisation', 'power'), name='organisation_power_once'),
        ),
        migrations.AddConstraint(
            model_name='organisationpower',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('active', True), ('end_entry__isnull', True), ('end_reason', ''), ('ended_at__isnull', True), ('ended_by__isnull', True)), models.Q(('active', False), ('end_entry__isnull', False), ('ended_at__isnull', False), ('ended_by__isnull', False), models.Q(('end_reason', ''), _negated=True)), _connector='OR'), name='organisation_power_ended_whole'),
        ),
        migrations.AddField(
            model_name='grantproposal',
            name='account',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='proposals', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='grantproposal',
            name='organisation',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='proposals', to='accounts.organisation'),
        ),
        migrations.AddConstraint(
            model_name='grantproposal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('account__isnull', False), ('organisation__isnull', True), ('kind', 'role'), models.Q(('what', ''), _negated=True)), models.Q(('account__isnull', False), ('organisation__isnull', True), ('kind', 'account'), ('what', '')), models.Q(('account__isnull', True), ('organisation__isnull', False), ('kind', 'power'), models.Q(('what', ''), _negated=True), models.Q(('article', ''), _negated=True)), models.Q(('account__isnull', True), ('organisation__isnull', False), ('kind', 'organisation'), ('what', '')), _connector='OR'), name='grant_proposal_of_one_thing'),
        ),
        migrations.AddConstraint(
            model_name='grantproposal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('decision', ''), ('refusal', ''), ('entry_id__isnull', True), ('second_by__isnull', True)), models.Q(('decided_at__isnull', False), ('decision', 'withdrawn'), ('refusal', ''), ('entry_id__isnull', True), ('second_by__isnull', True)), models.Q(('decided_at__isnull', False), ('decision', 'granted'), ('refusal', ''), ('entry_id__isnull', False), ('second_by__isnull', False)), models.Q(('decided_at__isnull', False), ('decision', 'refused'), models.Q(('refusal', ''), _negated=True), ('entry_id__isnull', False), ('second_by__isnull', False)), _connector='OR'), name='grant_proposal_decided_whole'),
        ),
        migrations.AddConstraint(
            model_name='grantproposal',
            constraint=models.CheckConstraint(condition=models.Q(('second_by__isnull', True), models.Q(('second_by', models.F('proposed_by')), _negated=True), _connector='OR'), name='grant_proposal_two_persons'),
        ),
        migrations.AddConstraint(
            model_name='grantproposal',
            constraint=models.CheckConstraint(condition=models.Q(('account__isnull', True), models.Q(models.Q(('proposed_by', models.F('account')), _negated=True), models.Q(('second_by__isnull', True), models.Q(('second_by', models.F('account')), _negated=True), _connector='OR')), _connector='OR'), name='grant_proposal_not_to_oneself'),
        ),
        migrations.AddConstraint(
            model_name='grantproposal',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='grant_proposal_reasoned'),
        ),
        migrations.AddConstraint(
            model_name='grantproposal',
            constraint=models.UniqueConstraint(condition=models.Q(('account__isnull', False), ('decision', '')), fields=('kind', 'account', 'what'), name='grant_proposal_account_once'),
        ),
        migrations.AddConstraint(
            model_name='grantproposal',
            constraint=models.UniqueConstraint(condition=models.Q(('decision', ''), ('organisation__isnull', False)), fields=('kind', 'organisation', 'what'), name='grant_proposal_organisation_once'),
        ),
    ]
