"""Addresses of the divisions."""

from django.urls import path

from doudi.office.divisions import views

__all__ = ["app_name", "urlpatterns"]

app_name = "divisions"
urlpatterns = [
    path("", views.divisions, name="divisions"),
    path("changes", views.changed, name="changes"),
    path("<int:code>", views.divisions, name="division"),
]
