"""What the facts tell of a claim: one row a family of claims with its first payer, as the measures count them.

`claim` is the public id of the family's first claim and leads to nothing outside the product. Money is integer cents,
days are the practice's own, flags are 1 or 0, texts that are not known are blank.
"""

from dataclasses import dataclass

from upstream.claims.choices import Outcome, PayerType, ProductClass
from upstream.kpis.families import ANSWERED, REFUSED

OUTCOMES = {
    Outcome.PENDING: "pending", Outcome.PAID: "paid", Outcome.DENIED: "denied", Outcome.PARTIAL: "partly denied",
    Outcome.ZERO_OTHER: "paid nothing, not denied",
}  # fmt: skip


@dataclass(frozen=True)
class FactColumn:
    """One column: its name, its type in SQL, how PostgreSQL makes it of a family, and what it says."""

    name: str
    kind: str
    made: str
    words: str


def _named(column: str, names: dict[str, str]) -> str:
    cases = " ".join(f"WHEN '{code}' THEN '{name.replace(chr(39), chr(39) * 2)}'" for code, name in names.items())
    return f"CASE {column}::text {cases} ELSE '' END"


def _flag(condition: str) -> str:
    return f"CASE WHEN {condition} THEN 1 ELSE 0 END"


TEXT, DAY, WHOLE = "VARCHAR", "DATE", "BIGINT"
ANSWER_DAY = "(f.decision_known_at AT TIME ZONE %(zone)s)::date"
REFUSED_CENTS = f"CASE f.outcome WHEN {Outcome.DENIED} THEN f.billed WHEN {Outcome.PARTIAL} THEN q.cents ELSE 0 END"


def _status(also: str) -> str:
    return f"""EXISTS (SELECT FROM claims_claimstatus s WHERE s.tenant_id = %(tenant)s AND s.claim_id = f.id
        AND s.kind = 'acknowledgement' {also})"""


DOWN_CODED = """EXISTS (SELECT FROM said s JOIN claims_lineadjudication l ON l.tenant_id = %(tenant)s
    AND l.adjudication_id = s.id WHERE s.family = f.id AND l.billed_code > '')"""

CLAIMS: tuple[FactColumn, ...] = (
    FactColumn("claim", TEXT, "c.public_id::text", "the claim's id in the product"),
    FactColumn("payer", TEXT, "p.name", "payer"),
    FactColumn("payer_type", TEXT, _named("p.payer_type", dict(PayerType.choices)), "whose money it pays with"),
    FactColumn("product", TEXT, _named("p.product_class", dict(ProductClass.choices)), "kind of product"),
    FactColumn("site", TEXT, "coalesce(s.name, '')", "place of the practice"),
    FactColumn("provider", TEXT, "c.rendering_npi", "NPI of who rendered the service"),
    FactColumn("procedure_code", TEXT, "f.place", "procedure billed first"),
    FactColumn("procedure_group", TEXT, "c.procedure_group", "its group"),
    FactColumn("modifiers", TEXT, "c.modifiers", "its modifiers"),
    FactColumn("diagnosis", TEXT, "c.diagnosis", "first diagnosis"),
    FactColumn("place_of_service", TEXT, "c.place_of_service", "place of service, by its code"),
    FactColumn("sent_date", DAY, "f.sent", "day of first submission"),
    FactColumn("sent_week", DAY, "f.sent_week", "its Monday"),
    FactColumn("sent_month", DAY, "date_trunc('month', f.sent)::date", "first day of its month"),
    FactColumn("service_date", DAY, "f.served", "day of service; where not told, of first submission"),
    FactColumn("service_week", DAY, "date_trunc('week', f.served)::date", "its Monday"),
    FactColumn("service_month", DAY, "date_trunc('month', f.served)::date", "first day of its month"),
    FactColumn("answer_date", DAY, ANSWER_DAY, "day on which the first answer became known"),
    FactColumn("answer_week", DAY, "f.known_week", "its Monday"),
    FactColumn("answer_month", DAY, f"date_trunc('month', {ANSWER_DAY})::date", "first day of its month"),
    FactColumn("paid_date", DAY, "f.paid_on", "day of the first payment"),
    FactColumn("outcome", TEXT, _named("f.outcome", {str(int(k)): v for k, v in OUTCOMES.items()}), "first answer"),
    FactColumn("category", TEXT, "f.denial_category", "why it was refused"),
    FactColumn("reason_group", TEXT, "c.denial_group", "group code of the refusal"),
    FactColumn("carc", TEXT, "c.denial_carc", "reason code of the refusal (CARC)"),
    FactColumn("billed_cents", WHOLE, "f.billed", "charges"),
    FactColumn("allowed_cents", WHOLE, "c.allowed_cents", "allowed by the first answer"),
    FactColumn("paid_cents", WHOLE, "c.paid_cents", "paid by the first answer"),
    FactColumn("refused_cents", WHOLE, REFUSED_CENTS, "charges of what the first answer refuses"),
    FactColumn("collected_cents", WHOLE, "f.collected", "paid by the first payer to this day, less what it took back"),
    FactColumn("answered", WHOLE, _flag(f"f.outcome IN {ANSWERED}"), "there is a first answer"),
    FactColumn("denied", WHOLE, _flag(f"f.outcome = {Outcome.DENIED}"), "it refuses the whole claim"),
    FactColumn("partly_denied", WHOLE, _flag(f"f.outcome = {Outcome.PARTIAL}"), "it refuses some lines"),
    FactColumn("overturned", WHOLE, _flag(f"f.outcome IN {REFUSED} AND f.denied_paid_on IS NOT NULL"),
        "refused first and paid later"),
    FactColumn("sent_again", WHOLE, "f.again", "times that it was sent again"),
    FactColumn("acknowledged", WHOLE, _flag(_status("")), "taken in or turned away before it was decided"),
    FactColumn("turned_away", WHOLE, _flag(_status("AND s.rejected")), "ever turned away"),
    FactColumn("down_coded", WHOLE, _flag(f"f.outcome IN {ANSWERED} AND {DOWN_CODED}"),
        "a line was answered under another code"),
)  # fmt: skip
MADE = f"""
CREATE TEMPORARY TABLE fact ON COMMIT DROP AS
SELECT {", ".join(f"{column.made} AS {column.name}" for column in CLAIMS)}
FROM family f JOIN claims_claim c ON c.tenant_id = %(tenant)s AND c.id = f.id
JOIN claims_payer p ON p.tenant_id = %(tenant)s AND p.id = f.payer_id
LEFT JOIN tenants_site s ON s.tenant_id = %(tenant)s AND s.id = c.site_id
LEFT JOIN partly q ON q.family = f.id
"""
# What names in the facts depend on, beside the claims themselves.
NAMES = """
SELECT md5(concat(
    (SELECT string_agg(concat_ws('|', id, name, payer_type, product_class), E'\\n' ORDER BY id) FROM claims_payer
        WHERE tenant_id = %(tenant)s),
    (SELECT string_agg(concat_ws('|', id, name), E'\\n' ORDER BY id) FROM tenants_site WHERE tenant_id = %(tenant)s)))
"""
KINDS = {column.name: column.kind for column in CLAIMS}
