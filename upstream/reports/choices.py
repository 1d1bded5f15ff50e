from django.db.models import TextChoices


class RunState(TextChoices):
    """A report on its way. DUE is taken and becomes RENDERING; found so without a worker, it is taken again."""

    DUE = "due", "Waiting"
    RENDERING = "rendering", "Being made"
    RENDERED = "rendered", "Ready"
    FAILED = "failed", "Failed"
    CANCELLED = "cancelled", "Cancelled"


MOVING = (RunState.DUE, RunState.RENDERING)
STOPPED = (RunState.FAILED, RunState.CANCELLED)


class Step(TextChoices):
    """How far a report is that is being made."""

    WAITING = "", "Waiting for its turn"
    READING = "reading", "Reading the figures"
    DRAWING = "drawing", "Drawing the pages and sheets"
    STORING = "storing", "Storing the files"


class Only(TextChoices):
    """Which of the days that a schedule names count."""

    ANY = "", "All of them"
    EACH = "each", "Those on which the office works"
    FIRST = "first", "The first of the month on which the office works"
    LAST = "last", "The last of the month on which the office works"


class Unmailed(TextChoices):
    """Why a member who was to get a report by mail did not."""

    STOPPED = "stopped", "mail to this address came back"
    NO_RIGHT = "no_right", "may not see this report"
    NO_MAIL = "no_mail", "wants no mail"
    UNSUBSCRIBED = "unsubscribed", "has unsubscribed from this report"
