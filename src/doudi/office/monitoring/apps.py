"""The office as Django knows it."""

from django.apps import AppConfig

__all__ = ["MonitoringConfig"]


class MonitoringConfig(AppConfig):
    """监测"""

    name = "doudi.office.monitoring"
    label = "monitoring"
    verbose_name = "监测"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """The list of alerts can be exported from now on."""
        from doudi.office.monitoring import exporting  # noqa: PLC0415 - models are read once all offices are there

        exporting.ready()
