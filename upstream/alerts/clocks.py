"""Which clock runs for a denial: the contract's, else what the practice was told, else its payer type's, else none."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from upstream.alerts.choices import ClockAction, ClockBasis
from upstream.alerts.models import Clock, PayerClock
from upstream.alerts.rules import Window
from upstream.claims.choices import PayerType
from upstream.claims.models import CarcRule, Payer

# What the map of reason codes calls the clocks; a reason that depends on its remark gets the shortest one.
ACTIONS = {
    "appeal": ClockAction.APPEAL,
    "refile": ClockAction.REFILE,
    "docreq": ClockAction.DOCUMENT,
    "depends": ClockAction.DOCUMENT,
}
BASES = {ClockBasis.CONTRACT: "contract", ClockBasis.SETTING: "set by this practice"}


@dataclass(frozen=True)
class Standing:
    """One clock of a payer: how long it runs, who says so, how sure that is."""

    action: ClockAction
    window: Window
    basis: str
    confidence: str


def clocks_of(payer: int, day: date) -> dict[ClockAction, Standing]:
    """Every clock of a payer in force on the day, by what it runs for. Three queries."""
    kind = Payer.objects.values_list("payer_type", flat=True).get(pk=payer)
    found = {}
    kinds = [PayerType.UNKNOWN, kind]
    defaults = Clock.objects.filter(payer_type__in=kinds, valid_from__lte=day)
    for row in sorted(defaults, key=lambda row: (kinds.index(row.payer_type), row.valid_from)):
        said = "unknown" if row.payer_type == PayerType.UNKNOWN else "payer type"
        found[ClockAction(row.action)] = _standing(row.action, row.days, row.source, said, row.confidence)
    own = PayerClock.objects.filter(payer=payer, valid_from__lte=day).order_by("valid_from", "pk")
    newest = {(row.basis, row.action): row for row in own}
    for basis in (ClockBasis.SETTING, ClockBasis.CONTRACT):
        for action in ClockAction:
            said_here = newest.get((basis, action))
            if said_here and said_here.days is not None:
                source = said_here.source or BASES[basis]
                found[action] = _standing(action, said_here.days, source, basis.value, "high")
    return found


def windows_of(carcs: Iterable[str], day: date, payer: int) -> dict[str, Window]:
    """The window for answering a denial of this payer, by its code; codes for which no clock runs are left out.

    A code that is not on the map is appealed. Four queries.
    """
    wanted = set(carcs)
    rules = CarcRule.objects.filter(carc__in=wanted, valid_from__lte=day).order_by("valid_from")
    clocks = dict(rules.values_list("carc", "clock"))
    standing = clocks_of(payer, day)
    found = {}
    for carc in wanted:
        action = ACTIONS.get(clocks[carc]) if carc in clocks else ClockAction.APPEAL
        if action in standing:
            found[carc] = standing[action].window
    return found


def _standing(action: str, days: int, source: str, basis: str, confidence: str) -> Standing:
    kind = ClockAction(action)
    return Standing(kind, Window(str(kind.label), days, source), basis, confidence)
