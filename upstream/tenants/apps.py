from django.apps import AppConfig


class TenantsConfig(AppConfig):
    name = "upstream.tenants"
    label = "tenants"
