"""The smaller tables of the third page, and single measures in a sentence."""

from collections.abc import Sequence
from datetime import timedelta

from upstream.core import charts
from upstream.core.money import show_dollars
from upstream.reports.render import words
from upstream.reports.shapes import WeeklyReport
from upstream.reports.side_lines import AuthorizationLine, ForecastLine, LateLine, MeasureLine, RiskLine

LATE = 4
AUTHORIZATIONS = 4
RISKS = 3
FORECAST = 5

Row = dict[str, object]


def sides(report: WeeklyReport) -> Row:
    """What the templates of the third page name: late payments, authorizations that end, claims at risk."""
    late = [line for line in report.late if line.late]
    return {
        "late": [_late(line) for line in late[:LATE]],
        "late_rest": len(late) - LATE if len(late) > LATE else 0,
        "late_known": bool(report.late),
        "authorizations": [_authorization(line) for line in report.authorizations[:AUTHORIZATIONS]],
        "authorizations_rest": max(0, len(report.authorizations) - AUTHORIZATIONS),
        "risks": _risks(report.risks),
        **_forecast(report),
    }


def side_rows(report: WeeklyReport) -> tuple[int, int]:
    """How many rows the two tables beside each other take, with the sentences below them."""
    late = min(sum(line.late > 0 for line in report.late), LATE)
    ending = min(len(report.authorizations), AUTHORIZATIONS)
    return late + 1, ending + 1 + 2 * bool(report.risks)


def measure_words(report: WeeklyReport, key: str) -> str:
    """A measure's value in words, or why there is none; "" where the report holds none at all."""
    line = next((line for line in report.measures if line.key == key), None)
    return shown(line) if line else ""


def shown(line: MeasureLine) -> str:
    """12.4% (9.8 to 15.3%), 17 days, $1,200, or why it is not known."""
    if line.value is None:
        return f"not known: {line.unknown}"
    if line.unit == "cents":
        return show_dollars(round(line.value), whole=True)
    if line.unit == "days":
        return words.count(round(line.value), "day")
    if line.low is None or line.high is None:
        return charts.percent(line.value, 1)
    return f"{charts.percent(line.value, 1)} ({words.rate_between(line.low, line.high)})"


def _forecast(report: WeeklyReport) -> Row:
    """All together and the payers that bring most, week by week."""
    if not report.forecast or report.forecast_told is None:
        return {"forecast": []}
    *payers, total = report.forecast
    shown = max(0, FORECAST - min(len(report.changes), 3) - min(sum(not r.ties for r in report.remits), 3))
    told = report.forecast_told
    return {
        "forecast": [_ahead(line) for line in (total, *payers[:shown])],
        "forecast_weeks": [charts.day(total.first + timedelta(weeks=n)) for n in range(len(total.weeks))],
        "forecast_rest": max(0, len(payers) - shown),
        "forecast_right": f"Of {words.count(told.weeks, 'earlier forecast')} of a week,"
        f" {charts.percent(told.inside)} came inside the range; the mean error was {charts.percent(told.off)}."
        if told.weeks
        else "No earlier forecast has come due yet.",
    }


def _ahead(line: ForecastLine) -> Row:
    low, middle, high = line.cash
    return {
        "payer": line.payer or "All payers",
        "weeks": [words.dollars(cents) for cents in line.weeks],
        "together": words.dollars(middle),
        "range": f"{words.dollars(low)} to {words.dollars(high)}",
        "denials": f"{line.denials[1]:,} ({line.denials[0]:,} to {line.denials[2]:,})",
    }


def _late(line: LateLine) -> Row:
    return {
        "payer": line.payer,
        "late": f"{line.late:,}",
        "due": f"{line.due:,}",
        "share": charts.percent(line.share, 1),
    }


def _authorization(line: AuthorizationLine) -> Row:
    left = "" if line.approved_units is None else f"{line.approved_units - line.used_units:g}"
    return {"line": line, "until": words.short_day(line.valid_until), "left": left or words.NOT_KNOWN}


def _risks(lines: Sequence[RiskLine]) -> Row:
    return {
        "claims": words.count(sum(line.claims for line in lines), "undecided claim"),
        "any": bool(lines),
        "money": words.dollars(sum(line.cents for line in lines)),
        "reasons": [{"line": line, "money": words.dollars(line.cents)} for line in lines[:RISKS]],
    }
