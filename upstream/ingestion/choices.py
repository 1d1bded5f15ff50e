from django.db.models import TextChoices


class BatchState(TextChoices):
    """Where a file stands on its way; each stage takes what the one before has finished."""

    LANDED = "landed", "Received, waiting to be read"
    MAPPING = "mapping", "Waiting for somebody to match its columns"
    LOADED = "loaded", "Read, waiting to be analysed"
    ANALYSED = "analysed", "Read and analysed"
    REJECTED = "rejected", "Refused"


class RejectionState(TextChoices):
    OPEN = "open", "To be fixed"
    FIXED = "fixed", "Fixed and loaded"
