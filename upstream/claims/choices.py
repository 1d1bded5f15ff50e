from django.db.models import IntegerChoices


class Outcome(IntegerChoices):
    """How a claim stands, or what one adjudication said."""

    PENDING = 0, "Not decided"
    PAID = 1, "Paid"
    DENIED = 2, "Denied"
    PARTIAL = 3, "Partly denied"
    ZERO_OTHER = 4, "Paid nothing, not denied"
    REVERSED = 5, "Reversed"
