"""How an identity is shown to a viewer: in full, masked, or not at all. Nobody else in the office masks."""

from doudi.office.common.fields import Sight

__all__ = ["masked_household_no", "masked_id", "masked_name", "shown"]


def masked_name(name: str) -> str:
    """张*, 欧**: the first character, and a star for each other one."""
    return name[:1] + "*" * max(len(name) - 1, 1)


def masked_id(person_id: str) -> str:
    """3705**********1234: the city and the last four."""
    return person_id[:4] + "*" * max(len(person_id) - 8, 4) + person_id[-4:]


def masked_household_no(number: str) -> str:
    """********1234: the last four."""
    return "*" * max(len(number) - 4, 4) + number[-4:]


_MASKS = {"name": masked_name, "id": masked_id, "household_no": masked_household_no}


def shown(what: str, text: str | None, sight: Sight) -> str | None:
    """A `name`, an `id` or a `household_no` as that sight allows; '' where it is hidden, null where there is none."""
    if sight is Sight.HIDDEN:
        return ""
    return text if text is None or sight is Sight.PLAIN else _MASKS[what](text)
