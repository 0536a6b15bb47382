"""Addresses of the journal."""

from django.urls import path

from doudi.office.oversight import views

app_name = "oversight"
urlpatterns = [
    path("journal/", views.journal_page, name="journal"),
    path("journal/export", views.export, name="journal_export"),
    path("journal/<int:number>", views.entry_page, name="entry"),
]
