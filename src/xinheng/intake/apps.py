"""The Django app of intake."""

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "xinheng.intake"
    verbose_name = "intake"
