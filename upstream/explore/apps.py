from django.apps import AppConfig


class ExploreConfig(AppConfig):
    """Facts without PHI that people ask their own questions of: own reports, and read-only SQL."""

    name = "upstream.explore"
    label = "explore"
