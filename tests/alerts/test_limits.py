"""From when on money is much: the house's word until the practice says its own, from a day on."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from pytest_django import DjangoAssertNumQueries, Settings

from tests.alerts.conftest import Practice
from tests.factories.worlds import LAST_SUNDAY, noon
from upstream.alerts.limits import limits_on, set_limit, standing
from upstream.alerts.models import MoneyLimit
from upstream.alerts.rules import LIMITS
from upstream.core.errors import Invalid

ACTOR = "user:someone"


@pytest.fixture(autouse=True)
def sunday(settings: Settings) -> None:
    settings.FIXED_NOW = noon(LAST_SUNDAY)


def test_the_house_proposes_until_the_practice_says(
    practice: Practice, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        assert limits_on(LAST_SUNDAY) == LIMITS
    set_limit(kind="much", value=Decimal(50_000), source="board, January", actor=ACTOR)
    set_limit(kind="capital", value=Decimal("6.5"), actor=ACTOR)
    found = limits_on(LAST_SUNDAY)
    assert (found.much_cents, found.some_cents, found.cost_of_capital) == (5_000_000, 200_000, 0.065)
    assert [(said.words, said.source) for said in standing(LAST_SUNDAY)][0] == ("$50,000", "board, January")
    assert MoneyLimit.objects.filter(said_by=ACTOR).count() == 2


def test_what_was_told_before_stays_as_it_was(practice: Practice) -> None:
    tomorrow = LAST_SUNDAY + timedelta(days=1)
    set_limit(kind="some", value=Decimal(500), actor=ACTOR, valid_from=tomorrow)
    assert limits_on(LAST_SUNDAY).some_cents == 200_000
    assert limits_on(tomorrow).some_cents == 50_000
    set_limit(kind="some", value=None, actor=ACTOR, valid_from=tomorrow)
    assert limits_on(tomorrow) == LIMITS


@pytest.mark.parametrize(
    ("kind", "value", "valid_from", "code"),
    [
        ("plenty", Decimal(1), None, "kind"),
        ("much", Decimal(0), None, "value"),
        ("much_share", Decimal(51), None, "value"),
        ("some", Decimal(10_001), None, "value"),
        ("much", Decimal(10_000), LAST_SUNDAY - timedelta(days=1), "valid_from"),
    ],
)
def test_what_makes_no_sense_is_refused(
    practice: Practice, kind: str, value: Decimal, valid_from: date | None, code: str
) -> None:
    with pytest.raises(Invalid) as refused:
        set_limit(kind=kind, value=value, actor=ACTOR, valid_from=valid_from)
    assert refused.value.code == code
    assert not MoneyLimit.objects.exists()
