"""Measures that need more than the miniature practice's claims: what is added is said, the rest is counted by hand."""

from datetime import UTC, date, datetime, timedelta

import pytest
from pytest_django import Settings

from tests.factories import denials, findings, prices
from tests.ingestion.world import HEADER, csv_of, load
from tests.kpis import world
from tests.kpis.test_miniature import COUNTED, LATER, UNKNOWN
from tests.kpis.world import FIRST, LAST, at, clp, line, pending, remit
from upstream.claims.models import Claim, Payer, Remittance
from upstream.contracts.pricing import payers_waiting, price_weeks
from upstream.ingestion.reconciliation.models import Deposit
from upstream.ingestion.reconciliation.rules import number_key
from upstream.kpis.definitions import BY_KEY
from upstream.kpis.measures import Measures, measures
from upstream.kpis.models import Price

SUMMER = datetime(2026, 6, 15, 15, tzinfo=UTC)
NOT_IN_ANY_FILE = {"write_off_rate", "net_collection"}
BY_LETTERS_AND_CLOCKS = {"prompt_pay", "appeal_rate", "overturn_rate", "days_to_appeal", "days_to_verdict"}
IN_MINIATURE = {"payment_lag_50", "payment_lag_75", "remit_lag", "resolved_30", "payer_collection"}
HERE = {
    "denial_rate", "denial_rate_submitted", "denied_expected", "auth_denial_rate", "resolved_60", "resolved_90",
    "resolved_120", "payment_lag_90", "cash_lag", "ar_over_90", "missed_deadlines", "underpayment_rate",
    "underpayment_dollars", "overpayment_exposure", "contract_coverage", "alert_precision", "alert_lead",
}  # fmt: skip


def told(found: Measures, *keys: str) -> dict[str, tuple[object, ...]]:
    return {key: (found[key].numerator, found[key].denominator, found[key].n) for key in keys}


def test_every_measure_is_counted_by_hand_somewhere() -> None:
    """Here or in `test_miniature`; two can never be known from files that we read, and say so."""
    assert set(COUNTED) | IN_MINIATURE | BY_LETTERS_AND_CLOCKS | HERE | NOT_IN_ANY_FILE == set(BY_KEY)
    assert set(UNKNOWN) > NOT_IN_ANY_FILE


def test_denials_against_what_was_sent_before(small: int) -> None:
    """A2, B2 and C2 in five weeks, against ten claims in the 13 weeks before: A2R and B1's second payer are none."""
    found = measures(LAST + timedelta(days=1), LATER)["denial_rate_submitted"]
    assert (found.numerator, found.denominator, found.n) == (3, pytest.approx(10 * 5 / 13), 3)


def test_the_estimated_rate_is_that_of_the_last_look_by_claims(small: int) -> None:
    """30 claims that end at 10 % and 10 that end at 40 %: 7 of 40."""
    run, week = findings.run(), FIRST.isoformat()
    common = {"week": week, "maturity": 1.0, "immature": False, "low": 0.05, "high": 0.5}
    for payer, sent, mid in zip(Payer.objects.order_by("pk"), (30, 10), (0.1, 0.4), strict=True):
        findings.baseline(run, payer, series=[{**common, "submitted": sent, "mid": mid}])
    assert measures(FIRST, LAST)["denial_rate"].value == pytest.approx(7 / 40)


def test_expected_dollars_go_by_what_the_payer_allows(small: int) -> None:
    """Summit allows 80 % of 99213 and, of all it was asked, 60 %; of Civic nothing is known, and all payers allow 60 %.

    Refused: A2 540 of 900, A5's line 48 of 60, B2 120 of 150, C2 60. All: 80, 540, 80, 30, 128, 80, 120, 60, 60.
    """
    summit = Payer.objects.get(name="Summit Mutual")
    Price.objects.all().delete()
    for code, claims, billed, allowed in (("99213", 20, 200_000, 160_000), ("73721", 5, 100_000, 20_000)):
        Price.objects.create(
            payer=summit, procedure_code=code, claims=claims, billed_cents=billed, allowed_cents=allowed
        )
    assert told(measures(FIRST, LATER), "denied_expected") == {"denied_expected": (76_800, 117_800, 4)}


def test_authorizations_are_asked_of_services_that_want_one(small: int) -> None:
    """D1 was sent under one: 73721 at Summit counts with A2 and D1, and 99213 at Civic, where C2 was refused for want
    of one, with C1 and C2."""
    row = f"{pending('D1', date(2026, 1, 9), 900, code='73721')},AUTH77"
    load(csv_of(row, header=f"{HEADER},authorization_number"), known_at=at(date(2026, 1, 9)))
    remit(date(2026, 2, 16), clp("D1", 900, 300, line("73721", 900, 300, "CO*45*600")))
    world.sum_up()
    assert told(measures(FIRST, LATER), "auth_denial_rate") == {"auth_denial_rate": (2, 4, 4)}


def test_denials_are_watched_for_months(small: int, settings: Settings) -> None:
    """In June: A2 was paid after 21 days, C2 is the patient's, A5 and B2 stand at every age; A6 is old."""
    settings.FIXED_NOW = SUMMER
    found = measures(FIRST, LATER)
    assert {(found[f"resolved_{days}"].value, found[f"resolved_{days}"].n) for days in (60, 90, 120)} == {(0.25, 4)}
    assert told(found, "ar_over_90") == {"ar_over_90": (20_000, 20_000, 1)}


def test_nine_in_ten_are_paid_once_the_last_is(small: int) -> None:
    """A6, the last that waits, is paid 39 days after it was sent."""
    remit(date(2026, 2, 16), clp("A6", 200, 64, line("99213", 200, 64, "CO*45*120", "PR*2*16"), patient="16"))
    world.sum_up()
    assert measures(FIRST, LATER)["payment_lag_90"].value == 39


def test_cash_comes_days_after_its_advice(small: int) -> None:
    """Three of the payments lie in the bank after 2, 4 and 9 days; the others are not found there."""
    for days, paid in zip((2, 4, 9), Remittance.objects.order_by("pk"), strict=False):
        Deposit.objects.create(
            day=paid.payment_date + timedelta(days=days), cents=paid.amount_cents, number=paid.check_number,
            number_key=number_key(paid.check_number), received_at=world.NOW,
        )  # fmt: skip
    found = measures(FIRST, LATER)["cash_lag"]
    assert (found.value, found.n) == (4, 3)


def test_a_deadline_that_nobody_worked_is_lost(small: int) -> None:
    """$200 whose last day was 20 February; one that was begun, and one whose day has not come, are none."""
    summit = Payer.objects.get(name="Summit Mutual")
    denials.item(summit, deadline=date(2026, 2, 20))
    denials.item(summit, deadline=date(2026, 2, 20), step="working")
    denials.item(summit, deadline=date(2026, 3, 20))
    assert told(measures(FIRST, LATER), "missed_deadlines") == {"missed_deadlines": (20_000, None, 1)}


def test_allowed_amounts_are_held_against_the_contract(small: int) -> None:
    """Summit agreed on $90 for 99213: $80 were allowed on A1, A3, A5 and B1, $30 on A2R. Civic agreed on $70 and
    allowed $80 on C1.

    A3's take-back and new answer are one line; the second payer, refused lines, and answers that pay nothing (A4 by
    capitation, C2 that is the patient's) are none.
    """
    Claim.objects.filter(service_date=None).update(service_date=FIRST)
    for name, price in (("Summit Mutual", "90.00"), ("Civic Care", "70.00")):
        prices.fees(prices.contract(Payer.objects.get(name=name)), f"99213,,,{price},,,")
    while waiting := payers_waiting():
        for payer in waiting:
            price_weeks(payer)
    found = measures(FIRST, LATER)
    assert told(found, "underpayment_rate", "underpayment_dollars", "overpayment_exposure", "contract_coverage") == {
        "underpayment_rate": (5, 6, 6),
        "underpayment_dollars": (10_000, 52_000, 6),
        "overpayment_exposure": (1_000, None, 1),
        "contract_coverage": (6, 6, 6),
    }


def test_alarms_are_what_people_made_of_them(small: int) -> None:
    """Of three that were raised one was a payer's change, one noise, one nobody has judged."""
    summit, run = Payer.objects.get(name="Summit Mutual"), findings.run()
    for outcome in ("payer_change", "noise", ""):
        closed = {"state": "resolved", "outcome": outcome} if outcome else {}
        findings.opening(findings.incident(summit, run, first_as_of=date(2026, 2, 9), **closed))
    found = measures(FIRST, LATER)
    assert told(found, "alert_precision") == {"alert_precision": (1, 2, 2)}
    assert (found["alert_lead"].value, found["alert_lead"].n) == (50, 1)
