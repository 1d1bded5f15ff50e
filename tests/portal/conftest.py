"""A practice with one payer and a person of each role, and browsers that are signed in."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client
from pytest_django import Settings

from tests.factories import claim, findings, member, organization, payer
from tests.factories.denials import item
from upstream.claims.choices import Outcome
from upstream.claims.models import Payer
from upstream.core import tenancy
from upstream.detection.models import DetectionRun
from upstream.tenants.models import Membership, Organization
from upstream.worklist.models import Item

NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)


@dataclass(frozen=True)
class Practice:
    """Rows are made inside `with practice.bound():`; pages are asked for outside of it."""

    organization: Organization
    manager: Membership
    payer: Payer
    run: DetectionRun

    @contextmanager
    def bound(self) -> Iterator[None]:
        with tenancy.bind(self.organization.pk), transaction.atomic():
            yield


@pytest.fixture(autouse=True)
def monday(settings: Settings, tmp_path: Path) -> None:
    settings.FIXED_NOW = NOW
    settings.STATIC_ROOT = tmp_path  # whitenoise warns of a folder that is not there


def open_practice(name: str) -> Practice:
    made = organization(name=name)
    with tenancy.bind(made.pk), transaction.atomic():
        summit = payer("Summit Mutual")
        run = findings.run()
        findings.baseline(run, summit)
        return Practice(made, member(), summit, run)


@pytest.fixture
def practice(db: None) -> Practice:
    return open_practice("Lakeside Orthopedics")


@pytest.fixture
def stranger(db: None) -> Client:
    """The manager of another practice."""
    return browser_of(open_practice("Quietwater Family Medicine").manager)


def browser_of(membership: Membership) -> Client:
    client = Client()
    client.force_login(membership.user)
    return client


SignedIn = Callable[[str], Client]


@pytest.fixture
def signed_in(practice: Practice) -> SignedIn:
    """A browser of a person with the given role."""

    def sign_in(role: str) -> Client:
        with practice.bound():
            return browser_of(member(role))

    return sign_in


@pytest.fixture
def manager(practice: Practice) -> Client:
    return browser_of(practice.manager)


def denial(practice: Practice, code: str, **fields: object) -> Item:
    of = fields.pop("payer", practice.payer)
    return item(of, claim=claim(of, outcome=Outcome.DENIED, procedure_code=code), procedure_code=code, **fields)


@pytest.fixture
def five(practice: Practice) -> dict[str, Item]:
    """Open ones by deadline and then by recovery; one put aside, one whose window has closed."""
    with practice.bound():
        return {
            "A": denial(practice, "A", deadline=date(2026, 3, 5), recovery_cents=100),
            "B": denial(practice, "B", deadline=date(2026, 3, 5), recovery_cents=900),
            "C": denial(practice, "C", deadline=date(2026, 4, 1), category="DATA", owner=practice.manager),
            "D": denial(practice, "D", deadline=date(2026, 3, 1)),
            "E": denial(practice, "E", snoozed_until=date(2026, 3, 20)),
        }


def words_of(client: Client, path: str) -> str:
    """The page's text with single spaces; it must be there."""
    response = client.get(path)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())
