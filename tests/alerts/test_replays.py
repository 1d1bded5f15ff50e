"""A replay in the background: done in slices, taken up after a worker was killed, the same as the command."""

from datetime import date, timedelta

import pytest
from django.db import transaction

from tests.alerts.conftest import Practice
from tests.factories import organization
from tests.factories.worlds import LAST_SUNDAY, STEP, build
from tests.faults.commands import KILLED, begin, ended
from upstream.alerts import replays
from upstream.alerts.choices import ReplayState
from upstream.alerts.models import Replay, ReplayFinding
from upstream.alerts.raising import month_end_report
from upstream.alerts.stage import REPLAYS
from upstream.core import tenancy
from upstream.core.errors import Invalid

NEAR = LAST_SUNDAY - timedelta(weeks=5)


def finished(made: Replay) -> Replay:
    while REPLAYS.take(made.pk):
        made.refresh_from_db()
        if made.state != ReplayState.DUE:
            break
    return made


def test_it_finds_the_step_with_the_money_then_and_at_the_report(practice: Practice) -> None:
    made = finished(replays.request_replay(actor="command:test"))
    assert (made.state, made.at, made.steps_done) == ("done", LAST_SUNDAY, made.steps)
    found = ReplayFinding.objects.get()
    assert (found.number, found.procedure_code, found.denial_reason) == (1, "73721", "CO-197")
    assert STEP < found.as_of <= LAST_SUNDAY
    assert found.report_date == month_end_report(found.onset_week)
    assert not found.report_seen
    assert found.report_lost_cents >= found.lost_cents > 0


def test_slices_add_up_to_the_whole(practice: Practice, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = finished(replays.request_replay(actor="command:test", first=NEAR))
    monkeypatch.setattr(replays, "SLICE", 0.0)
    sliced = replays.request_replay(actor="command:test", first=NEAR)
    assert sliced.pk != whole.pk
    assert REPLAYS.take(sliced.pk)
    sliced.refresh_from_db()
    assert (sliced.state, sliced.steps_done) == ("due", 1)
    finished(sliced)
    assert sliced.incidents == whole.incidents
    assert _findings(sliced) == _findings(whole)
    assert not REPLAYS.take(sliced.pk)


def _findings(of: Replay) -> list[dict[str, object]]:
    rows = ReplayFinding.objects.filter(replay=of).order_by("pk").values()
    return [{name: value for name, value in row.items() if name not in ("id", "replay_id")} for row in rows]


def test_asking_again_while_it_waits_is_the_same_one(practice: Practice) -> None:
    first = replays.request_replay(actor="command:test")
    assert replays.request_replay(actor="command:other").pk == first.pk
    assert list(REPLAYS.ready()) == [first.pk]


def test_a_span_without_a_day_is_refused(practice: Practice) -> None:
    with pytest.raises(Invalid, match="no day"):
        replays.request_replay(actor="command:test", first=LAST_SUNDAY + timedelta(days=1))
    with pytest.raises(Invalid, match="no day"):
        replays.request_replay(actor="command:test", days=3)


def test_five_tries_without_a_day_are_enough(practice: Practice) -> None:
    made = replays.request_replay(actor="command:test")
    Replay.objects.filter(pk=made.pk).update(attempts=5)
    assert not REPLAYS.take(made.pk)
    made.refresh_from_db()
    assert (made.state, made.error_code) == ("failed", "too_many_attempts")


@pytest.mark.parametrize(
    ("onset", "report"),
    [
        (date(2026, 3, 2), date(2026, 3, 31)),
        (date(2026, 3, 9), date(2026, 4, 30)),
        (date(2026, 2, 2), date(2026, 3, 31)),
        (date(2025, 12, 1), date(2025, 12, 31)),
    ],
)
def test_a_month_end_report_needs_four_weeks(onset: date, report: date) -> None:
    assert month_end_report(onset) == report


@pytest.mark.django_db(transaction=True)
def test_a_killed_worker_is_followed_by_one_that_goes_on() -> None:
    practice = organization()
    now = "2026-03-09T15:00:00+00:00"
    with tenancy.bind(practice.pk), transaction.atomic():
        build(practice, step=STEP)
    with tenancy.bind(practice.pk):
        made = replays.request_replay(actor="command:test", first=NEAR, last=LAST_SUNDAY)
    killed = begin(
        "work", "--once", "--tenant", practice.slug, UPSTREAM_NOW=now, UPSTREAM_CRASH_AT="after_replayed_day:3"
    )
    ended(killed, KILLED)
    with tenancy.bind(practice.pk), transaction.atomic():
        made.refresh_from_db()
        assert (made.state, made.steps_done) == ("due", 3)
    ended(begin("work", "--once", "--tenant", practice.slug, UPSTREAM_NOW=now))
    with tenancy.bind(practice.pk), transaction.atomic():
        made.refresh_from_db()
        assert (made.state, made.steps_done) == ("done", 6)
        assert ReplayFinding.objects.count() == 1
