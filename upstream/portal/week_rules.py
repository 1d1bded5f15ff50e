"""How places compare when some see few claims: limits that widen as numbers shrink. Pure."""

from dataclasses import dataclass
from math import sqrt

SURE = 3.0


@dataclass(frozen=True, slots=True)
class Funnel:
    """One place against all: its share of refused claims and where chance alone would put it, 998 times in 1,000."""

    rate: float
    low: float
    high: float
    n: int

    @property
    def verdict(self) -> str:
        """ "above" or "below" what chance explains, "" within."""
        if self.rate > self.high:
            return "above"
        return "below" if self.rate < self.low else ""


def funnel(refused: int, decided: int, overall: float) -> Funnel | None:
    """None without decisions; limits are three standard errors of the overall share at this number of claims."""
    if not decided:
        return None
    room = SURE * sqrt(overall * (1 - overall) / decided)
    return Funnel(refused / decided, max(overall - room, 0.0), min(overall + room, 1.0), decided)
