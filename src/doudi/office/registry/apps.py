"""The office as Django knows it."""

from django.apps import AppConfig

__all__ = ["RegistryConfig"]


class RegistryConfig(AppConfig):
    """户籍册"""

    name = "doudi.office.registry"
    label = "registry"
    verbose_name = "户籍册"
    default_auto_field = "django.db.models.BigAutoField"
