"""The way of each kind of message."""

from upstream.delivery.choices import Kind
from upstream.delivery.transports import chat, mail, webhook
from upstream.delivery.transports.contract import Transport

TRANSPORTS: dict[str, Transport] = {
    Kind.MAIL: mail.TRANSPORT,
    Kind.WEBHOOK: webhook.TRANSPORT,
    Kind.SLACK: chat.SLACK,
    Kind.TEAMS: chat.TEAMS,
}
