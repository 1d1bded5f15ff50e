"""Weekly exports of a made-up practice: every claim comes once as pending and, two weeks later, as decided."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product
from random import Random

FIRST = date(2025, 3, 3)
HISTORY = 44
PROCEDURES = ("99213", "99214", "73721", "72148", "20610", "97110", "97140", "70450", "71046", "76700")
SITES = ("Main Street", "North", "Harbor Side", "West")
PAYERS = ("Summit Mutual", "Civic Care")
USUAL = 0.10
HEADER = (
    "claim_id,payer,procedure_code,diagnosis,location,submitted_date,decided_date,status,denial_reason,billed,"
    "allowed,paid"
)
REASONS = ("CO-16", "CO-197", "CO-50", "CO-18")
Rate = Callable[[str, date], float]


@dataclass(frozen=True)
class Sent:
    """One claim as the practice knows it; `luck` decides what becomes of it."""

    number: str
    payer: str
    procedure: str
    site: str
    submitted: date
    luck: float
    reason: str

    @property
    def decided(self) -> date:
        return self.submitted + timedelta(days=14)

    def row(self, rate: Rate, until: date) -> str:
        """As the export of that day tells it: pending, paid, or denied as often as the payer's rate says."""
        told = [self.number, self.payer, self.procedure, "", self.site, self.submitted.isoformat()]
        if self.decided > until:
            return ",".join([*told, "", "pending", "", "200.00", "", ""])
        usual, now = self.luck < USUAL, self.luck < rate(self.payer, self.decided)
        reason = self.reason if usual else "CO-197"
        if usual or now:
            return ",".join([*told, self.decided.isoformat(), "denied", reason, "200.00", "0.00", "0.00"])
        return ",".join([*told, self.decided.isoformat(), "paid", "", "200.00", "120.00", "120.00"])


def usual(_payer: str, _decided: date) -> float:
    return USUAL


def monday(week: int) -> date:
    return FIRST + timedelta(weeks=week)


def week_of(week: int, each: int = 2) -> Iterator[Sent]:
    """So many claims of each of the 80 cells: two payers, ten procedures, four places; the same every time."""
    draw = Random(week)
    cells = list(product(PAYERS, PROCEDURES, SITES)) * each
    for number, (payer, procedure, site) in enumerate(cells):
        day = monday(week) + timedelta(days=number % 5)
        yield Sent(f"W{week}N{number}", payer, procedure, site, day, draw.random(), draw.choice(REASONS))


def export(first: int, last: int, rate: Rate = usual) -> bytes:
    """The claims sent in these weeks, both included, as known on the Sunday of the last."""
    until = monday(last) + timedelta(days=6)
    rows = [claim.row(rate, until) for week in range(first, last + 1) for claim in week_of(week)]
    return "\n".join([HEADER, *rows, ""]).encode()
