"""Which clock runs for a denial: the newest row of the payer's type that is in force."""

from datetime import date

from upstream.alerts.choices import ClockAction
from upstream.alerts.models import Clock
from upstream.alerts.rules import Window
from upstream.claims.models import CarcRule

UNKNOWN = "unknown"
# What the map of reason codes calls the clocks; a reason that depends on its remark gets the shortest one.
ACTIONS = {
    "appeal": ClockAction.APPEAL,
    "refile": ClockAction.REFILE,
    "docreq": ClockAction.DOCUMENT,
    "depends": ClockAction.DOCUMENT,
}


def window_of(carc: str, day: date, payer_type: str = UNKNOWN) -> Window | None:
    """The window for answering a denial with this code; None when no clock runs. A code not on the map is appealed."""
    rule = CarcRule.objects.filter(carc=carc, valid_from__lte=day).order_by("-valid_from").first()
    action = ACTIONS.get(rule.clock) if rule else ClockAction.APPEAL
    if action is None:
        return None
    rows = Clock.objects.filter(payer_type=payer_type, action=action, valid_from__lte=day)
    row = rows.order_by("-valid_from").first()
    return Window(row.get_action_display(), row.days, row.source) if row else None
