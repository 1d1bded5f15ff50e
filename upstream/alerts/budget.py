"""The practice's budget of false incidents: what it is willing to look at in vain."""

from decimal import Decimal

from upstream.detection.rules import Budget
from upstream.tenants.models import Organization
from upstream.tenants.queries import bound_organization


def set_budget(per_quarter: Decimal) -> Organization:
    """From the next look on at most so many false incidents a quarter are aimed at; the trail of settings says who.

    Invalid outside of what detection was measured for.
    """
    Budget(float(per_quarter))
    practice = bound_organization()
    practice.false_incidents_per_quarter = per_quarter
    practice.save(update_fields=["false_incidents_per_quarter"])
    return practice
