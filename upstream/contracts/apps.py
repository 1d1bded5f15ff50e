from django.apps import AppConfig


class ContractsConfig(AppConfig):
    """What contracts say that payers allow, and what they allowed less."""

    name = "upstream.contracts"
    label = "contracts"
