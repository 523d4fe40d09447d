"""The verbs of the accounts: make organisations and accounts, give powers and roles, let in, forget, fill a demo."""

from xinheng.accounts.services.demo import DEMO_PASSWORD, DemoAccount, load_demo_accounts
from xinheng.accounts.services.entry import forget_sessions, sign_in
from xinheng.accounts.services.machine import (
    authenticate_client,
    forget_tokens,
    grant_client,
    hold_in_force,
    issue_token,
    propose_client,
    revoke_client,
    revoke_token,
)
from xinheng.accounts.services.requests import alone, done_before, forget_requests, remember
from xinheng.accounts.services.staff import create_account, create_organisation, grant_power, grant_role

__all__ = [
    "DEMO_PASSWORD",
    "DemoAccount",
    "alone",
    "authenticate_client",
    "create_account",
    "create_organisation",
    "done_before",
    "forget_requests",
    "forget_sessions",
    "forget_tokens",
    "grant_client",
    "grant_power",
    "grant_role",
    "hold_in_force",
    "issue_token",
    "load_demo_accounts",
    "propose_client",
    "remember",
    "revoke_client",
    "revoke_token",
    "sign_in",
]
