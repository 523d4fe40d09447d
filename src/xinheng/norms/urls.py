"""Addresses of the procedure of instruments, and of the consultations that are open to everyone."""

from django.urls import path

from xinheng.norms import views

app_name = "norms"
urlpatterns = [
    path("consultations", views.consultations, name="consultations"),
    path("consultations/<int:norm_id>", views.consultation, name="consultation"),
    path("desk/norms", views.norms, name="norms"),
    path("desk/norms/new", views.draft, name="draft"),
    path("desk/norms/<int:norm_id>", views.norm, name="norm"),
    path("desk/norms/<int:norm_id>/text", views.text, name="text"),
    path("desk/norms/<int:norm_id>/fields", views.field, name="field_new"),
    path("desk/norms/<int:norm_id>/fields/<str:code>", views.field, name="field"),
]
