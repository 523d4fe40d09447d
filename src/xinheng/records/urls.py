"""Addresses of the doors of intake and review at the desk; a subject's records are pages of disclosure."""

from django.urls import path

from xinheng.records import views

app_name = "records"
urlpatterns = [
    path("desk/intake", views.intake, name="intake"),
    path("desk/intake/<int:batch_id>", views.batch, name="batch"),
    path("desk/review", views.review, name="review"),
]
