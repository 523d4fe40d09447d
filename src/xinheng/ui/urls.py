"""Addresses of the hall."""

from __future__ import annotations

from django.urls import path

from xinheng.ui import views

app_name = "ui"
urlpatterns = [
    path("language", views.switch_language, name="language"),
    path("text-size", views.switch_text, name="text_size"),
    path("city.css", views.city_css, name="city_css"),
    path("city/hills.svg", views.city_hero, name="city_hero"),
    path("healthz", views.healthz, name="healthz"),
    path("gallery", views.gallery, name="gallery"),
]
