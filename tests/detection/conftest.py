"""One practice whose payer changes three weeks before the end, and one where nothing does."""

from collections.abc import Iterator

import pytest

from tests.factories import organization
from tests.factories.worlds import STEP, World, build
from upstream.core import tenancy


@pytest.fixture
def changed(db: None) -> Iterator[World]:
    """Bound."""
    made = organization()
    with tenancy.bind(made.pk):
        yield build(made, step=STEP)


@pytest.fixture
def quiet(db: None) -> Iterator[World]:
    """Bound."""
    made = organization()
    with tenancy.bind(made.pk):
        yield build(made)
