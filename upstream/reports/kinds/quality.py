"""The data-quality report: can the other reports be trusted, and what has to be put right first."""

from upstream.claims.payer_queries import Unmapped, unmapped
from upstream.claims.queries import codes_without_meaning
from upstream.core import charts
from upstream.core.documents.tables import Column
from upstream.ingestion.quality import queries, wording
from upstream.ingestion.quality.checks import BY_NAME
from upstream.kpis.measures import measures
from upstream.reports.briefs import Brief, Figure, Grid, Part
from upstream.reports.kinds.base import Kind, Made, Subject
from upstream.reports.kinds.pieces import freshness, made, measure_part, method
from upstream.reports.measured import span_of
from upstream.reports.reading import files_read, rejected_rows
from upstream.reports.render import words
from upstream.reports.rules import WEEKS, period_of
from upstream.tenants.queries import bound_organization

SHOWN_WEEKS = 26
ABOUT_DATA = ("unspecified_rate", "clean_claim_rate", "remit_lag", "cash_lag", "prompt_pay", "write_off_rate")
SCORES = (
    Column("Week of", "date", 12), Column("Score of 100", "number", 14), Column("Files", "count", 8, total=True),
    Column("Rows", "count", 12, total=True),
)  # fmt: skip
PAYERS = (
    Column("Payer", width=30), Column("Score of 100", "number", 14), Column("Files", "count", 8),
    Column("Rows", "count", 12, total=True), Column("Open findings", "count", 14, total=True),
)  # fmt: skip
FINDINGS = (
    Column("What was found", width=70), Column("Payer", width=24), Column("How grave", width=12),
    Column("First day", "date", 12), Column("Last day", "date", 12), Column("Dollars", "money", 14, total=True),
    Column("In numbers", width=60),
)  # fmt: skip


def make(subject: Subject) -> Made:
    """As of the end of the day."""
    practice, period = bound_organization(), period_of(subject.as_of)
    weeks, files, names = queries.weekly_scores(practice.time_zone, SHOWN_WEEKS), files_read(), unmapped()
    open_now = list(queries.gravest_first(queries.open_findings()))
    span = span_of(period)
    found = measures(span.first, span.last)
    faults = [fault.words for fault in queries.caveats(since=period.weeks_back(WEEKS), until=period.end)]
    newest = f"{weeks[-1].score:.0f} of 100" if weeks else "not known"
    chart = charts.ScoreChart("Data quality by week, of 100", tuple(charts.ScoreWeek(w.week, w.score) for w in weeks))
    brief = Brief(
        id=f"DQ-{period.end:%G-%V}",
        title="Data quality",
        practice=practice.name,
        period=words.period(period.start, period.end),
        period_start=period.start,
        period_end=period.end,
        as_of=subject.as_of,
        freshness=freshness(),
        caveats=tuple(faults[:2]),
        summary=(
            f"{words.count(len(open_now), 'finding')} {'is' if len(open_now) == 1 else 'are'} open;"
            f" {len(faults) or 'none'} of them {'touches' if len(faults) == 1 else 'touch'} the numbers.",
            _waiting(names),
        ),
        figures=(
            Figure("Newest week", newest),
            Figure("Files", f"{files.read:,}", f"{files.refused:,} refused, {files.waiting:,} waiting"),
            Figure("Rows left out", f"{rejected_rows():,}", "until they are corrected"),
        ),
        parts=(
            Part("Score week by week", chart=charts.score_chart(chart, width=640, height=170) if weeks else "",
                 grid=_scores(weeks)),
            Part("Payers, the lowest score first", grid=_payers()),
            Part("Open findings", grid=_findings(open_now)),
            measure_part("Measures that the data allow", (found[key] for key in ABOUT_DATA)),
        ),
        method=method(),
        link=subject.link,
    )  # fmt: skip
    return made(brief, subject, {"open_findings": len(open_now), "touch_the_numbers": len(faults)})


def _waiting(names: Unmapped) -> str:
    """What is not watched because nobody has said what it means."""
    codes = codes_without_meaning()
    payers = (
        f"{words.count(names.claims, 'claim')} of {words.count(len(names.payers), 'payer')} are not watched:"
        " their names wait for a decision."
        if names.payers
        else "Every payer's name is decided."
    )
    unexplained = f" {words.count(codes, 'code')} nobody has explained." if codes else " Every code has a meaning."
    return payers + unexplained


def _scores(weeks: list[queries.WeekScore]) -> Grid:
    rows = tuple((w.week, round(w.score, 1), w.files, w.rows) for w in reversed(weeks))
    return Grid("Scores", SCORES, rows, "No file was looked at yet.", shown=4)


def _payers() -> Grid:
    rows = tuple((p.payer, round(p.score, 1), p.files, p.rows, p.open_findings) for p in queries.payer_scores())
    return Grid("Payers", PAYERS, rows, "No payer's rows were looked at yet.", shown=12)


def _findings(found: list[queries.Finding]) -> Grid:
    rows = tuple(
        (
            *(BY_NAME[row.check_name].title, row.payer.name if row.payer else "all", row.get_severity_display()),
            *(row.first_day, row.last_day, row.cents),
            wording.counted(row.check_name, row.count, row.of, row.detail),
        )
        for row in found
    )
    return Grid("Findings", FINDINGS, rows, "Nothing was found.", shown=15, columns_shown=6)


KIND = Kind(
    code="quality",
    title="Data quality",
    says="Whether the other reports can be trusted: scores by week and payer, open findings, what is left out.",
    formats=("pdf", "xlsx"),
    period="week",
    make=make,
)
