"""The state of the data as the pages show it."""

from dataclasses import dataclass
from datetime import date

from upstream.core.charts import ScoreChart, ScoreWeek
from upstream.ingestion.models import Batch
from upstream.ingestion.quality import queries, wording
from upstream.ingestion.quality.checks import BY_NAME, CHECKS
from upstream.ingestion.quality.judging import limit_of
from upstream.ingestion.quality.models import FileScore, Finding
from upstream.ingestion.quality.queries import PayerScore, WeekScore
from upstream.ingestion.quality.rules import Check
from upstream.portal.figures import Table

WEEKS, NARROW_WEEKS = 26, 12


@dataclass(frozen=True, slots=True)
class FindingRow:
    """One finding in words."""

    finding: Finding

    @property
    def check(self) -> Check:
        return BY_NAME[self.finding.check_name]

    @property
    def counted(self) -> str:
        found = self.finding
        return wording.counted(found.check_name, found.count, found.of, found.detail)

    @property
    def measured(self) -> str:
        return wording.limit(self.finding.check_name, self.finding.share, self.finding.limit)


@dataclass(frozen=True, slots=True)
class Scores:
    """The practice's weeks and payers."""

    weeks: list[WeekScore]
    payers: list[PayerScore]
    wide: ScoreChart
    narrow: ScoreChart

    @property
    def latest(self) -> WeekScore | None:
        return self.weeks[-1] if self.weeks else None


def scores(time_zone: str) -> Scores:
    """Four queries."""
    weeks = queries.weekly_scores(time_zone, WEEKS)
    return Scores(weeks, queries.payer_scores(), _chart(weeks), _chart(weeks[-NARROW_WEEKS:]))


def score_table(found: Scores) -> Table:
    """The weeks of the chart, with how much each had."""
    return Table(
        found.wide.title, ("week", "score", "files", "claims_and_answers"),
        ((week.week, round(week.score, 1), week.files, week.rows) for week in found.weeks),
    )  # fmt: skip


def _chart(weeks: list[WeekScore]) -> ScoreChart:
    return ScoreChart("Data quality by week, of 100", tuple(ScoreWeek(week.week, week.score) for week in weeks))


@dataclass(frozen=True, slots=True)
class CheckRow:
    """One check of one file: `failed` is None where nothing could be said."""

    check: Check
    count: int
    of: int
    limit: float | None
    failed: bool | None

    @property
    def share(self) -> float:
        return self.count / self.of if self.of else 0.0


@dataclass(frozen=True, slots=True)
class FileReport:
    """A file's score with everything that was looked at; checks that concern nothing in it are left out."""

    score: FileScore
    findings: list[FindingRow]
    checks: list[CheckRow]


def file_report(batch: Batch) -> FileReport | None:
    """Two queries; None before the file was looked at."""
    score = queries.score_of(batch)
    if score is None:
        return None
    found = [FindingRow(finding) for finding in queries.findings_of_file(batch).exclude(state="cleared")]
    failed = {row.finding.check_name for row in found}
    rows = [
        CheckRow(check, count, of, limit, check.name in failed if limit is not None or check.name in failed else None)
        for check in CHECKS
        if check.name in score.measured and (count := score.measured[check.name][0]) is not None
        for of, limit in [score.measured[check.name][1:]]
        if of
    ]
    return FileReport(score, found, rows)


@dataclass(frozen=True, slots=True)
class LimitRow:
    """A check with the limit that holds for the practice; `own` says that it is the practice's."""

    check: Check
    limit: float | None
    own: bool

    @property
    def words(self) -> str:
        if self.limit is None:
            return "off"
        if self.check.name.startswith("volume_"):
            return f"{self.limit:g} times the usual"
        if self.check.limit.over_usual is not None:
            return f"{self.limit:.0%} above the usual share"
        return f"chance of {self.limit:g}" if self.check.level != "file" else f"{100 * self.limit:g}%"


def limits(day: date) -> list[LimitRow]:
    """Every check as of a day. One query."""
    own = queries.own_limits(day)
    rows = []
    for check in CHECKS:
        limit = limit_of(check, own)
        value = None if limit is None else limit.share if limit.over_usual is None else limit.over_usual
        rows.append(LimitRow(check, value, check.name in own))
    return rows
