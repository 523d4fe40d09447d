"""Who asks the competent department to end the link of an account to a file."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('subjects', '0003_spelling'),
    ]

    operations = [
        migrations.CreateModel(
            name='UnlinkRequest',
            fields=[
                ('id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('subject_id', models.BigIntegerField(db_index=True)),
                ('link_id', models.BigIntegerField()),
                ('asked_by', models.BigIntegerField()),
                ('asked_at', models.DateTimeField()),
                ('reason', models.CharField(max_length=500)),
                ('decided_by', models.BigIntegerField(null=True)),
                ('decided_at', models.DateTimeField(null=True)),
                ('refusal', models.CharField(blank=True, max_length=500)),
                ('entry_id', models.BigIntegerField(null=True)),
            ],
            options={
                'db_table': 'unlink_request',
                'constraints': [models.UniqueConstraint(condition=models.Q(('decided_at__isnull', True)), fields=('link_id',), name='unlink_request_once'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='unlink_request_reasoned'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('decided_by__isnull', True), ('entry_id__isnull', True), ('refusal', '')), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False)), _connector='OR'), name='unlink_request_decided_whole')],
            },
        ),
    ]
