"""A practice with one payer and a person of each role, and browsers that are signed in."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from tests.factories import findings, member, organization, payer
from upstream.claims.models import Payer
from upstream.core import tenancy
from upstream.detection.models import DetectionRun
from upstream.tenants.models import Membership, Organization

NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)


@dataclass(frozen=True)
class Practice:
    organization: Organization
    manager: Membership
    payer: Payer
    run: DetectionRun


@pytest.fixture(autouse=True)
def monday(settings: Settings, tmp_path: Path) -> None:
    settings.FIXED_NOW = NOW
    settings.STATIC_ROOT = tmp_path  # whitenoise warns of a folder that is not there


@pytest.fixture
def practice(db: None) -> Iterator[Practice]:
    """Bound for the length of the test."""
    made = organization(name="Lakeside Orthopedics")
    with tenancy.bind(made.pk):
        summit = payer("Summit Mutual")
        run = findings.run()
        findings.baseline(run, summit)
        yield Practice(made, member(), summit, run)


SignedIn = Callable[[str], Client]


@pytest.fixture
def signed_in(practice: Practice) -> SignedIn:
    """A browser of a person with the given role."""

    def sign_in(role: str) -> Client:
        client = Client()
        client.force_login(member(role).user)
        return client

    return sign_in


@pytest.fixture
def manager(practice: Practice) -> Client:
    client = Client()
    client.force_login(practice.manager.user)
    return client
