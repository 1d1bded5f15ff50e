"""Every day an open incident's dates are told anew: which is the next one, what is due soon, and what has passed."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction

from upstream.alerts import queries
from upstream.alerts.amounts import Weight, dated_fields
from upstream.alerts.models import Incident
from upstream.alerts.rules import Due
from upstream.core import clock
from upstream.tenants.queries import bound_organization


def tell_dates(incident_id: int) -> bool:
    """The incident's deadline, what stands beside it and its severity are today's; False when they were."""
    with transaction.atomic():
        today = clock.today(bound_organization().time_zone)
        rows = queries.incidents_with_older_dates(today).select_for_update(of=("self",))
        incident = rows.filter(pk=incident_id).first()
        if incident is None:
            return False
        dues = [(member.due, member.cents) for member in queries.members_by_claim(incident).values() if member.due]
        tell(incident, dues, today)
    return True


def tell(incident: Incident, dues: Iterable[tuple[Due, int]], today: date) -> None:
    """The incident says what these dates come to today; it counts as changed only where that is something else."""
    finding = incident.finding
    weight = Weight(incident.direction, incident.at_stake_cents, finding["payer_monthly_cents"], finding["data_fault"])
    fields, dates = dated_fields(weight, dues, today)
    if any(getattr(incident, name) != value for name, value in fields.items()):
        fields["changed_at"] = clock.now()
    Incident.objects.filter(pk=incident.pk).update(**fields, finding={**finding, **dates})
