"""The portal's addresses."""

from django.urls import path

from doudi.office.portal import views

__all__ = ["app_name", "urlpatterns"]

app_name = "portal"
urlpatterns = [
    path("", views.workbench, name="workbench"),
    path("households/<uuid:ref>", views.household, name="household"),
    path("dashboard/", views.dashboard, name="dashboard"),
    path("dashboard/<int:code>", views.dashboard, name="dashboard_of"),
]
