"""Addresses of the exports. A ref is random; it names neither a person nor a place."""

from django.urls import path

from doudi.office.documents import views

app_name = "documents"
urlpatterns = [
    path("exports/", views.exports, name="exports"),
    path("exports/<slug:ref>", views.export, name="export"),
    path("exports/<slug:ref>/submit", views.submit, name="submit"),
    path("exports/<slug:ref>/decide", views.decide, name="decide"),
    path("exports/<slug:ref>/take", views.take, name="take"),
]
