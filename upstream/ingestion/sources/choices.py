from django.db.models import TextChoices


class Circuit(TextChoices):
    """Whether a source is asked on schedule, rests after failures, or is being tried again."""

    CLOSED = "closed", "Working"
    OPEN = "open", "Resting after failures"
    HALF_OPEN = "half_open", "Being tried again"


class ObjectState(TextChoices):
    """Where one remote file stands; each step is a compare-and-set."""

    LISTED = "listed", "Seen, not fetched yet"
    FETCHING = "fetching", "Being fetched"
    LANDED = "landed", "Received"
    ACKNOWLEDGED = "acknowledged", "Received, and the sender's side is settled"
    FAILED = "failed", "Given up"


class SourceRunState(TextChoices):
    RUNNING = "running", "At work"
    SUCCEEDED = "succeeded", "Done"
    FAILED = "failed", "Failed"
    INTERRUPTED = "interrupted", "Ended by a restart"
