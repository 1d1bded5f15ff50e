from django.db.models import TextChoices


class Channel(TextChoices):
    """Where a notice reaches its receiver."""

    MAIL = "mail", "Mail"
    PORTAL = "portal", "Portal"
    ENDPOINT = "endpoint", "Channel"


class NoticeState(TextChoices):
    """What became of something to be said to somebody."""

    QUEUED = "queued", "Goes out now"
    HELD = "held", "Held until later"
    DIGEST = "digest", "Waits for the daily digest"
    SENT = "sent", "Handed over"
    DROPPED = "dropped", "Not needed any more"


class NoticeKind(TextChoices):
    """What is said of incidents; other apps say their own kinds."""

    OPENED = "incident.opened", "An incident opened"
    CLOSED = "incident.closed", "An incident closed"
    ESCALATED = "incident.escalated", "Nobody has taken an incident up"
    TEST = "routing.test", "A test"
