"""The office as Django knows it."""

from django.apps import AppConfig

__all__ = ["MonitoringConfig"]


class MonitoringConfig(AppConfig):
    """监测"""

    name = "doudi.office.monitoring"
    label = "monitoring"
    verbose_name = "监测"
    default_auto_field = "django.db.models.BigAutoField"
