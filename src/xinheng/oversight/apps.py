"""The Django app of oversight."""

from django.apps import AppConfig


class OversightConfig(AppConfig):
    name = "xinheng.oversight"
    verbose_name = "oversight"
