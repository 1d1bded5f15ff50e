from django.db.models import TextChoices


class Step(TextChoices):
    """Where the office stands with one denied claim."""

    UNTOUCHED = "todo", "To do"
    WORKING = "working", "In work"
    DRAFTED = "drafted", "Letter drafted"
    SENT = "sent", "Sent"
    WAITING = "waiting", "Waiting for payer"
    WON = "won", "Won"
    LOST = "lost", "Lost"
    WRITTEN_OFF = "written_off", "Written off"
    SETTLED = "settled", "No longer denied"


class Show(TextChoices):
    """Which part of the list is looked at."""

    OPEN = "open", "To work"
    PASSED = "passed", "Window closed"
    ASIDE = "aside", "Put aside"
    CLOSED = "closed", "Done"


class ActKind(TextChoices):
    """What one act did to the items it names."""

    STEP = "step", "moved"
    ASSIGN = "assign", "gave"
    SNOOZE = "snooze", "put aside"
    NOTE = "note", "wrote a note"
    UNDO = "undo", "took back"
    ANSWER = "answer", "read an answer of the payer"


class Intake(TextChoices):
    """What the list has taken in, so that it takes it once."""

    FILE = "file", "A file that was read"
    PAYER = "payer", "A payer's clocks as they stand"
    RUN = "run", "What one look of detection tells, and what people joined and parted since"
