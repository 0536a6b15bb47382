"""Every address of the office, one line an office."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("doudi.office.ui.urls")),
    path("", include("doudi.office.portal.urls")),
    path("", include("doudi.office.accounts.entry_urls")),
    path("", include("doudi.office.registry.urls")),
    path("accounts/", include("doudi.office.accounts.urls")),
    path("divisions/", include("doudi.office.divisions.urls")),
    path("", include("doudi.office.monitoring.urls")),
    path("", include("doudi.office.documents.urls")),
    path("", include("doudi.office.messages.urls")),
    path("", include("doudi.office.oversight.urls")),
    path("exchange/", include("doudi.office.exchange.urls")),
    path("", include("doudi.office.api.urls")),
]
