"""The office as Django knows it."""

from django.apps import AppConfig

__all__ = ["DivisionsConfig"]


class DivisionsConfig(AppConfig):
    """区划"""

    name = "doudi.office.divisions"
    label = "divisions"
    verbose_name = "区划"
    default_auto_field = "django.db.models.BigAutoField"
