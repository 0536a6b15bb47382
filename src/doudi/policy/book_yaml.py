"""YAML 1.2 core scalars and nothing that surprises: no floats, dates, sexagesimals, anchors, tags, or keys given twice."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from doudi.errors import Refusal

LARGEST_FILE = 4_000_000
CORE = {
    "null": (r"^(?:~|null|)$", ["~", "n", ""]),
    "bool": (r"^(?:true|false)$", ["t", "f"]),
    "int": (r"^[-+]?(?:0|[1-9][0-9]*)$", list("-+0123456789")),
    "float": (
        r"^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$|^[-+]?\.inf$|^\.nan$",
        list("-+.0123456789"),
    ),
}
Loader: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Unfit(ValueError):
    """A node that the core subset does not allow; becomes a Refusal with the file's name."""

    def __init__(self, node: yaml.Node | yaml.Event, reason: str) -> None:
        super().__init__(reason)
        self.line = node.start_mark.line + 1 if node.start_mark else 0


class BookLoader(Loader):  # type: ignore[misc]  # the C loader where PyYAML was built with it, the Python one elsewhere
    """The core schema, with everything ambiguous refused."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, Any]]] = {}  # noqa: RUF012  # PyYAML reads this class attribute

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002  # PyYAML's signature
        """A mapping whose keys are scalars, each given once."""
        seen: set[str] = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise _Unfit(key, "键必须是一个词")
            if key.value in seen:
                raise _Unfit(key, f"键“{key.value}”写了两次")
            seen.add(key.value)
        return dict(super().construct_mapping(node, deep=deep))


def _refuse_float(_: BookLoader, node: yaml.ScalarNode) -> None:
    raise _Unfit(node, f"“{node.value}”不是整数；小数和带前导 0 的编号请加引号（如 '1.5'、'3/2'、'0502'）")


for _tag, (_pattern, _first) in CORE.items():
    BookLoader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(_pattern), _first)
BookLoader.add_constructor("tag:yaml.org,2002:float", _refuse_float)


def read_yaml(path: Path) -> Any:  # noqa: ANN401  # a YAML document may be anything; load.py checks its shape
    """One document. Refuses with file and line; an empty file is an empty list."""
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Refusal("policy.unreadable", f"读不了文件 {path.name}：请确认它存在且是 UTF-8 编码。") from error
    return parse_yaml(text, path.name)


def parse_yaml(text: str, name: str = "文本") -> Any:  # noqa: ANN401  # as above
    """One document from text; `name` stands in refusals."""
    if len(text) > LARGEST_FILE:
        raise Refusal("policy.unreadable", f"{name} 过大（超过 {LARGEST_FILE} 个字符）。")
    try:
        _refuse_references(text)
        loader = BookLoader(text)
        try:
            document = loader.get_single_data()
        finally:
            loader.dispose()
    except _Unfit as error:
        raise _refusal(name, error.line, str(error)) from error
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise _refusal(name, line, f"YAML 写法不对（{error.problem}）") from error
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise _refusal(name, 0, f"YAML 写法不对（{type(error).__name__}）") from error
    return [] if document is None else document


def _refuse_references(text: str) -> None:
    for event in yaml.parse(text, Loader=BookLoader):
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) or getattr(event, "tag", None):
            raise _Unfit(event, "不能使用锚点、引用或标签")


def _refusal(name: str, line: int, reason: str) -> Refusal:
    place = f"{name} 第 {line} 行" if line else name
    return Refusal("policy.bad_yaml", f"{place}：{reason}。", line=line)
