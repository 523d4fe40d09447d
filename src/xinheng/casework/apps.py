"""The Django app of what every legal procedure needs."""

from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    name = "xinheng.casework"
    verbose_name = "casework"
