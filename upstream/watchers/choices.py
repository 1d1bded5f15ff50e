from django.db.models import TextChoices


class Kind(TextChoices):
    """What of Upstream itself, or of what it lives on, can fail."""

    DETECTOR = "detector", "The data were not looked at"
    SOURCE = "source", "A source is silent or fails"
    FILE = "file", "Files are refused"
    STUCK = "stuck", "Files are stuck"
    MAIL = "mail", "Mail does not go out"
    ADDRESS = "address", "A person gets no mail"
    CHANNEL = "channel", "A channel does not take messages"
    MAPPING = "mapping", "Claims are not watched"
    CODES = "codes", "Codes without a meaning"
    AUDIT = "audit", "The access log does not fit together"
    STORAGE = "storage", "Files or keys cannot be read"
    WATCH = "watch", "Nobody watched"


class TroubleState(TextChoices):
    OPEN = "open", "Open"
    ACKNOWLEDGED = "acknowledged", "Somebody is at it"
    OVER = "over", "Over"


class StepKind(TextChoices):
    """What happened to a trouble."""

    OPENED = "opened", "It began"
    CHANGED = "changed", "It changed"
    ACKNOWLEDGED = "acknowledged", "Somebody took it"
    HANDED_BACK = "handed_back", "It was handed back"
    OVER = "over", "It is over"


class Limit(TextChoices):
    """How much of something is a trouble; a practice may set its own."""

    DETECTOR_HOURS = "detector_hours", "Hours without a look at the data"
    STUCK_HOURS = "stuck_hours", "Hours that a file may wait to be read or analysed"
    MAIL_MINUTES = "mail_minutes", "Minutes that mail may wait"
    UNWATCHED_PERCENT = "unwatched_percent", "Percent of claims under names that nobody has confirmed"
    WATCH_MINUTES = "watch_minutes", "Minutes in which nobody may have watched"
    QUIET_PERCENT = "quiet_percent", "Percent chance at which a sender's silence is no accident"
