"""Which clock runs for a denial: the newest row of the payer's type that is in force."""

from collections.abc import Iterable
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


def windows_of(carcs: Iterable[str], day: date, payer_type: str = UNKNOWN) -> dict[str, Window]:
    """The window for answering a denial, by its code; codes for which no clock runs are left out.

    A code that is not on the map is appealed. Two queries.
    """
    wanted = set(carcs)
    rules = CarcRule.objects.filter(carc__in=wanted, valid_from__lte=day).order_by("valid_from")
    clocks = dict(rules.values_list("carc", "clock"))
    rows = Clock.objects.filter(payer_type=payer_type, valid_from__lte=day).order_by("valid_from")
    windows = {row.action: Window(row.get_action_display(), row.days, row.source) for row in rows}
    found = {}
    for carc in wanted:
        action = ACTIONS.get(clocks[carc]) if carc in clocks else ClockAction.APPEAL
        if action in windows:
            found[carc] = windows[action]
    return found
