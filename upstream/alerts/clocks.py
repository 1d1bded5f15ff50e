"""Which clock runs for a denial: the contract's, else what the practice was told, else its payer type's, else none.

Where the state, the plan or the host plan decides, the shortest window that is usual anywhere stands in for it and says
that it is unknown. Clocks count calendar days from the decision, to the end of the payer's local day.
"""

from collections.abc import Iterable, Mapping
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
UNKNOWN = "unknown"


@dataclass(frozen=True)
class Standing:
    """One clock of a payer: how long it runs, who says so, how sure that is."""

    action: ClockAction
    window: Window
    basis: str
    confidence: str

    @property
    def is_known(self) -> bool:
        return self.basis != UNKNOWN


@dataclass(frozen=True)
class Clocks:
    """What was ever said of the clocks of some payers: by payer its type, the types' rows, and the payers' own."""

    kinds: Mapping[int, str]
    usual: tuple[Clock, ...]
    own: tuple[PayerClock, ...]

    def of(self, payer: int, day: date) -> dict[ClockAction, Standing]:
        """Every clock of the payer in force on the day, by what it runs for."""
        found: dict[ClockAction, Standing] = {}
        kinds = [PayerType.UNKNOWN, self.kinds[payer]]
        usual = [row for row in self.usual if row.payer_type in kinds and row.valid_from <= day]
        for row in sorted(usual, key=lambda row: (kinds.index(row.payer_type), row.valid_from)):
            known = row.confidence != UNKNOWN and row.payer_type != PayerType.UNKNOWN
            basis = "payer type" if known else UNKNOWN
            found[ClockAction(row.action)] = _standing(row.action, row.days, row.source, basis, row.confidence)
        newest = {(row.basis, row.action): row for row in self.own if row.payer_id == payer and row.valid_from <= day}
        for basis_said in (ClockBasis.SETTING, ClockBasis.CONTRACT):
            for action in ClockAction:
                said = newest.get((basis_said, action))
                if said and said.days is not None:
                    source = said.source or BASES[basis_said]
                    found[action] = _standing(action, said.days, source, basis_said.value, "high")
        return found


def clocks_for(payers: Iterable[int]) -> Clocks:
    """Three queries, however many payers."""
    kinds = dict(Payer.objects.filter(pk__in=set(payers)).values_list("pk", "payer_type"))
    usual = Clock.objects.filter(payer_type__in={PayerType.UNKNOWN, *kinds.values()})
    own = PayerClock.objects.filter(payer__in=kinds).order_by("valid_from", "pk")
    return Clocks(kinds, tuple(usual), tuple(own))


def clocks_of(payer: int, day: date) -> dict[ClockAction, Standing]:
    """Every clock of one payer in force on the day. Three queries."""
    return clocks_for([payer]).of(payer, day)


def actions_of(carcs: Iterable[str], day: date) -> dict[str, ClockAction | None]:
    """What answers a denial by its code: None where nothing does. A code that is not on the map is appealed."""
    wanted = set(carcs)
    rules = CarcRule.objects.filter(carc__in=wanted, valid_from__lte=day).order_by("valid_from")
    clocks = dict(rules.values_list("carc", "clock"))
    return {carc: ACTIONS.get(clocks[carc]) if carc in clocks else ClockAction.APPEAL for carc in wanted}


def windows_of(carcs: Iterable[str], day: date, payer: int, known: Clocks | None = None) -> dict[str, Window]:
    """The window for answering a denial of this payer, by its code; codes for which no clock runs are left out.

    Four queries; one where the payer's clocks are known.
    """
    actions, standing = actions_of(carcs, day), (known or clocks_for([payer])).of(payer, day)
    return {carc: standing[action].window for carc, action in actions.items() if action in standing}


def _standing(action: str, days: int, source: str, basis: str, confidence: str) -> Standing:
    kind = ClockAction(action)
    return Standing(kind, Window(str(kind.label), days, source), basis, confidence)
