from collections.abc import Iterator

import pytest
from pytest_django import Settings

from tests.factories import organization
from tests.kpis import world
from upstream.core import tenancy
from upstream.explore.facts.writing import take_month


def write_facts() -> int:
    """Every month that waits is written; how many."""
    months = 0
    while take_month(0):
        months += 1
    return months


@pytest.fixture
def small(db: None, settings: Settings, own_var: object) -> Iterator[int]:
    """The miniature practice of the measures with its facts, bound for the test; its id."""
    settings.FIXED_NOW = world.NOW
    org = organization()
    with tenancy.bind(org.pk):
        world.build()
        write_facts()
        yield org.pk
