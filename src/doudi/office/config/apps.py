"""The assembling: when everything is loaded, the subscriptions are wired."""

from django.apps import AppConfig

__all__ = ["ConfigConfig"]


class ConfigConfig(AppConfig):
    """An app without tables; it stands last, since it knows all others."""

    name = "doudi.office.config"
    label = "config"

    def ready(self) -> None:
        """Wires who reacts to what."""
        from doudi.office.config.subscriptions import wire  # noqa: PLC0415 - services import models, which are ready now

        wire()
