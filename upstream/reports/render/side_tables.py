"""The sheets of measures, prices, authorizations and late payments: their columns and their rows."""

from collections.abc import Iterable, Iterator, Sequence

from upstream.core.documents.tables import FIRST_ROW, Column, Formula, Table, Value
from upstream.reports.shapes import WeeklyReport
from upstream.reports.side_lines import RiskRow, UnderpaidRow

Rows = Iterator[Sequence[Value | Formula]]

MEASURES = Table(
    "Measures",
    (
        Column("Measure", width=34), Column("Key", width=24), Column("Share", "share", 10),
        Column("Low 95%", "share", 10), Column("High 95%", "share", 10), Column("Days", "count", 8),
        Column("Dollars", "money", 14), Column("Numerator", "number", 16), Column("Denominator", "number", 16),
        Column("Counted", "count", 10), Column("Basis", width=34), Column("As of", "date", 12),
        Column("Complete", "share", 10), Column("Formula", width=80), Column("Method", width=10),
        Column("Not known because", width=50), Column("Note", width=50),
    ),
    "Each measure of the register would stand here.",
)  # fmt: skip
UNDERPAYMENTS = Table(
    "Underpayments",
    (
        Column("Incident", width=14), Column("Claim", width=38), Column("Payer", width=24),
        Column("Procedure", width=11), Column("Decided", "date", 12), Column("Price from", width=38),
        Column("Billed", "money", 14, total=True),
        Column("Expected", "money", 14, total=True), Column("Allowed", "money", 14, total=True),
        Column("Variance", "money", 14, total=True), Column("Variance share", "share", 14),
    ),
    "Claims that were allowed less than their price would stand here.",
)  # fmt: skip
AUTHORIZATIONS = Table(
    "Authorizations",
    (
        Column("Authorization", width=16), Column("Payer", width=24), Column("Service", width=14),
        Column("From", "date", 12), Column("Ends", "date", 12), Column("Units granted", "count", 14),
        Column("Units used", "count", 12), Column("Units left", "count", 12),
    ),
    "Authorizations that end within 30 days or are nearly used up would stand here.",
)  # fmt: skip
AT_RISK = Table(
    "Claims at risk",
    (
        Column("Claim", width=38), Column("Payer", width=24), Column("Procedure", width=11),
        Column("Service", "date", 12), Column("Why", width=60), Column("Billed", "money", 14, total=True),
    ),
    "Undecided claims that may be denied for want of an authorization would stand here.",
)  # fmt: skip
LATE = Table(
    "Late payments",
    (
        Column("Payer", width=30), Column("Late", "count", 10, total=True),
        Column("Claims due", "count", 12, total=True), Column("Share late", "share", 12),
    ),
    "Payers whose days are known would stand here.",
)  # fmt: skip

FORECAST = Table(
    "Forecast",
    (
        Column("Payer", width=30), Column("From", "date", 12), Column("Week 1", "money", 14, total=True),
        Column("Week 2", "money", 14, total=True), Column("Week 3", "money", 14, total=True),
        Column("Week 4", "money", 14, total=True), Column("Four weeks", "money", 16, total=True),
        Column("Low 80%", "money", 16), Column("High 80%", "money", 16), Column("Denials", "count", 10, total=True),
        Column("Denials low", "count", 12), Column("Denials high", "count", 12),
    ),
    "What each payer is expected to bring in the next four weeks would stand here.",
)  # fmt: skip


def forecast(report: WeeklyReport) -> Rows:
    """Payers alone: their sum is the forecast of all together."""
    for f in report.forecast:
        if f.payer:
            low, middle, high = f.cash
            yield f.payer, f.first, *f.weeks, middle, low, high, f.denials[1], f.denials[0], f.denials[2]


def measures(report: WeeklyReport) -> Rows:
    for m in report.measures:
        share = m.unit == "share"
        yield (
            *(m.name, m.key, m.value if share else None, m.low if share else None, m.high if share else None),
            m.value if m.unit == "days" else None,
            round(m.value) if m.unit == "cents" and m.value is not None else None,
            *(_number(m.numerator), _number(m.denominator), m.n, m.basis, m.as_of, m.maturity),
            *(m.formula, m.method, m.unknown, m.note),
        )


def _number(said: str | None) -> float | None:
    return None if said is None else float(said)


def underpayments(rows: Iterable[UnderpaidRow]) -> Rows:
    """Variance and its share are live: they follow when somebody corrects a price."""
    for at, r in enumerate(rows, FIRST_ROW):
        yield (
            *(r.incident_id, r.claim, r.payer, r.procedure_code, r.decided, r.reference),
            *(r.billed_cents, r.expected_cents, r.allowed_cents),
            Formula(f"=H{at}-I{at}"),
            Formula(f"=IF(H{at}=0,0,J{at}/H{at})"),
        )


def authorizations(report: WeeklyReport) -> Rows:
    for a in report.authorizations:
        left = None if a.approved_units is None else a.approved_units - a.used_units
        yield a.id, a.payer, a.service, a.valid_from, a.valid_until, a.approved_units, a.used_units, left


def at_risk(rows: Iterable[RiskRow]) -> Rows:
    for r in rows:
        yield r.claim, r.payer, r.procedure_code, r.service_date, r.reason, r.billed_cents


def late(report: WeeklyReport) -> Rows:
    for line in report.late:
        yield line.payer, line.late, line.due, line.share
