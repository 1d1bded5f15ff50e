from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    name = "upstream.delivery"
    label = "delivery"

    def ready(self) -> None:
        """What mail providers say later arrives by anymail's signal, the only way in that it offers."""
        from anymail.signals import tracking as words

        from upstream.delivery import tracking

        words.connect(tracking.receive, dispatch_uid="upstream.delivery.tracking")
