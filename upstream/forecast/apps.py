from django.apps import AppConfig


class ForecastConfig(AppConfig):
    """What the next four weeks will bring of cash and denials per payer, and how right earlier forecasts were."""

    name = "upstream.forecast"
    label = "forecast"
