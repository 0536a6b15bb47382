"""Every address of the office, as the resolver knows it."""

from django.urls import URLPattern, get_resolver


def addresses(patterns=None, prefix="", spaces=""):
    """Each address as (route, name with its namespaces): `households/<str:ref>`, `portal:household`."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = prefix + str(pattern.pattern).removeprefix("^").removesuffix("$").removesuffix("\\Z")
        if isinstance(pattern, URLPattern):
            yield "/" + route, spaces + (pattern.name or "")
        else:
            inner = f"{spaces}{pattern.namespace}:" if pattern.namespace else spaces
            yield from addresses(pattern.url_patterns, route, inner)
