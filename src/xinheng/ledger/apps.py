"""The Django app of the ledger."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "xinheng.ledger"
    verbose_name = "ledger"
