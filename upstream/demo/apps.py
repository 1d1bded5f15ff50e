from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "upstream.demo"
    label = "demo"
