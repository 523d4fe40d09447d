"""Addresses of the accounts."""

from django.urls import path

from xinheng.accounts import api, views
from xinheng.accounts.views import organisations, rights, security

app_name = "accounts"
urlpatterns = [
    path("sign-in", views.sign_in, name="sign_in"),
    path("sign-out", views.sign_out, name="sign_out"),
    path("sign-in/code", security.sign_in_code, name="sign_in_code"),
    path("account/sessions", security.sessions, name="sessions"),
    path("account/notices", security.notices, name="notices"),
    path("account/password", security.password, name="password"),
    path("account/factor", security.factor, name="factor"),
    path("desk/accounts", rights.accounts, name="accounts"),
    path("desk/accounts/new", rights.account_new, name="account_new"),
    path("desk/accounts/<int:number>", rights.account, name="account"),
    path("desk/organisations", organisations.organisations, name="organisations"),
    path("desk/organisations/new", organisations.organisation_new, name="organisation_new"),
    path("desk/organisations/<slug:code>", organisations.organisation, name="organisation"),
    path("desk/grants", rights.grants, name="grants"),
    path("desk/clients", views.clients, name="clients"),
    path("desk/clients/<int:number>/grant", views.client_grant, name="client_grant"),
    path("desk/clients/<int:number>/revoke", views.client_revoke, name="client_revoke"),
    path("oauth/token", api.token, name="token"),
    path("oauth/revoke", api.revoke, name="token_revoke"),
]
