"""The addresses at which one comes in and leaves; they stand at the root, without a namespace."""

from django.urls import path

from doudi.office.accounts.views import entry

__all__ = ["urlpatterns"]

urlpatterns = [
    path("login", entry.login, name="login"),
    path("login/code", entry.code, name="login_code"),
    path("logout", entry.logout, name="logout"),
]
