from django.db.models import TextChoices


class Subject(TextChoices):
    """What a letter is about: a category of denial, or what a payer did to claims that it did not deny."""

    AUTH = "AUTH", "Missing authorization"
    ELIG = "ELIG", "Coverage not active"
    COB = "COB", "Another payer is responsible"
    TIMELY = "TIMELY", "Filed too late"
    CRED = "CRED", "Provider not set up"
    MEDNEC = "MEDNEC", "Medical necessity"
    LIMIT = "LIMIT", "Benefit limit reached"
    NONCOV = "NONCOV", "Service not covered"
    BUNDLE = "BUNDLE", "Included in another service"
    CODING = "CODING", "Coding conflict"
    DOC = "DOC", "Records missing"
    DATA = "DATA", "Information missing or wrong"
    DUP = "DUP", "Taken for a duplicate"
    UNSPEC = "UNSPEC", "Reason not given"
    UNDERPAID = "UNDERPAID", "Paid less than agreed"
    TAKEBACK = "TAKEBACK", "Payment taken back"
    LATE = "LATE", "Not answered in time"


class LetterState(TextChoices):
    """Where a letter stands. Upstream drafts; a person sends; the payer answers."""

    DRAFT = "draft", "Draft"
    REVIEW = "review", "In review"
    READY = "ready", "Ready to send"
    SENT = "sent", "Sent"
    OVERTURNED = "overturned", "Overturned"
    PARTLY = "partly", "Partly overturned"
    UPHELD = "upheld", "Upheld"
    WITHDRAWN = "withdrawn", "Withdrawn"


class Way(TextChoices):
    """How a person sent a letter."""

    MAIL = "mail", "Mail"
    CERTIFIED = "certified", "Certified mail"
    FAX = "fax", "Fax"
    PORTAL = "portal", "Payer's portal"
    ELECTRONIC = "electronic", "With an electronic claim"
    OTHER = "other", "Another way"


class WorkState(TextChoices):
    """Something that a worker makes; it takes what is DUE."""

    DUE = "due", "Being made"
    DONE = "done", "Done"
    FAILED = "failed", "Failed"


class Confidence(TextChoices):
    """How sure a rate is. None is legal advice."""

    LOW = "low", "Low"
    MEDIUM = "medium", "Medium"
    HIGH = "high", "High"
