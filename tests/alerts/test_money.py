"""An incident's money: lost, still to be got back and to come, to the cent, by the practice's own record."""

from datetime import date, datetime, timedelta

import numpy as np
import pytest
from django.db.models import Sum
from hypothesis import given
from hypothesis import strategies as st

from tests.alerts.conftest import Practice
from tests.factories import batch
from tests.factories.worlds import LAST_SUNDAY, noon
from upstream.alerts import recoveries
from upstream.alerts.models import Incident, IncidentClaim
from upstream.alerts.recompute import differences
from upstream.alerts.recoveries import Records, share_of
from upstream.alerts.rules import Due, Member, split_at
from upstream.claims.choices import Outcome
from upstream.claims.models import Adjudication, Claim
from upstream.claims.services import carc_map
from upstream.detection import services
from upstream.detection.services import view_of

TODAY = date(2026, 3, 1)
DUE = st.sampled_from([None, Due(TODAY, TODAY, ""), Due(TODAY - timedelta(days=1), TODAY, "")])
MEMBERS = st.lists(
    st.builds(
        Member, st.integers(0, 10**8), DUE, st.integers(0, 10**8), st.integers(0, 10**8),
        st.sampled_from([None, TODAY]),
    )
)  # fmt: skip


@given(MEMBERS)
def test_back_open_and_gone_are_all_of_it(members: list[Member]) -> None:
    found = split_at(members, TODAY)
    assert found.back_cents + found.open_cents + found.gone_cents == sum(member.lost for member in members)
    assert found.back + found.open + found.gone == len(members)


def test_a_record_of_few_claims_leans_on_the_usual_share() -> None:
    assert share_of(0, 0, 0.1, 10.0).share == 0.1
    many = share_of(1000, 400, 0.1, 10.0)
    assert many.share == pytest.approx(0.397, abs=0.001)
    assert 0.37 < many.low < many.share < many.high < 0.42
    assert share_of(1000, 400, 0.1, 10.0) == many


def test_the_claims_behind_an_incident_carry_what_it_lost(incident: Incident) -> None:
    sums = IncidentClaim.objects.filter(incident=incident).aggregate(lost=Sum("lost_cents"), all=Sum("expected_cents"))
    assert sums == {"lost": incident.lost_cents, "all": incident.claims_cents}
    assert 0 < incident.lost_low_cents <= incident.lost_cents <= incident.lost_high_cents <= incident.claims_cents * 1.3
    split, money = incident.finding["split"], incident.finding["money"]
    assert split["back_cents"] + split["open_cents"] + split["gone_cents"] == incident.lost_cents
    assert split["open"] == incident.observed
    assert money["recovery"]["claims"] > 0
    low, middle, high = money["together_cents"]
    assert low < middle < high
    assert incident.at_stake_cents == round(low * (1 - money["recovery"]["share"]))
    assert differences(incident) == {}


def paid_later(claim: Claim, known_at: datetime) -> Adjudication:
    made: Adjudication = Adjudication.objects.create(
        claim=claim, batch_id=batch().pk, payer=claim.payer, event_bidx=claim.number_bidx, position=1,
        outcome=Outcome.PAID, billed_cents=claim.billed_cents, allowed_cents=9_000, paid_cents=9_000,
        known_at=known_at,
    )  # fmt: skip
    return made


def test_what_was_paid_later_is_the_practices_record(practice: Practice) -> None:
    summit = practice.world.summit
    week = np.datetime64(LAST_SUNDAY - timedelta(days=6), "D")
    view, meanings = view_of(services.run(LAST_SUNDAY), payers=[summit.pk]), carc_map(LAST_SUNDAY)
    before = Records(view.claims, week, meanings).of(summit.pk)
    assert before.payer.won == 0
    old = Claim.objects.filter(payer=summit, outcome=Outcome.DENIED, denial_carc="16").order_by("submitted_date")[:10]
    for claim in old[:9]:
        paid_later(claim, noon(LAST_SUNDAY - timedelta(days=30)))
    paid_later(old[9], noon(LAST_SUNDAY + timedelta(days=1)))
    after = Records(view.claims, week, meanings).of(summit.pk)
    assert (after.payer.claims, after.payer.won) == (before.payer.claims, 9)
    assert after.categories["DATA"].won == 9
    assert after.share_for("DATA").share > before.share_for("DATA").share
    assert after.share_for("AUTH").won == 0
    assert set(after.paid_on.values()) == {LAST_SUNDAY - timedelta(days=30)}


def test_a_payment_that_was_taken_back_is_no_recovery(practice: Practice) -> None:
    claim = Claim.objects.filter(outcome=Outcome.DENIED).order_by("pk")[0]
    paid = paid_later(claim, noon(LAST_SUNDAY - timedelta(days=30)))
    Adjudication.objects.create(
        claim=claim, batch_id=batch().pk, payer=claim.payer, event_bidx=b"r" * 16, position=2, reverses=paid,
        outcome=Outcome.REVERSED, billed_cents=0, paid_cents=-9_000, known_at=noon(LAST_SUNDAY - timedelta(days=20)),
    )  # fmt: skip
    until = noon(LAST_SUNDAY)
    assert recoveries.later_payments([claim.pk], until) == {}
    assert recoveries.later_payments([claim.pk], until - timedelta(days=25)) == {claim.pk: paid.known_at}
