"""Incoming webhooks of Slack and Microsoft Teams. They cannot tell a repeat, so an unclear outcome is parked."""

import json
from collections.abc import Callable
from typing import Any

from upstream.delivery.choices import OutboxState
from upstream.delivery.models import Outbox
from upstream.delivery.transports.contract import Transport
from upstream.delivery.transports.web import Post
from upstream.tenants.services import tenant_keys

Said = dict[str, Any]


def slack(said: Said) -> Said:
    """https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks"""
    lines = [f"*{_escaped(said['headline'])}*", *map(_escaped, said["lines"])]
    return {"text": "\n".join([*lines, f"<{said['link']}|Open in Upstream>"])}


def _escaped(text: str) -> str:
    """Slack's three control characters as it asks for them."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def teams(said: Said) -> Said:
    """An adaptive card, as a Teams workflow "When a webhook request is received" takes it."""
    title = {"type": "TextBlock", "text": said["headline"], "weight": "Bolder", "wrap": True}
    lines = [{"type": "TextBlock", "text": line, "wrap": True} for line in said["lines"]]
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": [title, *lines],
        "actions": [{"type": "Action.OpenUrl", "title": "Open in Upstream", "url": said["link"]}],
    }
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "content": card}
    return {"type": "message", "attachments": [attachment]}


def _transport(worded: Callable[[Said], Said]) -> Transport:
    def prepare(message: Outbox) -> Post:
        body = json.dumps(worded(message.context)).encode()
        return Post(message.endpoint.url(tenant_keys()), {}, body, OutboxState.UNKNOWN)

    return Transport(prepare)


SLACK, TEAMS = _transport(slack), _transport(teams)
