"""The registry's addresses. What was typed into a search stands in none of them."""

from django.urls import path, re_path

from doudi.office.registry import views

__all__ = ["app_name", "urlpatterns"]

app_name = "registry"
urlpatterns = [
    path("search", views.search, name="search"),
    # Nothing but refs gets as far as the journal.
    re_path(
        r"^households/(?P<ref>[0-9a-f]{32})/members/(?P<person_ref>[0-9a-f]{32})/reveal$", views.reveal, name="reveal"
    ),
]
