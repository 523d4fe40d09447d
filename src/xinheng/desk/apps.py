"""The Django app of the desks."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "xinheng.desk"
    verbose_name = "desk"
