from django.db.models import TextChoices


class Basis(TextChoices):
    """By which day claims belong to the period of a report."""

    SENT = "sent", "day of first submission"
    ANSWER = "answer", "day on which the first answer became known"
    SERVICE = "service", "day of service"


class Unit(TextChoices):
    """What a value of a report counts."""

    NUMBER = "number", "Number"
    CENTS = "cents", "Dollars"
    SHARE = "share", "Share"


class Kind(TextChoices):
    """What the values of a dimension are."""

    TEXT = "text", "Text"
    DAY = "day", "Day"
