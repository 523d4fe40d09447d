"""The Django app of the room of disclosure."""

from django.apps import AppConfig


class DisclosureConfig(AppConfig):
    name = "xinheng.disclosure"
    verbose_name = "disclosure"
