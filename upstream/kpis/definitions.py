"""Every measure's words and formula, once: portal, API, reports and files print these."""

from upstream.kpis.choices import Basis, Better, Unit
from upstream.kpis.rules import Definition

S, R, D = Basis.SUBMISSION, Basis.REMIT, Basis.SERVICE
SHARE, DAYS, CENTS = Unit.SHARE, Unit.DAYS, Unit.CENTS
LOWER, HIGHER, NEITHER = Better.LOWER, Better.HIGHER, Better.NEITHER
OURS = "House definition"
FIRST = "Only a family's first answer counts, from its first payer; what pays nothing for another reason is no denial."
HORIZONS = (30, 60, 90, 120)
QUARTILES = {50: "half", 75: "three quarters", 90: "nine tenths"}

DENIAL_RATE = Definition(
    "denial_rate", "Denial rate, estimated",
    "Claims of the weeks submitted whose first answer refuses them in whole or in part, as it will be once all are in",
    "claims first submitted in these weeks", S, SHARE, LOWER,
    f"{FIRST} Young weeks are estimated with both speeds of the payer; the range says how surely.",
    "House method: nowcast of submission weeks",
)  # fmt: skip
DENIAL_RATE_REMITTED = Definition(
    "denial_rate_remitted", "Remittance denial rate",
    "First answers that became known in the period and refuse the whole claim",
    "all first answers that became known in it", R, SHARE, LOWER,
    f"{FIRST} It moves when a payer only slows down or hurries: look at the estimated rate before you call anybody.",
    "HFMA MAP AR-5 by name",
)  # fmt: skip
DENIAL_RATE_SUBMITTED = Definition(
    "denial_rate_submitted", "Initial denials against claims sent",
    "First answers that became known in the period and refuse the whole claim",
    "claims submitted a week in the 13 weeks before the period, times the weeks of the period", R, SHARE, LOWER,
    "Numerator and denominator are different claims: it moves with volume as well as with the payer.",
    "HFMA denials task force",
)  # fmt: skip
PARTIAL_RATE = Definition(
    "partial_denial_rate", "Partly denied",
    "First answers that became known in the period and refuse some lines of the claim",
    "all first answers that became known in it", R, SHARE, LOWER, FIRST, OURS,
)  # fmt: skip
DENIED_DOLLARS = Definition(
    "denied_dollars", "Denied dollars, billed",
    "Charges of the lines that first answers of the period refuse", "charges of all claims first answered in it",
    R, SHARE, LOWER, "One large claim can move it: the rate without the largest is said beside it.", "HFMA basis",
    of_money=True,
)  # fmt: skip
DENIED_EXPECTED = Definition(
    "denied_expected", "Denied dollars, expected",
    "What the refused lines should have been allowed: their charges times the share of charges that the payer allowed"
    " of that procedure in the last year", "the same of all claims first answered in the period", R, SHARE, LOWER,
    "Where a payer paid fewer than ten claims of a procedure, its share of all its charges stands in.", OURS,
    of_money=True,
)  # fmt: skip
AUTH_RATE = Definition(
    "auth_denial_rate", "Denied for want of an authorization",
    "First answers of the period that refuse a claim for a missing or wrong authorization",
    "first answers of the period on services for which the payer wants one", R, SHARE, LOWER,
    "Services count for which a claim was sent under an authorization or refused for want of one in the last year.",
    OURS,
)  # fmt: skip
UNSPEC_RATE = Definition(
    "unspecified_rate", "Denials without a usable reason",
    "First denials of the period whose codes say nothing to act on", "first denials of the period", R, SHARE, LOWER,
    "A measure of the data: codes that nobody has explained yet count here.", OURS,
)  # fmt: skip
DOWN_CODED = Definition(
    "down_coded_rate", "Answered under another code",
    "Claims first answered in the period of which a line was answered under another code than was billed",
    "all claims first answered in it", R, SHARE, LOWER,
    "Such claims are paid, so no denial rate shows them.", OURS,
)  # fmt: skip
WRITE_OFF = Definition(
    "write_off_rate", "Final denial write-offs", "Write-offs for denials, less what came back later",
    "net patient service revenue", Basis.POSTING, SHARE, LOWER, "Never taken from silence.", "HFMA MAP AR-6 by name",
    of_money=True,
)  # fmt: skip
RESOLVED = {
    days: Definition(
        f"resolved_{days}", f"Denials paid within {days} days",
        f"First denials of claims submitted in the period that were paid within {days} days of the denial",
        "all first denials of claims submitted in it", S, SHARE, HIGHER,
        "What is still open counts for as long as it was watched. Write-offs are in no file: they stand as open.", OURS,
    )
    for days in HORIZONS
}  # fmt: skip
CLEAN = Definition(
    "clean_claim_rate", "Clean claims", "Claims of the period that were acknowledged and never turned away",
    "claims of the period that were acknowledged", S, SHARE, HIGHER,
    "Needs acknowledgements (277CA): claims without one are in neither number.", OURS,
)  # fmt: skip
FIRST_PASS = Definition(
    "first_pass_yield", "Settled at the first pass",
    "Claims settled by their first answer (paid, the patient's, or the contract's) without being sent again, reversed"
    " or answered again", "claims first answered", S, SHARE, HIGHER,
    "Only weeks of which nine tenths of the answers are expected by now. Vendors divide by different things.", OURS,
)  # fmt: skip
DAYS_IN_AR = Definition(
    "days_in_ar", "Days in A/R, insurance part",
    "Charges of claims without a first answer", "charges submitted in the last 13 weeks, a day",
    Basis.SNAPSHOT, DAYS, LOWER,
    "An estimate from claims alone: balances of patients, credits and open denials are in no file that we read.",
    "After HFMA's net days in A/R",
    of_money=True,
)  # fmt: skip
OLD_AR = Definition(
    "ar_over_90", "A/R older than 90 days",
    "Expected dollars of claims without a first answer, first submitted more than 90 days ago",
    "expected dollars of all claims without one", Basis.SNAPSHOT, SHARE, LOWER,
    "Age runs from the first submission. A claim that was turned away and never sent again stays in it.", OURS,
    of_money=True,
)  # fmt: skip
LAGS = {
    share: Definition(
        f"payment_lag_{share}", f"Days to payment, {words}",
        f"Days from first submission by which {words} of the claims of the period are paid", "", S, DAYS, LOWER,
        "Unpaid claims count for as long as they wait (Kaplan and Meier); refused ones leave on the day of the answer.",
        OURS,
    )
    for share, words in QUARTILES.items()
}  # fmt: skip
REMIT_LAG = Definition(
    "remit_lag", "Remittance lag", "Days from the payer's receipt of a claim to its payment advice, the middle one",
    "", R, DAYS, LOWER, "Only answers of which the payer says when it received the claim.", OURS,
)  # fmt: skip
CASH_LAG = Definition(
    "cash_lag", "Cash lag", "Days from the payment advice to the deposit at the bank, the middle one", "", R, DAYS,
    LOWER, "Only payments that a deposit of the same number and amount is known for.", OURS,
)  # fmt: skip
PROMPT_PAY = Definition(
    "prompt_pay", "Late payments, candidates",
    "Claims that were due for an answer in the period and were not answered by then", "claims due in it", Basis.DUE,
    SHARE, LOWER,
    "Candidates: whether a claim was clean is the payer's to dispute. Due days follow from the week of submission and"
    " the payer's clock, contract first.", OURS,
)  # fmt: skip
NET_COLLECTION = Definition(
    "net_collection", "Net collection rate", "Payments of payers and patients",
    "charges less what contracts take off", D, SHARE, HIGHER, "Patients' payments are in no file that we read.",
    "MGMA adjusted collection",
    of_money=True,
)  # fmt: skip
PAYERS_COLLECTION = Definition(
    "payer_collection", "Net collection, payers' part",
    "What first payers paid on claims by day of service, less what they took back",
    "what they allowed less the patient's share; of refused and unanswered claims what they usually allow", D, SHARE,
    HIGHER, "Services of as many weeks as the period, 26 weeks earlier: nearly all of it has been paid by then.",
    "After MGMA's adjusted collection",
    of_money=True,
)  # fmt: skip
UNDERPAID = Definition(
    "underpayment_rate", "Underpaid lines", "Lines allowed less than the contract says, beyond the tolerance",
    "lines that a contract prices", R, SHARE, LOWER, "Compares allowed amounts, never payments.", OURS,
)  # fmt: skip
UNDERPAID_DOLLARS = Definition(
    "underpayment_dollars", "Underpaid dollars", "What lines were allowed less than the contract says",
    "what it says of all of them", R, SHARE, LOWER, "Compares allowed amounts, never payments.", OURS,
    of_money=True,
)  # fmt: skip
OVERPAID = Definition(
    "overpayment_exposure", "Overpayment exposure", "What lines were allowed more than the contract says", "", R, CENTS,
    LOWER, "It may be taken back, and some of it must be given back.", OURS,
    of_money=True,
)  # fmt: skip
PRICED = Definition(
    "contract_coverage", "Lines that a contract prices", "Lines that a contract prices",
    "answered lines of payers whose contract is loaded", R, SHARE, HIGHER,
    "What is not priced is never guessed; the payer's page names the procedures and why.", OURS,
)  # fmt: skip
TAKE_BACK = Definition(
    "take_back_rate", "Taken back by payers",
    "What provider adjustments and reversed answers of the period take back, once where both tell of it",
    "what was paid on claims in the period before that", R, SHARE, LOWER,
    "By the day of payment. The ledger of provider adjustments shows the same by month.", OURS,
    of_money=True,
)  # fmt: skip
APPEAL_RATE = Definition(
    "appeal_rate", "Denials appealed", "Letters first sent on denials in the period",
    "first denials that became known in it", R, SHARE, NEITHER,
    "Letters answer denials of earlier weeks too: it may pass 100%.", OURS,
)  # fmt: skip
OVERTURN = Definition(
    "overturn_rate", "Letters won", "Letters on denials answered in the period that were overturned, also in part",
    "letters on denials answered in it", Basis.DECIDED, SHARE, HIGHER,
    "Of decided letters alone; never mixed with denials that were paid for another reason.", OURS,
)  # fmt: skip
TO_APPEAL = Definition(
    "days_to_appeal", "Denial to letter", "Days from the denial to the day a letter went out, the middle one", "",
    Basis.DECIDED, DAYS, LOWER, "Letters sent in the period.", "HFMA denials task force",
)  # fmt: skip
TO_VERDICT = Definition(
    "days_to_verdict", "Letter to answer", "Days from the day a letter went out to the payer's answer, the middle one",
    "", Basis.DECIDED, DAYS, LOWER, "Letters answered in the period.", "HFMA denials task force",
)  # fmt: skip
MISSED = Definition(
    "missed_deadlines", "Lost to missed deadlines",
    "Expected dollars of denials that nobody has worked and whose last day lies in the period", "", Basis.CLOSING,
    CENTS, LOWER, "The day is the payer's clock, contract first; what was won later is not in it.", OURS,
    of_money=True,
)  # fmt: skip
REWORK = Definition(
    "cost_of_rework", "Cost of rework",
    "Steps and notes of people on denied claims in the period, and times that claims submitted in it were sent again,"
    " times the cost of one such touch", "",
    R, CENTS, LOWER, "The cost of a touch is a setting of the practice.", "Published costs run from $25 to $118",
    of_money=True,
)  # fmt: skip
PRECISION = Definition(
    "alert_precision", "Alarms that were real",
    "Incidents raised in the period that people closed as a change of the payer or of their own process",
    "incidents raised in it that people judged", Basis.ALERT, SHARE, HIGHER, "Unflattering or not.", OURS,
)  # fmt: skip
LEAD = Definition(
    "alert_lead", "Lead over the monthly report",
    "Days from a real incident to the month-end report that would have shown it, the middle one", "", Basis.ALERT, DAYS,
    HIGHER, "Of incidents that were judged real.", OURS,
)  # fmt: skip

GROUPS: tuple[tuple[str, tuple[Definition, ...]], ...] = (
    (
        "Denials",
        (
            DENIAL_RATE, DENIAL_RATE_REMITTED, DENIAL_RATE_SUBMITTED, PARTIAL_RATE, DENIED_DOLLARS, DENIED_EXPECTED,
            AUTH_RATE, UNSPEC_RATE, DOWN_CODED,
        ),
    ),
    ("What became of denials", (*RESOLVED.values(), WRITE_OFF, MISSED, REWORK)),
    ("Claims at the first try", (CLEAN, FIRST_PASS)),
    ("Speed", (*LAGS.values(), REMIT_LAG, CASH_LAG, PROMPT_PAY)),
    (
        "Money",
        (
            DAYS_IN_AR, OLD_AR, NET_COLLECTION, PAYERS_COLLECTION, UNDERPAID, UNDERPAID_DOLLARS, OVERPAID, PRICED,
            TAKE_BACK,
        ),
    ),
    ("Letters", (APPEAL_RATE, OVERTURN, TO_APPEAL, TO_VERDICT)),
    ("How well we warn", (PRECISION, LEAD)),
)  # fmt: skip
BY_KEY = {definition.key: definition for _, group in GROUPS for definition in group}
