from django.db.models import TextChoices


class IncidentState(TextChoices):
    """Where the office stands with an incident."""

    NEW = "new", "New"
    ACKNOWLEDGED = "acknowledged", "Acknowledged"
    WORKING = "working", "Working"
    WAITING = "waiting", "Waiting on payer"
    MONITORING = "monitoring", "Monitoring"
    RESOLVED = "resolved", "Resolved"
    FALSE = "false", "False alarm"


class Severity(TextChoices):
    CRITICAL = "critical", "Critical"
    HIGH = "high", "High"
    MEDIUM = "medium", "Medium"
    LOW = "low", "Low"


class ResolutionOutcome(TextChoices):
    """What an incident turned out to be; feeds the observed false-alarm rate."""

    PAYER_CHANGE = "payer_change", "The payer changed"
    OUR_PROCESS = "our_process", "Our own process"
    DATA_FAULT = "data_fault", "A data fault"
    NOISE = "noise", "Noise"
    RETURNED = "returned", "Returned to usual"
    MERGED = "merged", "Part of another incident"


class StepKind(TextChoices):
    """What a step in an incident's life is."""

    OPENED = "opened", "Opened"
    MOVED = "moved", "Moved"
    ASSIGNED = "assigned", "Assigned"
    COMMENTED = "commented", "Commented"
    SNOOZED = "snoozed", "Snoozed"
    WOKEN = "woken", "Woken"
    MERGED = "merged", "Merged"
    SPLIT = "split", "Split"
    RAISED = "raised", "For the meeting with the payer"
    UNDONE = "undone", "Taken back"


class ValueKind(TextChoices):
    """What money an incident is worth: what came back, and what was not lost again."""

    RECOVERED = "recovered", "Recovered"
    AVOIDED = "avoided", "Avoided"


class SplitAxis(TextChoices):
    """By what a part of an incident's claims is told from the others."""

    PROCEDURE = "procedure", "Procedure"
    REASON = "reason", "Reason"
    LOCATION = "location", "Location"


class MoneyLimitKind(TextChoices):
    """What a practice may say of money: dollars, shares of a payer's month, and the price of late cash, in percent."""

    MUCH = "much", "Much money, in dollars"
    SOME = "some", "Some money, in dollars"
    MUCH_SHARE = "much_share", "Much of a payer's month, in percent"
    SOME_SHARE = "some_share", "Some of a payer's month, in percent"
    CAPITAL = "capital", "What late cash costs a year, in percent"


class ClockAction(TextChoices):
    """What a payer's clock runs for."""

    APPEAL = "appeal", "Appeal"
    REFILE = "refile", "Corrected claim"
    DOCUMENT = "document", "Records asked for"
    FILING = "filing", "First filing"
    PAYMENT = "payment", "Payment"
    DISPUTE = "dispute", "Dispute of an amount"


class ClockBasis(TextChoices):
    """Who says how long a payer's clock runs; the first that says anything counts."""

    CONTRACT = "contract", "the contract"
    SETTING = "setting", "what this practice was told"


class ReplayState(TextChoices):
    """A replay on its way; a worker takes what is DUE in slices until its last day."""

    DUE = "due", "Running"
    DONE = "done", "Done"
    FAILED = "failed", "Failed"
