"""A practice with a payer on the Monday of the other tests, bound for the whole test."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.db import transaction
from pytest_django import Settings

from tests.factories import organization, payer
from upstream.claims.models import Payer
from upstream.core import tenancy


@pytest.fixture
def monday(settings: Settings) -> None:
    settings.FIXED_NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)


@pytest.fixture
def summit(db: None, monday: None) -> Iterator[Payer]:
    practice = organization("lakeside", "Lakeside Orthopedics")
    with tenancy.bind(practice.pk), transaction.atomic():
        yield payer("Summit Mutual")
