"""Which claims draw on which entry, and how much of each is used: set by set, in SQL, and the same when done again.

A claim draws on an entry by the authorization's number where it names one, unless both name members and not the same.
Where the claim or the authorization names none: by member, payer, procedure and dates. Units are those of the lines
with the entry's procedure, one for a line or claim without any. They count while the claim is not denied in full, is
the newest version of its family, is nobody's void and was sent to the first payer; and only inside of the dates.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from upstream.claims.choices import Outcome
from upstream.core import tenancy

LINES = """
CROSS JOIN LATERAL (SELECT coalesce(sum(coalesce(l.units, 1))
        FILTER (WHERE e.procedure_code = '' OR l.procedure_code = e.procedure_code), 0) AS units,
    count(*) FILTER (WHERE l.procedure_code = e.procedure_code) AS fitting, count(*) AS lines
    FROM claims_serviceline l WHERE l.tenant_id = c.tenant_id AND l.claim_id = c.id) s
"""
COLUMNS = """
SELECT e.tenant_id, e.id, c.id, %(how)s,
    CASE WHEN s.lines > 0 THEN s.units WHEN e.procedure_code IN ('', c.procedure_code) THEN 1 ELSE 0 END,
    c.service_date, e.procedure_code IN ('', c.procedure_code) OR s.fitting > 0,
    coalesce(c.service_date >= e.valid_from, true) AND coalesce(c.service_date <= e.valid_until, true)
"""
BY_NUMBER = f"""
{COLUMNS}
FROM authorizations_entry e
JOIN claims_claimauthorization a ON a.tenant_id = e.tenant_id AND a.authorization_bidx = e.number_bidx
JOIN claims_claim c ON c.tenant_id = a.tenant_id AND c.number_bidx = a.number_bidx
LEFT JOIN claims_patient p ON p.tenant_id = c.tenant_id AND p.id = c.patient_id
{LINES}
WHERE e.tenant_id = %(tenant)s AND coalesce(p.member_bidx = e.member_bidx, true) AND {{scope}}
"""
BY_PERSON = f"""
{COLUMNS}
FROM authorizations_entry e
JOIN claims_patient p ON p.tenant_id = e.tenant_id AND p.key_bidx = e.member_bidx
JOIN claims_claim c ON c.tenant_id = p.tenant_id AND c.patient_id = p.id AND c.payer_id = e.payer_id
    AND c.service_date BETWEEN e.valid_from AND coalesce(e.valid_until, e.valid_from + 365)
{LINES}
WHERE e.tenant_id = %(tenant)s AND e.procedure_code <> '' AND (c.procedure_code = e.procedure_code OR s.fitting > 0)
    AND (e.number_bidx IS NULL OR NOT EXISTS (SELECT FROM claims_claimauthorization a
        WHERE a.tenant_id = c.tenant_id AND a.number_bidx = c.number_bidx))
    AND {{scope}}
"""
INTO = """
INSERT INTO authorizations_use (tenant_id, entry_id, claim_id, how, units, service_date, covers, inside)
{found} ON CONFLICT (tenant_id, entry_id, claim_id) DO NOTHING
"""
IN_FILES = """c.id = ANY(ARRAY(
    SELECT f.id FROM claims_claim f WHERE f.tenant_id = %(tenant)s AND f.batch_id = ANY(%(batches)s)))"""
OF_ENTRIES = "e.id = ANY(%(entries)s)"
FORGET_CLAIMS = """
DELETE FROM authorizations_use u WHERE u.tenant_id = %(tenant)s AND u.claim_id IN (
    SELECT f.id FROM claims_claim f WHERE f.tenant_id = %(tenant)s AND f.batch_id = ANY(%(batches)s))
"""
FORGET_ENTRIES = "DELETE FROM authorizations_use u WHERE u.tenant_id = %(tenant)s AND u.entry_id = ANY(%(entries)s)"
STANDS = f"""
c.outcome NOT IN ({Outcome.DENIED}, {Outcome.REVERSED}) AND c.payer_order = 1 AND c.frequency_code <> '8'
AND NOT EXISTS (SELECT FROM claims_claim r WHERE r.tenant_id = c.tenant_id AND r.family_key = c.family_key
    AND r.family_key <> r.number_bidx AND r.id > c.id)
"""
TOTALS = f"""
WITH used AS (
    SELECT e.id, coalesce(sum(u.units) FILTER (WHERE counts), 0) AS units, count(*) FILTER (WHERE counts) AS claims,
        coalesce(sum(u.units) FILTER (WHERE counts AND u.service_date > %(recent)s AND u.service_date <= %(today)s), 0)
            AS recent,
        count(*) FILTER (WHERE counts AND u.how = 'person') AS by_person
    FROM authorizations_entry e
    LEFT JOIN (SELECT u.*, u.covers AND u.inside AND {STANDS} AS counts FROM authorizations_use u
        JOIN claims_claim c ON c.tenant_id = u.tenant_id AND c.id = u.claim_id WHERE u.tenant_id = %(tenant)s
    ) u ON u.entry_id = e.id
    WHERE e.tenant_id = %(tenant)s AND (e.valid_until IS NULL OR e.valid_until >= %(ended)s OR e.id = ANY(%(entries)s))
    GROUP BY e.id)
UPDATE authorizations_entry e SET used_units = used.units, used_claims = used.claims, recent_units = used.recent,
    claims_by_person = used.by_person
FROM used WHERE e.tenant_id = %(tenant)s AND e.id = used.id AND (e.used_units, e.used_claims, e.recent_units,
    e.claims_by_person) IS DISTINCT FROM (used.units, used.claims, used.recent, used.by_person)
"""
FOLLOW_PAYERS = """
UPDATE authorizations_entry e SET payer_id = t.payer_id FROM claims_authorization t
WHERE e.tenant_id = %(tenant)s AND t.tenant_id = e.tenant_id AND t.id = e.told_id AND t.payer_id <> e.payer_id
RETURNING e.id
"""
RECENT = timedelta(weeks=4)
# Answers to claims of an authorization that has ended still change what was used of it, for a while.
SETTLES = timedelta(days=180)


def link(cursor: Any, batches: Sequence[int], entries: Sequence[int]) -> None:
    """Claims of these files and claims of these entries stand with what they draw on, and nothing else of theirs."""
    values = {"tenant": tenancy.required(), "batches": list(batches), "entries": list(entries)}
    cursor.execute(FORGET_CLAIMS, values)
    cursor.execute(FORGET_ENTRIES, values)
    for scope in (IN_FILES, OF_ENTRIES):
        for how, found in (("number", BY_NUMBER), ("person", BY_PERSON)):
            cursor.execute(INTO.format(found=found.format(scope=scope)), {**values, "how": how})


def tell_totals(cursor: Any, today: date, entries: Sequence[int] = ()) -> None:
    """Every entry that has not ended half a year ago, and each of these, says what is used of it."""
    values = {
        "tenant": tenancy.required(), "today": today, "recent": today - RECENT, "ended": today - SETTLES,
        "entries": list(entries),
    }  # fmt: skip
    cursor.execute(TOTALS, values)


def follow_payers(cursor: Any) -> list[int]:
    """Entries stand with the payer of what was told; ids of those that moved."""
    cursor.execute(FOLLOW_PAYERS, {"tenant": tenancy.required()})
    return [row[0] for row in cursor.fetchall()]
