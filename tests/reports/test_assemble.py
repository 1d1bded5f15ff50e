from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import factories
from tests.factories import findings, quality, weeks
from tests.reports.conftest import SUNDAY
from upstream.alerts.choices import ValueKind
from upstream.alerts.models import IncidentClaim, ValueLine
from upstream.claims.choices import Outcome
from upstream.core import tenancy
from upstream.ingestion.reconciliation.services import import_deposits
from upstream.reports.assemble import assemble
from upstream.reports.shapes import DeadlineLine, Headline, Horizon, MoneyRange, Outcomes, RemitLine

QUERIES = 128
A_PAYER = 33


def test_the_letter_says_what_is_new_what_it_is_worth_and_who_is_as_usual(practice):
    report = assemble(SUNDAY).report
    assert (report.id, report.practice) == ("WR-2026-09", "Hillside Clinic")
    assert (report.period_start, report.period_end, report.data_through) == (date(2026, 2, 23), SUNDAY, SUNDAY)
    assert report.summary == (
        "1 new incident this week: Summit Mutual started denying knee MRI for missing authorization on 2 February.",
        "About $11,900 lost so far in 1 open incident, $9,200 at stake with the next 30 days;"
        " the nearest deadline is 2 Apr at Summit Mutual.",
        "Civic Care stands at its usual level.",
    )
    assert report.completeness == "2 files read."


def test_the_incident_is_told_in_one_sentence_with_its_money_and_owner(practice):
    (line,) = assemble(SUNDAY).report.incidents
    assert line.sentence == (
        "Since the week of 2 Feb, 1 of 31 decided claims for 73721 were denied with CO-197; 3 would be usual."
    )
    assert line.money == MoneyRange(920_000, 1_190_000, 1_480_000)
    assert (line.severity, line.evidence, line.state, line.owner) == ("High", "Strong", "New", "Dana Whitfield")
    assert len(line.series) == 26
    assert line.onset_index == 22
    assert line.id == f"INC-{practice.incident.public_id.hex[:8].upper()}"


def test_a_title_leaves_its_numbers_to_the_sentence(practice):
    practice.incident.title = "Summit Mutual started denying knee MRI around 2 February: 14 of 31 claims, usually 3."
    practice.incident.save()
    IncidentClaim.objects.update(due_source="Appeal, 60 days: contract of 2024")
    report = assemble(SUNDAY).report
    assert report.incidents[0].title == "Summit Mutual started denying knee MRI"
    assert report.deadlines[0].what == "Appeal, 60 days"


def test_a_delay_is_told_by_the_days_of_its_title(practice):
    practice.incident.metric = "payment_delay"
    practice.incident.title = "Summit Mutual decides claims later since around 2 February: about 29 days, usually 17."
    practice.incident.save()
    (line,) = assemble(SUNDAY).report.incidents
    assert line.title == "Summit Mutual decides claims later"
    assert line.sentence == "Since the week of 2 Feb: about 29 days, usually 17."


def test_the_chart_is_that_of_the_costliest_open_incident(practice):
    chart = assemble(SUNDAY).report.spotlight
    assert (chart.title, chart.baseline, chart.onset) == (
        "Summit Mutual, 73721 week by week: share of claims denied",
        0.1,
        date(2026, 2, 2),
    )
    assert (len(chart.weeks), chart.weeks[-1].week, chart.weeks[-1].complete) == (39, weeks.WEEK, False)


def test_the_mark_of_a_change_of_decisions_says_so(practice):
    practice.incident.finding["clock"] = "decision"
    practice.incident.save()
    chart = assemble(SUNDAY).report.spotlight
    assert chart.mark == "decisions from 2 Feb"
    assert [row[-1] for row in chart.rows() if "from" in row[-1]] == ["complete; decisions from 2 Feb"]


def test_each_claim_stands_under_its_own_date_and_passed_ones_nowhere(practice):
    other, passed = factories.claim(practice.summit), factories.claim(practice.summit)
    findings.behind(practice.incident, other, passed)
    IncidentClaim.objects.filter(claim=other).update(due=date(2026, 4, 9), internal_due=date(2026, 4, 2))
    IncidentClaim.objects.filter(claim=passed).update(due=date(2026, 2, 28))
    lines = assemble(SUNDAY).report.deadlines
    assert [(line.due, line.internal_due, line.claims) for line in lines] == [
        (date(2026, 4, 2), date(2026, 3, 26), 1),
        (date(2026, 4, 9), date(2026, 4, 2), 1),
    ]


def test_one_false_incident_is_one(practice):
    said = assemble(SUNDAY).report.method.false_alarm_budget
    assert said == "At most 1 false incident in three months over all 61 series watched."


def test_payers_stand_by_their_payments_with_what_was_refused(practice):
    summit, civic = assemble(SUNDAY).report.payers
    assert (summit.payer, summit.claims, summit.denied_cents) == ("Summit Mutual", 74, 140_000)
    assert summit.denied_allowed_cents == 112_000
    assert (summit.rate, summit.points_change, summit.evidence, summit.open_incidents) == (0.18, 8.0, "Strong", 1)
    assert (summit.median_lag_days, summit.slow_lag_days) == (14, 14)
    assert (civic.payer, civic.evidence, civic.small_n) == ("Civic Care", "", True)
    assert round(summit.revenue_share + civic.revenue_share, 6) == 1.0


def test_refused_dollars_of_payers_and_of_causes_are_the_same(practice):
    report = assemble(SUNDAY).report
    assert [(c.cause, c.claims, c.denied_cents) for c in report.causes] == [
        ("Missing authorization", 14, 140_000),
        ("Claim information missing or wrong", 2, 20_000),
    ]
    assert sum(p.denied_cents for p in report.payers) == sum(c.denied_cents for c in report.causes) == 160_000
    measure = next(line for line in report.measures if line.key == "denied_dollars")
    assert (measure.numerator, measure.denominator, measure.n) == ("1600.00", "10600.00", 16)


def test_headlines_say_so_where_little_is_known(practice):
    cash, stake, _ = assemble(SUNDAY).report.headlines
    assert cash == Headline("Cash expected, 4 weeks", None, note="too little of the past is known for a forecast")
    assert (stake.label, stake.amount) == ("Lost so far, open incidents", MoneyRange(920_000, 1_190_000, 1_480_000))
    assert stake.note == "at stake: $9,200"
    assert assemble(SUNDAY).report.incidents[0].at_stake_cents == practice.incident.at_stake_cents == 920_000


def test_what_was_refused_in_the_weeks_before_stands_beside(practice):
    before = weeks.WEEK - timedelta(weeks=13)
    weeks.reason_week(practice.summit, "AUTH", "CO-197", 5, 100, known_week=before, submitted_week=before)
    assert assemble(SUNDAY).report.causes[0].before_cents == 50_000


def test_what_became_known_later_is_not_in_it(practice):
    before = assemble(SUNDAY).report
    later = weeks.WEEK + timedelta(weeks=1)
    weeks.payer_week(practice.civic, Outcome.DENIED, 40, 100, known_week=later)
    weeks.reason_week(practice.civic, "DATA", "CO-16", 40, 100, known_week=later)
    weeks.remittance(practice.civic, known_at=datetime(2026, 3, 2, 15, tzinfo=UTC))
    findings.incident(practice.civic, findings.run(as_of=date(2026, 3, 8)), first_as_of=date(2026, 3, 8))
    after = assemble(SUNDAY).report
    assert (after.payers, after.causes, after.incidents) == (before.payers, before.causes, before.incidents)
    assert after.remits == before.remits


@pytest.mark.parametrize("outcome", ["returned", ""])
def test_what_closed_by_itself_is_not_still_open(practice, outcome):
    practice.incident.state, practice.incident.outcome = "resolved", outcome
    practice.incident.save()
    assert assemble(SUNDAY).report.outcomes == Outcomes(returned=1)


def test_an_incident_closed_in_the_week_is_told_once_more_and_then_no_longer(practice):
    practice.incident.state, practice.incident.outcome = "resolved", "payer_change"
    practice.incident.changed_at = datetime(2026, 2, 25, tzinfo=UTC)
    practice.incident.save()
    report = assemble(SUNDAY).report
    assert [line.outcome for line in report.incidents] == ["The payer changed"]
    assert (report.open_incidents, report.deadlines) == ((), ())
    assert report.outcomes == Outcomes(payer_change=1)
    assert report.summary[0] == "No payer changed its behaviour in a way that can be told from chance."
    practice.incident.changed_at = datetime(2026, 2, 20, tzinfo=UTC)
    practice.incident.save()
    assert assemble(SUNDAY).report.incidents == ()


def test_deadlines_remittances_and_horizons_are_listed(practice):
    report = assemble(SUNDAY).report
    assert report.deadlines == (
        DeadlineLine(
            due=date(2026, 4, 2),
            internal_due=date(2026, 3, 26),
            what="appeal, 60 days, usual for this payer",
            payer="Summit Mutual",
            incident_id=report.incidents[0].id,
            claims=1,
            cents=80_000,
            owner="Dana Whitfield",
        ),
    )
    paid = RemitLine("EFT 884120", "Summit Mutual", date(2026, 2, 26), 100_000, 102_000, -2_000, matched=None)
    assert report.remits == (paid,)
    assert report.horizons == (Horizon("Summit Mutual", 9.0, 4),)


def test_a_deposit_list_says_which_payments_reached_the_bank(practice):
    weeks.remittance(practice.civic, check_number="CHK 5", amount_cents=700, payment_date=date(2026, 2, 27))
    import_deposits(b"date,amount,check\n2026-02-27,1000.00,00EFT884120\n2026-02-27,7.01,CHK5\n", actor="user:1")
    assert [(line.reference, line.matched) for line in assemble(SUNDAY).report.remits] == [
        ("EFT 884120", True),
        ("CHK 5", False),
    ]


def test_faults_in_the_data_stand_on_the_letter_and_at_their_payer(practice):
    quality.finding(factories.batch(), practice.summit)
    quality.finding(factories.batch(), practice.civic, last_day=date(2025, 6, 1))
    report = assemble(SUNDAY).report
    assert report.caveats == ("1 file of Summit Mutual is out of balance: look at the data first",)
    assert [(line.payer, line.doubtful) for line in report.payers] == [("Summit Mutual", True), ("Civic Care", False)]


def test_the_claims_behind_an_incident_name_nobody(practice):
    (row,) = assemble(SUNDAY).claims
    assert (row.procedure_code, row.denial, row.category) == ("73721", "CO-197", "Missing authorization")
    assert (row.outcome, row.billed_cents, row.paid_cents) == ("Denied", 10_000, 0)
    assert len(row.claim) == 36


def test_a_new_method_is_named_among_the_changes(practice):
    assert assemble(SUNDAY).report.changes == ()
    findings.run(as_of=date(2026, 2, 22), method="two-clock 0.9")
    (change,) = assemble(SUNDAY).report.changes
    assert change.what == "Detection method two-clock 0.9 replaced by two-clock 1"


def test_the_same_database_gives_the_same_report(practice):
    assert assemble(SUNDAY).report == assemble(SUNDAY).report


def test_a_practice_without_anything_has_a_report_that_says_so(db, monday):
    with tenancy.bind(factories.organization().pk):
        report = assemble(SUNDAY).report
    assert report.summary == ("No payer changed its behaviour in a way that can be told from chance.",)
    assert (report.payers, report.causes, report.incidents) == ((), (), ())
    assert report.method.version == "none yet"


@pytest.mark.parametrize(("more", "queries"), [(0, QUERIES), (5, QUERIES + 5 * A_PAYER), (14, QUERIES + 10 * A_PAYER)])
def test_each_of_the_twelve_largest_payers_is_measured_and_more_rows_take_no_more_queries(practice, more, queries):
    for _ in range(more):
        payer = factories.payer()
        weeks.payer_week(payer, Outcome.PAID, 10, 100)
        findings.behind(findings.incident(payer, practice.incident.last_run), factories.claim(payer))
    with CaptureQueriesContext(connection) as seen:
        assemble(SUNDAY)
    assert len(seen) == queries


def test_what_has_to_be_decided_stands_beside_each_open_incident(practice):
    (line,) = assemble(SUNDAY).report.incidents
    assert line.decision == "appeal, 60 days, usual for this payer: 1 claim, $800 expected, by 26 Mar."
    practice.incident.assigned_to = None
    practice.incident.save()
    IncidentClaim.objects.update(due=None)
    assert assemble(SUNDAY).report.incidents[0].decision == "Name an owner. Raise it with the payer, or watch on."


def test_what_came_back_this_quarter_stands_on_the_first_page(practice):
    claim = IncidentClaim.objects.get().claim
    told = ((date(2026, 2, 3), 5_000), (date(2025, 11, 3), 2_000), (date(2025, 12, 30), 9_000))
    for answer, (day, cents) in enumerate(told, 1):
        ValueLine.objects.create(
            incident=practice.incident, claim=claim, adjudication_id=answer, day=day, kind=ValueKind.RECOVERED,
            paid_cents=cents, counted_cents=cents,
        )  # fmt: skip
    recovered = assemble(SUNDAY).report.headlines[2]
    assert (recovered.label, recovered.amount, recovered.change_cents) == (
        "Recovered this quarter", MoneyRange(5_000, 5_000, 5_000), 3_000,
    )  # fmt: skip
    assert assemble(SUNDAY).report.outcomes.recovered_cents == 16_000
