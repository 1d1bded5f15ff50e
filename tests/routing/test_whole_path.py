"""From a practice's files to its people's mail, by the stages themselves: one cause is one incident and one mail."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta

import pytest
from django.db import transaction
from pytest_django import Settings

from tests.factories import member, organization
from tests.factories.practice_files import HISTORY, Rate, export, monday, usual
from upstream import pipeline
from upstream.alerts.models import Incident
from upstream.core import tenancy
from upstream.core.clock import monday_of
from upstream.delivery.choices import Kind, OutboxState
from upstream.delivery.models import Outbox
from upstream.ingestion import services as ingestion
from upstream.tenants.choices import Role
from upstream.watchers.choices import Limit
from upstream.watchers.limits import set_limit

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def practice(settings: Settings) -> Iterator[None]:
    """Bound, with one manager; its workers are asked three times a week, which is not called a fault."""
    settings.FIXED_NOW = datetime.combine(monday(HISTORY), time(12), UTC)
    made = organization()
    with tenancy.bind(made.pk):
        with transaction.atomic():
            member(Role.MANAGER)
            set_limit(limit=Limit.WATCH_MINUTES, value=10_080, reason="asked three times a week", actor="command:test")
        yield


def live_through(settings: Settings, weeks: int, rate: Rate) -> None:
    """The history in one file, then each Monday a file; all stages work to their end then, on Tuesday and on Friday."""
    for week in range(HISTORY - 1, HISTORY + weeks):
        day = datetime.combine(monday(week + 1), time(18), UTC)
        first = 0 if week == HISTORY - 1 else week - 2
        for number in (0, 1, 4):
            settings.FIXED_NOW = day + timedelta(days=number)
            if number == 0:
                ingestion.receive([export(first, week, rate)], name="claims.csv", received_from="test")
            pipeline.run_to_end()


@transaction.atomic
def told() -> tuple[int, Counter[str]]:
    """How many incidents there are, and how much mail of which kind the manager was sent."""
    written = Outbox.objects.filter(kind=Kind.MAIL, state=OutboxState.SENT).values_list("template", flat=True)
    return Incident.objects.count(), Counter(written)


def harsher(weeks: set[int]) -> Rate:
    """Summit Mutual denies 35 claims of a hundred instead of 10 in these weeks, whatever was done and wherever."""
    bad = {monday(HISTORY + week) for week in weeks}
    return lambda payer, decided: 0.35 if payer == "Summit Mutual" and monday_of(decided) in bad else 0.10


def test_forty_cells_of_one_cause_are_one_incident_and_one_mail(practice: None, settings: Settings) -> None:
    live_through(settings, 3, harsher({0, 1, 2}))
    assert told() == (1, {"incident_opened": 1, "report_ready": 3})


def test_a_series_that_flaps_is_one_incident_and_one_mail(practice: None, settings: Settings) -> None:
    live_through(settings, 6, harsher({0, 1, 4, 5}))
    assert told() == (1, {"incident_opened": 1, "report_ready": 6})


def test_a_quiet_month_is_the_weekly_report_and_nothing_else(practice: None, settings: Settings) -> None:
    live_through(settings, 5, usual)
    assert told() == (0, {"report_ready": 5})
