from django.apps import AppConfig


class SamplesConfig(AppConfig):
    name = "upstream.samples"
    label = "samples"
