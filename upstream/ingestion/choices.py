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
    DISCARDED = "discarded", "Left out for good"


class DiscardReason(TextChoices):
    """Why a row is left out for good; fixed words, so that nobody types a patient's name."""

    NOT_A_CLAIM = "not_a_claim", "It is no claim"
    ELSEWHERE = "elsewhere", "It came in another file"
    NOT_OURS = "not_ours", "It belongs to another practice"
    BEYOND_REPAIR = "beyond_repair", "It cannot be put right"
