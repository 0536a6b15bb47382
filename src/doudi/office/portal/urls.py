"""The portal's addresses."""

from django.urls import path, re_path

from doudi.office.portal import paper, views

__all__ = ["app_name", "urlpatterns"]

app_name = "portal"
urlpatterns = [
    path("", views.workbench, name="workbench"),
    # Nothing but a ref gets as far as the journal: who types an id here is not found.
    re_path(r"^households/(?P<ref>[0-9a-f]{32})$", views.household, name="household"),
    re_path(r"^households/(?P<ref>[0-9a-f]{32})/paper$", paper.household_paper, name="household_paper"),
    path("dashboard/", views.dashboard, name="dashboard"),
    path("dashboard/<int:code>", views.dashboard, name="dashboard_of"),
]
