"""The verbs of the accounts: make organisations and accounts, give powers and roles, let in, forget, fill a demo."""

from xinheng.accounts.services.demo import DEMO_PASSWORD, DemoAccount, load_demo_accounts
from xinheng.accounts.services.endings import (
    close_account,
    close_organisation,
    name_locked_until,
    revoke_power,
    revoke_role,
    unlock_name,
)
from xinheng.accounts.services.entry import forget_sessions, sign_in
from xinheng.accounts.services.grants import (
    Granted,
    competent_article,
    grant_proposal,
    propose_account,
    propose_organisation,
    propose_power,
    propose_reopening,
    propose_role,
    refuse_proposal,
    reopen_organisation,
    withdraw_proposal,
)
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
    "Granted",
    "alone",
    "authenticate_client",
    "close_account",
    "close_organisation",
    "competent_article",
    "create_account",
    "create_organisation",
    "done_before",
    "forget_requests",
    "forget_sessions",
    "forget_tokens",
    "grant_client",
    "grant_power",
    "grant_proposal",
    "grant_role",
    "hold_in_force",
    "issue_token",
    "load_demo_accounts",
    "name_locked_until",
    "propose_account",
    "propose_client",
    "propose_organisation",
    "propose_power",
    "propose_reopening",
    "propose_role",
    "refuse_proposal",
    "remember",
    "reopen_organisation",
    "revoke_client",
    "revoke_power",
    "revoke_role",
    "revoke_token",
    "sign_in",
    "unlock_name",
    "withdraw_proposal",
]
