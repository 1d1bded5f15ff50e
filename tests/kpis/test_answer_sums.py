"""Sums read from the days that are kept are those of the answers themselves, wherever a range begins or ends."""

from datetime import date, timedelta

import pytest
from django.db import transaction

from tests.ingestion.told import status, tell
from tests.kpis import world
from upstream.ingestion.reconciliation import queries as live
from upstream.ingestion.reconciliation.choices import Basis, By
from upstream.ingestion.reconciliation.rules import Range
from upstream.kpis import answer_sums
from upstream.kpis.models import AnswerDay

ALL = [date(2026, 1, 5) + timedelta(days=day) for day in range(1, 60, 3)]


@pytest.fixture
def answered_again(small: int) -> None:
    """Also a claim that is paid, taken back and paid anew within one week, and within one month."""
    world.remit(date(2026, 2, 10), world.usual("A1", paid=70))
    world.remit(date(2026, 2, 12), world.usual("A1", paid=71))
    world.remit(date(2026, 2, 24), world.usual("A1", paid=72))
    world.sum_up()


@pytest.mark.usefixtures("answered_again")
@pytest.mark.parametrize("basis", Basis)
@pytest.mark.parametrize("by", By)
def test_every_range_comes_to_what_its_answers_come_to(by: By, basis: Basis) -> None:
    with transaction.atomic():
        for first in ALL:
            for last in (day for day in ALL if day >= first):
                wanted = Range(first, last, by)
                assert answer_sums.claim_sums(wanted, basis) == live.claim_sums(wanted, basis), wanted


@pytest.mark.usefixtures("answered_again")
def test_a_claim_answered_on_three_days_of_a_month_is_one_claim_of_it() -> None:
    with transaction.atomic():
        sums = answer_sums.claim_sums(Range(date(2026, 2, 1), date(2026, 2, 28), By.MONTH), Basis.REMIT)
        days = answer_sums.claim_sums(Range(date(2026, 2, 1), date(2026, 2, 28), By.DAY), Basis.REMIT)
    (summit,) = (row for row in sums if row.payer == "Summit Mutual")
    assert (summit.claims, sum(row.claims for row in days if row.payer == "Summit Mutual")) == (4, 6)


@pytest.mark.usefixtures("small")
def test_the_answers_themselves_are_read_only_while_something_waits_to_be_summed() -> None:
    wanted = Range(date(2026, 1, 1), date(2026, 3, 31), By.MONTH)
    with transaction.atomic():
        AnswerDay.objects.all().delete()
        assert answer_sums.claim_sums(wanted, Basis.REMIT) == []
    tell(status("B2", "A7"))
    with transaction.atomic():
        assert answer_sums.claim_sums(wanted, Basis.REMIT) == live.claim_sums(wanted, Basis.REMIT) != []
