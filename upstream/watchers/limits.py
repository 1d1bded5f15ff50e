"""How much is a trouble: the practice's own limit for the day, else ours."""

from dataclasses import dataclass
from datetime import date

from upstream.core import clock
from upstream.core.errors import Conflict, Invalid
from upstream.tenants.queries import bound_organization
from upstream.watchers.choices import Limit
from upstream.watchers.models import OwnLimit
from upstream.watchers.rules import DEFAULTS, RANGES

LONGEST_REASON = 200


@dataclass(frozen=True)
class Standing:
    """One limit in force, and who says so."""

    limit: Limit
    value: int
    source: str
    own: OwnLimit | None = None


def limits_of(day: date) -> dict[str, Standing]:
    """Every limit in force on the day. One query."""
    found = {limit: Standing(Limit(limit), value, source) for limit, (value, source) in DEFAULTS.items()}
    for row in OwnLimit.objects.filter(valid_from__lte=day).order_by("valid_from", "pk"):
        value, source = DEFAULTS[row.limit]
        own = row if row.value is not None else None
        found[row.limit] = Standing(Limit(row.limit), own.value, own.reason, own) if own else found[row.limit]
        if own is None:
            found[row.limit] = Standing(Limit(row.limit), value, source)
    return found


def set_limit(
    *, limit: str, value: int | None, reason: str, actor: str, valid_from: date | None = None, replaces: str = ""
) -> OwnLimit:
    """From the day on (None: today) this is the limit; None in `value` is ours again.

    `replaces`: id of the own limit that the form was made from, "" for none. Conflict when it is another one meanwhile,
    Invalid for a limit that we do not have, a value out of range or no reason.
    """
    if limit not in Limit.values:
        raise Invalid("limit", "there is no such limit")
    low, high = RANGES[Limit(limit)]
    if value is not None and not low <= value <= high:
        raise Invalid("value", f"this is {low} to {high}")
    reason = " ".join(reason.split())
    if not reason or len(reason) > LONGEST_REASON:
        raise Invalid("reason", f"say why in at most {LONGEST_REASON} letters")
    day = valid_from or clock.today(bound_organization().time_zone)
    standing = limits_of(day)[limit].own
    if (str(standing.public_id) if standing else "") != replaces:
        raise Conflict("changed", "somebody has changed this limit meanwhile: look at it again")
    return OwnLimit.objects.create(
        limit=limit, value=value, reason=reason, valid_from=day, set_by=actor[:80], at=clock.now()
    )
