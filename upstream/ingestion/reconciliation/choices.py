from django.db.models import TextChoices


class By(TextChoices):
    """How long a period of the reconciliation is."""

    DAY = "day", "Day"
    WEEK = "week", "Week"
    MONTH = "month", "Month"


class Basis(TextChoices):
    """By which day of a claim or of its answer the sums of claims are put into periods."""

    SUBMISSION = "submission", "Day of submission"
    REMIT = "remit", "Day of payment"
    SERVICE = "service", "Day of service"
