from django.apps import AppConfig


class APIConfig(AppConfig):
    name = "upstream.api"
    label = "api"
