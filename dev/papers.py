"""The documents' generated parts."""

from __future__ import annotations

import argparse

import children
import places


def docs(_: argparse.Namespace) -> int:
    """Write anew what the documents take from the source."""
    written = {
        "差错代码表": ("error_codes.py", "--write"),
        "命令页": ("command_pages.py", "--write"),
        "指标表": ("indicators.py",),
        "流程图": ("workflows.py", "--write"),
        "接口说明": ("openapi.py", "--write"),
    }
    for title, (script, *options) in written.items():
        children.must(places.PYTHON, places.ROOT / "docs" / script, *options, otherwise=f"{title}没有写成")
    return 0
