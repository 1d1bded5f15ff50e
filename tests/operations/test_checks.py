"""Django's own look at settings, models, addresses and admin pages: our commands do without it."""

from django.contrib import admin
from django.core.management import call_command
from django.urls import get_resolver

from upstream.tenants.models import Organization


def test_every_check_of_django_passes_with_every_page_and_admin_page_loaded() -> None:
    assert get_resolver().url_patterns
    assert admin.site.is_registered(Organization)
    call_command("check", fail_level="WARNING")
