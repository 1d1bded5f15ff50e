from django.apps import AppConfig


class WorklistConfig(AppConfig):
    """Denied claims to work, by when, and what they should bring."""

    name = "upstream.worklist"
    label = "worklist"
