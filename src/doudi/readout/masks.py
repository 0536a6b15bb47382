"""遮盖：证件号和姓名怎样给人看。

How ids and names are shown: masked, unless somebody asks with --reveal.
"""

__all__ = ["masked_id", "masked_name"]


def masked_id(person_id: str) -> str:
    """3705**********1234: the county's first four digits and the last four."""
    return (
        f"{person_id[:4]}{'*' * (len(person_id) - 8)}{person_id[-4:]}" if len(person_id) > 8 else "*" * len(person_id)
    )


def masked_name(name: str) -> str:
    """张*: the first character, one star for each other."""
    return name[:1] + "*" * max(1, len(name) - 1)
