"""What the pages of channels show."""

from collections.abc import Mapping
from dataclasses import dataclass

from upstream.core import clock
from upstream.delivery import queries
from upstream.delivery.choices import TEST, EndpointState, Event, Kind, OutboxState
from upstream.delivery.models import Endpoint, Outbox
from upstream.delivery.rules import GONE, MAY_BE_RETRIED


@dataclass(frozen=True, slots=True)
class KindShown:
    """One kind of channel in words."""

    key: str
    label: str
    summary: str


KINDS = (
    KindShown(Kind.WEBHOOK, "Signed webhook", "For programs: a signed message by the Standard Webhooks specification."),
    KindShown(Kind.SLACK, "Slack", "A message in one Slack channel, by the address of an incoming webhook."),
    KindShown(Kind.TEAMS, "Microsoft Teams", "A card in one Teams channel, by the address of a workflow."),
)
STOPPED = {GONE: "the receiver says that it is gone for good"}


@dataclass(frozen=True, slots=True)
class Row:
    """One channel with its health: `style` is the badge's, `waiting` and `parked` count its messages."""

    endpoint: Endpoint
    kind: str
    health: str
    style: str
    trouble: str
    waiting: int
    parked: int


@dataclass(frozen=True, slots=True)
class Sent:
    """One message of a channel, with its tries newest first."""

    message: Outbox
    event: str
    may_go_again: bool


def rows() -> list[Row]:
    """Every channel, by name."""
    standing = queries.waiting_by_endpoint()
    return [row_of(endpoint, standing.get(endpoint.pk, {})) for endpoint in queries.endpoints()]


def row_of(endpoint: Endpoint, standing: Mapping[str, int]) -> Row:
    """A channel and its messages by state."""
    parked = sum(standing.get(state, 0) for state in MAY_BE_RETRIED)
    health, style, trouble = _health(endpoint)
    return Row(endpoint, kind_of(endpoint.kind).label, health, style, trouble, sum(standing.values()) - parked, parked)


def _health(endpoint: Endpoint) -> tuple[str, str, str]:
    if endpoint.state == EndpointState.STOPPED:
        because = STOPPED.get(endpoint.stopped_because, "a message failed at every try")
        return "Stopped", "critical", f"Stopped because {because}. Messages wait until you switch it on."
    if endpoint.state == EndpointState.PAUSED:
        return "Paused", "waiting", "Messages wait until you switch it on."
    if endpoint.resting_until and endpoint.resting_until > clock.now():
        return "Resting", "high", f"{endpoint.failures} tries in a row have failed; it is tried again soon."
    if endpoint.failures:
        return "Trouble", "high", "The last try has failed; it is tried again soon."
    return "Working", "ok", ""


def kind_of(key: str) -> KindShown:
    """The kind in words."""
    return next(kind for kind in KINDS if kind.key == key)


def events_of(endpoint: Endpoint) -> list[str]:
    """What the channel is told of, in words."""
    return [str(Event(event).label) for event in endpoint.events]


def messages_of(endpoint: Endpoint, most: int) -> list[Sent]:
    """What was or will be sent there, newest first."""
    return [
        Sent(message, _event(message.template), OutboxState(message.state) in MAY_BE_RETRIED)
        for message in queries.messages_at(endpoint.pk)[:most]
    ]


def _event(template: str) -> str:
    return "A test" if template == TEST else str(Event(template).label)
