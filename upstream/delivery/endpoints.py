"""Keeping endpoints: adding, changing, new secrets, pausing, trying."""

import base64
import secrets
import uuid
from collections.abc import Collection
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings

from upstream.core import clock, http, outbound
from upstream.core.errors import Conflict, Invalid
from upstream.core.stages import nudge
from upstream.delivery import queries
from upstream.delivery.choices import ENDPOINT_KINDS, TEST, EndpointState, Event, Kind
from upstream.delivery.models import Endpoint, Outbox
from upstream.delivery.services import queue_to
from upstream.tenants.samples import refuse_in_sample
from upstream.tenants.services import tenant_keys

MOST_ENDPOINTS = 50
LONGEST_URL = 2000
SECRET_BYTES = 32
BOTH_COUNT_FOR = timedelta(hours=24)
HTTPS = 443


def add_endpoint(*, kind: str, name: str, url: str, events: Collection[str]) -> Endpoint:
    """An endpoint that is told of these events from now on. Invalid names what will not do, Conflict a taken name.

    Conflict("sample_practice") in a sample, which tells nobody.
    """
    refuse_in_sample("set channels up in your own practice")
    if kind not in ENDPOINT_KINDS:
        raise Invalid("unknown_kind", "there is no such kind of channel")
    if queries.endpoints().count() >= MOST_ENDPOINTS:
        raise Invalid("too_many_endpoints", f"a practice has at most {MOST_ENDPOINTS} channels")
    made = Endpoint(public_id=uuid.uuid4(), kind=kind, created_at=clock.now())
    _fill(made, name, events)
    made.host = _checked(url)
    made.seal(tenant_keys(), url=url, secrets=[_new_secret()] if kind == Kind.WEBHOOK else [])
    made.save()
    return made


def change_endpoint(endpoint: Endpoint, *, name: str, url: str, events: Collection[str]) -> None:
    """The endpoint as told from now on; a blank address stays as it is."""
    _fill(endpoint, name, events)
    if url:
        keys = tenant_keys()
        endpoint.host = _checked(url)
        endpoint.seal(keys, url=url, secrets=endpoint.secrets(keys, clock.now()))
    endpoint.save()


def _fill(endpoint: Endpoint, name: str, events: Collection[str]) -> None:
    name = " ".join(name.split())
    if not name or len(name) > 80:
        raise Invalid("bad_name", "a channel needs a name of at most 80 letters")
    if queries.endpoints().filter(name=name).exclude(public_id=endpoint.public_id).exists():
        raise Conflict("name_taken", f"there is a channel {name!r} already")
    if not events or not set(events) <= set(Event.values):
        raise Invalid("bad_events", "choose at least one event to be told of")
    endpoint.name, endpoint.events = name, sorted(events)


def _checked(url: str) -> str:
    """The address's host, which may be connected to now; AddressRefused, Unreachable or Invalid otherwise."""
    if len(url) > LONGEST_URL:
        raise Invalid("bad_address", f"an address has at most {LONGEST_URL} letters")
    http.check(url)
    parts = urlsplit(url)
    host = str(parts.hostname)
    outbound.place_of(host, parts.port or HTTPS)
    return host[:255]


def _new_secret() -> str:
    return "whsec_" + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def secret_of(endpoint: Endpoint) -> str:
    """The secret that a receiver checks signatures with; "" for a kind that is not signed."""
    kept = endpoint.secrets(tenant_keys(), clock.now())
    return kept[0] if kept else ""


def new_secret(endpoint: Endpoint) -> None:
    """Sign with a new secret; for a day with the former one too. Conflict for a kind that is not signed."""
    if endpoint.kind != Kind.WEBHOOK:
        raise Conflict("not_signed", "only webhooks are signed")
    keys, now = tenant_keys(), clock.now()
    endpoint.seal(keys, url=endpoint.url(keys), secrets=[_new_secret(), *endpoint.secrets(keys, now)[:1]])
    endpoint.former_until = now + BOTH_COUNT_FOR
    endpoint.save()


def switch(endpoint: Endpoint, *, on: bool) -> None:
    """Send there again, what has waited first; or keep everything until then."""
    endpoint.state = EndpointState.ACTIVE if on else EndpointState.PAUSED
    endpoint.failures, endpoint.resting_until, endpoint.stopped_because = 0, None, ""
    endpoint.save()
    nudge()


def send_test(endpoint: Endpoint) -> Outbox:
    """A message that says only that it is a test, queued; Conflict while the endpoint does not work."""
    if endpoint.state != EndpointState.ACTIVE:
        raise Conflict("not_active", "switch the channel on first")
    link = f"{settings.PORTAL_BASE_URL}/portal/channels/{endpoint.public_id}/"
    context = {
        "headline": "A test from Upstream",
        "lines": ["Messages about payer changes will arrive like this one."],
        "link": link,
        "data": {"link": link},
    }
    return queue_to(endpoint, TEST, about=f"test:{uuid.uuid4()}", context=context)
