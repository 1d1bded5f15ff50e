"""A run of detection over real tables."""

import json
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from pytest_django import DjangoAssertNumQueries

from tests.factories.worlds import LAST_SUNDAY, World
from upstream.core.errors import Invalid
from upstream.detection import queries, services
from upstream.detection.choices import SignalState, Strength
from upstream.detection.models import Baseline, DetectionRun, Signal
from upstream.detection.world import last_complete_week


def alarms(run: DetectionRun) -> list[Signal]:
    return list(Signal.objects.filter(run=run).exclude(strength=Strength.WATCH))


def test_the_planted_step_is_the_only_signal(changed: World) -> None:
    run = services.run(LAST_SUNDAY)
    (signal,) = alarms(run)
    assert (signal.payer, signal.procedure_code, signal.denial_reason, signal.location) == (
        changed.summit, "73721", "CO-197", "",
    )  # fmt: skip
    assert (signal.metric, signal.direction, signal.state) == ("denial_rate", "adverse", SignalState.OPEN)
    assert signal.onset_week == changed.step


def test_the_finding_holds_what_the_page_shows(changed: World) -> None:
    (signal,) = alarms(services.run(LAST_SUNDAY))
    since = signal.finding["since_onset"]
    assert (since["observed"], since["decided"], since["claims_cents"]) == (30, 60, 30 * 36_000)
    assert since["expected"] < 3
    assert since["lost_cents"][0] < since["lost_cents"][1] < since["lost_cents"][2]
    reason = signal.finding["parts"]["reason"][0]
    assert (reason["key"], reason["observed"], reason["expected"]) == ("CO-197", 30.0, pytest.approx(0.3, abs=0.3))
    assert [row["week"] for row in signal.finding["series"]][-1] == (LAST_SUNDAY - timedelta(days=6)).isoformat()
    assert signal.finding["expected_allowed_from"].startswith("median allowed amount")
    assert signal.finding["checked"][0] == "Other payers: none changed in the same way at the same time."
    assert {kept["verdict"] for kept in signal.finding["verdicts"]} == {"ruled_out", "cannot_tell"}


def test_each_axis_adds_up_to_the_incidents_own_denials(changed: World) -> None:
    (signal,) = alarms(services.run(LAST_SUNDAY))
    since, parts = signal.finding["since_onset"], signal.finding["parts"]
    assert signal.finding["parts_are"] == "of the 30 denials of this incident"
    assert {axis: sum(row["observed"] for row in rows) for axis, rows in parts.items()} == {
        "procedure": 30, "reason": 30, "location": 30,
    }  # fmt: skip
    for rows in parts.values():
        assert sum(row["expected"] for row in rows) == pytest.approx(since["expected"], abs=0.01)
    assert [row["key"] for row in parts["procedure"]] == ["73721"]
    assert sorted(row["key"] for row in parts["location"]) == ["Main Street", "North"]


def test_nothing_stands_out_in_a_quiet_practice(quiet: World) -> None:
    run = services.run(LAST_SUNDAY)
    assert alarms(run) == []
    assert run.ruled_out[0] == "No payer decides later than usual."
    baselines = Baseline.objects.filter(run=run).order_by("payer__name")
    assert [(b.payer.name, b.weekly_claims) for b in baselines] == [("Civic Care", 40.0), ("Summit Mutual", 40.0)]
    assert [b.usual_rate for b in baselines] == [pytest.approx(0.15, abs=0.01)] * 2


def test_the_same_again_writes_nothing(changed: World) -> None:
    first = services.run(LAST_SUNDAY)
    before = Signal.objects.count(), Baseline.objects.count()
    assert services.run(LAST_SUNDAY) == first
    assert (Signal.objects.count(), Baseline.objects.count()) == before


def test_another_budget_is_another_run(changed: World) -> None:
    first = services.run(LAST_SUNDAY)
    changed.organization.false_incidents_per_quarter = 5
    changed.organization.save()
    assert services.run(LAST_SUNDAY) != first


@pytest.mark.parametrize(
    ("as_of", "week"),
    [
        (date(2026, 3, 1), date(2026, 2, 23)),
        (date(2026, 3, 2), date(2026, 2, 23)),
        (date(2026, 3, 7), date(2026, 2, 23)),
        (date(2026, 3, 8), date(2026, 3, 2)),
    ],
)
def test_a_week_counts_when_its_sunday_has_come(as_of: date, week: date) -> None:
    assert last_complete_week(as_of) == week


def test_a_run_costs_a_fixed_number_of_queries_and_one_for_each_payer_and_finding(
    changed: World, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    services.run(LAST_SUNDAY - timedelta(days=7))
    with django_assert_num_queries(29 + 2 + 1):
        services.run(LAST_SUNDAY)


def test_the_budget_must_make_sense(quiet: World) -> None:
    quiet.organization.false_incidents_per_quarter = 30
    quiet.organization.save()
    with pytest.raises(Invalid, match="false incidents"):
        services.run(LAST_SUNDAY)


def test_a_practice_without_claims_has_a_run_that_finds_nothing(quiet: World) -> None:
    run = services.run(date(2020, 1, 5))
    assert (run.claims, run.series, alarms(run)) == (0, 0, [])


def test_detect_answers_in_json(changed: World) -> None:
    said = StringIO()
    call_command(
        "detect", "--tenant", changed.organization.slug, "--as-of", LAST_SUNDAY.isoformat(), "--json", stdout=said
    )
    answer = json.loads(said.getvalue())
    run = queries.latest_run()
    assert run is not None
    assert (answer["run"], answer["last_week"], answer["input_hash"]) == (run.pk, "2026-03-02", run.input_hash)
    assert answer["signals"][0]["procedure_code"] == "73721"


def test_a_look_leaves_speed_money_and_horizon_of_each_payer(quiet: World) -> None:
    """Every claim is decided on its 14th day; six of forty a week are denied; a knee MRI is allowed $360."""
    services.run(LAST_SUNDAY)
    found = queries.state_of(quiet.summit.pk)
    assert found is not None
    for kind in ("decision", "payment"):
        for when in ("now", "usual"):
            assert [found.lag[kind][when][q][1] for q in ("50", "75", "90")] == [14, 14, 14]
    assert (found.median_days, found.lag["decision"]["now"]["decisions"]) == (14, 160)
    share = found.lag["decision"]["now"]["share"]
    assert (share[13], share[14]) == (0, 1)
    assert found.maturity == pytest.approx(0.75, abs=0.01)
    known = [week["allowed"][3] for week in found.series[-4:]]
    assert known[2:] == [0, 0]
    settled, open_week = found.series[-4]["allowed"], found.series[-1]["allowed"]
    assert settled[0] == settled[1] == settled[2] == settled[3] == known[1]
    assert open_week[0] < known[1] < open_week[2]
    assert open_week[1] == pytest.approx(known[1], rel=0.12)
    assert set(found.visible) == {"denial_rate", "payment_delay", "underpayment"}
    two, four, eight = found.visible["denial_rate"]
    assert two > four > eight == found.visible_in_8_weeks
    assert 0 < found.visible["payment_delay"][1] < 10
