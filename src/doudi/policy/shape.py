"""Small readers of one YAML entry: which keys it may have, and what kind of scalar stands under each."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from typing import Any, NoReturn

from doudi.errors import Refusal
from doudi.policy.quantities import Type, dimension

ID = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?")
EXACT = re.compile(r"-?\d{1,15}(\.\d{1,6})?|\d{1,9}/[1-9]\d{0,8}")
TRUTH = {"是": True, "否": False, True: True, False: False}


class Entry:
    """One mapping of the book, with the place it stands in for refusals."""

    def __init__(self, raw: Any, place: str, required: Iterable[str], optional: Iterable[str] = ()) -> None:  # noqa: ANN401  # any YAML
        self.place = place
        if not isinstance(raw, dict):
            self.refuse("应是一组“键: 值”")
        self.raw: dict[str, Any] = raw
        self.place = f"{place} 的 {raw.get('id') or raw.get('code') or raw.get('案例') or '一项'}"
        known = {*required, *optional}
        if unknown := [str(key) for key in raw if key not in known]:
            self.refuse(f"有不认识的键 {'、'.join(unknown)}；可用：{'、'.join(sorted(known))}")
        if missing := [key for key in required if raw.get(key) is None and key != "to"]:
            self.refuse(f"缺少 {'、'.join(missing)}")

    def refuse(self, reason: str, code: str = "policy.bad_entry") -> NoReturn:
        """A Refusal with the place of the entry."""
        raise Refusal(code, f"{self.place}：{reason}。", place=self.place)

    def text(self, key: str, default: str = "") -> str:
        """A text; numbers are taken as written."""
        value = self.raw.get(key, default)
        if value is None or isinstance(value, list | dict | bool):
            self.refuse(f"{key} 应是一段文字")
        return str(value).strip()

    def one_of(self, key: str, choices: Iterable[str], default: str | None = None) -> str:
        """One of a few words."""
        value = self.text(key, default or "")
        if value not in choices:
            self.refuse(f"{key} 应是 {'、'.join(choices)} 之一，写的是“{value}”")
        return value

    def truth(self, key: str) -> bool:
        """A yes or no; absent = no."""
        value = self.raw.get(key, False)
        if value not in TRUTH or isinstance(value, int) is not isinstance(value, bool):
            self.refuse(f"{key} 应是 true/false 或 是/否")
        return TRUTH[value]

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; one text counts as a list of one; absent = empty."""
        value = self.raw.get(key) or []
        if isinstance(value, str):
            value = [value]
        if not isinstance(value, list) or any(isinstance(item, list | dict) for item in value):
            self.refuse(f"{key} 应是一列文字")
        return tuple(str(item) for item in value)

    def list(self, key: str) -> list[Any]:
        """A list of entries; absent = empty."""
        value = self.raw.get(key) or []
        if not isinstance(value, list):
            self.refuse(f"{key} 应是一个列表")
        return value

    def day(self, key: str) -> date | None:
        """A date YYYY-MM-DD; null stays null."""
        value = self.raw.get(key)
        if value is None:
            return None
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            self.refuse(f"{key} 应是日期（2024-01-31），写的是“{value}”")

    def start(self) -> date:
        """The first day in force."""
        day = self.day("from")
        if day is None:
            self.refuse("from 应是日期")
        return day

    def identifier(self, key: str = "id") -> str:
        """A lower-case English identifier, one dot allowed."""
        value = self.text(key)
        if not ID.fullmatch(value):
            self.refuse(f"{key} 应是小写英文标识（可含一个点），写的是“{value}”")
        return value

    def name(self, key: str = "名") -> str:
        """A Chinese word that can stand in a rule: an identifier that NFKC does not change."""
        value = self.text(key)
        if not value.isidentifier() or unicodedata.normalize("NFKC", value) != value:
            self.refuse(
                f"{key}“{value}”不能用作规则里的词：只用汉字、字母、数字和下划线，不以数字开头，不用全角字母数字"
            )
        return value

    def exact(self, key: str) -> Fraction:
        """An exact number: an integer, '1.5' or '3/2'."""
        value = self.raw.get(key)
        if isinstance(value, bool) or not EXACT.fullmatch(str(value).strip()):
            self.refuse(f"{key} 应是精确数（12、'1.5'、'3/2'），写的是“{value}”")
        return Fraction(str(value).strip())

    def fact_type(self) -> Type:
        """The type of a fact or parameter from its `type` and `max`."""
        text = self.text("type")
        if text in ("bool", "date", "ratio", "monthday", "text"):
            return Type(text)
        if code := re.fullmatch(r"code\((.+)\)", text):
            return Type("code", words=tuple(code[1].split()))
        try:
            unit = dimension(text)
        except Refusal as error:
            self.refuse(error.sentence.rstrip("。"))
        limit = 1
        if "max" in self.raw:
            limit = int(self.exact("max") * money_scale(unit))
        return Type("quantity", unit, limit=limit)


def money_scale(unit: tuple[tuple[str, int], ...]) -> int:
    """Yuan are stored as fen: 100 for units of money, else 1."""
    return 100 if ("fen", 1) in unit else 1
