"""Mondays of several practices with real workers that are killed on the way: none late for long, none twice."""

import os
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from django.db import transaction

from tests import factories
from tests.factories import practices
from tests.faults.commands import begin, wait_until_gone
from upstream.core import tenancy
from upstream.delivery.choices import OutboxState
from upstream.delivery.models import Outbox
from upstream.reports.choices import RunState
from upstream.reports.models import Artifact, ReportRun

MONDAY = "2026-03-02T13:20:00+00:00"
PRACTICES, WORKERS, KILLS, PATIENCE = 4, 2, 2, 240
ENDED = {OutboxState.SENT, OutboxState.FAILED, OutboxState.UNKNOWN}

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def mondays() -> list[int]:
    """Practices whose usual schedule, Mondays at 7, has just come due; ids."""
    ids = [factories.organization(f"clinic-{number}").pk for number in range(PRACTICES)]
    for practice in ids:
        with tenancy.bind(practice), transaction.atomic():
            practices.week(f"dana@clinic-{practice}.example")
    return ids


@contextmanager
def workers() -> Iterator[list[subprocess.Popen]]:
    """Two workers of the product; whoever of them lives at the end is stopped."""
    running = [worker() for _ in range(WORKERS)]
    try:
        yield running
    finally:
        for process in running:
            process.kill()
            process.communicate(timeout=60)


def worker() -> subprocess.Popen:
    return begin("work", UPSTREAM_NOW=MONDAY)


def left(ids: list[int]) -> dict[int, tuple[list[tuple[date, str]], int, Counter[str]]]:
    """Of each practice: its reports' days and states, how many files they have, and its mails of reports by state."""
    found = {}
    for practice in ids:
        with tenancy.bind(practice), transaction.atomic():
            runs = list(ReportRun.objects.values_list("as_of", "state"))
            mails = Counter(Outbox.objects.filter(template="report_ready").values_list("state", flat=True))
            found[practice] = (runs, Artifact.objects.count(), mails)
    return found


def being_made(ids: list[int]) -> int:
    return sum(state == RunState.RENDERING for runs, _, _ in left(ids).values() for _, state in runs)


def wait_for(holds, what: str) -> None:
    until = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < until, what
        time.sleep(0.02)


def done(ids: list[int]) -> bool:
    """Every report is made, and its mail has come to an end: one that is just being written is still to be sent."""
    return all(
        [state for _, state in runs] == [RunState.RENDERED] and sum(mails.values()) == 1 and mails.keys() <= ENDED
        for runs, _, mails in left(ids).values()
    )


def test_every_practice_gets_its_report_once_though_workers_are_killed_while_they_draw(mondays: list[int]) -> None:
    with workers() as running:
        for kill in range(KILLS):
            wait_for(lambda: being_made(mondays), "nobody makes a report")
            os.kill(running[kill].pid, signal.SIGKILL)
            running[kill].communicate(timeout=60)
            running[kill] = worker()
        wait_for(lambda: done(mondays), "a report is late")
        states = left(mondays)
        wait_until_idle(mondays)
    assert left(mondays) == states
    for runs, files, mails in states.values():
        assert runs == [(date(2026, 3, 1), RunState.RENDERED)]
        assert files == 2
        assert sum(mails.values()) == 1
    wait_until_gone()


def wait_until_idle(ids: list[int]) -> None:
    """Both workers have had time for another round over all practices."""
    time.sleep(4)
