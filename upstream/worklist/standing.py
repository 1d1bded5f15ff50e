"""How families of claims stand after every answer that is known: set by set, in one pass over those that were touched.

A family is denied while its last primary answer that was not taken back is a denial, whole or in part. An answer that
only upholds an earlier one (CARC 193), or calls the claim a duplicate, changes nothing; a void sent later ends it.
"""

from datetime import date
from typing import Any, NamedTuple

from upstream.claims.choices import DenialCategory, Outcome
from upstream.core.db.planning import no_nested_loops

DENIED = f"({Outcome.DENIED}, {Outcome.PARTIAL})"
ANSWERS = f"({Outcome.PAID}, {Outcome.DENIED}, {Outcome.PARTIAL}, {Outcome.ZERO_OTHER})"
UPHELD, VOID = "193", "8"
# Beyond so many families the tables are read through instead of looked up.
MANY = 20_000

FAMILY = "CREATE TEMPORARY TABLE IF NOT EXISTS touched_family (family bytea PRIMARY KEY) ON COMMIT DROP"
ADD = "INSERT INTO touched_family"
# What the files brought: denials, payments taken back, and whatever concerns a family that is on the list already.
OF_FILES = f"""
WITH brought AS MATERIALIZED (
    SELECT claim_id, outcome FROM claims_adjudication WHERE tenant_id = %(tenant)s AND batch_id = ANY(%(files)s)
), had AS MATERIALIZED (
    SELECT c.family_key FROM worklist_item i JOIN claims_claim c ON c.tenant_id = i.tenant_id AND c.id = i.claim_id
    WHERE i.tenant_id = %(tenant)s
)
{ADD}
SELECT c.family_key FROM brought b JOIN claims_claim c ON c.tenant_id = %(tenant)s AND c.id = b.claim_id
WHERE b.outcome IN ({Outcome.DENIED}, {Outcome.PARTIAL}, {Outcome.REVERSED})
  OR c.family_key IN (SELECT family_key FROM had)
UNION
SELECT c.family_key FROM claims_claim c WHERE c.tenant_id = %(tenant)s AND c.batch_id = ANY(%(files)s)
  AND c.family_key IN (SELECT family_key FROM had)
UNION
SELECT c.family_key FROM claims_withdrawal w JOIN claims_claim c ON c.tenant_id = w.tenant_id AND c.id = w.claim_id
WHERE w.tenant_id = %(tenant)s AND w.batch_id = ANY(%(files)s)
ON CONFLICT DO NOTHING
"""
# Open items whose answer is gone, or stands at a claim of another family or payer by now: people join and part claims,
# and names of payers.
ASTRAY = f"""
{ADD}
SELECT family FROM (
    SELECT unnest(ARRAY[c.family_key, d.family_key]) AS family FROM worklist_item i
    JOIN claims_claim c ON c.tenant_id = i.tenant_id AND c.id = i.claim_id
    LEFT JOIN claims_adjudication a ON a.tenant_id = i.tenant_id AND a.id = i.decision_id
    LEFT JOIN claims_claim d ON d.tenant_id = i.tenant_id AND d.id = a.claim_id
    WHERE i.tenant_id = %(tenant)s AND i.closed_at IS NULL
      AND (d.id IS NULL OR d.family_key <> c.family_key OR i.payer_id <> a.payer_id)
) AS x WHERE family IS NOT NULL
ON CONFLICT DO NOTHING
"""
APART = f"""
{ADD}
SELECT c.family_key FROM claims_claimmatch m JOIN claims_claim c ON c.tenant_id = m.tenant_id
    AND c.id IN (m.claim_id, m.remitted_id)
WHERE m.tenant_id = %(tenant)s AND m.state = 'undone'
ON CONFLICT DO NOTHING
"""

STANDING = f"""
WITH member AS MATERIALIZED (
    SELECT f.family, c.id FROM touched_family f
    JOIN claims_claim c ON c.tenant_id = %(tenant)s AND c.number_bidx = f.family AND c.payer_order = 1
    UNION
    SELECT f.family, c.id FROM touched_family f
    JOIN claims_claim c ON c.tenant_id = %(tenant)s AND c.family_key = f.family AND c.family_key <> c.number_bidx
        AND c.payer_order = 1
), said AS MATERIALIZED (
    SELECT DISTINCT ON (m.family) m.family, a.id, a.claim_id, a.payer_id, a.outcome, a.denial_group, a.denial_carc,
        a.denial_category, a.decided_date, a.known_at, abs(a.billed_cents) AS billed,
        coalesce(a.allowed_cents, 0) AS allowed
    FROM member m JOIN claims_adjudication a ON a.tenant_id = %(tenant)s AND a.claim_id = m.id
    WHERE a.payer_order = 1 AND a.outcome IN {ANSWERS} AND a.denial_category <> '{DenialCategory.DUP}'
      AND NOT EXISTS (SELECT FROM claims_adjudication r WHERE r.tenant_id = %(tenant)s AND r.reverses_id = a.id)
      AND NOT (a.outcome = {Outcome.ZERO_OTHER} AND EXISTS (SELECT FROM claims_adjustment j
          WHERE j.tenant_id = %(tenant)s AND j.adjudication_id = a.id AND j.carc = '{UPHELD}'))
    ORDER BY m.family, a.known_at DESC, a.decided_date DESC NULLS LAST, a.position DESC, a.id DESC
), head AS (
    SELECT m.family, min(c.id) FILTER (WHERE c.number_bidx = m.family) AS first, min(c.id) AS oldest,
        max(c.submitted_date) AS submitted, max(c.submitted_date) FILTER (WHERE c.frequency_code = '{VOID}') AS voided
    FROM member m JOIN claims_claim c ON c.tenant_id = %(tenant)s AND c.id = m.id GROUP BY m.family
), known AS (
    SELECT DISTINCT ON (m.family) m.family, i.id FROM member m
    JOIN worklist_item i ON i.tenant_id = %(tenant)s AND i.claim_id = m.id ORDER BY m.family, i.id
)
SELECT coalesce(h.first, h.oldest), k.id, s.id, s.outcome, coalesce(s.decided_date, s.known_at::date),
    s.payer_id, s.denial_group, s.denial_carc, s.denial_category, s.billed, s.allowed,
    coalesce(a.service_date, f.service_date), coalesce(nullif(a.procedure_code, ''), f.procedure_code),
    h.submitted, h.voided
FROM head h LEFT JOIN said s ON s.family = h.family LEFT JOIN known k ON k.family = h.family
LEFT JOIN claims_claim a ON a.tenant_id = %(tenant)s AND a.id = s.claim_id
LEFT JOIN claims_claim f ON f.tenant_id = %(tenant)s AND f.id = coalesce(h.first, h.oldest)
WHERE k.id IS NOT NULL OR s.outcome IN {DENIED}
ORDER BY 1
"""
REMARKS = """
SELECT adjudication_id, string_agg(DISTINCT remark_codes, ' ') FROM claims_adjustment
WHERE tenant_id = %(tenant)s AND adjudication_id = ANY(%(decisions)s) AND remark_codes <> '' GROUP BY 1
"""


class LastAnswer(NamedTuple):
    """The last answer of the payer that stands; money in cents."""

    pk: int
    outcome: int
    decided: date
    payer: int
    group: str
    carc: str
    category: str
    billed: int
    allowed: int


class Standing(NamedTuple):
    """One family: its first claim, the item it has, its last answer, and what the practice sent."""

    claim: int
    item: int | None
    answer: LastAnswer | None
    service_date: date | None
    procedure: str
    submitted: date
    voided: date | None

    @classmethod
    def of(cls, row: tuple[Any, ...]) -> "Standing":
        claim, item, *answer = row[: 2 + len(LastAnswer._fields)]
        return cls(claim, item, None if answer[0] is None else LastAnswer(*answer), *row[2 + len(LastAnswer._fields) :])

    @property
    def is_voided(self) -> bool:
        """A void was sent on or after the day of the answer."""
        return self.voided is not None and (self.answer is None or self.voided >= self.answer.decided)

    @property
    def is_denied(self) -> bool:
        denied = self.answer is not None and self.answer.outcome in (Outcome.DENIED, Outcome.PARTIAL)
        return denied and not self.is_voided

    @property
    def sent_again(self) -> date | None:
        """The day on which the claim, or one that replaces it, was sent after the answer."""
        return self.submitted if self.answer and self.submitted > self.answer.decided else None


def of_files(cursor: Any, tenant: int, files: list[int]) -> list[Standing]:
    """Families that these files touched, so far as they are denied or on the list."""
    return _standing(cursor, tenant, (OF_FILES,), {"files": files})


def astray(cursor: Any, tenant: int) -> list[Standing]:
    """Families whose items hang on an answer that is not theirs any more, and those that people took apart."""
    return _standing(cursor, tenant, (ASTRAY, APART))


def _standing(cursor: Any, tenant: int, touched: tuple[str, ...], more: dict[str, Any] | None = None) -> list[Standing]:
    values = {"tenant": tenant, **(more or {})}
    cursor.execute(FAMILY)
    cursor.execute("TRUNCATE touched_family")
    for statement in touched:
        cursor.execute(statement, values)
    cursor.execute("ANALYZE touched_family")
    cursor.execute("SELECT count(*) FROM touched_family")
    if cursor.fetchone()[0] > MANY:
        with no_nested_loops(cursor):
            cursor.execute(STANDING, values)
            return [Standing.of(row) for row in cursor.fetchall()]
    cursor.execute(STANDING, values)
    return [Standing.of(row) for row in cursor.fetchall()]


def remarks_of(cursor: Any, tenant: int, decisions: list[int]) -> dict[int, str]:
    """The remark codes that came with each of these answers, each once."""
    cursor.execute(REMARKS, {"tenant": tenant, "decisions": decisions})
    return {row: " ".join(sorted(set(words.split()))) for row, words in cursor.fetchall()}
