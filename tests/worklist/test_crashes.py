"""Killed while items are written, the next worker writes them once."""

from datetime import date

import pytest
from django.db import transaction

from tests.factories import claim, organization, payer
from tests.factories.denials import answer
from tests.faults.commands import KILLED, begin, ended
from upstream.claims.choices import Outcome
from upstream.core import tenancy
from upstream.tenants.models import Organization
from upstream.worklist.models import Act, Item, Taken

NOW = "2026-03-09T15:00:00+00:00"

pytestmark = pytest.mark.django_db(transaction=True)


def work(practice: Organization, *expected: int, **changes: str) -> None:
    ended(begin("work", "--once", "--tenant", practice.slug, UPSTREAM_NOW=NOW, **changes), *expected)


def left(practice: Organization) -> tuple[list[str], int, int]:
    with tenancy.bind(practice.pk), transaction.atomic():
        steps = list(Item.objects.values_list("step", flat=True))
        return steps, Act.objects.count(), Taken.objects.filter(kind="file").count()


def test_killed_before_items_commit_and_taken_once_by_two_workers() -> None:
    made = organization()
    with tenancy.bind(made.pk), transaction.atomic():
        denied = claim(payer(), outcome=Outcome.DENIED, submitted_date=date(2026, 2, 6))
        answer(denied)
    work(made, KILLED, UPSTREAM_CRASH_AT="after_worklist")
    assert left(made) == ([], 0, 0)
    work(made)
    assert left(made) == (["todo"], 0, 1)
    with tenancy.bind(made.pk), transaction.atomic():
        answer(denied, Outcome.PAID, paid_cents=8_000, known_at=denied.known_at.replace(day=9))
    work(made, KILLED, UPSTREAM_CRASH_AT="after_worklist")
    assert left(made) == (["todo"], 0, 1)
    both = [begin("work", "--once", "--tenant", made.slug, UPSTREAM_NOW=NOW) for _ in range(2)]
    for worker in both:
        ended(worker)
    assert left(made) == (["won"], 1, 2)
