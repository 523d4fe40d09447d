"""Under which spellings everybody may search an organisation; the trigrams over bare names go."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("subjects", "0002_verification"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="subject", name="subject_name_trigram"),
        migrations.CreateModel(
            name="SubjectSpelling",
            fields=[
                ("pk", models.CompositePrimaryKey("subject_id", "id", blank=True, editable=False, primary_key=True, serialize=False)),
                ("id", models.BigIntegerField()),
                ("subject", models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="subjects.subject")),
                ("subject_kind", models.CharField(max_length=24)),
                ("present", models.BooleanField()),
                ("name", models.CharField(max_length=200)),
                ("plain", models.CharField(max_length=200)),
                ("pairs", django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=2), size=None)),
                ("latin", models.CharField(max_length=1100)),
            ],
            options={
                "db_table": "subject_spelling",
            },
        ),
        migrations.AddIndex(
            model_name="subjectspelling",
            index=models.Index(fields=["plain"], name="subject_spelling_begins", opclasses=["varchar_pattern_ops"]),
        ),
        migrations.AddIndex(
            model_name="subjectspelling",
            index=django.contrib.postgres.indexes.GinIndex(fields=["pairs"], name="subject_spelling_holds"),
        ),
        migrations.AddIndex(
            model_name="subjectspelling",
            index=django.contrib.postgres.indexes.GinIndex(fields=["latin"], name="subject_spelling_sounds", opclasses=["gin_trgm_ops"]),
        ),
        migrations.AddConstraint(
            model_name="subjectspelling",
            constraint=models.CheckConstraint(condition=models.Q(("subject_kind", "natural_person"), _negated=True), name="subject_spelling_organisations_only"),
        ),
        # A spelling belongs to an organisation: the kind is the subject's own.
        migrations.RunSQL(
            "ALTER TABLE subject_spelling ADD CONSTRAINT subject_spelling_of_its_kind"
            " FOREIGN KEY (subject_id, subject_kind) REFERENCES subject (id, kind)",
            "ALTER TABLE subject_spelling DROP CONSTRAINT subject_spelling_of_its_kind",
        ),
    ]
