"""How Django finds the person behind a session. Passwords are checked in `services.log_in` and nowhere else."""

from django.contrib.auth.backends import BaseBackend

from doudi.office.accounts.models import User

__all__ = ["Backend"]


class Backend(BaseBackend):
    """Only a user in state `active` is somebody; he has no Django permissions, roles open doors here."""

    def get_user(self, user_id: int) -> User | None:
        """The active user of that key."""
        return User.objects.filter(pk=user_id, state="active").first()
