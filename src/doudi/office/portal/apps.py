"""The office as Django knows it."""

from django.apps import AppConfig

__all__ = ["PortalConfig"]


class PortalConfig(AppConfig):
    """门厅"""

    name = "doudi.office.portal"
    label = "portal"
    verbose_name = "门厅"
    default_auto_field = "django.db.models.BigAutoField"
