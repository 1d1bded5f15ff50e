from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "upstream.reports"
    label = "reports"
