"""All measures of a practice, or of one payer, over some weeks: some small queries, and no claim is read."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from upstream.claims.models import Payer
from upstream.core import clock
from upstream.detection.models import DetectionRun
from upstream.detection.queries import latest_run
from upstream.kpis import denials, money, resolution, speed, sums, work
from upstream.kpis.choices import Basis
from upstream.kpis.definitions import FIRST_PASS, GROUPS
from upstream.kpis.resolution import MATURE
from upstream.kpis.rules import WEEK, Cohort, Measure, Span
from upstream.kpis.sums import Ask
from upstream.tenants.queries import bound_organization

USUAL_WEEKS = 13


@dataclass(frozen=True)
class Measures:
    """What was asked for, and every measure by its group."""

    ask: Ask
    payer: Payer | None
    groups: tuple[tuple[str, tuple[Measure, ...]], ...]

    @property
    def span(self) -> Span:
        return self.ask.span

    @property
    def as_of(self) -> date:
        return self.ask.as_of

    def __iter__(self) -> Iterator[Measure]:
        return (measure for _, group in self.groups for measure in group)

    def __getitem__(self, key: str) -> Measure:
        return {measure.definition.key: measure for measure in self}[key]


def usual_span(run: DetectionRun | None, today: date) -> Span:
    """The last 13 weeks that are complete."""
    last = run.last_week if run and run.last_week else today - timedelta(days=today.weekday() + 7)
    return Span(last - (USUAL_WEEKS - 1) * WEEK, last)


def measures(first: date | None = None, last: date | None = None, payer: Payer | None = None) -> Measures:
    """Every measure of the weeks in which these days lie (None: the last 13 complete ones), of one payer or all.

    Invalid for weeks that run backwards or are more than two years. In a transaction with the tenant bound.
    """
    run = latest_run()
    ask = asked(run, first, last, payer)
    seen, prices = denials.cohorts(run, ask.span, ask.payer), sums.prices()
    found = {
        measure.definition.key: measure
        for measure in (
            *denials.measures(ask, seen, prices),
            *resolution.measures(ask, mature_weeks(ask.span, seen)),
            *speed.measures(ask),
            *money.measures(ask, prices, payer.public_id if payer else None),
            *work.measures(ask),
        )
    }
    maturity = _maturity(seen)
    groups = tuple(
        (name, tuple(_dated(found[one.key], ask.as_of, maturity) for one in group)) for name, group in GROUPS
    )
    return Measures(ask, payer, groups)


def asked(run: DetectionRun | None, first: date | None, last: date | None, payer: Payer | None) -> Ask:
    """The weeks in which these days lie, as far as `run` has seen. Invalid as in `measures`."""
    zone = bound_organization().time_zone
    as_of = run.as_of if run else clock.today(zone)
    usual = usual_span(run, as_of)
    span = Span.of_days(first or min(usual.first, last or usual.first), last or max(usual.last, first or usual.last))
    return Ask(span, payer.pk if payer else None, as_of, zone)


def mature_weeks(span: Span, seen: list[Cohort]) -> Span | None:
    """The oldest weeks of the span of which nine tenths of the answers are expected by now at every payer; None for
    none. Weeks that no look has seen are too old or hold nothing: they count as settled."""
    young = [cohort.week for cohort in seen if cohort.maturity < MATURE and cohort.submitted > 0]
    last = min([span.last, *(week - WEEK for week in young)])
    return None if last < span.first else replace(span, last=last)


def _maturity(seen: list[Cohort]) -> float | None:
    whole = sum(cohort.submitted for cohort in seen)
    return sum(cohort.submitted * cohort.maturity for cohort in seen) / whole if whole else None


def _dated(measure: Measure, as_of: date, maturity: float | None) -> Measure:
    by_submission = measure.definition.basis == Basis.SUBMISSION and measure.definition != FIRST_PASS
    share = (measure.maturity or maturity) if by_submission and measure.is_known else None
    return replace(measure, as_of=as_of, maturity=share)
