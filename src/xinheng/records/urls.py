"""Addresses of the doors of intake and review, at the desk and for machines; a subject's records are of disclosure."""

from django.urls import path

from xinheng.records import views
from xinheng.records.api import doors

app_name = "records"
urlpatterns = [
    path("desk/intake", views.intake, name="intake"),
    path("desk/intake/templates", views.templates, name="templates"),
    path("desk/intake/templates/<str:code>.xlsx", views.template, name="template"),
    path("catalog/<str:code>/<str:first_day>/template.xlsx", views.public_template, name="public_template"),
    path("desk/intake/<int:batch_id>", views.batch, name="batch"),
    path("desk/intake/<int:batch_id>/returned.xlsx", views.returned, name="returned"),
    path("desk/intake/<int:batch_id>/receipt", views.receipt, name="receipt"),
    path("desk/intake/<int:batch_id>/withdrawal", views.withdrawal, name="withdrawal"),
    path("desk/review", views.review, name="review"),
    path("api/v1/intake/openapi.json", doors.description, name="api_description"),
    path("api/v1/intake/items", doors.items, name="api_items"),
    path("api/v1/intake/batches/<int:batch_id>", doors.batch, name="api_batch"),
    path("api/v1/intake/batches/<int:batch_id>/rows", doors.rows, name="api_rows"),
    path("api/v1/intake/<str:item_code>", doors.report, name="api_report"),
]
