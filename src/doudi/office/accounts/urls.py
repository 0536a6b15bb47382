"""Addresses of accounts, below /accounts/; the login itself stands in `entry_urls`."""

from django.urls import path

from doudi.office.accounts.views import own, supervision, users

__all__ = ["app_name", "urlpatterns"]

app_name = "accounts"
urlpatterns = [
    path("", users.users, name="users"),
    path("users/<int:pk>", users.user, name="user"),
    path("users/<int:pk>/move", users.move, name="move"),
    path("users/<int:pk>/change", users.ask_change, name="ask_change"),
    path("organisations/", users.organisations, name="organisations"),
    path("organisations/<int:pk>/users/new", users.new_user, name="new_user"),
    path("waiting/", users.waiting, name="waiting"),
    path("changes/<int:pk>/decide", users.decide_change, name="decide_change"),
    path("supervision/", supervision.supervision, name="supervision"),
    path("supervision/<int:pk>/decide", supervision.decide, name="decide_supervision"),
    path("me", own.me, name="me"),
    path("password", own.password, name="password"),
    path("second-factor", own.second_factor, name="second_factor"),
    path("second-factor/picture.svg", own.second_factor_picture, name="second_factor_picture"),
]
