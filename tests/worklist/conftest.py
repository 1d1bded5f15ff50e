"""A bound practice with one payer, and two people who work denials."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from django.db import transaction
from pytest_django import Settings

from tests.factories import member, organization, payer
from upstream.claims.models import Payer
from upstream.core import tenancy
from upstream.tenants.models import Membership, Organization

NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)


@dataclass(frozen=True)
class Office:
    organization: Organization
    payer: Payer
    ada: Membership
    ben: Membership


@pytest.fixture(autouse=True)
def monday(settings: Settings) -> None:
    settings.FIXED_NOW = NOW


@pytest.fixture
def office(db: None) -> Iterator[Office]:
    made = organization()
    with tenancy.bind(made.pk), transaction.atomic():
        yield Office(made, payer("Summit Mutual"), member("biller"), member("biller"))


def actor(of: Membership) -> str:
    return f"user:{of.user.public_id}"
