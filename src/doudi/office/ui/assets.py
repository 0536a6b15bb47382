"""样式与脚本：按构建清单取带摘要的文件名；没有构建时记在日志里，页面仍可读。

Names of the built files. Without a build the pages stay readable and the server's log says what to do.
"""

import json
import logging
from functools import cache
from pathlib import Path

from django.templatetags.static import static

__all__ = ["BUILD", "address_of", "manifest"]

BUILD = Path(__file__).parent / "static" / "ui" / "build"

_log = logging.getLogger(__name__)


@cache
def manifest() -> dict[str, str]:
    """Plain name → name with the digest of its content; empty when the front end has not been built."""
    try:
        names: dict[str, str] = json.loads((BUILD / "manifest.json").read_text("utf-8"))
    except FileNotFoundError:
        _log.warning("no front end built: pages come without style; run `npm ci && node build.mjs` in frontend/")
        return {}
    return names


def address_of(name: str) -> str | None:
    """Where a browser finds `app.css`, `app.js`, `charts.js` or `counties.json`; None when it is not built."""
    hashed = manifest().get(name)
    return static(f"ui/build/{hashed}") if hashed else None
