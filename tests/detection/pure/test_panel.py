import numpy as np
import pytest

from tests.detection.pure.worlds import PLACES, START, World, cut
from upstream.detection import triangle
from upstream.detection.detectors.panel import judge
from upstream.detection.detectors.payers import PayerView, payer_views
from upstream.detection.rules import Budget
from upstream.detection.triangle import ONE_WEEK


def views_of(world: World) -> list[PayerView]:
    """What is said of each payer in week 70."""
    found = payer_views(world.seen(70), Budget(0.2))
    assert found is not None
    return found.views


def test_each_payer_has_its_usual_rate_speed_and_horizon():
    views = views_of(World())
    assert [v.payer for v in views] == [0, 1, 2]
    for view in views:
        assert view.usual_rate == pytest.approx(0.10, abs=0.015)
        assert view.rate_low < 0.10 < view.rate_high
        assert view.weekly_claims == pytest.approx(120, abs=12)
        assert view.maturity == pytest.approx(0.72, abs=0.03)
        two, four, eight = view.rise.weeks
        assert 0.13 > two > four > eight > 0.02
        two, four, eight = view.delay.weeks
        assert 4 > two > four > eight > 1


def test_the_newest_weeks_are_marked_immature():
    series = views_of(World())[0].series
    assert series.immature.tolist() == [False] * 49 + [True] * 3


def test_a_busier_practice_sees_smaller_changes():
    small, large = views_of(World(a_week=30))[0], views_of(World(a_week=400))[0]
    assert large.rise.weeks[1] < small.rise.weeks[1]
    assert large.delay.weeks[1] < small.delay.weeks[1]


def test_levels_with_a_shorter_past_or_none_do_no_harm():
    world = World()
    levels = world.seen(70)
    as_of = levels[0].as_of
    places = world.rows(world.place, PLACES)
    fresh = cut(places, places.submitted_week >= START + 60 * ONE_WEEK)
    none = cut(places, places.claims < 0)
    levels[2:] = [triangle.build("location", fresh, as_of), triangle.build("price_band", none, as_of)]
    assert judge(levels, Budget(0.2)) == []


def test_a_practice_without_claims_is_silent():
    nothing = World().rows(np.zeros(1, dtype=np.int64), ("",), only=np.zeros(1, dtype=np.bool_))
    levels = [triangle.build("payer", nothing, START), triangle.build("procedure", nothing, START)]
    assert judge(levels, Budget(0.2)) == []
    assert payer_views(levels, Budget(0.2)) is None
