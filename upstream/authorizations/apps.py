from django.apps import AppConfig


class AuthorizationsConfig(AppConfig):
    """Authorizations: what was approved, what is used, and when it ends."""

    name = "upstream.authorizations"
    label = "authorizations"
