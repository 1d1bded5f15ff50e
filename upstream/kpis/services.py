"""What a practice says of its measures."""

from datetime import date

from upstream.core import clock
from upstream.core.errors import Invalid
from upstream.kpis.models import ReworkCost

MOST_CENTS = 100_000


def set_rework_cost(*, cents: int, valid_from: date, source: str, actor: str) -> ReworkCost:
    """From the day on one touch of a denied claim costs so much, as `source` says; earlier words stay.

    Invalid for nothing, for more than $1,000, or without a source.
    """
    if not 0 < cents <= MOST_CENTS:
        raise Invalid("cost", "a touch costs more than nothing and at most $1,000")
    said = " ".join(source.split())
    if not said:
        raise Invalid("source", "say where the amount comes from")
    made: ReworkCost = ReworkCost.objects.create(
        cents=cents, valid_from=valid_from, source=said[:200], said_by=actor, at=clock.now()
    )
    return made
