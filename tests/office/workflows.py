"""The page of workflows as tests open it: `docs/workflows.py` is a script beside the page that it writes."""

import importlib.util

from architecture.source import ROOT

_specification = importlib.util.spec_from_file_location("workflow_pages", ROOT / "docs" / "workflows.py")
pages = importlib.util.module_from_spec(_specification)
_specification.loader.exec_module(pages)

workflows = pages.workflows
