from django.apps import AppConfig


class KpisConfig(AppConfig):
    """Every measure of the practice, each in one place: what it counts, by which day, and how sure it is."""

    name = "upstream.kpis"
    label = "kpis"
