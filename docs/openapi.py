"""Writes `docs/run/openapi.json`: the read API as its own source tells it, for whoever writes a client.

`python docs/openapi.py` prints it, `--write` replaces the file, as `dev docs` does. A test holds the file equal to the source.
"""

import os
import sys
from importlib import import_module
from pathlib import Path

import django

PAGE = Path(__file__).resolve().parent / "run" / "openapi.json"


def page() -> str:
    """The whole file."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "doudi.office.config.settings")
    os.environ.setdefault("DOUDI_SECRET_KEY", "for the documents alone")
    django.setup()
    import_module("doudi.office.api.v1")  # the operations make themselves known there
    return str(import_module("doudi.office.api.openapi").text())


if __name__ == "__main__":
    if "--write" in sys.argv[1:]:
        PAGE.write_text(page(), "utf-8")
    else:
        sys.stdout.write(page())
