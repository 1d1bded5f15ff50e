"""What the landing page says."""

from dataclasses import dataclass
from datetime import date, timedelta
from math import inf

from upstream.alerts.choices import IncidentState
from upstream.alerts.models import Incident
from upstream.claims.models import Payer
from upstream.claims.payer_queries import Unmapped, unmapped
from upstream.core import clock
from upstream.core.charts import Sparkline
from upstream.core.money import show_dollars
from upstream.detection import charts
from upstream.detection.models import Baseline, DetectionRun
from upstream.ingestion.quality.queries import Caveat, caveats
from upstream.portal import words
from upstream.portal.figures import Table
from upstream.portal.queries.behaviour import Made, horizon_words
from upstream.portal.queries.incidents import URGENT_DAYS, IncidentRow, open_incidents, row_of
from upstream.portal.queries.payers import shown

SHOWN = 7
CHANGED_WITHIN = timedelta(days=7)
CAVEATS_WITHIN = timedelta(weeks=8)
WEEK_COLUMNS = ("payer", "week", "claims", "denial_rate", "low_95", "high_95", "usual_rate", "still_filling")


@dataclass(frozen=True, slots=True)
class PayerRow:
    """One payer: rate now with its interval, usual rate, and the smallest change we would notice in four weeks."""

    payer: Payer
    baseline: Baseline
    spark: Sparkline
    open_incidents: int
    caveats: list[Caveat]
    unmapped: bool = False

    @property
    def shown(self) -> str:
        return shown(self.payer, unmapped=self.unmapped)

    @property
    def points(self) -> str:
        return words.points(self.baseline.rate - self.baseline.usual_rate)


@dataclass(frozen=True, slots=True)
class Today:
    """The page: `shown` incidents, those `folded` away, dates passed or due within seven days, and every payer."""

    today: date
    sentence: str
    shown: list[IncidentRow]
    folded: list[IncidentRow]
    due: list[Incident]
    payers: list[PayerRow]
    unmapped: Unmapped
    caveats: list[Caveat]
    made: Made | None


def today_of(time_zone: str, run: DetectionRun | None) -> Today:
    """Four queries: open incidents, the last run's baselines, faults in the data of recent weeks, names that wait.

    Two more where names wait.
    """
    today = clock.today(time_zone)
    incidents = list(open_incidents(today))
    waiting = unmapped()
    faults = caveats(since=(run.as_of if run else today) - CAVEATS_WITHIN)
    payers = _payers(run, incidents, waiting, faults)
    rows = [row_of(incident) for incident in incidents]
    near = [i for i in incidents if i.deadline and i.deadline <= today + timedelta(days=URGENT_DAYS)]
    due = [i for i in near if i.deadline and i.deadline >= today]
    return Today(
        today=today,
        sentence=_sentence(run, incidents, due, len(near) - len(due), payers),
        shown=rows[:SHOWN],
        folded=rows[SHOWN:],
        due=sorted(near, key=lambda i: (i.deadline or today, i.pk)),
        payers=payers,
        unmapped=waiting,
        caveats=faults,
        made=Made("By the week of submission", run.as_of, run.method, _maturity(payers)) if run else None,
    )


def weeks_of(page: Today) -> Table:
    """The weeks behind the payers' lines, and what each is held against."""
    cells = (
        (row.payer.name, week["week"], week["submitted"], week["mid"], week["low"], week["high"],
         row.baseline.usual_rate, "yes" if week["immature"] else "no")
        for row in page.payers
        for week in row.baseline.series[-charts.SPARK_WEEKS :]
    )  # fmt: skip
    return Table(f"payers {page.made.as_of if page.made else page.today}", WEEK_COLUMNS, cells)


def _maturity(payers: list[PayerRow]) -> float | None:
    """Over all payers by their claims; None where a look left none."""
    known = [(row.baseline.weekly_claims, row.baseline.maturity) for row in payers if row.baseline.maturity is not None]
    whole = sum(claims for claims, _ in known)
    return sum(claims * maturity for claims, maturity in known) / whole if whole else None


def _payers(
    run: DetectionRun | None, incidents: list[Incident], waiting: Unmapped, faults: list[Caveat]
) -> list[PayerRow]:
    if run is None:
        return []
    baselines = Baseline.objects.filter(run=run).select_related("payer").order_by("-weekly_claims", "payer__name")
    return [
        PayerRow(
            payer=row.payer,
            baseline=row,
            spark=charts.spark(f"{row.payer.name}: weekly denial rate", row.series),
            open_incidents=sum(i.payer_id == row.payer_id for i in incidents),
            unmapped=row.payer_id in waiting.payers,
            caveats=[fault for fault in faults if fault.payer_id == row.payer_id],
        )
        for row in baselines
    ]


def _sentence(
    run: DetectionRun | None, open_now: list[Incident], due: list[Incident], passed: int, payers: list[PayerRow]
) -> str:
    if run is None:
        return "Nothing has been analysed yet. Upload claims and remittances to begin."
    if not open_now:
        return _quiet(run, payers)
    new = [i for i in open_now if i.state == IncidentState.NEW]
    since = clock.now() - CHANGED_WITHIN
    changed = [i for i in open_now if i.state != IncidentState.NEW and i.changed_at >= since]
    said = f"{len(new)} new, {len(changed)} changed, {words.counted(len(open_now), 'open incident')}."
    late = f" {words.counted(passed, 'deadline has', 'deadlines have')} passed." if passed else ""
    if not due:
        return f"{said} None of them is due within 7 days.{late}"
    worth = show_dollars(sum(i.at_stake_cents for i in due), whole=True)
    return f"{said} {len(due)} of them due within 7 days, worth {worth}.{late}"


def _quiet(run: DetectionRun, payers: list[PayerRow]) -> str:
    """What was watched, and the payer at which least is seen."""
    said = f"Nothing new in {words.counted(run.series, 'monitored series', 'monitored series')}."
    watched = [row for row in payers if not row.unmapped]
    if not watched:
        return said
    blindest = max(watched, key=lambda row: _unseen(row.baseline))
    return f"{said} {horizon_words(blindest.baseline, blindest.payer.name)}"


def _unseen(baseline: Baseline) -> float:
    return inf if baseline.visible_in_4_weeks is None else baseline.visible_in_4_weeks
