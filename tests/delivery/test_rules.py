from datetime import UTC, datetime, timedelta

import pytest

from upstream.delivery.choices import Kind, OutboxState
from upstream.delivery.rules import Ending, Health, after, health_after, most_attempts, wait_seconds

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
FAILED_ONCE = Ending(OutboxState.QUEUED, "http_500")


@pytest.mark.parametrize(
    ("kind", "attempts", "jitter", "asked", "seconds"),
    [
        (Kind.MAIL, 1, 0.0, 0, 30),
        (Kind.MAIL, 2, 0.0, 0, 60),
        (Kind.MAIL, 7, 0.0, 0, 1920),
        (Kind.MAIL, 40, 0.0, 0, 1920),
        (Kind.MAIL, 0, 0.0, 0, 30),
        (Kind.MAIL, 1, 1.0, 0, 45),
        (Kind.WEBHOOK, 1, 0.0, 0, 5),
        (Kind.WEBHOOK, 2, 0.0, 0, 300),
        (Kind.SLACK, 9, 0.0, 0, 86_400),
        (Kind.WEBHOOK, 1, 0.0, 90, 90),
        (Kind.WEBHOOK, 2, 0.0, 90, 300),
        (Kind.TEAMS, 1, 0.0, 10**9, 86_400),
    ],
)
def test_each_wait_is_the_kinds_own_or_what_the_receiver_asks_for(kind, attempts, jitter, asked, seconds):
    assert wait_seconds(kind, attempts, jitter, asked) == seconds


@pytest.mark.parametrize(("kind", "most"), [(Kind.MAIL, 8), (Kind.WEBHOOK, 10), (Kind.SLACK, 10), (Kind.TEAMS, 10)])
def test_a_temporary_failure_is_final_after_the_last_try(kind, most):
    assert most_attempts(kind) == most
    assert after(FAILED_ONCE, kind, most - 1) == FAILED_ONCE
    assert after(FAILED_ONCE, kind, most) == Ending(OutboxState.FAILED, "http_500")


@pytest.mark.parametrize(
    ("failures", "rest"),
    [(0, None), (1, None), (2, 60), (3, 120), (4, 240), (7, 1920), (8, 3600), (500, 3600)],
)
def test_an_endpoint_rests_from_the_third_failure_in_a_row(failures, rest):
    until = None if rest is None else NOW + timedelta(seconds=rest)
    assert health_after(failures, FAILED_ONCE, now=NOW, jitter=1.0) == Health(failures + 1, until)


def test_one_success_heals():
    assert health_after(9, Ending(OutboxState.SENT), now=NOW, jitter=0.0) == Health(0, None)


def test_an_endpoint_is_stopped_by_what_ends_for_good():
    assert health_after(0, Ending(OutboxState.FAILED, "gone"), now=NOW, jitter=0.0) == Health(1, None, "gone")


def test_an_unknown_outcome_stays_unknown_however_often_it_was_tried():
    assert after(Ending(OutboxState.UNKNOWN, "x"), Kind.MAIL, 99).state == OutboxState.UNKNOWN


def test_a_try_that_may_be_repeated_is_called_deferred():
    assert [Ending(state).result for state in (OutboxState.QUEUED, OutboxState.SENT)] == ["deferred", "sent"]
