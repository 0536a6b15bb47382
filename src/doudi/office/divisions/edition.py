"""版次：区划表一动就换，各进程看到就丢掉自己记着的。"""

import secrets

from doudi.office.divisions.cache import forget
from doudi.office.divisions.models import Edition

__all__ = ["written"]


def written() -> None:
    """Whoever wrote a division says so, in his transaction."""
    # Not counted up: a number that a rollback took back would come again and keep what was cached under it.
    Edition.objects.update_or_create(id=1, defaults={"number": secrets.randbits(62)})
    forget()
