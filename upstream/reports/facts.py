"""What the weekly report is made of, as read from the database at the end of its week."""

from dataclasses import dataclass
from datetime import date

from upstream.alerts.models import Incident, IncidentClaim
from upstream.authorizations.models import Entry, Risk
from upstream.claims.models import Remittance
from upstream.contracts.models import ShortLine
from upstream.detection.models import Baseline, DetectionRun
from upstream.forecast.queries import NextWeeks
from upstream.ingestion.quality.queries import Caveat
from upstream.reports.figures import Waits
from upstream.reports.measured import Measured
from upstream.tenants.models import Organization


@dataclass(frozen=True)
class Cell:
    """Sums of one payer, week in which it became known, and outcome; PENDING is the claims themselves."""

    payer_id: int
    week: date
    outcome: int
    claims: int
    billed_cents: int
    allowed_cents: int
    paid_cents: int


@dataclass(frozen=True)
class Denials:
    """Sums of one category, reason and known week."""

    category: str
    reason: str
    week: date
    claims: int
    billed_cents: int


@dataclass(frozen=True)
class Files:
    """How many files were read, were refused, and wait to be read."""

    read: int
    refused: int
    waiting: int


@dataclass(frozen=True)
class Recovered:
    """Cents that payers paid after all: since the quarter began, in as many days of the one before, and ever."""

    now: int
    before: int
    ever: int


@dataclass(frozen=True)
class Authorizations:
    """Those that end soon or are nearly used up, and undecided claims at risk for want of one."""

    near: list[Entry]
    risks: list[Risk]


@dataclass(frozen=True)
class Decision:
    """A decision of people that can move figures by itself."""

    on: date
    kind: str
    what: str
    effect: str


@dataclass(frozen=True)
class Facts:
    """Everything read; lists are in a fixed order."""

    practice: Organization
    runs: list[DetectionRun]
    baselines: dict[int, Baseline]
    payers: dict[int, str]
    cells: list[Cell]
    denials: list[Denials]
    waits: dict[int, Waits]
    incidents: list[Incident]
    members: list[IncidentClaim]
    remittances: list[Remittance]
    files: Files
    rejected_rows: int
    outcomes: dict[str, int]
    caveats: list[Caveat]
    deposited: dict[int, bool] | None
    measured: Measured
    recovered: Recovered
    authorizations: Authorizations
    decided: list[Decision]
    short_lines: list[ShortLine]
    ahead: NextWeeks | None

    @property
    def run(self) -> DetectionRun | None:
        return self.runs[0] if self.runs else None
