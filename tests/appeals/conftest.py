"""A practice with a payer on the Monday of the other tests, bound for the whole test."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import transaction
from pytest_django import Settings

from tests.factories import denials, findings, letters, organization, payer
from upstream.alerts.models import Incident, IncidentClaim
from upstream.appeals import packets, queries
from upstream.appeals.models import Packet
from upstream.appeals.packets import Rate
from upstream.claims.choices import Outcome
from upstream.claims.models import Payer
from upstream.core import tenancy

RATE = Rate(30, Decimal("12.00"), "NY: a public list", "low")


@pytest.fixture
def monday(settings: Settings) -> None:
    settings.FIXED_NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)


@pytest.fixture
def summit(db: None, monday: None) -> Iterator[Payer]:
    practice = organization("lakeside", "Lakeside Orthopedics")
    with tenancy.bind(practice.pk), transaction.atomic():
        yield payer("Summit Mutual")


@pytest.fixture
def incident(summit: Payer) -> Incident:
    """Forty claims of odd amounts: denied, paid late, and one that waits."""
    made = findings.incident(summit, findings.run())
    rows = [letters.denied(summit, f"LK-{number}") for number in range(38)]
    rows.append(letters.denied(
        summit, "LK-38", outcome=Outcome.PAID, paid_cents=100_000, denial_carc="", denial_group="", denial_category="",
        submitted_date=date(2026, 1, 1), decided_date=date(2026, 2, 1),
    ))  # fmt: skip
    rows.append(letters.denied(
        summit, "LK-39", outcome=Outcome.PENDING, decided_date=None, denial_carc="", denial_group="",
        denial_category="", submitted_date=date(2026, 1, 1),
    ))  # fmt: skip
    findings.behind(made, *rows)
    for number, member in enumerate(IncidentClaim.objects.filter(incident=made).order_by("pk")):
        IncidentClaim.objects.filter(pk=member.pk).update(expected_cents=33_333 + number)
    total = sum(33_333 + number for number in range(40))
    Incident.objects.filter(pk=made.pk).update(claims_cents=total)
    made.refresh_from_db()
    denials.answer(rows[0], check_number="CHK-77")
    return made


def done(packet: Packet) -> Packet:
    assert packets.take(packet.pk)
    assert not packets.take(packet.pk)
    found = queries.packet(packet.public_id)
    assert found is not None
    return found
