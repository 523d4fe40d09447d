"""The verbs of the accounts: make organisations and accounts, give powers and roles, let in, forget, fill a demo."""

from xinheng.accounts.services.demo import DEMO_PASSWORD, DemoAccount, load_demo_accounts
from xinheng.accounts.services.entry import (
    confirm_password,
    end_session,
    end_sessions,
    forget_attempts,
    forget_sessions,
    see_session,
    sign_in,
)
from xinheng.accounts.services.factor import (
    confirm_factor,
    forget_offers,
    offer_factor,
    offered_factor,
    reset_factor,
    take_code,
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
from xinheng.accounts.services.password import change_password, set_one_time_password
from xinheng.accounts.services.requests import alone, done_before, forget_requests, remember
from xinheng.accounts.services.staff import create_account, create_organisation, grant_power, grant_role

__all__ = [
    "DEMO_PASSWORD",
    "DemoAccount",
    "alone",
    "authenticate_client",
    "change_password",
    "confirm_factor",
    "confirm_password",
    "create_account",
    "create_organisation",
    "done_before",
    "end_session",
    "end_sessions",
    "forget_attempts",
    "forget_offers",
    "forget_requests",
    "forget_sessions",
    "forget_tokens",
    "grant_client",
    "grant_power",
    "grant_role",
    "hold_in_force",
    "issue_token",
    "load_demo_accounts",
    "offer_factor",
    "offered_factor",
    "propose_client",
    "remember",
    "reset_factor",
    "revoke_client",
    "revoke_token",
    "see_session",
    "set_one_time_password",
    "sign_in",
    "take_code",
]
