from django.db.models import IntegerChoices, TextChoices


class Outcome(IntegerChoices):
    """How a claim stands, or what one adjudication said."""

    PENDING = 0, "Not decided"
    PAID = 1, "Paid"
    DENIED = 2, "Denied"
    PARTIAL = 3, "Partly denied"
    ZERO_OTHER = 4, "Paid nothing, not denied"
    REVERSED = 5, "Reversed"


class DenialCategory(TextChoices):
    """Why a payer refused to pay; the order is the order of priority when several reasons stand on one line."""

    AUTH = "AUTH", "missing authorization"
    ELIG = "ELIG", "coverage not active"
    COB = "COB", "another payer is responsible"
    TIMELY = "TIMELY", "filed too late"
    CRED = "CRED", "provider not set up with the payer"
    MEDNEC = "MEDNEC", "medical necessity"
    LIMIT = "LIMIT", "benefit limit reached"
    NONCOV = "NONCOV", "service not covered"
    BUNDLE = "BUNDLE", "included in another service"
    CODING = "CODING", "coding conflict"
    DOC = "DOC", "records missing"
    DATA = "DATA", "claim information missing or wrong"
    DUP = "DUP", "duplicate claim"
    UNSPEC = "UNSPEC", "reason not given"


class AdjustmentClass(TextChoices):
    """What an adjustment does to the money: only DENIAL is a refusal."""

    DENIAL = "DENIAL", "Refused"
    CONTRACT = "CONTRACT", "Reduced by contract"
    PATIENT = "PATIENT", "Patient owes"
    COBADJ = "COBADJ", "Settled by an earlier payer"
    INFO = "INFO", "Information only"
    PENDED = "PENDED", "Not decided yet"
    APPEALRESULT = "APPEALRESULT", "Earlier decision upheld"


class StatusKind(TextChoices):
    """Who speaks of a claim before it is answered: who took it in (277CA), or the payer who works on it (277)."""

    ACKNOWLEDGEMENT = "acknowledgement", "Taken in or turned away"
    STATUS = "status", "Being worked on"
