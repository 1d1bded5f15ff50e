"""The sheets of the weekly Excel: their columns and their rows."""

from collections.abc import Iterable, Iterator, Sequence

from upstream.core.documents.tables import Column, Table, Value
from upstream.reports.shapes import ClaimRow, WeeklyReport

Rows = Iterator[Sequence[Value]]
DEPOSITED = {True: "yes", False: "no", None: "not checked"}

SUMMARY = Table(
    "Summary",
    (
        Column("Figure", width=38),
        Column("As reported", "money", 16),
        Column("Low", "money", 16),
        Column("High", "money", 16),
        Column("Change", "money", 14),
        Column("From the sheet", "money", 16),
        Column("Difference", "money", 14),
        Column("Note", width=46),
    ),
    "The headline figures would stand here.",
)
PAYERS = Table(
    "Payers",
    (
        Column("Payer", width=30),
        Column("Share of revenue", "share", 16),
        Column("Claims", "count", 10, total=True),
        Column("Denial rate", "share", 12),
        Column("Rate low 95%", "share", 13),
        Column("Rate high 95%", "share", 13),
        Column("Change in points", "points", 16),
        Column("Evidence", width=12),
        Column("Denied billed", "money", 16, total=True),
        Column("Denied expected", "money", 16, total=True),
        Column("Days to half", "count", 12),
        Column("Days to 90%", "count", 12),
        Column("Open incidents", "count", 14, total=True),
        Column("Few claims", width=11),
        Column("Data", width=11),
        Column("Paid short", "money", 14, total=True),
        Column("Taken back", "share", 11),
        Column("Letters won", "share", 11),
    ),
    "One row for each payer with claims in the period would stand here.",
)
CAUSES = Table(
    "Causes",
    (
        Column("Cause", width=30),
        Column("Claims", "count", 10, total=True),
        Column("Denied billed", "money", 16, total=True),
        Column("Denied before", "money", 16, total=True),
        Column("Change", "money", 16, total=True),
        Column("First action", width=46),
    ),
    "One row for each cause of denial would stand here.",
)
INCIDENTS = Table(
    "Incidents",
    (
        Column("Incident", width=14),
        Column("Title", width=52),
        Column("Payer", width=24),
        Column("Since", "date", 12),
        Column("Lost so far low", "money", 16),
        Column("Lost so far", "money", 14, total=True),
        Column("Lost so far high", "money", 16),
        Column("At stake", "money", 14, total=True),
        Column("Evidence", width=12),
        Column("Severity", width=12),
        Column("State", width=18),
        Column("Claims", "count", 9, total=True),
        Column("Deadline", "date", 12),
        Column("Deadline for", width=24),
        Column("Owner", width=22),
        Column("Outcome", width=16),
        Column("Recovered", "money", 14, total=True),
        Column("Still open", "money", 14, total=True),
        Column("Gone", "money", 14, total=True),
        Column("Next 30 days", "money", 14, total=True),
        Column("To decide", width=60),
    ),
    "One row for each incident, open or closed in the period, would stand here.",
)
CLAIMS = Table(
    "Claims",
    (
        Column("Incident", width=14),
        Column("Claim", width=18),
        Column("Payer", width=24),
        Column("Procedure", width=11),
        Column("Site", width=18),
        Column("Submitted", "date", 12),
        Column("Decided", "date", 12),
        Column("Outcome", width=12),
        Column("Category", width=20),
        Column("Denial reason", width=14),
        Column("Billed", "money", 14, total=True),
        Column("Allowed", "money", 14, total=True),
        Column("Paid", "money", 14, total=True),
        Column("Deadline", "date", 12),
        Column("Expected", "money", 14, total=True),
        Column("Lost so far", "money", 14, total=True),
    ),
    "The claims of each incident would stand here, one row each.",
)
DEADLINES = Table(
    "Deadlines",
    (
        Column("Due", "date", 12),
        Column("Do it by", "date", 12),
        Column("What", width=36),
        Column("Payer", width=24),
        Column("Incident", width=14),
        Column("Claims", "count", 9, total=True),
        Column("Expected", "money", 14, total=True),
        Column("Owner", width=22),
    ),
    "Dates by which something must be appealed, refiled or sent would stand here.",
)
RECONCILIATION = Table(
    "Reconciliation",
    (
        Column("Remittance", width=22),
        Column("Payer", width=24),
        Column("Paid on", "date", 12),
        Column("Check", "money", 16, total=True),
        Column("Claim payments", "money", 16, total=True),
        Column("Adjustments", "money", 14, total=True),
        Column("Difference", "money", 14, total=True),
        Column("Deposit found", width=14),
    ),
    "Each remittance file with its check, its claim payments and its provider-level adjustments would stand here.",
)
CHANGES = Table(
    "Changes",
    (
        Column("Date", "date", 12),
        Column("Kind", width=14),
        Column("What changed", width=60),
        Column("Effect", width=40),
    ),
    "Changes of mappings, contracts or the method since the last report would stand here.",
)


def ties(report: WeeklyReport) -> list[tuple[str, int, Table, str]]:
    """Totals that must come out alike: label, cents as reported, and the sheet and column they are summed from."""
    return [
        ("Denied, billed, all payers", sum(p.denied_cents for p in report.payers), PAYERS, "Denied billed"),
        ("Denied, expected, all payers", sum(p.denied_allowed_cents for p in report.payers), PAYERS, "Denied expected"),
        ("Denied, billed, all causes", sum(c.denied_cents for c in report.causes), CAUSES, "Denied billed"),
        ("Lost so far, incidents listed", sum(i.money.mid_cents for i in report.incidents), INCIDENTS, "Lost so far"),
        ("At stake, incidents listed", sum(i.at_stake_cents for i in report.incidents), INCIDENTS, "At stake"),
        ("Recovered, incidents listed", sum(i.recovered_cents or 0 for i in report.incidents), INCIDENTS, "Recovered"),
        ("Checks", sum(r.check_cents for r in report.remits), RECONCILIATION, "Check"),
        ("Not tied to deposits", sum(r.difference_cents for r in report.remits), RECONCILIATION, "Difference"),
    ]


def payers(report: WeeklyReport) -> Rows:
    for p in report.payers:
        low, high = (None, None) if p.rate is None else (p.rate_low, p.rate_high)
        yield (
            *(p.payer, p.revenue_share, p.claims, p.rate, low, high, p.points_change, p.evidence),
            *(p.denied_cents, p.denied_allowed_cents, p.median_lag_days, p.slow_lag_days, p.open_incidents),
            "yes" if p.small_n else "no",
            "look first" if p.doubtful else "",
            *(p.paid_short_cents, p.taken_back, p.won),
        )


def causes(report: WeeklyReport) -> Rows:
    for c in report.causes:
        yield c.cause, c.claims, c.denied_cents, c.before_cents, c.denied_cents - c.before_cents, c.first_action


def incidents(report: WeeklyReport) -> Rows:
    for i in report.incidents:
        yield (
            *(i.id, i.title, i.payer, i.onset, i.money.low_cents, i.money.mid_cents, i.money.high_cents),
            *(i.at_stake_cents, i.evidence, i.severity, i.state, i.claims, i.deadline, i.deadline_label, i.owner),
            *(i.outcome, i.recovered_cents, i.open_cents, i.gone_cents, i.ahead_cents, i.decision),
        )


def claims(rows: Iterable[ClaimRow]) -> Rows:
    for c in rows:
        yield (
            *(c.incident_id, c.claim, c.payer, c.procedure_code, c.site, c.submitted, c.decided, c.outcome),
            *(c.category, c.denial, c.billed_cents, c.allowed_cents, c.paid_cents, c.deadline),
            *(c.expected_cents, c.lost_cents),
        )


def deadlines(report: WeeklyReport) -> Rows:
    for d in report.deadlines:
        yield d.due, d.internal_due, d.what, d.payer, d.incident_id, d.claims, d.cents, d.owner


def remits(report: WeeklyReport) -> Rows:
    for r in report.remits:
        yield (
            *(r.reference, r.payer, r.paid_on, r.check_cents, r.claims_cents, r.adjustments_cents),
            *(r.difference_cents, DEPOSITED[r.matched]),
        )


def changes(report: WeeklyReport) -> Rows:
    for c in report.changes:
        yield c.on, c.kind, c.what, c.effect
