from django.db.models import TextChoices


class SignalState(TextChoices):
    OPEN = "open", "Waiting to become or join an incident"
    TAKEN = "taken", "Part of an incident's history"


class Metric(TextChoices):
    DENIAL_RATE = "denial_rate", "Denial rate"
    DENIAL_DOLLARS = "denial_dollars", "Denied dollars"
    PAYMENT_DELAY = "payment_delay", "Payment delay"
    UNDERPAYMENT = "underpayment", "Underpayment"
    DOWN_CODING = "down_coding", "Down-coding"
    TAKE_BACKS = "take_backs", "Money taken back"
    SILENT_CLAIMS = "silent_claims", "Claims without an answer"


class Direction(TextChoices):
    ADVERSE = "adverse", "Worse"
    IMPROVE = "improve", "Better"


class Strength(TextChoices):
    """How sure we are, apart from how much it costs."""

    STRONG = "strong", "Strong"
    MODERATE = "moderate", "Moderate"
    WATCH = "watch", "Watch"


class EventKind(TextChoices):
    HOLIDAY = "holiday", "Holiday"
    PLAN_YEAR = "plan_year", "New plan year"
    MEDICAID = "medicaid", "Medicaid"
    OUTAGE = "outage", "Outage"
    OTHER = "other", "Other"


class EventEffect(TextChoices):
    """What an event does to detection; NONE is how one is taken back."""

    MASK = "mask", "These weeks are left out"
    NOTE = "note", "Only shown"
    NONE = "none", "Taken back"
