from django.db.models import TextChoices


class Place(TextChoices):
    """For which places of service a price holds, beside the two-digit code of one."""

    ANY = "", "Any place"
    FACILITY = "facility", "In a facility"
    OFFICE = "nonfacility", "Not in a facility"


class Reason(TextChoices):
    """Why a line has no expected amount: it is left out, never guessed."""

    PRICED = "", "Priced"
    NO_DATE = "no_date", "The day of service is not known"
    NO_CONTRACT = "no_contract", "No contract was in force on the day of service"
    CONTRACTS = "contracts", "Several contracts were in force on the day of service"
    NO_CODE = "no_code", "The contract has no price for the procedure"
    NO_PLACE = "no_place", "The contract has no price for the place of service"
    PRICES = "prices", "Several prices of the contract fit"
    MODIFIER = "modifier", "The contract does not say what a modifier does to the price"
    DOWN_CODED = "down_coded", "The payer answered another procedure than was billed"
    UNMATCHED = "unmatched", "The answered line is not found on the claim"
    NO_LINES = "no_lines", "The answer tells no lines of a claim that has several"
    NO_ALLOWED = "no_allowed", "The answer tells no allowed amount"


class State(TextChoices):
    """What became of an underpaid line."""

    DETECTED = "detected", "Found"
    REVIEWED = "reviewed", "Looked at"
    SENT = "sent", "Sent to the payer"
    RECOVERED = "recovered", "Recovered"
    REJECTED = "rejected", "Not worth pursuing"
    INVALID = "invalid", "Our price is wrong"
