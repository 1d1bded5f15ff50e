from django.db.models import TextChoices


class Severity(TextChoices):
    """What a failed check says of the numbers: a fault casts doubt on them, the others do not."""

    FAULT = "fault", "Look at the data first"
    WARNING = "warning", "Worth a look"
    NOTE = "note", "Good to know"


class FindingState(TextChoices):
    """Cleared: the same look finds it no more. Dismissed: a person has looked and says the data are right."""

    OPEN = "open", "Open"
    CLEARED = "cleared", "Gone"
    DISMISSED = "dismissed", "Looked at, data are right"


class Level(TextChoices):
    """What a check looks at: each file, each payer, or the practice as a whole."""

    FILE = "file", "File"
    PAYER = "payer", "Payer"
    PRACTICE = "practice", "Practice"
