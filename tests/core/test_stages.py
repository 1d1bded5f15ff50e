"""Workers are woken once for many files, and again for whatever comes after they have looked."""

import os
from collections import Counter

import pytest
from celery import current_app
from pytest_django import Settings

from tests import factories
from upstream import pipeline
from upstream.celery import dispatch
from upstream.core import stages
from upstream.core.stages import Stage

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def nobody_else_wakes(settings: Settings) -> None:
    """Tests at work beside these have tenants of the same numbers, and the same Redis."""
    settings.CACHES = {"default": {**settings.CACHES["default"], "KEY_PREFIX": f"stages-{os.getpid()}"}}


def messages() -> Counter[int]:
    """How many looks wait for each tenant; whatever waits is taken off the queue."""
    told: Counter[int] = Counter()
    with current_app.connection_for_read() as broker, broker.SimpleQueue("default") as queue:
        while queue.qsize():
            message = queue.get_nowait()
            message.ack()
            told[message.headers["tenant"]] += message.headers["task"] == "upstream.dispatch"
    return told


def looked_at(slug: str) -> int:
    """A practice that nobody waits to look at, and an empty queue; its id."""
    practice = factories.organization(slug)
    dispatch.apply(headers={"tenant": practice.pk}, throw=True)
    messages()
    return practice.pk


def test_a_tenant_that_waits_to_be_looked_at_is_told_of_once():
    practice, other = looked_at("alpha"), looked_at("beta")
    for _ in range(3):
        stages.wake(practice)
    stages.wake(other)
    told = messages()
    assert (told[practice], told[other]) == (1, 1)


def test_what_comes_after_the_look_wakes_again():
    practice = looked_at("alpha")
    stages.wake(practice)
    dispatch.apply(headers={"tenant": practice}, throw=True)
    stages.wake(practice)
    assert messages()[practice] == 2


def rows_taken(waiting: list[int], *, seconds: float) -> tuple[bool, list[int]]:
    """What one message takes of a stage with these rows, each of which takes no time."""
    taken: list[int] = []

    def take(row: int) -> bool:
        if row in taken:
            return False
        taken.append(row)
        return True

    stage = Stage("rows", "default", lambda: [row for row in waiting if row not in taken], take)
    return pipeline.take_on(stage, waiting[0], seconds=seconds), taken


def test_a_worker_stays_in_a_stage_until_its_rows_or_its_time_are_over():
    assert rows_taken([1, 2, 3], seconds=60) == (True, [1, 2, 3])
    assert rows_taken([1, 2, 3], seconds=0) == (True, [1])
