"""Bundles of late and of low payers: their counts and their money come out of the claims again, by the script alone."""

import csv
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.db.models import F

from tests.alerts.bundles import checked, unpacked, worked_out_again
from tests.factories import organization
from tests.factories.worlds import LAST_SUNDAY, STEP, World, build
from upstream.alerts import intake
from upstream.alerts.bundle import bundle_of
from upstream.alerts.models import Incident
from upstream.claims.choices import Outcome
from upstream.claims.models import Claim
from upstream.core import tenancy
from upstream.detection import services

TWO_WEEKS = timedelta(days=14)


@pytest.fixture
def world(db: None) -> Iterator[World]:
    made = organization()
    with tenancy.bind(made.pk):
        yield build(made)


def low(world: World) -> Incident:
    """The payer allows 85 % of what it used to for knee MRIs since the step."""
    since = Claim.objects.filter(
        payer=world.summit, procedure_code="73721", decided_date__gte=STEP, allowed_cents__gt=0
    )
    since.update(allowed_cents=F("allowed_cents") * 85 / 100, paid_cents=F("paid_cents") * 85 / 100)
    return opened("underpayment")


def late(world: World) -> Incident:
    """The payer decides two weeks later since the step."""
    since = Claim.objects.filter(payer=world.summit, decided_date__gte=STEP)
    since.filter(decided_date__gt=LAST_SUNDAY - TWO_WEEKS).update(
        outcome=Outcome.PENDING, decided_date=None, decision_known_at=None, denial_group="", denial_carc="",
        denial_category="", allowed_cents=0, paid_cents=0,
    )  # fmt: skip
    since.update(decided_date=F("decided_date") + TWO_WEEKS, decision_known_at=F("decision_known_at") + TWO_WEEKS)
    return opened("payment_delay")


def opened(metric: str) -> Incident:
    intake.take_signals(services.run(LAST_SUNDAY).pk)
    found: Incident = Incident.objects.get(metric=metric, direction="adverse")
    return found


def test_underpayment_comes_out_of_the_claims_again(world: World, tmp_path: Path) -> None:
    found = low(world)
    assert worked_out_again(found, tmp_path) == {"observed", "decided", "rate", "lost_cents", "claims_cents"}


def test_late_decisions_come_out_of_the_claims_again(world: World, tmp_path: Path) -> None:
    found = late(world)
    assert (found.observed > 0, found.lost_cents > 0) == (True, True)
    assert worked_out_again(found, tmp_path) == {"observed", "decided", "expected", "lost_cents", "claims_cents"}


@pytest.mark.parametrize(
    ("makes", "column", "said"),
    [(low, "allowed_cents", "WRONG  rate is"), (late, "price_cents", "WRONG  lost_cents is")],
)
def test_other_claims_give_another_result(world: World, tmp_path: Path, makes, column: str, said: str) -> None:
    folder = unpacked(bundle_of(makes(world), actor="user:x", practice="Lakeside"), tmp_path)
    file = folder / "inputs/claims.csv"
    with file.open(newline="") as lines:
        rows = list(csv.DictReader(lines))
    for row in rows:
        if row["decision_week"] >= STEP.isoformat() or not row["decision_week"]:
            row[column] = str(int(row[column]) * 2)
    with file.open("w", newline="") as lines:
        writer = csv.DictWriter(lines, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    code, told = checked(folder)
    assert code == 1
    assert said in told
