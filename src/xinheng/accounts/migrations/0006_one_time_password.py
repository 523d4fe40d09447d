"""Passwords that were given by an administrator and hold for a few days."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0005_account_factor'),
    ]

    operations = [
        migrations.AddField(
            model_name='account',
            name='one_time_until',
            field=models.DateTimeField(null=True),
        ),
    ]
