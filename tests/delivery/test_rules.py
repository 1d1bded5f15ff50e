import pytest

from upstream.delivery.choices import OutboxState
from upstream.delivery.rules import MAX_ATTEMPTS, Ending, after, wait_seconds


@pytest.mark.parametrize(
    ("attempts", "jitter", "seconds"),
    [
        (1, 0.0, 30),
        (2, 0.0, 60),
        (3, 0.0, 120),
        (7, 0.0, 1920),
        (8, 0.0, 3600),
        (40, 0.0, 3600),
        (1, 1.0, 45),
        (0, 0.0, 30),
    ],
)
def test_each_wait_is_twice_the_last_up_to_an_hour(attempts, jitter, seconds):
    assert wait_seconds(attempts, jitter) == seconds


def test_a_temporary_failure_is_final_after_the_last_try():
    temporary = Ending(OutboxState.QUEUED, "smtp_451")
    assert after(temporary, MAX_ATTEMPTS - 1) == temporary
    assert after(temporary, MAX_ATTEMPTS) == Ending(OutboxState.FAILED, "smtp_451")


def test_an_unknown_outcome_stays_unknown_however_often_it_was_tried():
    assert after(Ending(OutboxState.UNKNOWN, "x"), 99).state == OutboxState.UNKNOWN


def test_a_try_that_may_be_repeated_is_called_deferred():
    assert [Ending(state).result for state in (OutboxState.QUEUED, OutboxState.SENT)] == ["deferred", "sent"]
