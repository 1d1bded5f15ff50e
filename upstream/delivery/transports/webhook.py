"""Signed webhooks by the Standard Webhooks specification: https://www.standardwebhooks.com/

The body is the same at every try, the id too: a receiver drops what it has seen. It says what happened and where to
look, never whom it concerns.
"""

import json
from datetime import UTC

from standardwebhooks.webhooks import Webhook

from upstream.core import clock
from upstream.delivery.choices import OutboxState
from upstream.delivery.models import Outbox
from upstream.delivery.transports.contract import Transport
from upstream.delivery.transports.web import Post
from upstream.tenants.services import tenant_keys


def prepare(message: Outbox) -> Post:
    """The row as a request that is signed now, with the endpoint's secret and, during a change of it, the former."""
    keys, now = tenant_keys(), clock.now()
    body = body_of(message)
    signed = [Webhook(secret).sign(message.message_id, now, body) for secret in message.endpoint.secrets(keys, now)]
    headers = {
        "webhook-id": message.message_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(signed),
    }
    return Post(message.endpoint.url(keys), headers, body.encode(), OutboxState.QUEUED)


def body_of(message: Outbox) -> str:
    """`type`, `timestamp` of the event, and `data`."""
    said = {
        "type": message.template,
        "timestamp": message.queued_at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        "data": message.context["data"],
    }
    return json.dumps(said, sort_keys=True)


TRANSPORT = Transport(prepare, repeatable=True)
