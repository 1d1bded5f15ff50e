from django.apps import AppConfig


class ReconciliationConfig(AppConfig):
    name = "upstream.ingestion.reconciliation"
    label = "reconciliation"
