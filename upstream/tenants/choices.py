from django.db.models import TextChoices


class Role(TextChoices):
    """What a member of an organization is there for; staff is Upstream's own support."""

    OWNER = "owner", "Owner"
    MANAGER = "manager", "Billing manager"
    BILLER = "biller", "Biller"
    CLINICIAN = "clinician", "Clinician"
    AUDITOR = "auditor", "Compliance officer"
    STAFF = "staff", "Upstream staff"


class Right(TextChoices):
    """What a person or client may do; roles and API scopes are sets of these."""

    READ = "read", "See incidents, claims and reports"
    READ_PHI = "read_phi", "See patients' identifying values"
    UPLOAD = "upload", "Upload files"
    WORK = "work", "Move incidents"
    REPORT = "report", "Make reports"
    PAYERS = "payers", "Decide payer names, types and clocks"
    CONNECT = "connect", "Keep the sources that files are pulled from, and the channels that are told"
    ROUTE = "route", "Decide who is told of incidents, when, and what is muted"
    QUERY = "query", "Ask in SQL, and decide who else may"
    METHOD = "method", "Compare and switch versions of the method"
    ADMINISTER = "administer", "Change people and settings"
    AUDIT = "audit", "Read the audit trail"


class SecondFactor(TextChoices):
    """Who must sign in with something besides the password; each is stricter than the one before."""

    OPTIONAL = "optional", "Whoever wants to"
    PHI = "phi", "Everybody who may see patients' values"
    ALL = "all", "Everybody"


class SampleState(TextChoices):
    """How far a sample practice is. One that is LEAVING is removed with all that it holds."""

    MAKING = "making", "Files are being written"
    READING = "reading", "Files are being read"
    READY = "ready", "Ready"
    LEAVING = "leaving", "Being removed"
