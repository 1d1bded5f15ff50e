"""The API's own page shows every operation and takes a client's secret, under the same strict policy as the portal."""

from django.db import transaction
from playwright.sync_api import expect

from tests import factories
from tests.api.test_isolation import operations
from tests.e2e.conftest import OpenBrowser
from upstream.core import tenancy
from upstream.tenants import services


def test_the_api_page_shows_every_operation_and_takes_a_client(
    transactional_db: None, open_browser: OpenBrowser
) -> None:
    practice = factories.organization()
    with tenancy.bind(practice.pk), transaction.atomic():
        client, secret = services.create_api_client(name="script", scopes=["read"])
    visitor = open_browser()
    visitor.go("/api/v1/docs/")
    expect(visitor.page.locator(".opblock")).to_have_count(len(list(operations())))
    visitor.page.get_by_role("button", name="Authorize").click()
    visitor.page.locator("#client_id_clientCredentials").fill(client.client_id)
    visitor.page.locator("#client_secret_clientCredentials").fill(secret)
    visitor.page.locator(".auth-container label", has_text="read").first.click()
    visitor.page.locator(".auth-btn-wrapper .authorize").click()
    expect(visitor.page.get_by_role("heading", name="Authorized")).to_be_visible()
