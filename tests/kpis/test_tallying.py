"""Sums are the same whether files came one by one or together, and wait only while something changed."""

from datetime import date

import pytest
from pytest_django import Settings

from tests.factories import organization
from tests.ingestion.told import status, tell
from tests.kpis import world
from upstream.core import tenancy
from upstream.kpis.choices import Fact
from upstream.kpis.models import SummedWeek, WeekSum
from upstream.kpis.stage import STAGE
from upstream.kpis.tallying import take_weeks, weeks_waiting

COLUMNS = ("fact", "payer__name", "sent_week", "week", "place", "days", "number", "cents", "most_cents")


def told() -> list[tuple[object, ...]]:
    return list(WeekSum.objects.order_by(*COLUMNS).values_list(*COLUMNS))


def test_one_by_one_is_the_same_as_together(db: None, settings: Settings) -> None:
    """A replacement's answer is counted in the week of the claim that it replaces, which no file names again."""
    settings.FIXED_NOW = world.NOW
    with tenancy.bind(organization().pk):
        world.build(world.sum_up)
        gradually = told()
        SummedWeek.objects.all().delete()
        world.sum_up()
        assert told() == gradually
        assert len(gradually) == 64


@pytest.mark.usefixtures("small")
def test_nothing_waits_once_all_is_summed_and_a_repeated_take_changes_nothing() -> None:
    before = told()
    assert (weeks_waiting(), list(STAGE.ready()), take_weeks(0)) == ([], [], False)
    assert told() == before


@pytest.mark.usefixtures("small")
def test_an_acknowledgement_makes_its_week_wait() -> None:
    tell(status("B2", "A7"))
    assert weeks_waiting() == [date(2026, 1, 12)]
    assert take_weeks(0)
    assert WeekSum.objects.get(fact=Fact.TURNED_AWAY, sent_week=date(2026, 1, 12)).cents == 15_000
    assert weeks_waiting() == []
