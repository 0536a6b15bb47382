"""组件从哪里取：`<c-tag>` 就是 components/tag/tag.html。

Where the components' templates lie: one folder a component, so that its story and its style stand beside it.
"""

from collections.abc import Iterator
from pathlib import Path

from django.template import Origin
from django_cotton.cotton_loader import Loader as CottonLoader

__all__ = ["COMPONENTS", "Loader"]

COMPONENTS = Path(__file__).parent / "components"


class Loader(CottonLoader):  # type: ignore[misc]  # cotton ships without types
    """Cotton's loader for a component asked as `cotton/<name>.html`; any other template is cotton's own business."""

    def get_template_sources(self, template_name: str) -> Iterator[Origin]:
        """The one place of a component, or wherever cotton would look for a page."""
        folder, _, file = template_name.rpartition("/")
        if folder == "cotton":
            name = file.removesuffix(".html")
            yield Origin(name=str(COMPONENTS / name / file), template_name=template_name, loader=self)
            return
        yield from super().get_template_sources(template_name)
