"""Forecasts are rows of every complete week, made of what was known then, and made again only when that changed."""

from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from tests.factories.worlds import LAST_SUNDAY, WEEKS, World, add_weeks
from tests.forecast.conftest import look
from upstream.claims.models import PayerWeek
from upstream.forecast.model import METHOD
from upstream.forecast.models import Came, Expected, Forecast, Reckoned
from upstream.forecast.queries import next_weeks
from upstream.forecast.services import reckon
from upstream.forecast.stage import STAGE

MONDAY = LAST_SUNDAY - timedelta(days=6)
WEEK = timedelta(days=7)
DENIED = 6
# 20 knee MRIs at $360, two of them refused, and 20 visits at $98, four of them refused.
PAID = 18 * 36_000 + 16 * 9_800


def told(week_back: int = 0) -> list[tuple[object, ...]]:
    columns = ("payer__name", "span", "cash_low", "cash", "cash_high", "denials_low", "denials", "denials_high")
    newest = Forecast.objects.filter(as_of_week=MONDAY - week_back * WEEK).latest("pk")
    return list(Expected.objects.filter(forecast=newest).order_by("pk").values_list(*columns))


def test_what_was_alike_is_expected_to_stay_so(alike: World) -> None:
    assert STAGE.take(list(STAGE.ready())[0])
    found = next_weeks()
    assert found is not None
    assert (found.as_of, found.method) == (LAST_SUNDAY, METHOD)
    assert [line.payer for line in found.payers] == [alike.civic, alike.summit]
    for line in found.payers:
        assert [week.first for week in line.weeks] == [MONDAY + step * WEEK for step in (1, 2, 3, 4)]
        for week in line.weeks:
            assert week.cash.low <= PAID <= week.cash.high
            assert week.cash.mid == pytest.approx(PAID, rel=0.03)
            assert week.denials.mid == pytest.approx(DENIED, rel=0.05)
    assert found.total.last is not None
    assert (found.total.last.came.cash, found.total.last.came.denials) == (2 * PAID, 2 * DENIED)
    assert found.total.cash_right is not None
    assert found.total.cash_right.off < 0.1


def test_payers_add_up_to_all_and_weeks_to_the_four(alike: World) -> None:
    reckon()
    found = next_weeks()
    assert found is not None
    for span in range(4):
        assert sum(line.weeks[span].cash.mid for line in found.payers) == found.total.weeks[span].cash.mid
    assert sum(line.together.cash.mid for line in found.payers) == found.total.together.cash.mid
    assert sum(week.cash.mid for week in found.total.weeks) == found.total.together.cash.mid


def test_one_payer_is_the_same_as_among_all(alike: World) -> None:
    reckon()
    alone, every = next_weeks(alike.civic), next_weeks()
    assert alone is not None
    assert every is not None
    assert (alone.total, alone.payers) == (every.total, every.payers[:1])


def test_once_made_nothing_waits_and_a_repeated_take_changes_nothing(alike: World) -> None:
    assert reckon()
    before = (Forecast.objects.count(), Expected.objects.count(), Came.objects.count())
    assert (list(STAGE.ready()), reckon()) == ([], False)
    assert (Forecast.objects.count(), Expected.objects.count(), Came.objects.count()) == before


def test_a_week_later_earlier_forecasts_stand_as_they_were(alike: World) -> None:
    reckon()
    before, made = told(), Forecast.objects.count()
    add_weeks(alike, WEEKS, WEEKS + 1)
    look(LAST_SUNDAY + WEEK)
    assert reckon()
    assert told() == before
    assert Forecast.objects.count() == made + 1


def test_no_forecast_knows_the_future(alike: World) -> None:
    """What became known later is taken away: the forecast as of then is the same."""
    reckon()
    before = told(week_back=5)
    PayerWeek.objects.filter(known_week__gt=MONDAY - 5 * WEEK).delete()
    for made in (Reckoned, Expected, Forecast):
        made.objects.all().delete()
    reckon()
    assert told(week_back=5) == before


def test_a_past_put_right_makes_its_weeks_forecasts_again(alike: World) -> None:
    reckon()
    cell = PayerWeek.objects.filter(known_week=MONDAY, paid_cents__gt=0).latest("pk")
    PayerWeek.objects.filter(pk=cell.pk).update(paid_cents=cell.paid_cents + 100)
    Reckoned.objects.all().delete()
    reckon()
    assert Forecast.objects.filter(as_of_week=MONDAY).count() == 2
    assert Forecast.objects.filter(as_of_week=MONDAY - WEEK).count() == 1
    assert Came.objects.get(week=MONDAY, payer=cell.payer).cash == PAID + 100


def test_asking_costs_the_same_for_any_number_of_payers(
    alike: World, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    reckon()
    with django_assert_num_queries(4):
        next_weeks()
