"""The Django app of the norms."""

from django.apps import AppConfig


class NormsConfig(AppConfig):
    name = "xinheng.norms"
    verbose_name = "norms"
