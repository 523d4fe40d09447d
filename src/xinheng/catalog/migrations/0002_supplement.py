"""Versions that the city made itself: by which instrument, with which text, ended by which."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalog", "0001_items"), ("norms", "0001_tables")]
    operations = [
        migrations.AddField(
            model_name="catalogitemversion",
            name="norm",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="norms.norm"
            ),
        ),
        migrations.AddField(
            model_name="catalogitemversion",
            name="text",
            field=models.TextField(blank=True, default=""),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="catalogitemversion",
            name="closed_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="norms.norm"
            ),
        ),
    ]
