"""The API's own page shows every operation and takes a client's secret, under the same strict policy as the portal."""

from django.db import transaction
from playwright.sync_api import Page, expect

from tests import factories
from tests.api.test_isolation import operations
from tests.e2e.conftest import OpenBrowser
from upstream.core import tenancy
from upstream.tenants import services

SHOWN = """async () => {
    await new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)));
    return [...document.querySelectorAll(".opblock-summary")].map(row => [
        row.querySelector(".opblock-summary-method").textContent,
        row.querySelector(".opblock-summary-path").dataset.path,
    ]);
}"""
TO_THE_TOP, A_BIT_DOWN = "scrollTo(0, 0)", "scrollBy(0, innerHeight / 2)"
BOTTOM = "scrollY + innerHeight >= document.documentElement.scrollHeight - 1"


def seen_on_the_way_down(page: Page) -> set[tuple[str, str]]:
    """Method and path of every operation that comes by: a long list holds only those that are in the window."""
    expect(page.locator(".opblock").first).to_be_visible()
    seen = {(method, path) for method, path in page.evaluate(SHOWN)}
    while not page.evaluate(BOTTOM):
        page.evaluate(A_BIT_DOWN)
        seen |= {(method, path) for method, path in page.evaluate(SHOWN)}
    page.evaluate(TO_THE_TOP)
    return seen


def test_the_api_page_shows_every_operation_and_takes_a_client(
    transactional_db: None, open_browser: OpenBrowser
) -> None:
    practice = factories.organization()
    with tenancy.bind(practice.pk), transaction.atomic():
        client, secret = services.create_api_client(name="script", scopes=["read"])
    visitor = open_browser()
    visitor.go("/api/v1/docs/")
    assert seen_on_the_way_down(visitor.page) == {(method, f"/api/v1/{path}") for method, path, _ in operations()}
    visitor.page.get_by_role("button", name="Authorize").click()
    visitor.page.locator("#client_id_clientCredentials").fill(client.client_id)
    visitor.page.locator("#client_secret_clientCredentials").fill(secret)
    visitor.page.locator(".auth-container label", has_text="read").first.click()
    visitor.page.locator(".auth-btn-wrapper .authorize").click()
    expect(visitor.page.get_by_role("heading", name="Authorized")).to_be_visible()
