"""The Django app of the records."""

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "xinheng.records"
    verbose_name = "records"
