from django.db.models import TextChoices


class OutboxState(TextChoices):
    """A message on its way. SUBMITTING found without a worker becomes UNKNOWN: it may have arrived, so it is parked."""

    QUEUED = "queued", "Waiting"
    PREPARING = "preparing", "Being written"
    SUBMITTING = "submitting", "Being handed over"
    SENT = "sent", "Sent"
    FAILED = "failed", "Failed"
    UNKNOWN = "unknown", "Outcome unknown, parked"


class Kind(TextChoices):
    MAIL = "mail", "Mail"
