"""The exchange's addresses, below /exchange/."""

from django.urls import path

from doudi.office.exchange import views, views_batches, views_standing

__all__ = ["app_name", "urlpatterns"]

app_name = "exchange"
urlpatterns = [
    path("", views.uploads, name="uploads"),
    path("upload", views.upload, name="upload"),
    path("list", views.listed, name="listed"),
    path("uploads/<uuid:upload>/again", views.again, name="again"),
    path("batches/", views_batches.batches, name="batches"),
    path("batches/<slug:batch>", views_batches.batch, name="batch"),
    path("batches/<slug:batch>/rejects", views_batches.rejects, name="rejects"),
    path("holds/", views_standing.holds, name="holds"),
    path("holds/<slug:delivery>", views_standing.hold, name="hold"),
    path("coverage", views_standing.coverage, name="coverage"),
    path("coverage.csv", views_standing.coverage_file, name="coverage_file"),
]
