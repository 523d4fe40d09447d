"""The Django app of the subjects."""

from django.apps import AppConfig


class SubjectsConfig(AppConfig):
    name = "xinheng.subjects"
    verbose_name = "subjects"
