"""The table of checks: one line each, with our default limit and its reason. A practice may set its own."""

from upstream.ingestion.quality.choices import Level, Severity
from upstream.ingestion.quality.rules import Check, Limit

FILE, PAYER, PRACTICE = Level.FILE, Level.PAYER, Level.PRACTICE
FAULT, WARNING, NOTE = Severity.FAULT, Severity.WARNING, Severity.NOTE
USUALLY = "what a practice's software fills differs, so a file is compared with the practice's own earlier ones"

HABIT = (
    "some payers write every denial as status 4, most as a processed claim paid nothing; a payer changes its habit with"
    " its system, so that other things it writes may have changed as well, though it denies no more than before"
)


def _thinner(name: str, words: str) -> Check:
    """A field that is filled less often than in earlier files."""
    return Check(
        name, FILE, WARNING, f"{words.capitalize()} missing more often than usual", f"claims without {words}",
        f"lack {words} more often than usual", Limit(over_usual=0.25, least=20), USUALLY,
    )  # fmt: skip


CHECKS: tuple[Check, ...] = (
    # completeness
    Check("no_procedure", FILE, WARNING, "Procedure missing", "claims without a procedure code",
          "have claims without a procedure", Limit(0.05, least=20),
          "denials are watched by procedure; claims paid as a whole without lines have none and are few"),
    Check("no_service_date", FILE, WARNING, "Service date missing", "claims without a service date",
          "have claims without a service date", Limit(over_usual=0.25, least=20), USUALLY),
    _thinner("no_diagnosis", "diagnosis"),
    _thinner("no_place", "place of service"),
    _thinner("no_provider", "rendering provider"),
    _thinner("no_site", "location"),
    Check("denied_without_reason", FILE, WARNING, "Denials without a reason", "denied answers without a reason code",
          "deny without a reason", Limit(0.1, least=10),
          "what is denied without a reason cannot be grouped; X12 asks for one on every denial"),
    # ranges
    Check("charge_not_positive", FILE, WARNING, "Charges of zero or less", "claims with a charge of zero or less",
          "have charges of zero or less", Limit(0.02, least=20),
          "a few claims carry reporting codes alone; many are a column that was misread"),
    Check("allowed_over_billed", FILE, WARNING, "Allowed above billed", "answers that allow more than was billed",
          "allow more than was billed", Limit(0.05, least=20),
          "some contracts pay by case; more than one in twenty is more likely an exchanged column"),
    Check("paid_over_allowed", FILE, WARNING, "Paid above allowed", "answers that pay more than they allow",
          "pay more than they allow", Limit(0.05, least=20),
          "interest and rounding explain a few, not one in twenty"),
    Check("date_in_future", FILE, FAULT, "Dates in the future", "claims submitted or served after they were received",
          "have dates in the future", Limit(0.0), "no claim is sent before its day; one such date is a misread order"),
    Check("date_too_old", FILE, FAULT, "Dates before 2000", "claims submitted or served before 2000",
          "have dates before 2000", Limit(0.0), "a date before 2000 is a default of some software, never a real one"),
    Check("answer_in_future", FILE, WARNING, "Answers in the future", "answers dated 15 days or more after the file",
          "are dated in the future", Limit(0.0, least=1),
          "a payment may be dated some days ahead of the file that announces it, not 15"),
    # cross-field
    Check("decided_before_submitted", FILE, FAULT, "Decided before submitted",
          "answers dated before their claim was submitted", "decide claims before they were submitted",
          Limit(0.02, least=20), "resubmissions under an old number explain a few; more is a mix-up of dates"),
    Check("served_after_submitted", FILE, WARNING, "Served after submitted",
          "claims submitted before their service", "submit claims before their service", Limit(0.02, least=20),
          "a claim for a course of visits may be early; more than one in fifty is a mix-up of dates"),
    Check("unbalanced_claims", FILE, FAULT, "Claims that do not add up",
          "answers whose charge, adjustments and payment do not add up", "have claims that do not add up",
          Limit(0.02, least=10), "as found, one file in seven has such a claim; above one in fifty a part was lost"),
    Check("unbalanced_payments", FILE, FAULT, "Payments out of balance",
          "payments that are not the sum of their claims and adjustments", "are out of balance", Limit(0.0),
          "the amount of a payment is the sum of its claims less what is taken at provider level, to the cent"),
    Check("cut_off", FILE, FAULT, "Payments cut off", "payments whose end is missing", "end in the middle",
          Limit(0.0), "claims after the cut are missing until the whole file comes"),
    Check("heavy_denials", FILE, FAULT, "More than 40% of lines denied", "answered lines that were denied",
          "have more than 40% of lines denied", Limit(0.4, least=30, surely=True, and_over=0.1, beside=0.33),
          "no payer published more than 33% in 2024; above 40%, and above what the practice's files usually hold,"
          " suspect the reading first, unless one payer denies for one reason and the rest of the file is as always:"
          " that is a decision of the payer, which is told as an incident"),
    # how a payer writes what it decided; what it decided is worked out from its adjustments either way
    Check("denied_by_status", FILE, WARNING, "Denials told by status 4 now",
          "denied answers under claim status 4 (denied)", "tell denials by status 4, unlike before",
          Limit(over_usual=0.5, least=10), HABIT),
    Check("denied_by_adjustment", FILE, WARNING, "Denials told by adjustments alone now",
          "denied answers under a status of processed claims", "tell denials by adjustments alone, unlike before",
          Limit(over_usual=0.5, least=10), HABIT),
    # referential
    Check("reversal_without_original", FILE, WARNING, "Take-backs of unknown answers",
          "reversals of answers that we do not have", "take back answers that we do not have", Limit(0.01, least=10),
          "the file with the first answer is missing; payers may send them in either order"),
    Check("replacement_without_original", FILE, NOTE, "Replacements of unknown claims",
          "replacements and voids of claims that we do not have", "replace claims that we do not have",
          Limit(0.05, least=20), "the first claim may be older than the practice's data with us"),
    Check(
        "answers_of_unknown_claims",
        FILE,
        WARNING,
        "Answers to unknown claims",
        "answers to claims that no file of the practice names",
        "answer claims that we do not know",
        Limit(over_usual=0.25, least=20),
        "a practice that sends remittances alone knows none of its claims; for others, a file of claims is missing",
    ),
    Check(
        "statuses_of_unknown_claims",
        FILE,
        WARNING,
        "Statuses of unknown claims",
        "statuses of claims that no file names",
        "tell of claims that we do not know",
        Limit(0.1, least=10),
        "the file with those claims is missing, or its claim numbers differ",
    ),
    # duplicates
    Check("repeated_answers", FILE, NOTE, "Answers that came before", "answers that an earlier file brought",
          "bring answers that came before", Limit(0.2, least=10),
          "nothing is doubled, but a sender that repeats itself may have skipped something"),
    Check("repeated_claims", FILE, FAULT, "The same claim under another number",
          "claims equal to another one in patient, payer, day, procedure and charge",
          "hold claims that are there under another number", Limit(0.05, least=20),
          "a few services are given twice a day; more is an export that numbers claims anew"),
    # the file as a whole
    Check("rows_left_out", FILE, WARNING, "Rows left out", "rows that could not be read", "have rows left out",
          Limit(0.01, least=20), "one in a hundred is enough to move a small payer's rate"),
    Check("mostly_left_out", FILE, FAULT, "A tenth of the rows left out", "rows that could not be read",
          "were read in part", Limit(0.1, least=10), "numbers of such a file are those of another selection"),
    Check("unreadable_amounts", FILE, FAULT, "Amounts not readable", "amounts that could not be read",
          "have amounts that could not be read", Limit(0.005, least=20),
          "five in a thousand already move sums of money visibly"),
    Check("unreadable_dates", FILE, WARNING, "Dates not readable", "dates that could not be read",
          "have dates that could not be read", Limit(0.01, least=20),
          "claims without their day are counted on a substitute"),
    Check("wrong_totals", FILE, NOTE, "Control totals wrong", "counts and numbers of the envelope that do not fit",
          "have wrong control totals", Limit(0.0),
          "a third of real files break one without losing anything: told, no more"),
    Check("new_layout", FILE, FAULT, "New layout or sender", "columns or senders not seen in earlier files",
          "come in a new layout or from a new sender", Limit(0.0),
          "after a change of the export, numbers may move without any payer doing anything; a file below a twentieth"
          " of the usual size moves none"),
    Check("new_codes", FILE, NOTE, "New adjustment codes", "adjustment codes that this practice had never seen",
          "bring new adjustment codes", Limit(0.0), "a new code is itself a sign of a change at the payer"),
    Check("unlisted_codes", FILE, WARNING, "Codes without a meaning", "adjustment codes that our table does not have",
          "bring adjustment codes that our table does not have", Limit(0.0),
          "their denials stand under no reason until the code is listed"),
    Check("unnamed_payers", FILE, WARNING, "Payer not named", "claims whose payer is not named",
          "have claims whose payer is not named", Limit(0.01, least=20),
          "they belong to no payer's numbers"),
    # payers and the practice, from what came over time
    Check(
        "payer_unmapped",
        PAYER,
        FAULT,
        "Name waits for a decision",
        "claims under a name that may be another payer's",
        "may be the same as another payer and waits for a decision",
        Limit(0.0),
        "until a person decides, its claims are missing at the other payer",
    ),
    Check("payer_silent", PAYER, FAULT, "No remittance beyond the usual rhythm", "days without a remittance",
          "has sent no remittance for longer than its rhythm explains", Limit(0.001),
          "one chance in a thousand, by the payer's own weekdays of the last half year"),
    Check("volume_dropped", PAYER, FAULT, "Far fewer claims than usual", "claims that arrived last week",
          "has far fewer claims than usual in the last week", Limit(0.5),
          "half of the usual, and beyond what its weeks vary by (4 standard deviations)"),
    Check("volume_jumped", PAYER, FAULT, "Far more claims than usual", "claims that arrived last week",
          "has far more claims than usual in the last week", Limit(2.0),
          "twice the usual, and beyond what its weeks vary by (4 standard deviations)"),
    Check("day_missing", PRACTICE, WARNING, "A day without any remittance", "business days without a remittance",
          "A day came without any remittance, against the rhythm of all payers together", Limit(0.001),
          "one chance in a thousand by all payers' weekdays; bank holidays are left out"),
    Check("files_missing", PRACTICE, WARNING, "No file for longer than usual", "days without a file",
          "No file has come for longer than the practice's rhythm explains", Limit(0.001),
          "one chance in a thousand, by the weekdays of the last half year"),
)  # fmt: skip
BY_NAME = {check.name: check for check in CHECKS}
