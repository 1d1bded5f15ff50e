"""The next four weeks as their page, Today and their file show them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from upstream.core.charts import AheadChart, AheadWeek, percent
from upstream.core.money import dollars_of, show_dollars
from upstream.forecast.queries import Line, NextWeeks
from upstream.forecast.rules import Ahead, Range, Rightness

NARROW_WEEKS = 8
COLUMNS = (
    "payer", "first_day", "last_day", "weeks_ahead", "cash_low_80", "cash_expected", "cash_high_80", "cash_came",
    "denials_low_80", "denials_expected", "denials_high_80", "denials_came", "as_of", "method",
)  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One line of a table: its name, and each amount with its range under it."""

    line: Line
    cells: tuple[tuple[str, str], ...]

    @property
    def name(self) -> str:
        return self.line.payer.name if self.line.payer else "All payers"


@dataclass(frozen=True)
class RightRow:
    """How right earlier forecasts of one figure of one payer were, in words; "" where it is not known yet."""

    name: str
    inside: str
    off: str
    last_year: str


@dataclass(frozen=True)
class Figure:
    """Cash or denials: the chart for wide and narrow screens, a table by week and payer, and how right we were."""

    key: str
    name: str
    wide: AheadChart
    narrow: AheadChart
    heads: tuple[str, ...]
    rows: tuple[Row, ...]
    right: tuple[RightRow, ...]


def figures(found: NextWeeks) -> list[Figure]:
    """Of the total, or of one payer where the forecast was asked for that one alone."""
    lines = [*found.payers, found.total]
    shown = found.payers[0] if len(found.payers) == 1 else found.total
    return [_figure("cash", "Cash", shown, lines), _figure("denials", "Denials", shown, lines)]


def _figure(key: str, name: str, shown: Line, lines: list[Line]) -> Figure:
    of_money = key == "cash"
    whose = shown.payer.name if shown.payer else "all payers"
    weeks = (*_past(shown, key), *(_week(ahead, key, None) for ahead in shown.weeks))
    title = f"{name} by week, {whose}"
    return Figure(
        key, name, AheadChart(title, weeks, of_money), AheadChart(title, weeks[-NARROW_WEEKS:], of_money),
        tuple(f"{ahead.first.day} {ahead.first:%b}" for ahead in shown.weeks),
        tuple(Row(line, tuple(cell(ahead, key) for ahead in (*line.weeks, line.together))) for line in lines),
        tuple(_right(line, line.cash_right if of_money else line.denials_right) for line in lines),
    )  # fmt: skip


def range_of(ahead: Ahead, key: str) -> Range:
    return ahead.cash if key == "cash" else ahead.denials


def cell(ahead: Ahead, key: str) -> tuple[str, str]:
    """The amount and its range: ("$12,300", "$10,100 to $14,800")."""
    told = range_of(ahead, key)
    low, mid, high = (shown(value, key) for value in (told.low, told.mid, told.high))
    return mid, f"{low} to {high}"


def shown(value: float, key: str) -> str:
    """$1,235 of cents, 12.3 of claims."""
    return show_dollars(round(value), whole=True) if key == "cash" else f"{value:,.0f}"


def _past(line: Line, key: str) -> Iterator[AheadWeek]:
    for past in line.past:
        yield _week(past.expected, key, past.came.cash if key == "cash" else past.came.denials)


def _week(ahead: Ahead, key: str, came: float | None) -> AheadWeek:
    told = range_of(ahead, key)
    return AheadWeek(ahead.first, came, (told.low, told.mid, told.high))


def _right(line: Line, right: Rightness | None) -> RightRow:
    name = line.payer.name if line.payer else "All payers"
    if right is None:
        return RightRow(name, "", "", "")
    year = "" if right.off_last_year is None else percent(right.off_last_year)
    return RightRow(name, f"{percent(right.inside)} of {right.weeks}", percent(right.off), year)


@dataclass(frozen=True)
class ThisWeek:
    """What Today says: the week ahead with its range, what came of it so far, and how the week before ended."""

    first: date
    last: date
    expected: str
    range: str
    so_far: str
    denials: str
    denials_range: str
    denials_so_far: str
    before: str


def this_week(found: NextWeeks | None) -> ThisWeek | None:
    """None without a forecast."""
    if found is None:
        return None
    week, so_far, last = found.total.weeks[0], found.total.so_far, found.total.last
    (cash, cash_range), (denials, denials_range) = cell(week, "cash"), cell(week, "denials")
    before = ""
    if last is not None:
        where = "inside" if last.expected.cash.holds(last.came.cash) else "outside"
        before = (
            f"The week before brought {shown(last.came.cash, 'cash')} where {cell(last.expected, 'cash')[0]} was"
            f" expected, {where} the range."
        )
    return ThisWeek(
        week.first, week.last, cash, cash_range, shown(so_far.cash, "cash"), denials, denials_range,
        shown(so_far.denials, "denials"), before,
    )  # fmt: skip


def file_rows(found: NextWeeks) -> Iterator[tuple[object, ...]]:
    """One row a payer and span, in the order of COLUMNS: weeks that are over, the next four, the four together."""
    for line in (*found.payers, found.total):
        for past in line.past:
            yield _file_row(found, line, past.expected, 1, past.came.cash, past.came.denials)
        for ahead in (*line.weeks, line.together):
            yield _file_row(found, line, ahead, ahead.step, None, None)


def _file_row(
    found: NextWeeks, line: Line, ahead: Ahead, step: int, cash: float | None, denials: float | None
) -> tuple[object, ...]:
    told = ahead.cash
    money = [None if value is None else dollars_of(round(value)) for value in (told.low, told.mid, told.high, cash)]
    return (
        line.payer.name if line.payer else "all", ahead.first, ahead.last, step, *money, ahead.denials.low,
        ahead.denials.mid, ahead.denials.high, denials, found.as_of, found.method,
    )  # fmt: skip
