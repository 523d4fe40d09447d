"""The verbs of the accounts: make organisations and accounts, give powers and roles, sign in, forget, fill a demo."""

from xinheng.accounts.services.demo import DEMO_PASSWORD, DemoAccount, load_demo_accounts
from xinheng.accounts.services.entry import forget_sessions, sign_in
from xinheng.accounts.services.staff import create_account, create_organisation, grant_power, grant_role

__all__ = [
    "DEMO_PASSWORD",
    "DemoAccount",
    "create_account",
    "create_organisation",
    "forget_sessions",
    "grant_power",
    "grant_role",
    "load_demo_accounts",
    "sign_in",
]
