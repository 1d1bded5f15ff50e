from django.db.models import TextChoices


class OutboxState(TextChoices):
    """A message on its way. One found SUBMITTING without a worker may have arrived: it becomes UNKNOWN and is parked,
    unless its receiver tells repeats apart. A sample practice's are WITHHELD from the start: none leaves the house."""

    QUEUED = "queued", "Waiting"
    PREPARING = "preparing", "Being written"
    SUBMITTING = "submitting", "Being handed over"
    SENT = "sent", "Sent"
    FAILED = "failed", "Failed"
    UNKNOWN = "unknown", "Outcome unknown, parked"
    WITHHELD = "withheld", "Kept here: a sample practice sends nothing"


class MailFate(TextChoices):
    """What a provider says of a mail that it took."""

    DELIVERED = "delivered", "Delivered"
    DEFERRED = "deferred", "Put off, or turned away for now"
    BOUNCED = "bounced", "Came back for good"
    COMPLAINED = "complained", "Called unwanted by its reader"
    FAILED = "failed", "Not sent by the provider"


class Kind(TextChoices):
    """The way a message goes; all but mail go to an endpoint."""

    MAIL = "mail", "Mail"
    WEBHOOK = "webhook", "Signed webhook"
    SLACK = "slack", "Slack"
    TEAMS = "teams", "Microsoft Teams"


ENDPOINT_KINDS = (Kind.WEBHOOK, Kind.SLACK, Kind.TEAMS)


class Event(TextChoices):
    """What an endpoint can be told of."""

    INCIDENT_OPENED = "incident.opened", "An incident opens, or opens again"
    INCIDENT_CLOSED = "incident.closed", "An incident closes"
    INCIDENT_ESCALATED = "incident.escalated", "Nobody has taken an incident up"
    DIGEST = "incident.digest", "The daily digest, for chat"
    REPORT_READY = "report.ready", "A report is ready"
    TROUBLE = "trouble.opened", "Something of Upstream itself fails"


TEST = "endpoint.test"


class EndpointState(TextChoices):
    ACTIVE = "active", "Working"
    PAUSED = "paused", "Paused"
    STOPPED = "stopped", "Stopped by Upstream"
