from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    name = "upstream.delivery"
    label = "delivery"
