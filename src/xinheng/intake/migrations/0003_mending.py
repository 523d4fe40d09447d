"""Rows mended, taken back or ending a record; batches withdrawn by their sender."""

import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('intake', '0002_sheets_and_due_days'),
    ]

    operations = [
        migrations.CreateModel(
            name='IntakeWithdrawal',
            fields=[
                ('id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('state', models.CharField(max_length=12)),
                ('reason', models.TextField()),
                ('proposed_by', models.BigIntegerField()),
                ('proposed_at', models.DateTimeField()),
                ('entry_id', models.BigIntegerField()),
                ('answer', models.TextField(blank=True)),
                ('decided_by', models.BigIntegerField(null=True)),
                ('decided_at', models.DateTimeField(null=True)),
                ('decided_entry_id', models.BigIntegerField(null=True)),
            ],
            options={
                'db_table': 'intake_withdrawal',
            },
        ),
        migrations.RemoveConstraint(
            model_name='intakebatch',
            name='intake_batch_every_row_counted',
        ),
        migrations.RemoveConstraint(
            model_name='intakebatch',
            name='intake_batch_state_known',
        ),
        migrations.RemoveConstraint(
            model_name='intakerow',
            name='intake_row_state_known',
        ),
        migrations.AddField(
            model_name='intakebatch',
            name='ended',
            field=models.IntegerField(default=0),
        ),
        migrations.AddField(
            model_name='intakebatch',
            name='mends',
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='intakebatch',
            name='withdrawn_entry_id',
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='intakerow',
            name='mended_as',
            field=models.IntegerField(null=True),
        ),
        migrations.AddField(
            model_name='intakerow',
            name='mended_in',
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddIndex(
            model_name='intakebatch',
            index=models.Index(condition=models.Q(('mends__isnull', False)), fields=['mends'], name='intake_batch_mends'),
        ),
        migrations.AddIndex(
            model_name='intakerow',
            index=models.Index(condition=models.Q(('mended_in__isnull', False)), fields=['mended_in', 'mended_as'], name='intake_row_mended_in'),
        ),
        migrations.AddConstraint(
            model_name='intakebatch',
            constraint=models.CheckConstraint(condition=models.Q(('row_count', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('accepted'), '+', models.F('review')), '+', models.F('rejected')), '+', models.F('unchanged')), '+', models.F('ended')))), name='intake_batch_every_row_counted'),
        ),
        migrations.AddConstraint(
            model_name='intakebatch',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ('received', 'closed', 'withdrawn'))), name='intake_batch_state_known'),
        ),
        migrations.AddConstraint(
            model_name='intakebatch',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'withdrawn'), ('withdrawn_entry_id__isnull', False)), models.Q(models.Q(('state', 'withdrawn'), _negated=True), ('withdrawn_entry_id__isnull', True)), _connector='OR'), name='intake_batch_withdrawn_has_entry'),
        ),
        migrations.AddConstraint(
            model_name='intakerow',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'registered', 'returned', 'unchanged', 'mended', 'dropped', 'withdrew'])), name='intake_row_state_known'),
        ),
        migrations.AddConstraint(
            model_name='intakerow',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_by__isnull', False), ('mended_as__isnull', False), ('mended_in__isnull', False), ('state', 'mended')), models.Q(models.Q(('state', 'mended'), _negated=True), ('mended_as__isnull', True), ('mended_in__isnull', True)), _connector='OR'), name='intake_row_mended_has_place'),
        ),
        migrations.AddConstraint(
            model_name='intakerow',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['mended', 'dropped']), _negated=True), models.Q(models.Q(('verdict', 'accept'), _negated=True), ('decided_by__isnull', False)), _connector='OR'), name='intake_row_not_taken_before'),
        ),
        migrations.AddConstraint(
            model_name='intakerow',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'withdrew'), _negated=True), ('verdict', 'accept'), _connector='OR'), name='intake_row_withdrew_accepted'),
        ),
        migrations.AddField(
            model_name='intakewithdrawal',
            name='batch',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='withdrawals', to='intake.intakebatch'),
        ),
        migrations.AddConstraint(
            model_name='intakewithdrawal',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ('proposed', 'confirmed', 'refused'))), name='intake_withdrawal_state_known'),
        ),
        migrations.AddConstraint(
            model_name='intakewithdrawal',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='intake_withdrawal_reasoned'),
        ),
        migrations.AddConstraint(
            model_name='intakewithdrawal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_by__isnull', True), ('decided_entry_id__isnull', True), ('state', 'proposed')), models.Q(models.Q(('state', 'proposed'), _negated=True), ('decided_by__isnull', False), ('decided_entry_id__isnull', False), models.Q(('decided_by', models.F('proposed_by')), _negated=True)), _connector='OR'), name='intake_withdrawal_second_person'),
        ),
        migrations.AddConstraint(
            model_name='intakewithdrawal',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['proposed', 'confirmed'])), fields=('batch',), name='intake_withdrawal_once'),
        ),
    ]
