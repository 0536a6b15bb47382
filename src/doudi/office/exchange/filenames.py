"""File names as senders write them: hostile, too long, with half a surrogate; made into one that a folder may hold."""

import unicodedata
from typing import Final

__all__ = ["clean_name"]

_MOST_BYTES: Final = 180  # a folder takes 255
_FORBIDDEN: Final = set('/\\:*?"<>|')


def clean_name(name: str) -> str:
    """The last part of the name without what no folder takes; its ending is kept when it must be cut. Never empty."""
    last = name.replace("\\", "/").rpartition("/")[2]
    kept = "".join(
        letter if letter not in _FORBIDDEN and unicodedata.category(letter)[0] != "C" else "_" for letter in last
    ).strip(" .")
    stem, dot, ending = kept.rpartition(".")
    if not dot or len(ending) > 10:
        stem, dot, ending = kept, "", ""
    room = _MOST_BYTES - len((dot + ending).encode())
    stem = stem.encode("utf-8", "ignore")[:room].decode("utf-8", "ignore").strip()
    return (stem or "未命名") + dot + ending
