"""Which room answers which address? Each room keeps its own list; every name stands in the page registry."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [  # what is asked for most stands first
    path("", include("xinheng.disclosure.urls")),
    path("", include("xinheng.portal.urls")),
    path("", include("xinheng.catalog.urls")),
    path("", include("xinheng.ui.urls")),
    path("", include("xinheng.accounts.urls")),
    path("", include("xinheng.subjects.urls")),
    path("", include("xinheng.records.urls")),
    path("", include("xinheng.intake.urls")),
    path("", include("xinheng.desk.urls")),
    path("", include("xinheng.norms.urls")),
    path("", include("xinheng.oversight.urls")),
]

handler400 = "xinheng.ui.views.bad_request"
handler403 = "xinheng.ui.views.permission_denied"
handler404 = "xinheng.ui.views.page_not_found"
handler500 = "xinheng.ui.views.server_error"
