"""A practice with a year of claims, laid out by rule instead of by chance, and one planted step."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.db import connection

from tests.factories import batch, payer
from upstream.claims import rollups
from upstream.claims.models import Payer
from upstream.core import tenancy
from upstream.core.db.planning import no_nested_loops
from upstream.tenants.models import Organization, Site

FIRST = date(2025, 5, 5)
WEEKS = 44
LAST_SUNDAY = FIRST + timedelta(days=7 * WEEKS - 1)
STEP = LAST_SUNDAY - timedelta(days=20)
PER_WEEK = 40
FEES = {"73721": 36_000, "99213": 9_800}

# `i` numbers the claims of a payer and week: even ones are knee MRIs, and every pair of pairs changes the place.
CLAIMS = """
INSERT INTO claims_claim (tenant_id, public_id, number_bidx, family_key, payer_id, site_id, batch_id, position,
    procedure_code, procedure_group, diagnosis, place_of_service, rendering_npi, frequency_code, payer_order,
    submitted_date, service_date, billed_cents, known_at, facts_known_at, outcome, denial_group, denial_carc,
    denial_category, allowed_cents, paid_cents)
SELECT %(tenant)s, gen_random_uuid(), key, key, payer, (%(sites)s::bigint[])[1 + i / 2 %% 2], %(batch)s, i,
    CASE WHEN i %% 2 = 0 THEN '73721' ELSE '99213' END, '', '', '', '', '1', 1, day, day,
    CASE WHEN i %% 2 = 0 THEN 98000 ELSE 18500 END, day + interval '18 hours', day + interval '18 hours',
    0, '', '', '', 0, 0
FROM unnest(%(payers)s::bigint[]) payer, generate_series(%(from)s, %(until)s - 1) week,
    generate_series(0, %(each)s - 1) i,
    LATERAL (SELECT %(first)s::date + 7 * week + i %% 5 AS day,
        decode(md5(payer || '/' || week || '/' || i), 'hex') AS key) k
"""
DECISIONS = """
UPDATE claims_claim c SET decided_date = c.submitted_date + 14,
    decision_known_at = c.submitted_date + 14 + interval '18 hours',
    outcome = CASE WHEN d.carc = '' THEN 1 ELSE 2 END, denial_group = CASE WHEN d.carc = '' THEN '' ELSE 'CO' END,
    denial_carc = d.carc, denial_category = CASE d.carc WHEN '197' THEN 'AUTH' WHEN '16' THEN 'DATA' ELSE '' END,
    allowed_cents = CASE WHEN d.carc <> '' THEN 0 WHEN c.procedure_code = '73721' THEN 36000 ELSE 9800 END,
    paid_cents = CASE WHEN d.carc <> '' THEN 0 WHEN c.procedure_code = '73721' THEN 36000 ELSE 9800 END
FROM (SELECT id, CASE
        WHEN payer_id = %(summit)s AND submitted_date + 14 >= %(step)s AND position %% 4 = 2 THEN '197'
        WHEN position %% 20 IN (3, 8) THEN '16' WHEN position %% 20 = 13 THEN '197' ELSE '' END AS carc
    FROM claims_claim WHERE tenant_id = %(tenant)s AND outcome = 0 AND submitted_date + 14 < %(end)s) d
WHERE c.tenant_id = %(tenant)s AND c.id = d.id
"""
ALL_WEEKS = """
CREATE TEMPORARY TABLE IF NOT EXISTS dirty_week (week date PRIMARY KEY) ON COMMIT DROP;
INSERT INTO dirty_week SELECT DISTINCT date_trunc('week', submitted_date)::date FROM claims_claim;
ANALYZE claims_claim;
"""


@dataclass(frozen=True)
class World:
    """The rows that a test needs again; `step` is the Monday from whose decisions on the change is in force."""

    organization: Organization
    summit: Payer
    civic: Payer
    sites: tuple[Site, Site]
    step: date


def build(organization: Organization, *, step: date = date.max, weeks: int = WEEKS) -> World:
    """Two payers with 40 claims a week each, decided after 14 days. Call with the tenant bound.

    Two in twenty are denied with CO-16, and one with CO-197, which is never a knee MRI. From `step` on, Summit Mutual
    denies every second knee MRI (73721) with CO-197.
    """
    sites = (_site("Main Street"), _site("North"))
    made = World(organization, payer("Summit Mutual"), payer("Civic Care"), sites, step)
    add_weeks(made, 0, weeks)
    return made


def add_weeks(world: World, first: int, until: int) -> None:
    """The weeks numbered `first` to `until` - 1, known as they happen; later decisions stay unknown."""
    values = {
        "tenant": tenancy.required(), "sites": [site.pk for site in world.sites], "batch": batch().pk, "from": first,
        "payers": [world.summit.pk, world.civic.pk], "until": until, "each": PER_WEEK, "first": FIRST,
        "summit": world.summit.pk, "step": world.step, "end": FIRST + timedelta(days=7 * until),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(CLAIMS, values)
        with no_nested_loops(cursor):
            cursor.execute(DECISIONS, values)
    recount(world.organization)


def recount(organization: Organization) -> None:
    """Rollups of every week, as loading leaves them."""
    with connection.cursor() as cursor:
        cursor.execute(ALL_WEEKS)
        rollups.recount(cursor, tenant=organization.pk, time_zone=organization.time_zone)


def noon(day: date) -> datetime:
    """Noon in the practice's time zone, in winter."""
    return datetime.combine(day, time(18), tzinfo=UTC)


def _site(name: str) -> Site:
    return Site.objects.create(name=name, name_key=name.casefold())
