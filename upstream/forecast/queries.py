"""What the next four weeks are expected to bring the bound practice, and how right earlier forecasts were."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from upstream.claims.models import Payer
from upstream.forecast.models import Came, Expected, Forecast
from upstream.forecast.rules import (
    STEPS,
    TOGETHER,
    WEEK,
    YEAR,
    Ahead,
    Amounts,
    Past,
    Range,
    Rightness,
    Told,
    Weeks,
    rightness,
)

SCORED = 26
Spans = dict[int, Ahead]


@dataclass(frozen=True)
class Line:
    """One payer (None: all together): the four weeks ahead, the four together, and the weeks before them.

    `so_far` is what has come of the first week ahead by now; `past` are complete weeks, the oldest first.
    """

    payer: Payer | None
    weeks: tuple[Ahead, ...]
    together: Ahead
    so_far: Amounts
    past: tuple[Past, ...]
    cash_right: Rightness | None
    denials_right: Rightness | None

    @property
    def last(self) -> Past | None:
        """The newest complete week that was forecast."""
        return self.past[-1] if self.past else None


@dataclass(frozen=True)
class NextWeeks:
    """As of the Sunday `as_of`: all together, and each payer, those that bring most first."""

    as_of: date
    made_at: datetime
    method: str
    total: Line
    payers: tuple[Line, ...]


@dataclass
class _Kept:
    """What one payer's rows say: by as-of week and span, and what came by week."""

    told: dict[date, Spans] = field(default_factory=lambda: defaultdict(dict))
    came: dict[date, Amounts] = field(default_factory=dict)


def next_weeks(payer: Payer | None = None) -> NextWeeks | None:
    """The newest forecast, of every payer or of one and all together; None while there is too little past for one.

    Four queries, in a transaction with the tenant bound. The middles of the payers add up to those of all together.
    """
    newest = list(Forecast.objects.order_by("-as_of_week", "-pk").distinct("as_of_week")[: SCORED + 1])
    if not newest:
        return None
    head, kept = newest[0], _kept(newest)
    begun = min(kept[None].came, default=head.as_of_week)
    names = {found.pk: found for found in Payer.objects.filter(pk__in=[of for of in kept if of is not None])}
    whose = [of for of in kept if of in names and head.as_of_week in kept[of].told]
    lines = [_line(names[of], kept[of], head.as_of_week, begun) for of in whose if payer is None or of == payer.pk]
    ranked = sorted(lines, key=lambda line: (-line.together.cash.mid, line.payer.name if line.payer else ""))
    total = _line(None, kept[None], head.as_of_week, begun)
    return NextWeeks(_end(head.as_of_week), head.made_at, head.method, total, tuple(ranked))


def _kept(forecasts: list[Forecast]) -> dict[int | None, _Kept]:
    kept: dict[int | None, _Kept] = defaultdict(_Kept)
    weeks = {forecast.pk: forecast.as_of_week for forecast in forecasts}
    for row in Expected.objects.filter(forecast__in=list(weeks)).order_by("pk"):
        week = weeks[row.forecast_id]
        cash = Range(row.cash_low, row.cash, row.cash_high)
        denials = Range(row.denials_low, row.denials, row.denials_high)
        kept[row.payer_id].told[week][row.span] = Ahead.over(week, row.span, cash, denials)
    first = min(weeks.values()) - YEAR
    for row in Came.objects.filter(week__gte=first):
        found = Amounts(row.cash, row.denials)
        kept[row.payer_id].came[row.week] = found
        kept[None].came[row.week] = kept[None].came.get(row.week, Amounts()) + found
    return kept


def _line(payer: Payer | None, kept: _Kept, as_of_week: date, begun: date) -> Line:
    spans, weeks = kept.told[as_of_week], kept.came
    earlier = [kept.told[week] for week in sorted(kept.told) if week < as_of_week]
    met = [ahead for told in earlier for span, ahead in told.items() if span < STEPS and ahead.last <= _end(as_of_week)]
    pairs = [(ahead, weeks.get(ahead.first, Amounts()), _year_before(ahead, weeks, begun)) for ahead in met]
    return Line(
        payer,
        tuple(spans[step] for step in range(STEPS)),
        spans[TOGETHER],
        weeks.get(as_of_week + WEEK, Amounts()),
        tuple(Past(told[0], weeks.get(told[0].first, Amounts())) for told in earlier),
        rightness([Told(a.step, a.cash, came.cash, None if year is None else year.cash) for a, came, year in pairs]),
        rightness(
            [Told(a.step, a.denials, came.denials, None if year is None else year.denials) for a, came, year in pairs]
        ),
    )


def _year_before(ahead: Ahead, weeks: Weeks, begun: date) -> Amounts | None:
    then = ahead.first - YEAR
    return weeks.get(then, Amounts()) if then >= begun else None


def _end(week: date) -> date:
    return week + timedelta(days=6)
