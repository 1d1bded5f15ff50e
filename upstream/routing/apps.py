from django.apps import AppConfig


class RoutingConfig(AppConfig):
    """Who is told of an incident, when and where."""

    name = "upstream.routing"
    label = "routing"
