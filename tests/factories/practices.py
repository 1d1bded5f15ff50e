"""Whole practices with the week of 23 February to 1 March 2026, ready to be reported."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from tests import factories
from tests.factories import findings, weeks
from upstream.alerts.models import Incident, IncidentClaim
from upstream.claims.choices import Outcome
from upstream.claims.models import Payer
from upstream.kpis.choices import Fact
from upstream.kpis.models import Price
from upstream.tenants.choices import Role
from upstream.tenants.models import Membership


@dataclass(frozen=True)
class Week:
    """A manager, two payers and one incident."""

    manager: Membership
    summit: Payer
    civic: Payer
    incident: Incident


def week(email: str = "dana@hillside.example") -> Week:
    """In the bound practice: Summit with an incident, Civic as ever."""
    manager = factories.member(Role.MANAGER, email)
    manager.user.first_name, manager.user.last_name = "Dana", "Whitfield"
    manager.user.save()
    summit, civic = factories.payer("Summit Mutual"), factories.payer("Civic Care")
    run = findings.run()
    findings.baseline(run, summit, rate=0.18, rate_low=0.14, rate_high=0.23)
    findings.baseline(run, civic, rate=0.09, rate_low=0.06, rate_high=0.12, visible_in_4_weeks=None)
    incident = findings.incident(summit, run, assigned_to=manager)
    claim = factories.claim(
        summit, procedure_code="73721", submitted_date=date(2026, 2, 10), decided_date=date(2026, 2, 24),
        outcome=Outcome.DENIED, denial_group="CO", denial_carc="197", denial_category="AUTH", allowed_cents=0,
        paid_cents=0, known_at=datetime(2026, 2, 11, tzinfo=UTC),
        decision_known_at=datetime(2026, 2, 24, 12, tzinfo=UTC),
    )  # fmt: skip
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
    return Week(manager, summit, civic, incident)
