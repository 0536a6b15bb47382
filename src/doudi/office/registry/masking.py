"""How a name, an id or a 户号 is shown to a viewer of that sight: in full, covered, or not at all."""

from doudi.office.common import masking
from doudi.office.common.fields import Sight

__all__ = ["shown"]

_COVERS = {"name": masking.name, "id": masking.id_number, "household_no": masking.household_no}


def shown(what: str, text: str | None, sight: Sight) -> str | None:
    """A `name`, an `id` or a `household_no` as that sight allows; '' where it is hidden, null where there is none."""
    if sight is Sight.HIDDEN:
        return ""
    return text if text is None or sight is Sight.PLAIN else _COVERS[what](text)
