"""What people's verdicts on closed incidents ask of new ones, line by line."""

from dataclasses import dataclass

from upstream.core import clock
from upstream.detection.choices import Metric
from upstream.routing import queries
from upstream.routing.rules import Ask, Tally, ask_of


@dataclass(frozen=True, slots=True)
class Learned:
    """One line of arithmetic: what people said, and what is asked since."""

    payer: str
    metric: str
    tally: Tally
    ask: Ask

    @property
    def sum(self) -> str:
        return f"({self.tally.noise} + 1) / ({self.tally.noise} + {self.tally.real} + 4) = {self.tally.share:.0%}"

    @property
    def asked(self) -> str:
        return "ten times stronger evidence than strong" if self.ask.more else f"{self.ask.strength} evidence"


def learned() -> list[Learned]:
    """Verdicts of the last year by payer and metric, and by metric at all payers. One query."""
    said = queries.tallies(clock.now())
    rows = [Learned(payer, Metric(metric).label, tally, ask_of(tally)) for _, payer, metric, tally in said]
    for metric in sorted({metric for _, _, metric, _ in said}):
        tallies = [tally for _, _, of, tally in said if of == metric]
        every = Tally(sum(one.noise for one in tallies), sum(one.real for one in tallies))
        rows.append(Learned("All payers", Metric(metric).label, every, ask_of(every)))
    return rows
