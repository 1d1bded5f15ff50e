"""What was decided about telling of an incident, beside the incident."""

from typing import Any

from django import template

from upstream.alerts.models import Incident
from upstream.routing import queries

register = template.Library()


@register.inclusion_tag("portal/routing/_told.html")
def told_of(incident: Incident) -> dict[str, Any]:
    """Whether people were told of it, and why not. One query."""
    return {"told": queries.decisions_of(incident).first()}


@register.simple_tag
def muted_now() -> set[int]:
    """Ids of incidents that a mute keeps quiet. One query."""
    return queries.muted_now()
