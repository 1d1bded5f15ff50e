"""Two payers whose every week is alike: 40 claims each, decided after two weeks, three in twenty of them refused."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from pytest_django import Settings

from tests.factories import organization
from tests.factories.worlds import LAST_SUNDAY, World, build, noon
from upstream.core import clock, tenancy
from upstream.detection.models import DetectionRun
from upstream.detection.world import last_complete_week


@pytest.fixture
def alike(db: None, settings: Settings) -> Iterator[World]:
    """Bound, and looked at on the Monday after its last week."""
    settings.FIXED_NOW = noon(LAST_SUNDAY + timedelta(days=1))
    made = organization()
    with tenancy.bind(made.pk):
        world = build(made)
        look(LAST_SUNDAY)
        yield world


def look(day: date) -> None:
    """The row that a look of detection leaves, which forecasts wait for."""
    DetectionRun.objects.create(
        as_of=day, last_week=last_complete_week(day), method="2", budget_per_quarter=1, input_hash=f"{day}",
        finished_at=clock.now(),
    )  # fmt: skip
