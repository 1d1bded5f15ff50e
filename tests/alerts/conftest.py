"""A practice whose payer changes three weeks before the end, and one where nothing does; a manager in each."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.factories import member, organization
from tests.factories.worlds import LAST_SUNDAY, STEP, World, build
from upstream.alerts import intake
from upstream.alerts.models import Incident
from upstream.core import tenancy
from upstream.detection import services
from upstream.tenants.models import Membership


@dataclass(frozen=True)
class Practice:
    """A bound practice."""

    world: World
    manager: Membership


@pytest.fixture
def practice(db: None) -> Iterator[Practice]:
    made = organization()
    with tenancy.bind(made.pk):
        yield Practice(build(made, step=STEP), member())


@pytest.fixture
def incident(practice: Practice) -> Incident:
    """The one incident of the planted step, as the stage opens it."""
    intake.take_signals(services.run(LAST_SUNDAY).pk)
    found: Incident = Incident.objects.get()
    return found
