"""What another budget would have meant: two replays, found again while nothing has changed, side by side."""

from datetime import timedelta
from decimal import Decimal

import pytest

from tests.alerts.conftest import Practice
from tests.factories import organization
from tests.factories.worlds import LAST_SUNDAY
from upstream.alerts.budget_preview import preview, request_preview
from upstream.alerts.models import Replay
from upstream.alerts.stage import REPLAYS
from upstream.core import clock, tenancy
from upstream.core.errors import Invalid
from upstream.detection import services

STRICT, LOOSE = Decimal("0.05"), Decimal("6")


def asked(budget: Decimal) -> list[Replay]:
    """All replays after asking, the waiting ones taken to their end."""
    request_preview(budget, actor="command:test")
    while waiting := list(REPLAYS.ready()):
        REPLAYS.take(waiting[0])
    return list(Replay.objects.order_by("pk"))


def test_both_budgets_stand_side_by_side_with_what_they_would_notice(practice: Practice) -> None:
    assert [row.budget_per_quarter for row in asked(LOOSE)] == [Decimal("0.20"), LOOSE]
    found = preview(LOOSE)
    assert found is not None
    assert found.is_done
    assert found.is_current
    assert found.raised_now == 1
    assert found.raised_other >= 1
    assert found.gone == []
    assert len(found.new) == found.raised_other - found.raised_now
    sizes = [(row.now, row.other) for row in found.smallest if row.now and row.other]
    assert sizes
    assert all(other < now for now, other in sizes)


def test_a_stricter_budget_tells_later_or_not_at_all(practice: Practice) -> None:
    asked(STRICT)
    found = preview(STRICT)
    assert found is not None
    assert found.new == []
    later = [pair.other.as_of > pair.one.as_of for pair in found.moved if pair.one and pair.other]
    assert all(later)
    assert len(later) + len(found.gone) <= found.raised_now


def test_what_was_looked_at_stands_until_something_comes(practice: Practice) -> None:
    services.run(LAST_SUNDAY - timedelta(weeks=1))
    assert len(asked(LOOSE)) == 2
    assert len(asked(LOOSE)) == 2
    assert len(asked(STRICT)) == 3
    made = services.run(LAST_SUNDAY)
    made.finished_at = clock.now() + timedelta(seconds=1)
    made.save(update_fields=["finished_at"])
    found = preview(LOOSE)
    assert found is not None
    assert not found.is_current
    assert len(asked(LOOSE)) == 5


def test_the_budget_in_force_and_impossible_ones_are_refused(practice: Practice) -> None:
    for budget, why in ((Decimal("0.20"), "in force already"), (Decimal("21"), "between 0.005 and 20")):
        with pytest.raises(Invalid, match=why):
            request_preview(budget, actor="command:test")
    assert not Replay.objects.exists()


def test_nothing_can_be_said_without_claims(db: None) -> None:
    with tenancy.bind(organization().pk):
        assert preview(LOOSE) is None
        with pytest.raises(Invalid, match="no claims"):
            request_preview(LOOSE, actor="command:test")
