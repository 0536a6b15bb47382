"""What several shapes share: a place, a moment, a field that is withheld, a value of a closed list."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated

from ninja import Schema
from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from doudi.office.common import masking
from doudi.office.common.clock import BEIJING
from doudi.office.common.fields import FieldClass
from doudi.office.divisions import selectors as divisions

__all__ = ["Code", "Place", "PlaceAsked", "Withheld", "code_of", "moment", "one_of", "withheld"]

Code = Annotated[str, Field(description="区划代码，十二位数字", pattern=r"^\d{12}$", examples=["370502001000"])]


class Withheld(Schema):
    """按岗位不给看的一个字段。"""

    field: str = Field(description="字段名")
    reason: str = Field(description="为什么不给看，谁能看")


class Place(Schema):
    """一个区划。"""

    code: Code
    name: str = Field(description="名称；查不到的代码写六位代码和“外地”")

    @classmethod
    def of(cls, code: int) -> "Place":
        """The division with its name as a list of places says it."""
        return cls(code=code_of(code), name=divisions.place_name(code))


def code_of(code: int) -> str:
    """Twelve digits."""
    return f"{code:012d}"


def moment(at: datetime) -> datetime:
    """In Beijing time, which is told as +08:00."""
    return at.astimezone(BEIJING)


def withheld(field: str, kind: FieldClass) -> Withheld:
    """The field with the sentence that a page shows in its place."""
    return Withheld(field=field, reason=masking.withheld(kind))


def one_of(value: str, known: Iterable[str]) -> str:
    """The value of a parameter; what is none of those that are known is refused with all of them named. Empty: not asked."""
    listed = list(known)
    if value and value not in listed:
        raise PydanticCustomError("doudi", "只能是其中之一：{known}。", {"known": "、".join(listed)})
    return value


def _twelve(value: str) -> str:
    if value and not (value.isascii() and value.isdigit() and len(value) in {2, 4, 6, 9, 12}):
        raise PydanticCustomError("doudi", "区划代码是 2、4、6、9 或 12 位数字。")
    return value and value.ljust(12, "0")


PlaceAsked = Annotated[
    str, AfterValidator(_twelve), Field(description="区划代码，含其下各级；末尾的零可以省略", examples=["370502"])
]
