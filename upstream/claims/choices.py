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


class PayerType(TextChoices):
    """Whose money a payer pays with: decides which clocks run when no contract says otherwise."""

    UNKNOWN = "unknown", "Not known yet"
    MEDICARE = "medicare_ffs", "Medicare"
    MEDICARE_ADVANTAGE = "medicare_advantage", "Medicare Advantage, contracted"
    MEDICARE_ADVANTAGE_OTHER = "medicare_advantage_other", "Medicare Advantage, not contracted"
    MEDICAID = "medicaid_ffs", "Medicaid, paid by the state"
    MEDICAID_PLAN = "medicaid_mco", "Medicaid managed care plan"
    COMMERCIAL = "commercial", "Commercial, contracted"
    SELF_FUNDED = "self_funded", "Employer's own fund (ERISA)"
    BLUECARD = "bluecard", "BlueCard"
    MARKETPLACE = "marketplace", "Marketplace plan (QHP)"
    TRICARE = "tricare", "TRICARE"
    VETERANS = "va", "Veterans Affairs community care"
    INJURY = "workers_comp", "Workers' compensation or auto"


class ProductClass(TextChoices):
    """What kind of product a payer's name speaks of; two classes never share a payer. The first of several counts."""

    MEDICARE_ADVANTAGE = "ma", "Medicare Advantage"
    SUPPLEMENT = "supplement", "Medicare supplement"
    MEDICARE = "medicare", "Medicare"
    MEDICARE_UNCLEAR = "medicare_unclear", "Medicare, not said which"
    MEDICAID_PLAN = "medicaid_mco", "Medicaid managed care"
    MEDICAID = "medicaid", "Medicaid"
    MARKETPLACE = "qhp", "Marketplace (QHP)"
    BLUECARD = "bluecard", "BlueCard"
    FEDERAL = "federal", "Federal employees"
    TRICARE = "tricare", "TRICARE"
    VETERANS = "va", "Veterans Affairs"
    INJURY = "injury", "Workers' compensation or auto"
    DENTAL = "dental", "Dental"
    VISION = "vision", "Vision"
    BEHAVIORAL = "behavioral", "Behavioral health"
    SELF_FUNDED = "self_funded", "Self-funded"
    COMMERCIAL = "commercial", "Commercial, or not said"


class Tie(TextChoices):
    """Why two names surely mean one payer, the surest first."""

    IDENTIFIER = "identifier", "the same identifier in the same source"
    NAME = "name", "the same name but for punctuation, legal form and product"
    LIKENESS = "likeness", "almost the same name, and the same product"


class Doubt(TextChoices):
    """Why two names may mean one payer."""

    BLUES = "blues", "related Blue names: more than thirty companies share them"
    PRODUCT = "product", "the same name, but one does not say which product it speaks of"
    STATE = "state", "the same name, but only one of them names a state"
    IDENTIFIER = "identifier", "the same identifier in another source"
    NEAR = "near", "the names are much alike"
    NAME = "name", "the same name as payers that a person has kept apart"


class How(TextChoices):
    """How a name came to its payer."""

    FIRST = "first", "first seen under this name"
    IDENTIFIER = "identifier", "by its identifier"
    NAME = "name", "by its name"
    LIKENESS = "likeness", "by likeness"
    PERSON = "person", "decided by a person"


class Decided(TextChoices):
    """What was decided about payer names."""

    SAME = "same", "is the same payer"
    OWN = "own", "is a payer of its own"
    MOVED = "moved", "belongs to another payer"
    SPLIT = "split", "was made a payer of its own"
    UNITED = "united", "turned out to be the same payer"
    UNDONE = "undone", "was taken back"


class MoveState(TextChoices):
    """Whether the rows already stand under the payer that was decided."""

    WAITING = "waiting", "Claims are being moved"
    DONE = "done", "Done"


class MatchState(TextChoices):
    """Whether a remitted claim and the practice's claim are taken for one."""

    MATCHED = "matched", "Matched"
    UNDONE = "undone", "Taken apart by a person"


class Withdrawn(TextChoices):
    """What of a file was withdrawn."""

    ANSWER = "answer", "A payer's answer"
    FACTS = "facts", "What was billed"


class Approval(TextChoices):
    """What a payer decided on a request for authorization (HCR01)."""

    APPROVED = "A1", "Approved"
    PARTLY = "A2", "Approved in part"
    REFUSED = "A3", "Not approved"
    WAITING = "A4", "Not decided yet"
    CHANGED = "A6", "Approved with changes"
    CANCELLED = "C", "Cancelled"
    CALL = "CT", "Call the payer"
    NOT_NEEDED = "NA", "No approval needed"
    OTHER = "other", "Something else"


class Urgency(TextChoices):
    """How soon an answer to a request for authorization is needed."""

    STANDARD = "standard", "Standard"
    EXPEDITED = "expedited", "Expedited"


class Covered(TextChoices):
    """What a payer said of a member's coverage."""

    ACTIVE = "active", "Active"
    INACTIVE = "inactive", "Not active"
    REFUSED = "refused", "Question refused"
    UNSAID = "unsaid", "Not said"
