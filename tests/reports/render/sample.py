"""One invented practice's week, as full as a real one."""

from dataclasses import replace
from datetime import date, timedelta

from upstream.core.charts import LagCurve, NowcastChart, RateWeek
from upstream.reports import shapes, side_lines
from upstream.reports.shapes import MoneyRange, sealed

SERIES = (0.11, 0.12, 0.09, 0.10, 0.13, 0.11, 0.10, 0.12, 0.11, 0.34, 0.41, 0.45)

MRI = shapes.IncidentLine(
    id="INC-0007",
    title="Summit Mutual denies knee MRI for missing authorization",
    sentence="Since the week of 19 October, 14 of 31 claims for 73721 were denied with CO-197; 3 would be usual.",
    payer="Summit Mutual",
    onset=date(2026, 10, 19),
    money=MoneyRange(920_000, 1_210_000, 1_480_000),
    evidence="Strong",
    severity="Critical",
    state="Working",
    deadline=date(2026, 12, 2),
    deadline_label="First appeal deadline",
    owner="Dana Whitfield",
    decision="First appeal, knee MRI: 6 claims, $5,140 expected, by 25 Nov.",
    series=SERIES,
    onset_index=9,
    claims=14,
)
DELAY = shapes.IncidentLine(
    id="INC-0009",
    title="Harbor Advantage decides 12 days later",
    sentence="Claims submitted since 5 October wait a median of 29 days, 17 before; the denial rate did not change.",
    payer="Harbor Advantage",
    onset=date(2026, 10, 5),
    money=MoneyRange(410_000, 560_000, 720_000),
    evidence="Strong",
    severity="High",
    state="New",
    series=(0.5, 0.52, 0.5, 0.49, 0.51, 0.5, 0.48, 0.3, 0.22, 0.2, 0.21, 0.19),
    onset_index=7,
    claims=88,
)
UNDERPAID = shapes.IncidentLine(
    id="INC-0011",
    title="Civic Care pays 20610 at last year's schedule",
    sentence="41 lines since 1 October were allowed at 92% of the contract price, each by the same ratio.",
    payer="Civic Care",
    onset=date(2026, 10, 1),
    money=MoneyRange(190_000, 205_000, 220_000),
    evidence="Moderate",
    severity="Medium",
    state="Waiting on payer",
    deadline=date(2027, 3, 30),
    deadline_label="Dispute deadline",
    owner="Luis Ortega",
    series=(0.0, 0.01, 0.0, 0.0, 0.02, 0.0, 0.0, 0.01, 0.9, 0.95, 0.93, 0.96),
    onset_index=8,
    claims=41,
)
CLOSED = shapes.IncidentLine(
    id="INC-0003",
    title="Blue Mesa Plan denied injections as not medically necessary",
    sentence="The payer reprocessed 22 claims after our call.",
    payer="Blue Mesa Plan",
    onset=date(2026, 6, 1),
    money=MoneyRange(300_000, 410_000, 500_000),
    evidence="Strong",
    severity="High",
    state="Resolved",
    owner="Dana Whitfield",
    claims=22,
    outcome="payer change",
    recovered_cents=386_000,
)


APPEAL = shapes.DeadlineLine(
    due=date(2026, 12, 2),
    internal_due=date(2026, 11, 25),
    what="First appeal, knee MRI",
    payer="Summit Mutual",
    incident_id="INC-0007",
    claims=6,
    cents=514_000,
    owner="Dana Whitfield",
)
RECORDS = shapes.DeadlineLine(
    due=date(2026, 12, 9),
    internal_due=date(2026, 12, 2),
    what="Records asked for",
    payer="Blue Mesa Plan",
    incident_id="",
    claims=3,
    cents=92_500,
)
MAPPED = shapes.ChangeLine(
    on=date(2026, 11, 10), kind="Mapping", what="BLUE MESA PPO joined to Blue Mesa Plan", effect="12 claims moved"
)


LATE = (side_lines.LateLine("Harbor Advantage", 42, 298), side_lines.LateLine("Summit Mutual", 3, 412))
ENDING = side_lines.AuthorizationLine(
    id="AUTH-00A1", payer="Northstar Health", service="97153", valid_from=date(2026, 6, 1),
    valid_until=date(2026, 11, 30), approved_units=120.0, used_units=111.5,
)  # fmt: skip
NO_AUTHORIZATION = side_lines.RiskLine("No authorization, and this payer denies the procedure for that", 9, 812_000)
PRECISION = side_lines.MeasureLine(
    key="alert_precision", group="How well we warn", name="Alarms that were real", unit="share", value=5 / 7,
    low=0.359, high=0.918, numerator="5", denominator="7", n=7, basis="By the day on which an incident was raised",
    as_of=date(2026, 11, 16), maturity=None, formula="Incidents closed as real, divided by incidents judged",
    method="kpi-1",
)  # fmt: skip
REWORK = replace(
    PRECISION, key="cost_of_rework", name="Cost of rework", unit="cents", value=125_000.0, low=None, high=None,
    numerator="1250.00", denominator=None, note="$25.00 a touch",
)  # fmt: skip
UNKNOWN = replace(
    PRECISION, key="cash_lag", name="Cash lag", unit="days", value=None, low=None, high=None, numerator=None,
    denominator=None, n=None, unknown="no list of the bank's deposits was brought",
)  # fmt: skip


def payers() -> tuple[shapes.PayerLine, ...]:
    rows = (
        ("Summit Mutual", 0.31, 412, 0.183, 0.141, 0.231, 7.4, 3_894_000, 1_210_000, 15, 31, 1, "Strong", False),
        ("Northstar Health", 0.24, 355, 0.094, 0.067, 0.126, -0.6, 1_451_200, 502_300, 14, 27, 0, "", False),
        ("Harbor Advantage", 0.19, 298, 0.102, 0.070, 0.141, 0.3, 1_322_000, 498_000, 29, 48, 1, "", False),
        ("Civic Care", 0.15, 240, 0.078, 0.049, 0.117, -2.9, 803_500, 260_100, 18, 33, 1, "Moderate", False),
        ("Blue Mesa Plan", 0.09, 121, 0.116, 0.065, 0.187, 1.1, 610_000, 214_900, 20, 36, 0, "Watch", False),
        ("Unmapped (COUNTY WC FUND)", 0.02, 9, 0.222, 0.028, 0.6, None, 84_000, 31_000, None, None, 0, "", True),
    )
    return tuple(shapes.PayerLine(*row) for row in rows)


def ahead() -> tuple[side_lines.ForecastLine, ...]:
    weeks = (5_000_000, 4_500_000, 5_500_000, 4_640_000)
    first = date(2026, 11, 16)
    half = tuple(cents // 2 for cents in weeks)
    parts = [
        side_lines.ForecastLine(name, first, half, (9_060_000, 9_820_000, 10_525_000), (80, 110, 150))
        for name in ("Summit Mutual", "Northstar Health")
    ]
    total = side_lines.ForecastLine("", first, weeks, (18_120_000, 19_640_000, 21_050_000), (157, 220, 298))
    return (*parts, total)


def causes() -> tuple[shapes.CauseLine, ...]:
    rows = (
        ("Authorization missing", 61, 3_212_000, 1_004_000, "Match the authorization on file."),
        ("Medical necessity", 38, 1_518_000, 1_622_000, "Appeal with policy and notes."),
        ("Data on the claim", 52, 1_110_000, 1_240_000, "Correct the field and send again."),
        ("Bundled", 33, 702_000, 655_000, "Check the edit and its modifier."),
        ("Eligibility", 27, 640_000, 688_000, "Check coverage and bill again."),
        ("Another payer first", 19, 412_000, 377_000, "Bill the payer that comes first."),
        ("No usable reason", 11, 150_500, 98_000, "Read the remark, or ask the payer."),
    )
    return tuple(shapes.CauseLine(*row) for row in rows)


def curve(name: str, middle: int) -> LagCurve:
    return LagCurve(name, tuple((d, round(d**3 / (d**3 + middle**3), 4)) for d in range(0, 61, 3)))


def knee_mri() -> NowcastChart:
    weeks = tuple(
        RateWeek(date(2026, 8, 17) + timedelta(weeks=i), r, max(0.0, r - 0.07), r + 0.09, 31, complete=i < 10)
        for i, r in enumerate(SERIES)
    )
    return NowcastChart(
        "Summit Mutual, knee MRI: denial rate by week", weeks, 0.11, date(2026, 10, 19), "authorization denials"
    )


def method() -> shapes.Method:
    return shapes.Method(
        version="two-clock 1.0",
        date_basis="Denial rates follow the week of first submission; payments follow the day of the remittance.",
        baseline_window="The 52 weeks that end 12 weeks before the week judged, by payer and procedure group.",
        false_alarm_budget="At most one false alert a practice-year over all 61 series.",
        immature_weeks="The newest 3 weeks are still filling: estimated, hatched, judged with a wider interval.",
        contract_coverage="74% of allowed dollars have a contract price; the rest use the payer's own median.",
        definitions=(
            shapes.Definition("Denial", "A first decision that pays nothing and leaves nothing to the patient."),
            shapes.Definition(
                "At stake", "Expected dollars above the usual level since the change and in the next 30 days."
            ),
            shapes.Definition("Expected", "Contract price, else the payer's median allowed for the code."),
        ),
    )


def weekly_report() -> shapes.WeeklyReport:
    return sealed(
        shapes.WeeklyReport(
            id="WR-2026-46",
            practice="Lakeside Orthopedics & Imaging",
            period_start=date(2026, 11, 9),
            period_end=date(2026, 11, 15),
            as_of=date(2026, 11, 16),
            data_through=date(2026, 11, 15),
            completeness="98% of expected remittances have arrived; 9 claims of unmapped payers are left out.",
            summary=(
                "Summit Mutual began to deny knee MRI for missing authorization in the week of 19 October.",
                "Harbor Advantage decides 12 days later than in summer, which moves $5,600 of cash into December.",
                "All other payers stand at their usual level.",
            ),
            headlines=(
                shapes.Headline("Cash expected, 4 weeks", MoneyRange(18_120_000, 19_640_000, 21_050_000), -560_000),
                shapes.Headline("Lost so far, open incidents", MoneyRange(1_520_000, 1_975_000, 2_420_000), 310_000),
                shapes.Headline(
                    "Recovered this quarter", MoneyRange(386_000, 386_000, 386_000), 386_000, "against last quarter"
                ),
            ),
            incidents=(MRI, DELAY, UNDERPAID, CLOSED),
            payers=payers(),
            causes=causes(),
            method=method(),
            spotlight=knee_mri(),
            lag=(
                curve("Northstar Health", 14),
                curve("Summit Mutual", 15),
                curve("Civic Care", 18),
                curve("Harbor Advantage", 29),
            ),
            deadlines=(APPEAL, RECORDS),
            ruled_out=(
                "Harbor Advantage's rate by remittance week rose to 16%: later decisions, not more denials.",
                "No drop in volume, no change of mapping and no new file layout falls on the start of an incident.",
            ),
            horizons=(
                shapes.Horizon("Summit Mutual", 6.0, 4),
                shapes.Horizon("Civic Care", 9.0, 4),
                shapes.Horizon("Blue Mesa Plan", 14.5, 4),
            ),
            changes=(MAPPED,),
            measures=(PRECISION, REWORK, UNKNOWN),
            late=LATE,
            authorizations=(ENDING,),
            risks=(NO_AUTHORIZATION,),
            forecast=ahead(),
            forecast_told=side_lines.ForecastTold(date(2026, 11, 15), "forecast-1", 98, 0.82, 0.08),
            remits=(
                shapes.RemitLine("EFT 884120", "Summit Mutual", date(2026, 11, 12), 4_120_055, 4_132_055, -12_000),
                shapes.RemitLine("EFT 551207", "Northstar Health", date(2026, 11, 13), 2_871_000, 2_869_500, 0),
                shapes.RemitLine("CHK 10442", "Civic Care", date(2026, 11, 13), 990_210, 990_210, 0, matched=False),
            ),
            outcomes=shapes.Outcomes(4, 1, 1, 1, 3, 1_284_000),
            portal_url="https://upstream.lakeside.example/portal/reports/WR-2026-46",
        )
    )
