from collections.abc import Iterator

import pytest
from pytest_django import Settings

from tests.factories import organization
from tests.kpis import world
from upstream.core import tenancy


@pytest.fixture
def small(db: None, settings: Settings) -> Iterator[int]:
    """The miniature practice, bound for the test; its id."""
    settings.FIXED_NOW = world.NOW
    org = organization()
    with tenancy.bind(org.pk):
        world.build()
        yield org.pk
