"""What of open incidents is told anew: every day their dates, and whether their data are in doubt."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction

from upstream.alerts import queries
from upstream.alerts.amounts import Weight, dated_fields
from upstream.alerts.models import Incident
from upstream.alerts.rules import Member
from upstream.alerts.wording import doubt_of, doubted
from upstream.core import clock
from upstream.ingestion.quality import queries as quality
from upstream.ingestion.quality.queries import Fault
from upstream.tenants.queries import bound_organization


def caveats_of(faults: Iterable[Fault], payer_id: int, onset: date, until: date) -> list[str]:
    """Of the open faults in the data those that an incident at this payer since then is made of, in words."""
    return [caveat.words for caveat in quality.caveats_among(faults, payer_id, onset, until)]


def tell_dates(incident_id: int) -> bool:
    """The incident's deadline, its caveats and its severity are today's; False when they were."""
    with transaction.atomic():
        today = clock.today(bound_organization().time_zone)
        rows = queries.incidents_with_older_dates(today).select_for_update(of=("self",))
        incident = rows.filter(pk=incident_id).first()
        if incident is None:
            return False
        caveats = caveats_of(quality.faults(), incident.payer_id, incident.onset_week, incident.last_as_of)
        tell(incident, queries.members_by_claim(incident).values(), today, caveats=caveats)
    return True


def tell_caveats(today: date) -> int:
    """Open incidents say what is in doubt now and are as severe as that allows; how many changed. In a transaction."""
    changed, faults = 0, quality.faults()
    for incident in queries.open_incidents().select_for_update(of=("self",)):
        caveats = caveats_of(faults, incident.payer_id, incident.onset_week, incident.last_as_of)
        if caveats != incident.finding.get("caveats", []):
            tell(incident, queries.members_by_claim(incident).values(), today, caveats=caveats)
            changed += 1
    return changed


def tell(incident: Incident, members: Iterable[Member], today: date, *, caveats: list[str] | None = None) -> None:
    """The incident says what these claims' dates come to today; it counts as changed only where that is something else.

    `caveats`: what of its data is in doubt now; None leaves what it says.
    """
    finding = incident.finding
    caveats = finding.get("caveats", []) if caveats is None else caveats
    doubt = doubt_of(finding, caveats)
    weight = Weight(incident.direction, incident.at_stake_cents, finding["payer_monthly_cents"], bool(doubt))
    fields, dates = dated_fields(weight, members, today)
    told: dict[str, Any] = {**fields, "title": doubted(incident.title, doubt=doubt)}
    if any(getattr(incident, name) != value for name, value in told.items()):
        told["changed_at"] = clock.now()
    Incident.objects.filter(pk=incident.pk).update(**told, finding={**finding, **dates, "caveats": caveats})
