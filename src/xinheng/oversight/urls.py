"""Addresses of oversight."""

from django.urls import path

from xinheng.oversight import views

app_name = "oversight"
urlpatterns = [
    path("desk/log", views.log, name="log"),
    path("desk/log.csv", views.log_csv, name="log_csv"),
    path("desk/log/<int:entry_id>", views.log_entry, name="log_entry"),
]
