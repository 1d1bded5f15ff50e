"""Work on the claims of something, as pages of other things show it."""

from typing import Any

from django import template

from upstream.alerts.models import Incident
from upstream.core import clock
from upstream.portal.worklist_forms import BulkForm
from upstream.tenants.choices import Right
from upstream.worklist.queries import Wanted, listed, sums_of

register = template.Library()


@register.inclusion_tag("portal/worklist/_of_incident.html", takes_context=True)
def worklist_of(context: template.Context, incident: Incident) -> dict[str, Any]:
    """How many of the incident's claims are to be worked, a way there, and one act that gives them all to somebody."""
    today = clock.today(context["tenant"].time_zone)
    works = Right.WORK in context["rights"]
    return {
        "incident": incident, "sums": sums_of(listed(Wanted(incident=incident.pk), today)),
        "form": BulkForm() if works else None, "csrf_token": context.get("csrf_token"),
    }  # fmt: skip
