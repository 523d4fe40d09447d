"""How many questions of an account were refused of late before anybody was looked up."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('disclosure', '0004_asked_question'),
    ]

    operations = [
        migrations.CreateModel(
            name='RefusalCount',
            fields=[
                ('account_id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('organisation', models.CharField(blank=True, max_length=64)),
                ('began_at', models.DateTimeField()),
                ('last_at', models.DateTimeField()),
                ('entered', models.IntegerField(default=0)),
                ('held', models.IntegerField(default=0)),
            ],
            options={
                'db_table': 'refusal_count',
            },
        ),
    ]
