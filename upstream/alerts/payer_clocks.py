"""What is known of a payer's clocks, and the dates of its open incidents that follow from it."""

from datetime import date

from django.db import transaction

from upstream.alerts import queries
from upstream.alerts.choices import ClockAction, ClockBasis
from upstream.alerts.clocks import windows_of
from upstream.alerts.models import Incident, IncidentClaim, PayerClock
from upstream.alerts.rules import CLOSED, due_of
from upstream.alerts.upkeep import tell
from upstream.claims import payer_decisions
from upstream.claims.choices import Outcome
from upstream.claims.models import Payer
from upstream.core import clock
from upstream.core.errors import Invalid
from upstream.tenants.queries import bound_organization

ALWAYS = date(2000, 1, 1)
LONGEST = 3660
DENIED = (Outcome.DENIED, Outcome.PARTIAL)


@transaction.atomic
def set_type(payer: Payer, payer_type: str) -> Payer:
    """The payer is of this type, and the dates of its open incidents are that type's. Invalid for an unknown type."""
    payer_decisions.set_type(payer, payer_type)
    tell_clocks(payer)
    return payer


@transaction.atomic
def set_clock(
    payer: Payer,
    *,
    action: str,
    basis: str,
    days: int | None,
    source: str = "",
    valid_from: date | None = None,
    actor: str,
) -> PayerClock:
    """The payer leaves so many days from `valid_from` on (None: always has); None days end what was said before.

    Invalid for an action or basis that we do not have, or days out of range.
    """
    if action not in ClockAction.values or basis not in ClockBasis.values:
        raise Invalid("clock", "there is no such clock")
    if days is not None and not 1 <= days <= LONGEST:
        raise Invalid("days", f"a clock runs 1 to {LONGEST} days")
    said: PayerClock = PayerClock.objects.create(
        payer=payer, action=action, basis=basis, days=days, source=source.strip()[:80], said_by=actor,
        valid_from=valid_from or ALWAYS, at=clock.now(),
    )  # fmt: skip
    tell_clocks(payer)
    return said


def tell_clocks(payer: Payer) -> int:
    """The dates of the payer's open incidents are those of its clocks as they stand; how many incidents there are."""
    today = clock.today(bound_organization().time_zone)
    rows = Incident.objects.exclude(state__in=CLOSED).filter(payer=payer).select_related("last_run")
    incidents = list(rows.select_for_update(of=("self",)).order_by("pk"))
    for incident in incidents:
        members = list(IncidentClaim.objects.filter(incident=incident, due__isnull=False).select_related("claim"))
        carcs = {member.pk: _carc(member) for member in members}
        windows = windows_of(set(carcs.values()), incident.last_run.as_of, payer.pk)
        for member in members:
            window = windows.get(carcs[member.pk])
            due = due_of(member.claim.decided_date, window) if window and member.claim.decided_date else None
            member.due, member.internal_due = (due.deadline, due.internal) if due else (None, None)
            member.due_source = due.source if due else ""
        IncidentClaim.objects.bulk_update(members, ["due", "internal_due", "due_source"], batch_size=1000)
        tell(incident, queries.members_by_claim(incident).values(), today)
    return len(incidents)


def _carc(member: IncidentClaim) -> str:
    return str(member.claim.denial_carc) if member.claim.outcome in DENIED else ""
