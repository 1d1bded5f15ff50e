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
    WOKEN = "incident.woken", "An incident that was put aside is back"
    ESCALATED = "incident.escalated", "Nobody has taken an incident up"
    DIGEST = "digest", "The daily digest"
    SUBSTITUTE = "rota.substitute", "A week of turns in another's place"
    TEST = "routing.test", "A test"


class Verdict(TextChoices):
    """What was decided of an opening, a closing or a waking."""

    TOLD = "told", "Told at once"
    DIGEST = "digest", "Told with the daily digest"
    KEPT = "kept", "Kept for the weekly report"
    SUPPRESSED = "muted", "Muted by a rule"


class How(TextChoices):
    """When the people of a routing rule are told."""

    SEVERITY = "severity", "As the severity says"
    DIGEST = "digest", "With the daily digest"


class TargetKind(TextChoices):
    """Whom a routing rule names."""

    ROLE = "role", "Everybody with a role"
    MEMBER = "member", "A person"
    ROTA = "rota", "Whoever is on call"
    ENDPOINT = "endpoint", "A channel"
