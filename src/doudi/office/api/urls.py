"""The API's addresses: the operations below /api/v1/, and the pages on which clients are admitted."""

from django.urls import include, path

from doudi.office.api import openapi, tokens, v1, views

__all__ = ["app_name", "urlpatterns"]

app_name = "api"
urlpatterns = [
    path("api/v1/", include((v1.urlpatterns, "v1"))),
    path("api/token", tokens.token, name="token"),
    path("api/<path:rest>", openapi.nowhere, name="nowhere"),
    path("clients/", views.clients, name="clients"),
    path("clients/<int:pk>/move", views.move, name="move"),
]
