"""Addresses of the desks' start page and lists."""

from django.urls import path

from xinheng.desk import views

app_name = "desk"
urlpatterns = [
    path("desk", views.home, name="home"),
]
