"""中文：Typer 自己说的话，换成中文。

Typer's own words in --help are English; these classes and headings say them in Chinese.
"""

from typing import Any

from typer.core import TyperCommand, TyperGroup

__all__ = ["Command", "Group", "speak_chinese"]

_HELP = "显示这段说明"


class Command(TyperCommand):
    """A command whose --help is in Chinese."""

    def get_help_option(self, ctx: Any) -> Any:  # noqa: ANN401 - Typer's own types are private
        """The --help option."""
        return _said(super().get_help_option(ctx))

    def format_help(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401 - as above
        """The whole --help."""
        speak_chinese()
        super().format_help(ctx, formatter)


class Group(TyperGroup):
    """A group of commands whose --help is in Chinese."""

    def get_help_option(self, ctx: Any) -> Any:  # noqa: ANN401 - Typer's own types are private
        """The --help option."""
        return _said(super().get_help_option(ctx))

    def format_help(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401 - as above
        """The whole --help."""
        speak_chinese()
        super().format_help(ctx, formatter)


def speak_chinese() -> None:
    """Puts Chinese in the headings and labels of every --help."""
    from typer import rich_utils  # noqa: PLC0415  # a command that shows no help need not wait for it

    rich_utils.ARGUMENTS_PANEL_TITLE = "参数"
    rich_utils.OPTIONS_PANEL_TITLE = "选项"
    rich_utils.COMMANDS_PANEL_TITLE = "命令"
    rich_utils.DEFAULT_STRING = "［默认 {}］"
    rich_utils.REQUIRED_LONG_STRING = "［必填］"


def _said(option: Any) -> Any:  # noqa: ANN401 - Typer's own types are private
    if option is not None:
        option.help = _HELP
    return option
