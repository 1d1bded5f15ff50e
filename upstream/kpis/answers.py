"""Which weekly sums are made of the families and their answers, one statement a fact."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from upstream.claims.choices import AdjustmentClass, DenialCategory, Outcome, StatusKind
from upstream.claims.rules import PACKAGED, SMALLEST_CHARGE, CarcMap, classify
from upstream.kpis.choices import Fact
from upstream.kpis.families import ANSWERED, REFUSED

PAIRS = f"""
SELECT DISTINCT j.group_code, j.carc FROM family f JOIN said s ON s.family = f.id
JOIN claims_adjustment j ON j.tenant_id = %(tenant)s AND j.adjudication_id = s.id
WHERE f.outcome = {Outcome.PARTIAL}
"""
IS = """EXISTS (SELECT FROM unnest(%({0}_groups)s::text[], %({0}_carcs)s::text[]) p (g, c)
    WHERE j.group_code = p.g AND j.carc = p.c)"""
# Of partly denied claims the charges of lines that were refused whole; where none is told, the sum refused.
PARTLY_OF = f"""
first AS (
    SELECT DISTINCT ON (f.id) f.id AS family, f.billed, f.first_allowed, s.id AS answer, s.paid_cents FROM family f
    JOIN said s ON s.claim = f.id AND s.known_at = f.decision_known_at AND s.outcome = f.outcome
    WHERE f.outcome = {Outcome.PARTIAL} ORDER BY f.id, s.id
), reason AS (
    SELECT f.family, j.line, j.cents, {IS.format("refused")} AND NOT (j.line > 0 AND f.paid_cents > 0
            AND j.group_code = '{PACKAGED[0]}' AND j.carc = '{PACKAGED[1]}') AS refused,
        {IS.format("patient")} AS patient
    FROM first f JOIN claims_adjustment j ON j.tenant_id = %(tenant)s AND j.adjudication_id = f.answer
), line AS (
    SELECT f.family, sum(l.billed_cents) AS cents FROM first f
    JOIN claims_lineadjudication l ON l.tenant_id = %(tenant)s AND l.adjudication_id = f.answer
    WHERE l.billed_cents > {SMALLEST_CHARGE} AND coalesce(l.paid_cents, 0) = 0 AND coalesce(l.allowed_cents, 0) = 0
      AND EXISTS (SELECT FROM reason r WHERE r.family = f.family AND r.line = l.number AND r.refused)
      AND NOT EXISTS (SELECT FROM reason r WHERE r.family = f.family AND r.line = l.number AND r.patient
          AND r.cents > 0)
    GROUP BY 1
), told AS (SELECT family, sum(cents) FILTER (WHERE refused) AS cents FROM reason GROUP BY 1)
SELECT f.family, coalesce(l.cents, least(t.cents, f.billed), greatest(f.billed - f.first_allowed, 0)) AS cents
FROM first f LEFT JOIN line l ON l.family = f.family LEFT JOIN told t ON t.family = f.family
"""
PARTLY = f"CREATE TEMPORARY TABLE partly ON COMMIT DROP AS WITH {PARTLY_OF}"
FAMILIES = "family f"
PARTS = "family f JOIN partly q ON q.family = f.id"
SINGLE = "said s JOIN family f ON f.id = s.family"
EVERY = """(SELECT a.payer_id, d.week AS sent_week, date_trunc('week', coalesce(a.payment_date, a.decided_date,
        (a.known_at AT TIME ZONE %(zone)s)::date))::date AS paid_week, a.paid_cents
    FROM summing d CROSS JOIN LATERAL (SELECT c.id FROM claims_claim c WHERE c.tenant_id = %(tenant)s
        AND c.submitted_date >= d.week AND c.submitted_date < d.week + 7 OFFSET 0) c
    JOIN claims_adjudication a ON a.tenant_id = %(tenant)s AND a.claim_id = c.id) f"""
STATUS = f"""EXISTS (SELECT FROM claims_claimstatus s WHERE s.tenant_id = %(tenant)s AND s.claim_id = f.id
    AND s.kind = '{StatusKind.ACKNOWLEDGEMENT}' {{0}})"""
UNDER = """EXISTS (SELECT FROM claims_claimauthorization z WHERE z.tenant_id = %(tenant)s
    AND z.number_bidx = f.number_bidx)"""
DOWN = """EXISTS (SELECT FROM said s JOIN claims_lineadjudication l ON l.tenant_id = %(tenant)s
    AND l.adjudication_id = s.id WHERE s.family = f.id AND l.billed_code > '')"""
DENIED = f"f.outcome IN {REFUSED}"
DECIDED = f"f.outcome IN {ANSWERED}"
BY_KNOWN = "f.known_week"
SERVED = "date_trunc('week', f.served)::date"
TO_DAY = "({0} - date '0001-01-01' + 1)"


@dataclass(frozen=True)
class Sum:
    """Rows of `source` that satisfy `where` become sums of one fact, by `week`, procedure and days."""

    fact: Fact
    where: str
    week: str = "f.sent_week"
    place: str = "''"
    days: str = "0"
    cents: str = "f.billed"
    source: str = FAMILIES
    each: str = "1"

    @property
    def one_by_one(self) -> str:
        """What is summed, before it is: the family, its payer, week, place, days, number and cents."""
        return f"""
        SELECT '{self.fact}' AS fact, f.id AS family, f.payer_id AS payer, {self.week} AS week, {self.place} AS place,
            {self.days} AS days, {self.each} AS each, {self.cents} AS cents
        FROM {self.source} WHERE {self.where}"""

    @property
    def statement(self) -> str:
        return f"""
        INSERT INTO kpis_weeksum (tenant_id, payer_id, sent_week, fact, week, place, days, number, cents, most_cents)
        SELECT %(tenant)s, f.payer_id, f.sent_week, '{self.fact}', {self.week}, {self.place}, {self.days},
            sum({self.each}), coalesce(sum({self.cents}), 0), coalesce(max({self.cents}), 0)
        FROM {self.source} WHERE {self.where} GROUP BY 2, 3, 5, 6, 7"""


def _after(first: str, last: str) -> str:
    return f"greatest({last} - {first}, 0)"


SUMS = (
    Sum(Fact.SENT, "true"),
    Sum(Fact.ANSWERED, DECIDED),
    Sum(
        Fact.FIRST_PASS,
        f"f.outcome IN ({Outcome.PAID}, {Outcome.ZERO_OTHER}) AND f.answers <= 1 AND NOT f.reversed AND f.again = 0",
    ),
    Sum(Fact.SENT_AGAIN, "f.again > 0", each="f.again"),
    Sum(Fact.PAID_AFTER, "f.paid_on IS NOT NULL", days=_after("f.sent", "f.paid_on")),
    Sum(Fact.LEFT_UNPAID, f"f.paid_on IS NULL AND {DECIDED}", days=_after("f.sent", "f.decided")),
    Sum(Fact.ANSWERED_AFTER, DECIDED, days=_after("f.sent", "f.decided")),
    Sum(Fact.OPEN_SINCE, f"f.outcome = {Outcome.PENDING} AND f.paid_on IS NULL", days=TO_DAY.format("f.sent")),
    Sum(Fact.ACKNOWLEDGED, STATUS.format("")),
    Sum(Fact.TURNED_AWAY, STATUS.format("AND s.rejected")),
    Sum(Fact.DENIED_PAID, f"{DENIED} AND f.denied_paid_on IS NOT NULL", days=_after("f.decided", "f.denied_paid_on")),
    Sum(
        Fact.DENIED_PATIENT,
        f"{DENIED} AND f.denied_paid_on IS NULL AND f.denied_patient_on IS NOT NULL",
        days=_after("f.decided", "f.denied_patient_on"),
    ),
    Sum(
        Fact.DENIED_OPEN,
        f"{DENIED} AND f.denied_paid_on IS NULL AND f.denied_patient_on IS NULL",
        days=TO_DAY.format("f.decided"),
    ),
    Sum(Fact.BY_PROCEDURE, DECIDED, week=BY_KNOWN, place="f.place"),
    Sum(Fact.DOWN_CODED, f"{DECIDED} AND {DOWN}", week=BY_KNOWN),
    Sum(Fact.DENIED, f"f.outcome = {Outcome.DENIED}", week=BY_KNOWN, place="f.place"),
    Sum(Fact.PARTLY, "true", week=BY_KNOWN, place="f.place", cents="q.cents", source=PARTS),
    Sum(Fact.AUTH_DENIED, f"{DENIED} AND f.denial_category = '{DenialCategory.AUTH}'", week=BY_KNOWN, place="f.place"),
    Sum(Fact.UNDER_AUTH, f"{DECIDED} AND {UNDER}", week=BY_KNOWN, place="f.place"),
    Sum(
        Fact.REMIT_AFTER,
        f"s.outcome IN {ANSWERED} AND s.received_date IS NOT NULL AND s.payment_date IS NOT NULL",
        week="date_trunc('week', s.payment_date)::date", days=_after("s.received_date", "s.payment_date"),
        cents="s.paid_cents", source=SINGLE,
    ),
    Sum(Fact.PAID, "f.paid_cents > 0", week="f.paid_week", cents="f.paid_cents", source=EVERY),
    Sum(Fact.TAKEN_BACK, "f.paid_cents < 0", week="f.paid_week", cents="-f.paid_cents", source=EVERY),
    Sum(Fact.COLLECTED, "true", week=SERVED, cents="f.collected"),
    Sum(
        Fact.COLLECTABLE, f"f.last_outcome IN {ANSWERED} AND f.last_outcome NOT IN {REFUSED}",
        week=SERVED, cents="f.payers_part",
    ),
    Sum(
        Fact.UNCOLLECTED, f"f.last_outcome IS NULL OR f.last_outcome IN {REFUSED}",
        week=SERVED,
    ),
)  # fmt: skip


def count(cursor: Any, values: dict[str, Any], carcs: CarcMap) -> None:
    """Every sum of the weeks in `summing` is there, made of the families' tables."""
    part_denials(cursor, values, carcs)
    for one in SUMS:
        cursor.execute(one.statement, values)


def part_denials(cursor: Any, values: dict[str, Any], carcs: CarcMap) -> None:
    """`partly` holds what partly denied families were refused."""
    cursor.execute(PAIRS, values)
    pairs = cursor.fetchall()
    cursor.execute(PARTLY, {**values, **named(pairs, carcs)})


def named(pairs: Iterable[tuple[str, str]], carcs: CarcMap) -> dict[str, list[str]]:
    """Which of these groups and codes refuse, and which are the patient's, as PARTLY_OF names them."""
    found: dict[str, list[str]] = {}
    every = list(pairs)
    for name, kind in (("refused", AdjustmentClass.DENIAL), ("patient", AdjustmentClass.PATIENT)):
        mine = [pair for pair in every if classify(*pair, carcs) is kind]
        found[f"{name}_groups"], found[f"{name}_carcs"] = [p[0] for p in mine], [p[1] for p in mine]
    return found
