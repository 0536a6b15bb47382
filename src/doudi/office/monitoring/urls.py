"""The addresses of alerts and runs."""

from django.urls import path

from doudi.office.monitoring.views import alerts, paper, runs

app_name = "monitoring"
urlpatterns = [
    path("alerts/", alerts.alert_list, name="alerts"),
    path("alerts/find", alerts.find, name="find"),
    path("alerts/export", alerts.export, name="export"),
    path("alerts/views", alerts.save, name="save_view"),
    path("alerts/views/<int:view_id>/forget", alerts.forget, name="forget_view"),
    path("alerts/<slug:alert_id>", alerts.alert, name="alert"),
    path("alerts/<slug:alert_id>/paper", paper.alert_paper, name="alert_paper"),
    path("runs/", runs.runs, name="runs"),
    path("runs/ask", runs.ask, name="ask_run"),
    path("runs/<int:run_id>", runs.run, name="run"),
    path("runs/<int:run_id>/progress", runs.progress, name="progress"),
]
