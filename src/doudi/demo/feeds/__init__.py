"""各部门的文件由谁写：每一种文件一个函数。

One maker per feed of the contract: a chunk of people in, that feed's lines out, still to be collected.
"""

from collections.abc import Callable

import polars as pl

from doudi.demo.chunk import Chunk
from doudi.demo.feeds import assistance, health, property, registers, rolls, schools, settlements, work  # noqa: A004  # a room of the house, not the builtin
from doudi.landing.contract import load_contract

__all__ = ["MAKERS"]

_ROOMS = (registers, rolls, health, settlements, work, property, schools, assistance)
MAKERS: dict[str, Callable[[Chunk], pl.LazyFrame]] = {
    name: getattr(room, name) for name in load_contract() for room in _ROOMS if name in room.__all__
}
