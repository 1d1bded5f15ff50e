"""The claims behind a measure are as many as it says, and add up to it to the cent; sites add up to all."""

from datetime import date

import pytest

from tests.kpis.world import FIRST
from upstream.claims.models import Payer
from upstream.kpis.behind import BEHIND, counted, place_of_middle
from upstream.kpis.definitions import BY_KEY
from upstream.kpis.measures import Measures, measures
from upstream.kpis.method_box import method_box
from upstream.kpis.sites import by_site

LATER = date(2026, 2, 22)
# Dollars of each claim of the list, by hand: A2 900, A5's second line 60 (of 160), B2 150, C2 100, A6 200.
CENTS = {
    "denial_rate_remitted": [15_000, 10_000, 90_000],
    "partial_denial_rate": [6_000],
    "denied_dollars": [15_000, 10_000, 6_000, 90_000],
    "denied_expected": [15_000, 10_000, 6_000, 90_000],
    "auth_denial_rate": [10_000, 90_000],
    "unspecified_rate": [],
    "resolved_30": [15_000, 10_000, 16_000, 90_000],
    "clean_claim_rate": [90_000, 10_000, 10_000],
    "days_in_ar": [20_000],
    "ar_over_90": [0],
    "cost_of_rework": [2_500],
}


@pytest.fixture
def found(small: int) -> Measures:
    return measures(FIRST, LATER)


@pytest.mark.parametrize("key", CENTS)
def test_claims_behind_are_those_counted_by_hand(found: Measures, key: str) -> None:
    assert sorted(one.cents for one in counted(key, found.ask)) == sorted(CENTS[key])


def test_they_are_as_many_and_as_much_as_the_measure_says(found: Measures) -> None:
    for key in ("denial_rate_remitted", "partial_denial_rate", "unspecified_rate"):
        assert len(counted(key, found.ask)) == found[key].numerator
    for key in ("denied_dollars", "days_in_ar"):
        assert sum(one.cents for one in counted(key, found.ask)) == found[key].numerator
    for key in ("denied_dollars", "denied_expected", "resolved_30", "days_in_ar"):
        assert len(counted(key, found.ask)) == found[key].n
    for key in ("clean_claim_rate", "first_pass_yield", "down_coded_rate"):
        rows = counted(key, found.ask)
        assert (sum(one.counts for one in rows), len(rows)) == (found[key].numerator, found[key].denominator)


def test_claims_by_days_mark_those_that_the_middle_is_of(found: Measures) -> None:
    """Half are paid by the 21st day, C1's; A3, B1 and A1 were paid on the 13th and 14th. A6 waits and ends the list."""
    lag = found["payment_lag_50"]
    rows = counted("payment_lag_50", found.ask, middle=lag.value)
    assert [(one.days, one.said) for one in rows if one.is_middle] == [(21, "paid")]
    assert (rows[-1].days, rows[-1].said, rows[-1].counts) == (53, "waits", False)
    place = place_of_middle("payment_lag_50", found.ask, lag.value)
    assert place == [one.days for one in rows].index(21)
    assert place_of_middle("denied_dollars", found.ask, found["denied_dollars"].value) is None


def test_one_payer_alone_and_page_by_page(small: int) -> None:
    civic = Payer.objects.get(name="Civic Care")
    assert [one.cents for one in counted("denied_dollars", measures(FIRST, LATER, civic).ask)] == [10_000]
    ask = measures(FIRST, LATER).ask
    pages = [counted("denied_dollars", ask, skip=skip, most=3) for skip in (0, 3)]
    assert [one.claim.pk for page in pages for one in page] == [
        one.claim.pk for one in counted("denied_dollars", ask)
    ]  # fmt: skip


def test_every_key_is_a_measure() -> None:
    assert set(BEHIND) <= set(BY_KEY)


def test_sites_add_up_to_all(found: Measures) -> None:
    for key in ("denial_rate_remitted", "partial_denial_rate"):
        lines = by_site(key, found.ask)
        assert sum(line.measure.numerator or 0 for line in lines) == found[key].numerator
        assert sum(line.measure.denominator or 0 for line in lines) == found[key].denominator
    assert [line.site for line in by_site("denial_rate_remitted", found.ask)] == ["Main"]
    assert by_site("cash_lag", found.ask) == []


def test_a_method_box_holds_all_that_makes_the_number_what_it_is(found: Measures) -> None:
    box = dict(method_box(found["denied_dollars"]).lines)
    assert box == {
        "What": "Charges of the lines that first answers of the period refuse",
        "Divided by": "charges of all claims first answered in it",
        "Counted": "By the week in which the payer's answer became known",
        "As of": "2 March 2026",
        "Beware": "One large claim can move it: the rate without the largest is said beside it.",
        "After": "HFMA basis",
        "Method": "kpi-1",
    }
    assert "Unknown, because" in dict(method_box(found["write_off_rate"]).lines)
