"""Each measure of a practice small enough to be counted by hand; `world` says what happened in it."""

from datetime import date, timedelta

import pytest

from tests.kpis.world import FIRST, LAST, at
from upstream.alerts.payer_clocks import set_clock
from upstream.appeals.choices import LetterState, Subject
from upstream.appeals.models import Letter
from upstream.claims.models import Claim, Payer
from upstream.kpis.definitions import BY_KEY
from upstream.kpis.measures import Measures, measures

LATER = date(2026, 2, 22)
# numerator, denominator (dollars in cents), number of claims or payments
COUNTED = {
    "denial_rate_remitted": (3, 9, 9),  # A2, B2, C2 of all but A6; A4's capitation and A3's reversal are none
    "partial_denial_rate": (1, 9, 9),  # A5
    "denied_dollars": (121_000, 176_000, 4),  # 900 + 60 + 150 + 100 of 1760
    "unspecified_rate": (0, 4, 4),
    "down_coded_rate": (0, 9, 9),
    "clean_claim_rate": (2, 3, 3),  # A1, A3 of A1, A2, A3
    "first_pass_yield": (4, 9, 9),  # A1, A4, B1 (the second payer is not asked), C1
    "take_back_rate": (7_400, 43_600, 7),  # A3's 64 and a provider adjustment of 10 of all that was paid
    "cost_of_rework": (2_500, None, 1),  # A2R
    "days_in_ar": (20_000, 196_000 / 91, 1),  # A6 against all charges of 13 weeks
    "ar_over_90": (0, 20_000, 1),
    "missed_deadlines": (0, None, 0),
}
UNKNOWN = {
    "denial_rate": "the last look of detection has seen no claims of these weeks",
    "denial_rate_submitted": "nothing of the kind in this period",
    "auth_denial_rate": "no claim of the last year says under which authorization it was sent",
    "write_off_rate": "no file that we read tells of write-offs, and silence is none",
    "resolved_60": "no denial of these weeks is 60 days old",
    "payment_lag_90": "fewer than 90% of these claims are paid so far",
    "cash_lag": "no list of the bank's deposits was brought",
    "prompt_pay": "nobody has said how many days these payers have: see Payers",
    "net_collection": "patients' payments are in no file that we read; the payers' part stands below",
    "underpayment_rate": "no contract prices any answer: a change against a payer's own past is shown as an incident"
    " instead",
    "overturn_rate": "no letter on a denial was sent yet",
    "alert_precision": "no incident was raised in this period",
}


@pytest.fixture
def found(small: int) -> Measures:
    return measures(FIRST, LATER)


def test_each_is_what_was_counted_by_hand(found: Measures) -> None:
    told = {key: (found[key].numerator, found[key].denominator, found[key].n) for key in COUNTED}
    assert told == COUNTED
    shares = {key: found[key].value for key in ("denial_rate_remitted", "denied_dollars", "days_in_ar")}
    assert shares == pytest.approx(
        {"denial_rate_remitted": 3 / 9, "denied_dollars": 121 / 176, "days_in_ar": 200 * 91 / 1960}
    )
    assert found["denied_dollars"].note == "36.0% without its largest claim: that one claim moves it"


def test_what_the_data_do_not_tell_is_unknown_and_says_why(found: Measures) -> None:
    assert {key: found[key].unknown for key in UNKNOWN} == UNKNOWN
    assert {measure.is_known for measure in found if measure.unknown} == {False}


def test_every_definition_has_one_value_and_all_its_words(found: Measures) -> None:
    assert [measure.definition.key for measure in found] == list(BY_KEY)
    assert [measure.definition for measure in found] == list(BY_KEY.values())
    assert {bool(one.numerator and one.caveat and one.source and one.name) for one in BY_KEY.values()} == {True}
    assert {measure.method for measure in found} == {"kpi-1"}


def test_claims_that_wait_count_as_long_as_they_waited(found: Measures) -> None:
    """Paid after 11, 13, 14, 14, 21 and 35 days; three leave unpaid after 12, 14 and 21; A6 waits.

    Still unpaid: 9/10, times 7/8, times 5/7, times 3/4 on day 21, times 1/2 on day 35.
    """
    assert (found["payment_lag_50"].value, found["payment_lag_75"].value) == (21, 35)
    assert found["payment_lag_50"].n == 10
    assert found["remit_lag"].value == 12


def test_denials_end_paid_with_the_patient_or_stay_open(found: Measures) -> None:
    """A2 is paid after 21 days by its replacement, C2 is the patient's after 14; A5 and B2 stand."""
    measure = found["resolved_30"]
    assert (measure.value, measure.n, measure.note) == (0.25, 4, "25% given to the patient, 50% still open")


def test_collections_are_of_services_half_a_year_before(small: int) -> None:
    """Paid 372 of 308 allowed for payers, and 510 of charges refused or open, whole while nothing prices them."""
    later = timedelta(weeks=26)
    measure = measures(FIRST + later, LAST + later)["payer_collection"]
    assert (measure.numerator, measure.denominator, measure.n) == (37_200, 30_800 + 51_000, 10)


def test_one_payer_alone(small: int) -> None:
    civic = Payer.objects.get(name="Civic Care")
    found = measures(FIRST, LATER, civic)
    assert (found["denial_rate_remitted"].numerator, found["denial_rate_remitted"].denominator) == (1, 2)
    assert (found["take_back_rate"].numerator, found["take_back_rate"].denominator) == (0, 8_000)
    assert found["payment_lag_50"].value == 21
    assert (found["days_in_ar"].numerator, found["days_in_ar"].n) == (0, 0)


def test_a_payers_clock_makes_late_ones_candidates(small: int) -> None:
    """Due after 30 days: A6 alone was not answered by then, of Summit's eight."""
    summit = Payer.objects.get(name="Summit Mutual")
    set_clock(summit, action="payment", basis="contract", days=30, actor="command:test")
    measure = measures(date(2026, 2, 2), date(2026, 3, 1))["prompt_pay"]
    assert (measure.numerator, measure.denominator) == (1, 8)


def test_letters_are_counted_by_their_days(small: int) -> None:
    """B2's letter went out 10 days after the denial and was won 9 days later."""
    b2 = Claim.objects.get(billed_cents=15_000)
    Letter.objects.create(
        claim=b2, payer=b2.payer, subject=Subject.DATA, state=LetterState.PARTLY, amount_cents=15_000,
        sealed_text=b"x", drafted_by="command:test", drafted_at=at(date(2026, 2, 5)), changed_at=at(date(2026, 2, 5)),
        sent_on=date(2026, 2, 5), answered_on=date(2026, 2, 14),
    )  # fmt: skip
    found = measures(FIRST, LATER)
    assert (found["appeal_rate"].numerator, found["appeal_rate"].denominator) == (1, 4)
    assert (found["overturn_rate"].numerator, found["overturn_rate"].denominator) == (1, 1)
    assert (found["days_to_appeal"].value, found["days_to_verdict"].value) == (10, 9)
