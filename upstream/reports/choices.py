from django.db.models import TextChoices


class ReportKind(TextChoices):
    WEEKLY = "weekly", "Weekly report"


class RunState(TextChoices):
    """A report on its way: DUE rows are taken, rendered, stored, and then mailed."""

    DUE = "due", "Waiting"
    RENDERED = "rendered", "Ready"
    FAILED = "failed", "Failed"
