"""Addresses of the catalog. An item's address is its code, a version's the first day on which it is in force."""

from __future__ import annotations

from django.urls import path

from xinheng.catalog import views

app_name = "catalog"
urlpatterns = [
    path("catalog", views.catalog, name="catalog"),
    path("catalog.json", views.machine_list, name="list"),
    path("catalog/dcat.jsonld", views.dcat_document, name="dcat"),
    path("consultations/<int:norm_id>/changes", views.draft_changes, name="draft_changes"),
    path("desk/norms/<int:norm_id>/publish", views.publish, name="publish"),
    path("catalog/<str:code>", views.item, name="item"),
    path("catalog/<str:code>/compare", views.compare_versions, name="compare"),
    path("catalog/<str:code>/<str:first_day>", views.version, name="version"),
    path("catalog/<str:code>/<str:first_day>/schema.json", views.schema, name="schema"),
]
