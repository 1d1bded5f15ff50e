from collections.abc import Iterator

import pytest

from tests.factories import organization
from upstream.core import tenancy


@pytest.fixture
def practice(db: None) -> Iterator[int]:
    """A practice, bound for the test; its id."""
    org = organization()
    with tenancy.bind(org.pk):
        yield org.pk
