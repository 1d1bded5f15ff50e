"""The published JavaScript library verifies what we send: the old and the new secret during a change, nothing else."""

from collections.abc import Iterator
from ipaddress import ip_network
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from pytest_django import Settings

from tests import factories
from tests.delivery.receiver import Receiver, receiving
from upstream.core import tenancy
from upstream.delivery import endpoints
from upstream.delivery.choices import Event
from upstream.delivery.models import Outbox
from upstream.delivery.services import Announcement, announce, send_to

LIBRARY = Path(__file__).parents[1] / "data" / "standardwebhooks"
MODULES = {
    "@stablelib/base64": "base64.js", "fast-sha256": "sha256.js", "./timing_safe_equal": "timing_safe_equal.js",
    "standardwebhooks": "index.js",
}  # fmt: skip
# CommonJS for a page: each module once, by the name that the library asks for.
REQUIRE = """
([sources, secret, body, headers]) => {
  const loaded = {};
  const require = (name) => {
    if (!(name in loaded)) {
      const module = {exports: {}};
      loaded[name] = module;
      new Function("module", "exports", "require", sources[name])(module, module.exports, require);
    }
    return loaded[name].exports;
  };
  try {
    return new (require("standardwebhooks").Webhook)(secret).verify(body, headers);
  } catch (error) {
    return error.message;
  }
}
"""
SOURCES = {name: (LIBRARY / path).read_text() for name, path in MODULES.items()}


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context()
    yield context.new_page()
    context.close()


@pytest.fixture
def receiver(settings: Settings) -> Iterator[Receiver]:
    settings.OUTBOUND_ALLOW = [ip_network("127.0.0.0/8")]
    with receiving() as told:
        yield told


@pytest.mark.django_db
def test_javascript_verifies_both_secrets_during_a_change_and_no_other(page: Page, receiver: Receiver) -> None:
    with tenancy.bind(factories.organization().pk):
        made = factories.endpoint(url=receiver.url)
        former = endpoints.secret_of(made)
        endpoints.new_secret(made)
        announce(Event.INCIDENT_OPENED, about="i:1", said=Announcement("One", [], "https://x.example/", {"claims": 14}))
        send_to(made.pk)
        new, kept = endpoints.secret_of(made), Outbox.objects.get()
    ((headers, body),) = receiver.got

    def verified(secret: str, text: str) -> object:
        return page.evaluate(REQUIRE, [SOURCES, secret, text, headers])

    at = kept.queued_at.isoformat(timespec="seconds").replace("+00:00", "Z")
    said = {"type": "incident.opened", "timestamp": at, "data": {"claims": 14}}
    assert verified(new, body.decode()) == verified(former, body.decode()) == said
    assert verified("whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD", body.decode()) == "No matching signature found"
    assert verified(new, body.decode().replace("14", "15")) == "No matching signature found"
