from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest

from tests import factories
from tests.factories import findings, weeks
from upstream.alerts.models import Incident, IncidentClaim
from upstream.claims.choices import Outcome
from upstream.claims.models import Payer
from upstream.core import tenancy
from upstream.kpis.choices import Fact
from upstream.kpis.models import Price
from upstream.tenants.choices import Role
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


@pytest.fixture
def practice(db, monday) -> Iterator[Practice]:
    """Two payers in the week of 23 February to 1 March 2026: Summit with an incident, Civic as ever."""
    organization = factories.organization("hillside", "Hillside Clinic")
    with tenancy.bind(organization.pk):
        manager = factories.member(Role.MANAGER, "dana@hillside.example")
        manager.user.first_name, manager.user.last_name = "Dana", "Whitfield"
        manager.user.save()
        summit, civic = factories.payer("Summit Mutual"), factories.payer("Civic Care")
        run = findings.run()
        findings.baseline(run, summit, rate=0.18, rate_low=0.14, rate_high=0.23)
        findings.baseline(run, civic, rate=0.09, rate_low=0.06, rate_high=0.12, visible_in_4_weeks=None)
        incident = findings.incident(summit, run, assigned_to=manager)
        claim = factories.claim(
            summit,
            procedure_code="73721",
            submitted_date=date(2026, 2, 10),
            decided_date=date(2026, 2, 24),
            outcome=Outcome.DENIED,
            denial_group="CO",
            denial_carc="197",
            denial_category="AUTH",
            allowed_cents=0,
            paid_cents=0,
            known_at=datetime(2026, 2, 11, tzinfo=UTC),
            decision_known_at=datetime(2026, 2, 24, 12, tzinfo=UTC),
        )
        findings.behind(incident, claim)
        dates = {"due": date(2026, 4, 2), "internal_due": date(2026, 3, 26)}
        IncidentClaim.objects.update(**dates, due_source="appeal, 60 days, usual for this payer")
        for payer, paid, denied in ((summit, 60, 14), (civic, 30, 2)):
            weeks.payer_week(payer, Outcome.PENDING, paid + denied, 100)
            weeks.payer_week(payer, Outcome.PAID, paid, 100)
            weeks.payer_week(payer, Outcome.DENIED, denied, 100)
            weeks.first_answers(payer, Fact.DENIED, denied, 100)
            weeks.first_answers(payer, Fact.BY_PROCEDURE, paid + denied, 100)
            Price.objects.create(
                payer=payer, procedure_code="73721", claims=40, billed_cents=400_000, allowed_cents=320_000
            )
        weeks.reason_week(summit, "AUTH", "CO-197", 14, 100)
        weeks.reason_week(civic, "DATA", "CO-16", 2, 100)
        weeks.remittance(summit)
        yield Practice(organization, manager, summit, civic, incident)
