"""The static tools, the tests, the policy book's cases."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

import children
import environment
import places
from telling import say

PYTEST = ("-m", "pytest", "-n", "2", "--dist", "loadfile")  # a file's fixtures are made once, on one worker
CHROMIUM = Path(os.environ.get("DOUDI_CHROMIUM", "/usr/bin/chromium"))


def check(_: argparse.Namespace) -> int:
    """Every static tool, all of them even when one fails."""
    tools = {
        "写法 ruff check": ("ruff", "check"),
        "排版 ruff format（去掉 --check 就自动整理）": ("ruff", "format", "--check"),
        "类型 mypy": ("mypy",),
        "导入契约 lint-imports": ("lint-imports", "--config", "importlinter.ini"),
    }
    failed = [title for title, (tool, *options) in tools.items() if children.call(places.BIN / tool, *options)[0]]
    say(f"静态检查没有通过：{'；'.join(failed)}" if failed else "静态检查全部通过")
    return 1 if failed else 0


def test(options: argparse.Namespace) -> int:
    """The static part and every test; both are run, either can fail the whole."""
    static = check(options)
    environment.front_end()
    tests = children.call(places.PYTHON, *PYTEST, *options.rest)[0]
    if not CHROMIUM.is_file():
        say(f"浏览器测试没有做：本机没有 {CHROMIUM}。Debian 请运行：apt-get install chromium fonts-noto-cjk")
    return tests or static


def cases(options: argparse.Namespace) -> int:
    """The policy book's own check and its cases, on both readers."""
    children.must(places.BIN / "doudi", "policy", "check", otherwise="政策簿本身没有通过检查")
    return children.call(places.PYTHON, *PYTEST, "-k", "cases", *options.rest)[0]
