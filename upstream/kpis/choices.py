from django.db.models import TextChoices


class Basis(TextChoices):
    """By which day claims belong to a period."""

    SUBMISSION = "submission", "By the week of submission"
    REMIT = "remit", "By the week in which the payer's answer became known"
    SERVICE = "service", "By the day of service"
    DUE = "due", "By the day on which the payer has to answer"
    SNAPSHOT = "snapshot", "As it stands now"
    DECIDED = "decided", "By the day of the answer to a letter"
    CLOSING = "closing", "By the last day of the payer's window"
    ALERT = "alert", "By the day on which an incident was raised"
    POSTING = "posting", "By the month in which it was posted"


class Unit(TextChoices):
    """What a value counts."""

    SHARE = "share", "Share"
    DAYS = "days", "Days"
    CENTS = "cents", "Dollars"


class Better(TextChoices):
    """Which way is good."""

    LOWER = "lower", "Lower is better"
    HIGHER = "higher", "Higher is better"
    NEITHER = "neither", "Neither way is better by itself"


class Fact(TextChoices):
    """What a weekly sum counts. Claims are counted by family, with its first payer alone."""

    SENT = "sent", "Families submitted"
    ANSWERED = "answered", "Families answered for the first time"
    FIRST_PASS = "first_pass", "Families settled by the first answer, without any rework"
    SENT_AGAIN = "sent_again", "Times that a claim was sent again after its first submission"
    PAID_AFTER = "paid_after", "Families paid, by days from first submission to first payment"
    LEFT_UNPAID = "left_unpaid", "Families answered and never paid, by days from first submission to that answer"
    ANSWERED_AFTER = "answered_after", "Families answered, by days from first submission to the first answer"
    OPEN_SINCE = "open_since", "Families without an answer, by the day of first submission"
    ACKNOWLEDGED = "acknowledged", "Families that were acknowledged before adjudication"
    TURNED_AWAY = "turned_away", "Of those, families that were ever turned away"
    DENIED_PAID = "denied_paid", "Families denied first and paid later, by days between"
    DENIED_PATIENT = "denied_patient", "Families denied first and given to the patient later, by days between"
    DENIED_OPEN = "denied_open", "Families whose first denial stands, by the day of the denial"
    DENIED = "denied", "First answers that refuse the whole claim, by procedure"
    PARTLY = "partly", "First answers that refuse some lines, by procedure; money of those lines alone"
    AUTH_DENIED = "auth_denied", "First answers that refuse for want of an authorization, by procedure"
    UNDER_AUTH = "under_auth", "First answers to claims that were sent under an authorization, by procedure"
    DOWN_CODED = "down_coded", "First answers to claims of which a line was answered under another code"
    BY_PROCEDURE = "by_procedure", "First answers, by procedure"
    REMIT_AFTER = "remit_after", "Answers, by days from the payer's receipt to its payment advice"
    PAID = "paid", "Answers that pay, with what they pay"
    TAKEN_BACK = "taken_back", "Answers that take money back, with how much"
    COLLECTED = "collected", "Families, with what their first payer paid, less what it took back"
    COLLECTABLE = "collectable", "Families paid, with what was allowed less the patient's share"
    UNCOLLECTED = "uncollected", "Families refused or unanswered, with their charges"
