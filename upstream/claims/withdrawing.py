"""What a file was understood to say is taken back, so that the same file can be read again in another way.

Afterwards the tables are as if the file had never been read, but that its claims keep their ids, and that `Withdrawal`
holds all that it said. A claim that nothing else tells of counts nowhere (`payer_order` 0) until something does. Facts
that a later file left blank and took over from this one stay as that later file's. Called inside the transaction that
reads the file again, with the staging tables there.
"""

from datetime import datetime
from typing import Any

from upstream.claims import linking, matching
from upstream.claims.choices import Withdrawn
from upstream.claims.merge import NEVER
from upstream.claims.staging import DECISION, FACTS
from upstream.core.db.planning import no_nested_loops

NOBODYS = 0  # the payer order of a claim of which nothing tells


def _json(alias: str, names: tuple[str, ...]) -> str:
    pairs = ", ".join(f"'{name}', {alias}.{name}" for name in names)
    return f"jsonb_build_object({pairs})"


ANSWERED = ("payer_id", "payer_order", "claim_status_code", "check_number", "payment_date", "billed_cents",
            "patient_cents", *(name for name in DECISION if name != "decision_known_at"))  # fmt: skip
ANSWER, STATE = (_json("x", names) for names in (ANSWERED, (*FACTS,)))
OF_FILE = "x.tenant_id = %(tenant)s AND x.batch_id = %(batch)s"
HELD = f"{OF_FILE} AND x.facts_known_at > '{NEVER}'::timestamptz"

TOUCHED = f"""
CREATE TEMPORARY TABLE unsaid ON COMMIT DROP AS
SELECT x.id, true AS held FROM claims_claim x WHERE {OF_FILE}
UNION
SELECT x.claim_id, false FROM claims_adjudication x JOIN claims_claim c ON c.tenant_id = x.tenant_id
    AND c.id = x.claim_id WHERE {OF_FILE} AND c.batch_id <> %(batch)s
UNION
SELECT x.claim_id, false FROM claims_claimrevision x JOIN claims_claim c ON c.tenant_id = x.tenant_id
    AND c.id = x.claim_id WHERE {OF_FILE} AND c.batch_id <> %(batch)s
"""
KEEP = f"""
INSERT INTO claims_withdrawal (tenant_id, batch_id, claim_id, kind, event_bidx, said, known_at, withdrawn_at,
    withdrawn_by)
SELECT %(tenant)s, %(batch)s, w.claim, w.kind, w.event, w.said, w.known, %(now)s, %(actor)s FROM (
    SELECT x.claim_id, '{Withdrawn.ANSWER}', x.event_bidx, {ANSWER}, x.known_at
    FROM claims_adjudication x WHERE {OF_FILE}
    UNION ALL
    SELECT x.id, '{Withdrawn.FACTS}', NULL, {STATE}, x.facts_known_at FROM claims_claim x WHERE {HELD}
    UNION ALL
    SELECT x.claim_id, '{Withdrawn.FACTS}', NULL, {STATE}, x.known_from FROM claims_claimrevision x WHERE {OF_FILE}
) AS w (claim, kind, event, said, known)
"""
WEEKS = """
INSERT INTO dirty_week SELECT DISTINCT date_trunc('week', c.submitted_date)::date
FROM claims_claim c JOIN unsaid u ON u.id = c.id WHERE c.tenant_id = %(tenant)s ON CONFLICT DO NOTHING
"""
FEWER_CODES = (
    f"""{linking.SEEN} UPDATE claims_newcode n SET times = n.times - s.times FROM seen s
WHERE n.tenant_id = %(tenant)s AND n.payer_id = s.payer_id AND n.carc = s.carc""",
    "DELETE FROM claims_newcode WHERE tenant_id = %(tenant)s AND times <= 0",
)
BROUGHT = f"SELECT x.id FROM claims_adjudication x WHERE {OF_FILE}"
NO_ANSWERS = (
    f"UPDATE claims_adjudication SET reverses_id = NULL WHERE tenant_id = %(tenant)s AND reverses_id IN ({BROUGHT})",
    f"DELETE FROM claims_adjustment WHERE tenant_id = %(tenant)s AND adjudication_id IN ({BROUGHT})",
    f"DELETE FROM claims_lineadjudication WHERE tenant_id = %(tenant)s AND adjudication_id IN ({BROUGHT})",
    f"DELETE FROM claims_adjudication x WHERE {OF_FILE}",
    f"DELETE FROM claims_claimreplacement x WHERE {OF_FILE}",
    f"DELETE FROM claims_claimauthorization x WHERE {OF_FILE}",
)
# Lines that an answer told are known from another day than the facts.
NO_LINES = f"""
DELETE FROM claims_serviceline l USING claims_claim x
WHERE {OF_FILE} AND l.tenant_id = x.tenant_id AND l.claim_id = x.id AND l.known_at = x.facts_known_at
"""
# What stood before a state that is taken back goes on until that one's end.
NO_REVISIONS = (
    f"""UPDATE claims_claimrevision p SET known_until = x.known_until FROM claims_claimrevision x
WHERE {OF_FILE} AND p.tenant_id = x.tenant_id AND p.claim_id = x.claim_id AND p.known_until = x.known_from""",
    f"DELETE FROM claims_claimrevision x WHERE {OF_FILE}",
)
RESTORED = """
CREATE TEMPORARY TABLE restored ON COMMIT DROP AS
SELECT DISTINCT ON (r.claim_id) r.* FROM claims_claimrevision r JOIN unsaid u ON u.id = r.claim_id AND u.held
WHERE r.tenant_id = %(tenant)s ORDER BY r.claim_id, r.known_from DESC
"""
SET_FACTS = ", ".join(f"{name} = r.{name}" for name in FACTS)
AS_BEFORE = (
    f"""UPDATE claims_claim c SET {SET_FACTS}, family_key = r.family_key, batch_id = r.batch_id,
    position = r.position, facts_known_at = r.known_from FROM restored r
WHERE c.tenant_id = %(tenant)s AND c.id = r.claim_id""",
    """DELETE FROM claims_claimrevision x USING restored r WHERE x.tenant_id = %(tenant)s AND x.id = r.id""",
)
# Of what is left nothing told but this file, or a payer's answers besides.
UNTOLD = (
    f"""UPDATE claims_claim x SET facts_known_at = '{NEVER}'::timestamptz, known_at = %(now)s, family_key = number_bidx,
    patient_id = NULL, payer_order = {NOBODYS} WHERE {OF_FILE}""",
    f"""UPDATE claims_claimidentity i SET fingerprint = '', account_bidx = NULL FROM claims_claim x
WHERE {OF_FILE} AND i.tenant_id = x.tenant_id AND i.claim_id = x.id""",
    f"""UPDATE claims_claim x SET payer_order = a.payer_order, payer_id = a.payer_id, raw_payer_id = a.raw_payer_id,
    billed_cents = abs(a.billed_cents), known_at = a.known_at, batch_id = a.batch_id, position = a.position,
    procedure_code = '', procedure_group = '', modifiers = '', diagnosis = '', place_of_service = '',
    rendering_npi = '', frequency_code = '1', site_id = NULL, service_date = NULL,
    submitted_date = coalesce(a.received_date, a.decided_date, x.submitted_date)
FROM (SELECT DISTINCT ON (o.claim_id) o.* FROM claims_adjudication o JOIN unsaid u ON u.id = o.claim_id AND u.held
      WHERE o.tenant_id = %(tenant)s ORDER BY o.claim_id, o.known_at, o.position) AS a
WHERE {OF_FILE} AND x.id = a.claim_id""",
)
SAID_AGAIN = f"""
DELETE FROM claims_withdrawal w WHERE w.tenant_id = %(tenant)s AND w.batch_id = %(batch)s AND w.withdrawn_at = %(now)s
AND (EXISTS (SELECT FROM claims_adjudication x WHERE {OF_FILE} AND w.kind = '{Withdrawn.ANSWER}'
        AND x.claim_id = w.claim_id AND x.event_bidx = w.event_bidx AND {ANSWER} = w.said)
  OR w.kind = '{Withdrawn.FACTS}' AND EXISTS (SELECT FROM claims_claim x
        WHERE x.tenant_id = w.tenant_id AND x.id = w.claim_id AND x.facts_known_at > '{NEVER}' AND {STATE} = w.said)
  OR w.kind = '{Withdrawn.FACTS}' AND EXISTS (SELECT FROM claims_claimrevision x
        WHERE x.tenant_id = w.tenant_id AND x.claim_id = w.claim_id AND {STATE} = w.said))
"""
# What nothing tells of belongs to no file.
NOBODYS_CLAIMS = f"UPDATE claims_claim x SET batch_id = 0 WHERE {OF_FILE} AND x.payer_order = {NOBODYS}"
LEFT = """
SELECT count(DISTINCT claim_id), count(*) FILTER (WHERE kind = %(answer)s) FROM claims_withdrawal
WHERE tenant_id = %(tenant)s AND batch_id = %(batch)s AND withdrawn_at = %(now)s
"""


def withdraw(cursor: Any, *, tenant: int, batch: int, now: datetime, actor: str) -> None:
    """Nothing that the file said stands any more; all of it is kept as withdrawn by `actor` at `now`."""
    values = {"tenant": tenant, "batch": batch, "now": now, "actor": actor[:80]}
    with no_nested_loops(cursor):
        for statement in (TOUCHED, KEEP, WEEKS):
            cursor.execute(statement, values)
        _take_apart(cursor, tenant)
        for statement in (*FEWER_CODES, *NO_ANSWERS, NO_LINES, *NO_REVISIONS, RESTORED, *AS_BEFORE, *UNTOLD, WEEKS):
            cursor.execute(statement, values)
        cursor.execute("SELECT id FROM unsaid")
        cursor.execute(matching.OWN_DECISION, {"tenant": tenant, "claims": [row[0] for row in cursor.fetchall()]})
    cursor.execute("DROP TABLE unsaid, restored")


def said_again(cursor: Any, *, tenant: int, batch: int, now: datetime) -> dict[str, int]:
    """What the new reading says as the old one did is no longer kept as withdrawn; what is, as notices by code."""
    values = {"tenant": tenant, "batch": batch, "now": now, "answer": Withdrawn.ANSWER}
    with no_nested_loops(cursor):
        for statement in (SAID_AGAIN, NOBODYS_CLAIMS, LEFT):
            cursor.execute(statement, values)
        claims, answers = cursor.fetchone()
    found = {"withdrawn_claims": claims, "withdrawn_answers": answers}
    return {code: number for code, number in found.items() if number}


def _take_apart(cursor: Any, tenant: int) -> None:
    """Claims that the file touched stand in no match, until all are matched anew."""
    cursor.execute(
        "SELECT m.remitted_id, m.claim_id FROM claims_claimmatch m WHERE m.tenant_id = %s AND m.state = 'matched'"
        " AND (m.remitted_id IN (SELECT id FROM unsaid) OR m.claim_id IN (SELECT id FROM unsaid))",
        [tenant],
    )
    matching.take_apart(cursor, tenant, set(cursor.fetchall()))
