"""Addresses of the messages. A number tells nothing: it opens to its recipient alone."""

from django.urls import path

from doudi.office.messages import views

app_name = "messages"
urlpatterns = [
    path("messages/", views.message_list, name="messages"),
    path("messages/read-all", views.read_all, name="read_all"),
    path("messages/unread-again", views.unread_again, name="unread_again"),
    path("messages/kinds", views.kinds, name="kinds"),
    path("messages/<int:number>", views.message, name="message"),
    path("messages/<int:number>/unread", views.unread, name="unread"),
    path("messages/<int:number>/read", views.read, name="read"),
]
