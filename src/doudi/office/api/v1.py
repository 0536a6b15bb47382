"""第一版的地址：全部操作，每个前面都有门口。"""

from collections.abc import Iterator

from django.urls import URLPattern, path

from doudi.office.api.gate import gated
from doudi.office.api.openapi import openapi
from doudi.office.api.routes import alerts as alerts
from doudi.office.api.routes import households as households
from doudi.office.api.routes import standing as standing
from doudi.office.api.routing import DOORS, PARAMETERS, api

__all__ = ["urlpatterns"]


def _behind_gates() -> Iterator[URLPattern]:
    """Every operation of the API, and nothing of ninja's own pages, behind its gate."""
    for pattern in api.urls[0]:
        if isinstance(pattern, URLPattern) and pattern.name in DOORS:
            name = str(pattern.name)
            view = gated(pattern.callback, DOORS[name], PARAMETERS[name])
            yield path(str(pattern.pattern), view, name=name)


urlpatterns = [path("openapi.json", openapi, name="openapi"), *_behind_gates()]
