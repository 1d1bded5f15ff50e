from django.apps import AppConfig


class AppealsConfig(AppConfig):
    """Letters and packets to payers, drafted here and sent by a person."""

    name = "upstream.appeals"
    label = "appeals"
