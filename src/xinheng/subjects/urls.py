"""Addresses of the subjects."""

from django.urls import path

from xinheng.subjects import views

app_name = "subjects"
urlpatterns = [
    path("sign-in/verify", views.verify, name="verify"),
    path("my/standing", views.standing, name="standing"),
    path("desk/links", views.linked, name="links"),
]
