"""What the register of measures says of the period: the same functions as the portal's page and the API."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from upstream.claims.models import Payer
from upstream.kpis.choices import Basis
from upstream.kpis.denials import Refused, refused_by_payer
from upstream.kpis.measures import Measures, measures
from upstream.kpis.rules import Measure, Span
from upstream.reports.rules import WEEKS, Period
from upstream.reports.side_lines import LateLine, MeasureLine

MOST_PAYERS = 12


@dataclass(frozen=True)
class Measured:
    """All measures of the practice, those of its largest payers, and what each payer refused."""

    whole: Measures
    payers: Mapping[int, Measures]
    refused: Mapping[int, Refused]

    def share(self, payer: int, key: str) -> float | None:
        """A payer's value of a measure; None where it is unknown, or the payer is none of the largest."""
        found = self.payers.get(payer)
        return found[key].value if found else None


def span_of(period: Period) -> Span:
    """The 13 weeks that end with the period."""
    return Span(period.weeks_back(WEEKS - 1), period.start)


def measured(period: Period, largest: Iterable[int]) -> Measured:
    """34 queries, and as many for each of the 12 largest payers."""
    span = span_of(period)
    order = list(largest)[:MOST_PAYERS]
    named = Payer.objects.in_bulk(order)
    return Measured(
        whole=measures(span.first, span.last),
        payers={payer: measures(span.first, span.last, named[payer]) for payer in order},
        refused=refused_by_payer(span),
    )


def measure_lines(found: Measures) -> tuple[MeasureLine, ...]:
    """Every measure in the order of the register."""
    return tuple(_line(name, measure) for name, group in found.groups for measure in group)


def measure_lines_of(chosen: Iterable[Measure]) -> tuple[MeasureLine, ...]:
    """Some measures, in the given order."""
    return tuple(_line("", measure) for measure in chosen)


def _line(group: str, measure: Measure) -> MeasureLine:
    definition = measure.definition
    return MeasureLine(
        key=definition.key,
        group=group,
        name=definition.name,
        unit=str(definition.unit),
        value=measure.value,
        low=measure.low,
        high=measure.high,
        numerator=measure.half(measure.numerator),
        denominator=measure.half(measure.denominator),
        n=measure.n,
        basis=str(Basis(definition.basis).label),
        as_of=measure.as_of,
        maturity=measure.maturity,
        formula=definition.formula,
        method=measure.method,
        unknown=measure.unknown,
        note=measure.note,
    )


def late_lines(found: Measured, names: Mapping[int, str]) -> tuple[LateLine, ...]:
    """Payers whose days are known, those with most late claims first."""
    lines = []
    for payer, of_payer in found.payers.items():
        measure = of_payer["prompt_pay"]
        if measure.numerator is not None and measure.denominator is not None:
            lines.append(LateLine(names[payer], round(measure.numerator), round(measure.denominator)))
    return tuple(sorted(lines, key=lambda line: (-line.late, line.payer)))
