from django.apps import AppConfig


class WatchersConfig(AppConfig):
    """Watchers that failed: what was not seen, and who must know."""

    name = "upstream.watchers"
    label = "watchers"
