"""Channels are kept sealed, and refused where they will not do."""

from ipaddress import ip_network

import pytest

from tests.factories import endpoint
from upstream.core.errors import Conflict, DomainError, Invalid
from upstream.delivery import endpoints, queries
from upstream.delivery.choices import EndpointState
from upstream.delivery.models import Endpoint
from upstream.tenants.services import tenant_keys


def test_a_channel_is_kept_sealed_and_found_again(practice, settings):
    settings.OUTBOUND_ALLOW = [ip_network("127.0.0.0/8")]
    made = endpoints.add_endpoint(
        kind="webhook", name="  Our   warehouse ", url="https://127.0.0.1/in?token=abc", events=["report.ready"]
    )
    kept = queries.endpoint(made.public_id)
    assert (kept.name, kept.host, kept.events, kept.state) == (
        "Our warehouse", "127.0.0.1", ["report.ready"], EndpointState.ACTIVE,
    )  # fmt: skip
    assert b"token" not in kept.sealed_url
    assert endpoints.secret_of(kept).startswith("whsec_")
    endpoints.change_endpoint(kept, name="Warehouse", url="", events=["incident.opened", "report.ready"])
    kept.refresh_from_db()
    assert kept.url(tenant_keys()) == "https://127.0.0.1/in?token=abc"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"kind": "pigeon"}, "unknown_kind"),
        ({"name": " "}, "bad_name"),
        ({"name": "Taken"}, "name_taken"),
        ({"events": []}, "bad_events"),
        ({"events": ["claim.read"]}, "bad_events"),
        ({"url": "https://169.254.169.254/"}, "address_refused"),
        ({"url": "ftp://127.0.0.1/"}, "bad_address"),
        ({"url": "https://a:b@127.0.0.1/"}, "password_in_address"),
        ({"url": "https://127.0.0.1/" + "x" * 2000}, "bad_address"),
        ({"url": "https://nowhere.invalid/"}, "unknown_host"),
    ],
)
def test_what_will_not_do_is_refused(practice, settings, changes, code):
    settings.OUTBOUND_ALLOW = [ip_network("127.0.0.0/8")]
    endpoint("Taken")
    told = {"kind": "webhook", "name": "New", "url": "https://127.0.0.1/", "events": ["report.ready"], **changes}
    with pytest.raises(DomainError) as refused:
        endpoints.add_endpoint(**told)
    assert refused.value.code == code
    assert Endpoint.objects.count() == 1


def test_only_webhooks_have_a_secret(practice):
    made = endpoint(kind="slack")
    with pytest.raises(Conflict, match="only webhooks are signed"):
        endpoints.new_secret(made)


def test_there_is_an_end_to_channels(practice, settings, monkeypatch):
    monkeypatch.setattr(endpoints, "MOST_ENDPOINTS", 0)
    with pytest.raises(Invalid, match="at most 0 channels"):
        endpoints.add_endpoint(kind="slack", name="A", url="https://127.0.0.1/", events=["report.ready"])
