"""From signals to incidents: one per cause, with its claims, through all the weeks of its life."""

from datetime import date, timedelta

from django.db.models import Sum
from pytest_django import DjangoAssertNumQueries, Settings

from tests.alerts.conftest import Practice
from tests.factories.worlds import LAST_SUNDAY, STEP, WEEKS, add_weeks, noon
from upstream.alerts import intake, queries, services
from upstream.alerts.models import Incident, IncidentClaim, Opening, Transition
from upstream.alerts.stage import STAGE
from upstream.claims.choices import Outcome
from upstream.claims.models import Claim
from upstream.detection import services as detection
from upstream.detection.choices import SignalState
from upstream.detection.grouping import QUIET_WEEKS
from upstream.detection.models import DetectionRun, Signal
from upstream.tenants.services import tenant_keys


def run(as_of: date) -> DetectionRun:
    """A run of that day, taken into incidents."""
    made = detection.run(as_of)
    assert intake.take_signals(made.pk)
    return made


def test_one_incident_in_words(incident: Incident) -> None:
    assert incident.title == (
        "Summit Mutual started denying knee MRI (73721) for missing authorization around 16 February:"
        " 30 of 60 claims, usually 0."
    )
    assert (incident.state, incident.strength, incident.onset_week) == ("new", "strong", STEP)
    assert (incident.observed, incident.decided, incident.claims_cents) == (30, 60, 30 * 36_000)
    assert 0 < incident.lost_low_cents <= incident.lost_cents <= incident.lost_high_cents
    assert (incident.first_as_of, incident.last_as_of, incident.quiet_weeks) == (LAST_SUNDAY, LAST_SUNDAY, 0)


def test_the_claims_behind_it_are_the_number(incident: Incident) -> None:
    members = IncidentClaim.objects.filter(incident=incident)
    assert members.count() == incident.observed
    assert members.aggregate(Sum("expected_cents"))["expected_cents__sum"] == incident.claims_cents
    claims = Claim.objects.filter(pk__in=members.values("claim_id"))
    assert set(claims.values_list("procedure_code", "denial_carc", "outcome")) == {("73721", "197", Outcome.DENIED)}
    assert all(day >= STEP for day in claims.values_list("decided_date", flat=True))


def test_the_date_to_act_by(incident: Incident) -> None:
    assert incident.deadline == STEP + timedelta(days=30)
    assert incident.deadline_source == "Appeal, 30 days: payer type unknown: check contract"
    assert incident.finding["internal_due"] == "2026-03-11"


def test_its_dates_are_those_of_its_claims(incident: Incident) -> None:
    assert incident.finding["deadlines"] == {
        "as_of": "2026-03-08", "last": "2026-04-05", "open": 30, "soon": 0, "soon_cents": 0, "passed": 0,
        "passed_cents": 0,
    }  # fmt: skip
    dates = set(incident.members.values_list("due", "claim__decided_date"))
    assert all(due == decided + timedelta(days=30) for due, decided in dates)


def test_dates_of_the_next_days_by_day(incident: Incident, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(2):
        found = queries.deadlines(STEP + timedelta(days=30), 2)
    assert [(row.incident.pk, row.due, row.claims, row.cents) for row in found] == [
        (incident.pk, STEP + timedelta(days=30 + day), 2, 2 * 36_000) for day in range(3)
    ]
    services.move(incident, to_state="false", actor="user:1")
    assert queries.deadlines(STEP, 365) == []


def test_its_history_begins_with_the_system(incident: Incident) -> None:
    (step,) = Transition.objects.filter(incident=incident)
    assert (step.from_state, step.to_state, step.actor) == ("", "new", "system")
    assert step.note(tenant_keys()).startswith("first seen: ")


def test_a_run_is_taken_once(practice: Practice) -> None:
    made = detection.run(LAST_SUNDAY)
    assert list(STAGE.ready()) == [made.pk]
    assert STAGE.take(made.pk)
    assert not STAGE.take(made.pk)
    assert (list(STAGE.ready()), Incident.objects.count()) == ([], 1)
    assert set(Signal.objects.values_list("state", flat=True)) == {SignalState.TAKEN}


def test_the_next_week_is_news_and_no_twin(practice: Practice, incident: Incident) -> None:
    add_weeks(practice.world, WEEKS, WEEKS + 1)
    run(LAST_SUNDAY + timedelta(days=7))
    again = Incident.objects.get()
    assert (again.pk, again.observed, again.decided) == (incident.pk, 40, 80)
    assert (again.first_as_of, again.last_as_of) == (LAST_SUNDAY, LAST_SUNDAY + timedelta(days=7))
    assert again.onset_week == STEP
    assert again.members.count() == 40
    assert Transition.objects.filter(incident=incident).count() == 1


def test_it_closes_after_quiet_weeks_and_opens_again(practice: Practice, incident: Incident) -> None:
    quiet_until = LAST_SUNDAY + timedelta(days=7 * 28)
    calm(practice, 28)
    for week in range(4, 32, 4):
        run(LAST_SUNDAY + timedelta(days=7 * week))
    incident.refresh_from_db()
    assert (incident.state, incident.outcome) == ("resolved", "returned")
    assert (
        Transition.objects.filter(incident=incident).last().note(tenant_keys()) == f"not seen for {QUIET_WEEKS} weeks"
    )
    object.__setattr__(practice.world, "step", quiet_until + timedelta(days=1))
    add_weeks(practice.world, WEEKS + 28, WEEKS + 31)
    run(LAST_SUNDAY + timedelta(days=7 * 31))
    again = Incident.objects.get()
    assert (again.pk, again.state) == (incident.pk, "new")
    assert [step.to_state for step in queries.history_of(again)] == ["new", "resolved", "new"]
    assert [opened.again for opened in Opening.objects.order_by("pk")] == [False, True]


def calm(practice: Practice, weeks: int) -> None:
    """Weeks in which the payer decides as it did before the change."""
    object.__setattr__(practice.world, "step", date.max)
    add_weeks(practice.world, WEEKS, WEEKS + weeks)


def test_what_a_person_closed_stays_closed(practice: Practice, incident: Incident) -> None:
    services.move(incident, to_state="resolved", outcome="payer_change", actor="user:1")
    add_weeks(practice.world, WEEKS, WEEKS + 1)
    run(LAST_SUNDAY + timedelta(days=7))
    again = Incident.objects.get()
    assert (again.pk, again.state, again.observed) == (incident.pk, "resolved", 30)


def test_what_is_monitored_is_worked_again_unless_the_rate_returns(
    practice: Practice, incident: Incident, settings: Settings
) -> None:
    settings.FIXED_NOW = noon(LAST_SUNDAY)
    services.move(incident, to_state="monitoring", actor="user:1")
    add_weeks(practice.world, WEEKS, WEEKS + 4)
    states = []
    for week in range(1, 5):
        run(LAST_SUNDAY + timedelta(days=7 * week))
        states.append(Incident.objects.get().state)
    assert states == ["monitoring", "monitoring", "monitoring", "working"]
    assert queries.history_of(incident).last().note(tenant_keys()) == "the rate has not returned"


def test_a_run_of_the_past_rewrites_no_history(practice: Practice, incident: Incident) -> None:
    run(LAST_SUNDAY - timedelta(days=7))
    again = Incident.objects.get()
    assert (again.last_as_of, again.observed) == (LAST_SUNDAY, 30)


def test_it_opens_once_while_it_lasts(practice: Practice, incident: Incident) -> None:
    add_weeks(practice.world, WEEKS, WEEKS + 1)
    run(LAST_SUNDAY + timedelta(days=7))
    assert Opening.objects.count() == 1


def test_watch_opens_nothing(practice: Practice) -> None:
    made = detection.run(LAST_SUNDAY)
    for signal in Signal.objects.filter(run=made):
        signal.strength, signal.finding["strength"] = "watch", "watch"
        signal.save()
    intake.take_signals(made.pk)
    assert not Incident.objects.exists()


def test_half_of_the_claims_missing_is_checked_first(practice: Practice) -> None:
    made = detection.run(LAST_SUNDAY)
    signal = Signal.objects.exclude(strength="watch").get(run=made)
    signal.finding["data_fault"] = True
    signal.save()
    intake.take_signals(made.pk)
    found = Incident.objects.get()
    assert found.title.startswith("Check data first: ")
    assert found.severity in {"medium", "low"}


def test_taking_a_run_costs_a_fixed_number_of_queries(
    practice: Practice, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    made = detection.run(LAST_SUNDAY)
    with django_assert_max_num_queries(52):
        intake.take_signals(made.pk)


def test_counts_for_the_landing_page(incident: Incident) -> None:
    counts = queries.counts(LAST_SUNDAY)
    assert (counts.new, counts.open, counts.due) == (1, 1, 0)
    near = queries.counts(STEP + timedelta(days=28))
    assert near.due == 1
