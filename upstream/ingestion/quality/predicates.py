"""Which rows each check counts, in SQL: the same words count them and list them, so that lists add up to the counts.

Every base gives its rows the names x (the row counted) and c (its claim); `day` is the day that the row touches, and
`cents` the money on it. `among` narrows the rows that are the whole.
"""

from dataclasses import dataclass

from upstream.claims.choices import DenialCategory, Outcome

OF_FILE = "x.tenant_id = %(tenant)s AND x.batch_id = %(batch)s"
# By a list of ids, as a join of sets would look through the practice's whole history for the claims of a small file.
ANSWER_CLAIM = """claims_claim c ON c.tenant_id = x.tenant_id AND c.id = x.claim_id AND c.id = ANY(ARRAY(
    SELECT o.claim_id FROM claims_adjudication o WHERE o.tenant_id = %(tenant)s AND o.batch_id = %(batch)s))"""
DENIED_LINE = f"""(x.outcome = {Outcome.DENIED} OR (x.outcome = {Outcome.PARTIAL} AND coalesce(l.paid_cents, 0) <= 0
    AND EXISTS (SELECT FROM claims_adjustment a JOIN claims_carcrule r ON r.carc = a.carc
        WHERE a.tenant_id = x.tenant_id AND a.adjudication_id = x.id AND a.line = l.number
          AND r.adjustment_class = 'DENIAL')))"""


# One join for the whole file, since a question for each claim would look through all claims each time.
TWINS = """(SELECT DISTINCT t.id FROM claims_claim t JOIN claims_claim o ON o.tenant_id = t.tenant_id
    AND o.patient_id = t.patient_id AND o.payer_id = t.payer_id
    AND coalesce(o.service_date, o.submitted_date) = coalesce(t.service_date, t.submitted_date)
    AND o.procedure_code = t.procedure_code AND o.billed_cents = t.billed_cents AND o.payer_order = t.payer_order
    AND o.family_key <> t.family_key
WHERE t.tenant_id = %(tenant)s AND t.batch_id = %(batch)s AND t.patient_id IS NOT NULL
    AND o.submitted_date >= (SELECT min(submitted_date) - 45 FROM claims_claim f
        WHERE f.tenant_id = %(tenant)s AND f.batch_id = %(batch)s)
    AND o.submitted_date <= (SELECT max(submitted_date) + 45 FROM claims_claim f
        WHERE f.tenant_id = %(tenant)s AND f.batch_id = %(batch)s))"""


@dataclass(frozen=True)
class Base:
    """Rows of a file: where they stand, the day and money of each, and the claim that a person would open."""

    rows: str
    day: str
    cents: str


BASES: dict[str, Base] = {
    "claims": Base(f"claims_claim x LEFT JOIN {TWINS} twin ON twin.id = x.id", "x.submitted_date", "x.billed_cents"),
    "answers": Base(f"claims_adjudication x JOIN {ANSWER_CLAIM}", "x.decided_date", "x.billed_cents"),
    "lines": Base(
        "claims_adjudication x LEFT JOIN claims_lineadjudication l"
        f" ON l.tenant_id = x.tenant_id AND l.adjudication_id = x.id JOIN {ANSWER_CLAIM}",
        "x.decided_date", "coalesce(l.billed_cents, x.billed_cents)",
    ),
    "statuses": Base(
        "claims_claimstatus x LEFT JOIN claims_claim c ON c.tenant_id = x.tenant_id AND c.id = x.claim_id",
        "coalesce(x.effective_date, x.service_date)",
        "coalesce(x.billed_cents, 0)",
    ),
    "payments": Base("claims_remittance x", "x.payment_date", "abs(x.difference_cents)"),
}  # fmt: skip


@dataclass(frozen=True)
class Rows:
    """The rows of `base` that are counted by a check, among those that it concerns.

    `cause` names the decision of a payer that a row may come from, NULL where the row says nothing of it.
    """

    base: str
    where: str
    among: str = "true"
    cause: str = ""


KNOWN_ORIGINAL = (
    "EXISTS (SELECT FROM claims_claim o WHERE o.tenant_id = x.tenant_id AND o.number_bidx = x.family_key"
    " AND o.id <> x.id)"
)
REAL = f"x.outcome <> {Outcome.REVERSED}"

PREDICATES: dict[str, Rows] = {
    "no_procedure": Rows("claims", "x.procedure_code = ''"),
    "no_service_date": Rows("claims", "x.service_date IS NULL"),
    "no_diagnosis": Rows("claims", "x.diagnosis = ''"),
    "no_place": Rows("claims", "x.place_of_service = ''"),
    "no_provider": Rows("claims", "x.rendering_npi = ''"),
    "no_site": Rows("claims", "x.site_id IS NULL"),
    "charge_not_positive": Rows("claims", "x.billed_cents <= 0", "x.frequency_code <> '8'"),
    "date_in_future": Rows("claims", "x.submitted_date > %(today)s OR x.service_date > %(today)s"),
    "date_too_old": Rows("claims", "least(x.submitted_date, x.service_date) < '2000-01-01'"),
    "served_after_submitted": Rows("claims", "x.service_date > x.submitted_date", "x.service_date IS NOT NULL"),
    "replacement_without_original": Rows(
        "claims", f"x.frequency_code IN ('7', '8') AND NOT {KNOWN_ORIGINAL}"
    ),
    "repeated_claims": Rows("claims", "twin.id IS NOT NULL"),
    "unnamed_payers": Rows(
        "claims",
        "EXISTS (SELECT FROM claims_payer p WHERE p.tenant_id = x.tenant_id AND p.id = x.payer_id"
        " AND p.name_key = 'UNNAMED PAYER')",
    ),
    "denied_without_reason": Rows(
        "answers", "x.denial_carc = ''", f"x.outcome IN ({Outcome.DENIED}, {Outcome.PARTIAL})"
    ),
    "allowed_over_billed": Rows("answers", "x.allowed_cents > x.billed_cents", REAL),
    "paid_over_allowed": Rows(
        "answers", "x.allowed_cents > 0 AND x.paid_cents > x.allowed_cents", REAL
    ),
    "answer_in_future": Rows("answers", "coalesce(x.payment_date, x.decided_date) >= %(today)s::date + 15"),
    "decided_before_submitted": Rows("answers", "x.decided_date < c.submitted_date"),
    "unbalanced_claims": Rows("answers", "x.balance_cents <> 0"),
    "reversal_without_original": Rows("answers", f"x.outcome = {Outcome.REVERSED} AND x.reverses_id IS NULL"),
    "answers_of_unknown_claims": Rows("answers", "c.facts_known_at < '1900-01-02'"),
    "statuses_of_unknown_claims": Rows("statuses", "x.claim_id IS NULL"),
    "denied_by_status": Rows(
        "answers", "x.claim_status_code = '4'", f"x.outcome = {Outcome.DENIED} AND x.claim_status_code <> ''"
    ),
    "denied_by_adjustment": Rows(
        "answers", "x.claim_status_code <> '4'", f"x.outcome = {Outcome.DENIED} AND x.claim_status_code <> ''"
    ),
    "heavy_denials": Rows("lines", DENIED_LINE, REAL, f"nullif(x.denial_category, '{DenialCategory.UNSPEC}')"),
    "unbalanced_payments": Rows("payments", "x.difference_cents <> 0", "x.complete AND NOT x.superseded"),
    "cut_off": Rows("payments", "NOT x.complete", "NOT x.superseded"),
}  # fmt: skip
