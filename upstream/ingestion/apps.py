from django.apps import AppConfig


class IngestionConfig(AppConfig):
    name = "upstream.ingestion"
    label = "ingestion"
