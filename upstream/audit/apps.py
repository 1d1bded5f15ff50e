from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "upstream.audit"
    label = "audit"

    def ready(self) -> None:
        from upstream.audit.registrations import register

        register()
