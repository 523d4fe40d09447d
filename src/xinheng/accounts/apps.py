"""The Django app of the accounts: at start-up it tells the hall who looks at a page."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "xinheng.accounts"
    verbose_name = "accounts"

    def ready(self) -> None:
        from xinheng.accounts.access import viewer_of
        from xinheng.ui.viewer import provide

        provide(viewer_of)
