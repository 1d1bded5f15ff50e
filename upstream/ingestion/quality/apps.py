from django.apps import AppConfig


class QualityConfig(AppConfig):
    name = "upstream.ingestion.quality"
    label = "quality"
