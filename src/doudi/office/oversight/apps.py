"""The office as Django knows it."""

from django.apps import AppConfig

__all__ = ["OversightConfig"]


class OversightConfig(AppConfig):
    """监督"""

    name = "doudi.office.oversight"
    label = "oversight"
    verbose_name = "监督"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tells documents how an export of the journal is made."""
        from doudi.office.documents.services import register  # noqa: PLC0415 - models are not loaded before
        from doudi.office.oversight.export import KIND, rows  # noqa: PLC0415 - as above

        register(KIND, rows, personal=False)
