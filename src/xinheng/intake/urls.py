"""Addresses of the quality of reporting; files come in by the doors of the records."""

from django.urls import path

from xinheng.intake import views

app_name = "intake"
urlpatterns = [
    path("desk/quality", views.quality, name="quality"),
    path("desk/quality/providers", views.providers, name="providers"),
    path("desk/quality/providers.csv", views.providers_csv, name="providers_csv"),
]
