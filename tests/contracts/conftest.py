from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from pytest_django import Settings

from tests.factories import organization
from upstream.core import tenancy


@pytest.fixture
def practice(db: None, settings: Settings) -> Iterator[int]:
    """A practice on 2 March 2026, bound for the test; its id."""
    settings.FIXED_NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)
    org = organization()
    with tenancy.bind(org.pk):
        yield org.pk
