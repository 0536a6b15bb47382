"""The office as Django knows it."""

from django.apps import AppConfig

__all__ = ["ExchangeConfig"]


class ExchangeConfig(AppConfig):
    """交换"""

    name = "doudi.office.exchange"
    label = "exchange"
    verbose_name = "交换"
    default_auto_field = "django.db.models.BigAutoField"
