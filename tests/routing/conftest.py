from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.factories import NOON, findings, member, organization, payer
from upstream.alerts.models import Incident
from upstream.claims.models import Payer
from upstream.core import tenancy
from upstream.detection.models import DetectionRun
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


@pytest.fixture
def incident(manager: Membership) -> Incident:
    """A high one at Summit Mutual that opened just now and is not told yet; a manager is there to be told."""
    return opened()


def opened(of_payer: Payer | None = None, **fields: object) -> Incident:
    """An incident that has just opened."""
    of_payer = of_payer or Payer.objects.filter(name="Summit Mutual").first() or payer("Summit Mutual")
    made = findings.incident(of_payer, findings.run(**run_of()), **fields)
    findings.opening(made)
    return made


def run_of() -> dict[str, object]:
    """Runs of a practice differ by their day."""
    return {"as_of": findings.AS_OF + timedelta(days=DetectionRun.objects.count())}
