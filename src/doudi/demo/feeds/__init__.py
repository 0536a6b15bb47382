"""各部门的文件由谁写：每一种文件一个函数。

One maker per feed of the contract: a chunk of people in, that feed's lines out.
"""

from collections.abc import Callable

import polars as pl

from doudi.demo.chunk import Chunk
from doudi.demo.feeds import assistance, health, property, registers, rolls, schools, work

__all__ = ["MAKERS"]

_ROOMS = (registers, rolls, health, work, property, schools, assistance)
MAKERS: dict[str, Callable[[Chunk], pl.DataFrame]] = {
    name: getattr(room, name) for room in _ROOMS for name in room.__all__ if callable(getattr(room, name)) and name not in {"half_years", "school_year"}
}
