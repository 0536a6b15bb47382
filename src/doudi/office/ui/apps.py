"""The office as Django knows it."""

from django.apps import AppConfig

__all__ = ["UiConfig"]


class UiConfig(AppConfig):
    """界面"""

    name = "doudi.office.ui"
    label = "ui"
    verbose_name = "界面"
    default_auto_field = "django.db.models.BigAutoField"
