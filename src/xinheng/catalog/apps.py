"""The Django app of the catalog."""

from django.apps import AppConfig


class CatalogConfig(AppConfig):
    name = "xinheng.catalog"
    verbose_name = "catalog"
