"""The office as Django knows it."""

from django.apps import AppConfig

__all__ = ["MessagesConfig"]


class MessagesConfig(AppConfig):
    """消息"""

    name = "doudi.office.messages"
    label = "office_messages"  # `messages` is Django's own, for what a page says once
    verbose_name = "消息"
    default_auto_field = "django.db.models.BigAutoField"
