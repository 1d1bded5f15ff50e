from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest

from tests import factories
from tests.explore.conftest import small as small
from tests.factories import practices
from tests.factories.exploring import own_report
from upstream.alerts.models import Incident
from upstream.claims.models import Payer
from upstream.core import tenancy
from upstream.explore.models import OwnReport
from upstream.tenants.models import Membership, Organization

SUNDAY = date(2026, 3, 1)


@pytest.fixture
def monday(settings) -> datetime:
    """It is Monday, 2 March 2026, 8 o'clock in Chicago."""
    settings.FIXED_NOW = datetime(2026, 3, 2, 14, tzinfo=UTC)
    return settings.FIXED_NOW


@dataclass
class Practice:
    organization: Organization
    manager: Membership
    summit: Payer
    civic: Payer
    incident: Incident
    own: OwnReport


@pytest.fixture
def practice(db, monday, own_var) -> Iterator[Practice]:
    """Two payers in the week of 23 February to 1 March 2026: Summit with an incident, Civic as ever."""
    organization = factories.organization("hillside", "Hillside Clinic")
    with tenancy.bind(organization.pk):
        made = practices.week()
        own = own_report(made.manager, shared=True)
        yield Practice(organization, made.manager, made.summit, made.civic, made.incident, own)
