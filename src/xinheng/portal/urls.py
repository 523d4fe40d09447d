"""Addresses of the public pages. An organisation's address is its credit code; a person has none."""

from __future__ import annotations

from django.urls import path

from xinheng.portal import views

app_name = "portal"
urlpatterns = [
    path("", views.home, name="home"),
    path("search", views.search, name="search"),
    path("subjects/<str:code>", views.subject, name="subject"),
    path("subjects/<str:code>/export.<str:form>", views.subject_export, name="subject_export"),
    path("subjects/<str:code>/records/<int:number>", views.record, name="record"),
    path("subjects/<str:code>/records/<int:number>.json", views.record_json, name="record_json"),
    path("publicity", views.published, name="published"),
    path("publicity/<str:item>", views.publicity, name="publicity"),
    path("publicity/<str:item>/export.<str:form>", views.publicity_export, name="publicity_export"),
    path("law", views.law, name="law"),
    path("law/date", views.date_page, name="date"),
    path("lists", views.measure_lists, name="lists"),
    path("ledger", views.ledger, name="ledger"),
    path("ledger/receipt", views.receipt, name="receipt"),
    path("ledger/receipt.json", views.receipt_json, name="receipt_json"),
    path("ledger/checkpoint", views.ledger_checkpoint, name="ledger_checkpoint"),
    path("ledger/key.vkey", views.ledger_key, name="ledger_key"),
    path("notice", views.notice, name="notice"),
    path("service", views.service, name="service"),
    path("accessibility", views.accessibility, name="accessibility"),
]
