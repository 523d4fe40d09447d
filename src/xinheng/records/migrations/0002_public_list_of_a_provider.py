"""A public list of one provider is read from the end of an index, and so is who provided anything."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("records", "0001_tables"),
        ("subjects", "0003_spelling"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="record",
            index=models.Index(
                condition=models.Q(("publicity_from__isnull", False)),
                fields=["item_code", "provider", "publicity_from", "id"],
                name="record_public_list_of",
            ),
        ),
    ]
