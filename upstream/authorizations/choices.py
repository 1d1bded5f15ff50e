from django.db.models import TextChoices


class How(TextChoices):
    """By what a claim was found to draw on an authorization."""

    NUMBER = "number", "its number on the claim"
    PERSON = "person", "patient, payer, code and dates, as the claim or the authorization names no number"


class Reason(TextChoices):
    """Why a claim that is not decided yet is at risk; the order is the order in which one is told of several."""

    REFUSED = "refused", "The authorization was refused or cancelled"
    WAITING = "waiting", "The authorization is not decided yet"
    CODE = "code", "The procedure is not what was authorized"
    DATES = "dates", "The service is outside the authorized dates"
    UNITS = "units", "More units than were authorized"
    NONE = "none", "No authorization, and this payer denies the procedure for that"


class Mark(TextChoices):
    """What of an authorization is told once: it ends soon, or is nearly used up."""

    LEAD = "lead", "ends within the payer's lead time"
    DAYS_30 = "30", "ends within 30 days"
    DAYS_14 = "14", "ends within 14 days"
    DAYS_3 = "3", "ends within 3 days"
    USED = "used", "90 % used"


class SettingKind(TextChoices):
    """What a payer leaves as time; a practice's own value stands before ours."""

    LEAD = "lead", "Days before the end at which to ask for more"
    STANDARD = "standard", "Hours to decide a standard request"
    EXPEDITED = "expedited", "Hours to decide an expedited request"
