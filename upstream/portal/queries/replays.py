"""What would have been caught: a replay's findings beside the month-end report and the live system."""

from dataclasses import dataclass
from statistics import median

from upstream.alerts import replay_queries
from upstream.alerts.choices import IncidentState, ResolutionOutcome
from upstream.alerts.comparing import paired
from upstream.alerts.models import Opening, Replay, ReplayFinding
from upstream.alerts.rules import FALSE_OUTCOMES
from upstream.alerts.wording import is_ours_first
from upstream.detection.choices import Direction
from upstream.portal import words

REAL = frozenset({ResolutionOutcome.PAYER_CHANGE, ResolutionOutcome.OUR_PROCESS})


def verdict_of(opening: Opening | None) -> str:
    """What people made of the live incident."""
    if opening is None:
        return "not raised then"
    incident = opening.incident
    if incident.outcome and incident.outcome != ResolutionOutcome.RETURNED:
        return str(ResolutionOutcome(incident.outcome).label)
    return "closed by itself" if incident.outcome else str(IncidentState(incident.state).label)


def lead_words(days: int) -> str:
    if days > 0:
        return f"{words.counted(days, 'day')} before"
    return f"{words.counted(-days, 'day')} after" if days else "the day of"


@dataclass(frozen=True, slots=True)
class AloneRow:
    """An incident that the live system raised and the replay did not."""

    live: Opening

    @property
    def verdict(self) -> str:
        return verdict_of(self.live)

    @property
    def is_real(self) -> bool:
        return self.live.incident.outcome in REAL


@dataclass(frozen=True, slots=True)
class FoundRow:
    """One finding; `live` is what the live system raised of the same cause."""

    finding: ReplayFinding
    live: Opening | None

    @property
    def days_earlier(self) -> int:
        """Than the month-end report; below zero where that came first."""
        return int((self.finding.report_date - self.finding.as_of).days)

    @property
    def lead(self) -> str:
        return lead_words(self.days_earlier)

    @property
    def saved_cents(self) -> int:
        """Lost between the finding and the report, which knowing earlier could have kept."""
        return int(max(self.finding.report_lost_cents - self.finding.lost_cents, 0)) if self.days_earlier > 0 else 0

    @property
    def verdict(self) -> str:
        return verdict_of(self.live)

    @property
    def is_false(self) -> bool:
        return self.live is not None and self.live.incident.outcome in FALSE_OUTCOMES

    @property
    def is_ours(self) -> bool:
        """Told as "check us first": something of our own explains it."""
        return is_ours_first(self.finding.title)


@dataclass(frozen=True, slots=True)
class Caught:
    """A replay's changes to the worse, and those of the live system that it has not.

    `ours` are those that something of our own explains: they are no payer's change, and no sum counts them.
    """

    rows: list[FoundRow]
    ours: list[FoundRow]
    alone: list[AloneRow]
    improvements: int

    @property
    def lead(self) -> str:
        """Median against the month-end report, over findings that no person has called false; "" without any."""
        days = [row.days_earlier for row in self.rows if not row.is_false]
        return lead_words(round(median(days))) if days else ""

    @property
    def saved_cents(self) -> int:
        return sum(row.saved_cents for row in self.rows if not row.is_false)

    @property
    def false(self) -> int:
        return sum(row.is_false for row in self.rows)

    @property
    def confirmed(self) -> int:
        return sum(row.live is not None and row.live.incident.outcome in REAL for row in self.rows)

    @property
    def unjudged(self) -> int:
        return len(self.rows) - self.false - self.confirmed

    @property
    def missed(self) -> int:
        """Of `alone`, those that people found to be real."""
        return sum(row.is_real for row in self.alone)


def caught(replay: Replay) -> Caught:
    """Two queries."""
    found = list(replay_queries.findings_of(replay))
    adverse = [row for row in found if row.direction == Direction.ADVERSE]
    live = [o for o in replay_queries.openings(replay.first, replay.last) if o.direction == Direction.ADVERSE]
    pairs = paired(adverse, live)
    rows = [FoundRow(pair.one, pair.other) for pair in pairs if pair.one is not None]
    return Caught(
        rows=[row for row in rows if not row.is_ours],
        ours=[row for row in rows if row.is_ours],
        alone=[AloneRow(pair.other) for pair in pairs if pair.one is None and pair.other is not None],
        improvements=len(found) - len(adverse),
    )
