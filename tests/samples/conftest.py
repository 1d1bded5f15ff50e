"""A practice with an owner, and its sample as the click leaves it."""

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from django.db import transaction
from pytest_django import Settings

from tests.factories import member, organization
from upstream.core import tenancy
from upstream.tenants import samples
from upstream.tenants.models import Membership, Organization

NOW = datetime(2026, 3, 4, 15, tzinfo=UTC)


@dataclass(frozen=True)
class Asked:
    """The practice, who asked there, and the sample."""

    practice: Organization
    owner: Membership
    sample: Organization


@pytest.fixture(autouse=True)
def wednesday(settings: Settings) -> None:
    settings.FIXED_NOW = NOW


@pytest.fixture
def asked(db: None) -> Asked:
    practice = organization("lakeside")
    with tenancy.bind(practice.pk), transaction.atomic():
        owner = member(role="owner")
    sample = samples.sample_of(practice)
    with tenancy.bind(sample.pk), transaction.atomic():
        samples.join(owner.user, "owner")
    return Asked(practice, owner, sample)
