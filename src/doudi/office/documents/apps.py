"""The office as Django knows it."""

from django.apps import AppConfig

__all__ = ["DocumentsConfig"]


class DocumentsConfig(AppConfig):
    """文书"""

    name = "doudi.office.documents"
    label = "documents"
    verbose_name = "文书"
    default_auto_field = "django.db.models.BigAutoField"
