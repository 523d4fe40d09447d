"""Two administrators take a lost authenticator away; an account's holder is told what others did to it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0007_session_in_use'),
    ]

    operations = [
        migrations.CreateModel(
            name='AccountNotice',
            fields=[
                ('id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('what', models.CharField(max_length=20)),
                ('by', models.CharField(blank=True, max_length=200)),
                ('about', models.CharField(blank=True, max_length=200)),
                ('reason', models.CharField(blank=True, max_length=500)),
                ('at', models.DateTimeField()),
                ('entry_id', models.BigIntegerField(null=True)),
                ('read_at', models.DateTimeField(null=True)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notices', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'account_notice',
                'constraints': [models.CheckConstraint(condition=models.Q(('what', ''), _negated=True), name='account_notice_says_what')],
            },
        ),
        migrations.RemoveConstraint(
            model_name='grantproposal',
            name='grant_proposal_of_one_thing',
        ),
        migrations.AddConstraint(
            model_name='grantproposal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('account__isnull', False), ('organisation__isnull', True), ('kind', 'role'), models.Q(('what', ''), _negated=True)), models.Q(('account__isnull', False), ('organisation__isnull', True), ('kind', 'account'), ('what', '')), models.Q(('account__isnull', False), ('organisation__isnull', True), ('kind', 'factor'), models.Q(('what', ''), _negated=True)), models.Q(('account__isnull', True), ('organisation__isnull', False), ('kind', 'power'), models.Q(('what', ''), _negated=True), models.Q(('article', ''), _negated=True)), models.Q(('account__isnull', True), ('organisation__isnull', False), ('kind', 'organisation'), ('what', '')), _connector='OR'), name='grant_proposal_of_one_thing'),
        ),
    ]
