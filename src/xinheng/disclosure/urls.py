"""Addresses of disclosure: query at the desk, and a subject's own pages."""

from django.urls import path

from xinheng.disclosure import views

app_name = "disclosure"
urlpatterns = [
    path("desk/query", views.query, name="query"),
    path("my", views.own, name="own"),
    path("desk/query/batch", views.batch, name="batch"),
    path("desk/query/receipts", views.receipts, name="receipts"),
    path("desk/query/receipts/<int:entry>", views.kept_receipt, name="kept_receipt"),
    path("desk/query/receipts/<int:entry>.txt", views.kept_receipt_text, name="kept_receipt_text"),
    path("my/file", views.own_file, name="own_file"),
    path("my/looks", views.own_looks, name="own_looks"),
    path("my/looks.json", views.own_looks_json, name="own_looks_json"),
    path("my/looks.csv", views.own_looks_csv, name="own_looks_csv"),
    path("my/notice", views.own_notice, name="own_notice"),
    path("my/copy", views.own_copy, name="own_copy"),
    path("my/copy.json", views.own_copy_json, name="own_copy_json"),
    path("my/copy.csv", views.own_copy_csv, name="own_copy_csv"),
]
