"""刚入湖的主键：同一回入库的许多文件互相比对时，在内存里就能说“没见过”，不必一遍遍重读。

Key hashes of what landed since this landing began. Of files that come in a row each is compared with all that came before;
nearly never is a key met again, and that much can be said without opening a file.
"""

from collections.abc import Iterable
from pathlib import Path

import polars as pl

__all__ = ["LandedKeys"]

_MOST = 1 << 24  # keys of all feeds, of eight bytes each; what lands after that is looked up in the lake


class LandedKeys:
    """Remembers batches by the file of their lines; their keys are read when somebody first asks."""

    def __init__(self, most: int = _MOST) -> None:
        self._room = most
        self._unread: dict[str, list[Path]] = {}
        self._read: dict[str, set[Path]] = {}
        self._parts: dict[str, list[pl.DataFrame]] = {}

    def remember(self, feed: str, lines_file: Path, lines: int) -> None:
        """Takes a batch that has landed, if there is room for its lines."""
        if lines <= self._room:
            self._room -= lines
            self._unread.setdefault(feed, []).append(lines_file)

    def without_rivals(self, feed: str, keys: pl.Series) -> Iterable[Path]:
        """The files of the feed that need not be opened for these keys: all that are remembered, or, should one of them
        hold one of the keys, none.
        """
        for path in self._unread.pop(feed, []):
            self._add(feed, pl.read_parquet(path, columns=["key_hash"])["key_hash"])
            self._read.setdefault(feed, set()).add(path)
        asked = keys.sort()
        met = any(_meet(part["key_hash"], asked) for part in self._parts.get(feed, []))
        return set() if met else self._read.get(feed, set())

    def _add(self, feed: str, keys: pl.Series) -> None:
        """In sorted parts of growing size, so that a key is merged as often as the number of keys can be halved."""
        parts = self._parts.setdefault(feed, [])
        new = keys.sort().to_frame("key_hash")
        while parts and parts[-1].height < 2 * new.height:
            new = parts.pop().merge_sorted(new, key="key_hash")
        if new.height:
            parts.append(new)


def _meet(part: pl.Series, asked: pl.Series) -> bool:
    at = part.search_sorted(asked, side="left").clip(0, part.len() - 1)
    return bool((part.gather(at) == asked).any())
