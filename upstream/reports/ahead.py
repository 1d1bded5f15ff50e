"""The next four weeks as the forecast tells them: the same function as Today, the forecast's page and the API."""

from datetime import date

from upstream.forecast.queries import Line, NextWeeks, next_weeks
from upstream.forecast.rules import Range
from upstream.reports.shapes import Headline, MoneyRange
from upstream.reports.side_lines import ForecastLine, ForecastTold

CASH = "Cash expected, 4 weeks"


def known_ahead(as_of: date) -> NextWeeks | None:
    """The newest forecast, unless it was made of later weeks than the report."""
    found = next_weeks()
    return found if found and found.as_of <= as_of else None


def headline(found: NextWeeks | None) -> Headline:
    """What the four weeks together should bring, and how the last single week came out."""
    if found is None:
        return Headline(CASH, None, note="too little of the past is known for a forecast")
    cash, last = found.total.together.cash, found.total.last
    if last is None:
        return Headline(CASH, _money(cash))
    came, expected = round(last.came.cash), round(last.expected.cash.mid)
    return Headline(CASH, _money(cash), came - expected, "last week against its forecast")


def forecast_lines(found: NextWeeks | None) -> tuple[ForecastLine, ...]:
    """Each payer, those that bring most first; all together last."""
    return tuple(_line(line) for line in (*found.payers, found.total)) if found else ()


def forecast_told(found: NextWeeks | None) -> ForecastTold | None:
    if found is None:
        return None
    right = found.total.cash_right
    scored = (right.weeks, right.inside, right.off) if right else ()
    return ForecastTold(found.as_of, found.method, *scored)


def _line(line: Line) -> ForecastLine:
    return ForecastLine(
        payer=line.payer.name if line.payer else "",
        first=line.together.first,
        weeks=tuple(round(week.cash.mid) for week in line.weeks),
        cash=_rounded(line.together.cash),
        denials=_rounded(line.together.denials),
    )


def _money(cents: Range) -> MoneyRange:
    return MoneyRange(*_rounded(cents))


def _rounded(found: Range) -> tuple[int, int, int]:
    return round(found.low), round(found.mid), round(found.high)
