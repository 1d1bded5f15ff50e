"""How well we do, told with its intervals; few are told as few."""

from datetime import date, datetime, timedelta

import pytest
from django.db import transaction

from tests.alerts.conftest import Practice
from tests.factories.worlds import LAST_SUNDAY, noon
from upstream.alerts import scoring, scoring_queries
from upstream.alerts.models import Incident, IncidentClaim
from upstream.alerts.scoring import Brought, Judged
from upstream.claims.models import Adjudication, Claim

DAY = date(2026, 3, 1)


def judged(outcome: str = "", days: int = 10, metric: str = "denial_rate") -> Judged:
    return Judged(metric, "strong", DAY, days, outcome, bool(outcome))


# R: poisson.test(count)$conf.int
@pytest.mark.parametrize(
    ("count", "low", "high"), [(0, 0, 3.68888), (1, 0.025318, 5.571643), (10, 4.795389, 18.390356)]
)
def test_poisson_intervals_are_the_exact_ones(count: int, low: float, high: float) -> None:
    assert scoring.poisson_interval(count) == pytest.approx((low, high), abs=1e-5)


def test_precision_counts_only_what_people_judged() -> None:
    rows = [judged("payer_change"), judged("our_process"), judged("noise"), judged("returned"), judged()]
    found = scoring.tally(rows)
    assert (found.raised, found.real, found.false, found.unjudged) == (5, 2, 1, 2)
    assert found.precision is not None
    assert (found.precision.mid, found.precision.n) == (pytest.approx(2 / 3), 3)
    assert scoring.tally([judged()]).precision is None


@pytest.mark.parametrize(
    ("outcomes", "quarters", "verdict"),
    [
        ([], 0, "open"),
        (["noise"], 1, "open"),
        (["noise"] * 9, 4, "exceeded"),
        (["payer_change"] * 3, 40, "kept"),
        (["", "payer_change"], 10, "open"),
    ],
)
def test_the_budget_is_kept_exceeded_or_open(outcomes: list[str], quarters: int, verdict: str) -> None:
    days = round(quarters * scoring.DAYS_A_QUARTER)
    assert scoring.false_alarms([judged(outcome) for outcome in outcomes], days, 0.2).verdict == verdict


def test_lead_is_that_of_real_changes() -> None:
    rows = [judged("payer_change", 21), judged("our_process", -3), judged("payer_change", 30), judged("noise", 90)]
    found = scoring.lead(rows)
    assert found == scoring.Lead(n=3, middle=21, least=-3, most=30, before=2)
    assert scoring.lead([judged("noise")]) is None


def test_a_range_is_tested_only_where_payers_answered_again() -> None:
    held = Brought(claims=5, of=10, expected=500, allowed=450, low=400, lost=600, high=900, kept=450)
    missed = Brought(claims=9, of=10, expected=900, allowed=990, low=400, lost=600, high=900, kept=60)
    thin = Brought(claims=1, of=100, expected=100, allowed=100, low=1, lost=2, high=3, kept=2)
    silent = Brought(claims=0, of=10, expected=0, allowed=0, low=1, lost=2, high=3, kept=2)
    found = scoring.money([held, missed, thin, silent])
    assert (found.incidents, found.claims, found.expected, found.allowed) == (3, 15, 1500, 1540)
    assert found.inside is not None
    assert (found.inside.mid, found.inside.n) == (0.5, 2)


def answer(claim: Claim, known: datetime, allowed: int) -> None:
    Adjudication.objects.create(
        claim=claim, batch_id=claim.batch_id, payer_id=claim.payer_id, event_bidx=bytes(15) + bytes([allowed % 251]),
        position=1, outcome=1, billed_cents=98_000, allowed_cents=allowed, paid_cents=allowed, known_at=known,
    )  # fmt: skip


def test_what_claims_brought_since_is_counted_once_each(practice: Practice, incident: Incident) -> None:
    first, second, third = (m.claim for m in IncidentClaim.objects.select_related("claim").order_by("pk")[:3])
    answer(first, noon(LAST_SUNDAY + timedelta(days=9)), 30_000)
    answer(first, noon(LAST_SUNDAY + timedelta(days=19)), 36_000)
    answer(third, noon(LAST_SUNDAY - timedelta(days=1)), 36_000)
    Claim.objects.filter(pk=second.pk).update(family_key=bytes(16))
    Claim.objects.filter(pk=third.pk).update(family_key=bytes(16))
    with transaction.atomic():
        (found,) = scoring_queries.brought("America/Chicago")
    assert (found.claims, found.of, found.allowed) == (1, incident.observed, 36_000)
    assert found.low == incident.lost_low_cents
    assert found.kept < found.lost


def test_an_incident_is_judged_by_its_first_telling(practice: Practice, incident: Incident) -> None:
    Incident.objects.filter(pk=incident.pk).update(state="resolved", outcome="payer_change")
    (row,) = scoring_queries.judged()
    assert (row.metric, row.as_of, row.is_real, row.closed) == ("denial_rate", LAST_SUNDAY, True, True)
    watched = scoring_queries.watch()
    assert (watched.first, watched.days) == (LAST_SUNDAY, 0)
