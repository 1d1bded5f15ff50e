from collections.abc import Iterator

import pytest

from tests.factories import NOON, member, organization
from upstream.core import tenancy
from upstream.routing.services import Said
from upstream.tenants.models import Membership, Organization

SAID = Said(
    "A file is late", ["The last one came nine days ago."], "https://upstream.example/portal/sources/", {"n": 9}
)


@pytest.fixture(autouse=True)
def monday_noon(settings: pytest.FixtureRequest) -> None:
    settings.FIXED_NOW = NOON  # pytest-django's settings wrapper


@pytest.fixture
def practice(db: None) -> Iterator[Organization]:
    """Bound; its time zone is Chicago's."""
    made = organization()
    with tenancy.bind(made.pk):
        yield made


@pytest.fixture
def manager(practice: Organization) -> Membership:
    return member()
