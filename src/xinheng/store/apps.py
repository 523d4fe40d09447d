"""The Django app of the store."""

from django.apps import AppConfig


class StoreConfig(AppConfig):
    name = "xinheng.store"
    verbose_name = "store"
