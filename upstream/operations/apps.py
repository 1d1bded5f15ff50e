from django.apps import AppConfig


class OperationsConfig(AppConfig):
    name = "upstream.operations"
    label = "operations"
