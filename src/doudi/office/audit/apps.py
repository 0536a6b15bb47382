"""The office as Django knows it."""

from django.apps import AppConfig

__all__ = ["AuditConfig"]


class AuditConfig(AppConfig):
    """流水"""

    name = "doudi.office.audit"
    label = "audit"
    verbose_name = "流水"
    default_auto_field = "django.db.models.BigAutoField"
