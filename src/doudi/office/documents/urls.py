"""Addresses of the exports. A ref is random; it names neither a person nor a place."""

from django.urls import path

from doudi.office.documents import views

app_name = "documents"
urlpatterns = [
    path("exports/", views.exports, name="exports"),
    path("exports/<str:ref>", views.export, name="export"),
    path("exports/<str:ref>/submit", views.submit, name="submit"),
    path("exports/<str:ref>/decide", views.decide, name="decide"),
    path("exports/<str:ref>/take", views.take, name="take"),
]
