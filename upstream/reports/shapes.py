"""What a weekly report says, as plain values: no query, no wording of numbers, no PHI.

Money is integer cents, rates and shares are floats 0..1, `points` are percentage points. Dates are the practice's
own days. Names are payers, causes, owners and incident titles; never a patient, never a claim number
(`ClaimRow.claim` is the reference that the reader may see, chosen by the caller).
"""

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from datetime import date

from upstream.core.charts import LagCurve, NowcastChart
from upstream.reports.side_lines import AuthorizationLine, ForecastLine, ForecastTold, LateLine, MeasureLine, RiskLine


@dataclass(frozen=True, slots=True)
class MoneyRange:
    """Cents, low <= mid <= high (80% range)."""

    low_cents: int
    mid_cents: int
    high_cents: int


@dataclass(frozen=True, slots=True)
class Headline:
    """One of the three figures on the first page; `amount` is None when it is not known, `note` then says why."""

    label: str
    amount: MoneyRange | None
    change_cents: int | None = None
    change_label: str = "against last week"
    note: str = ""


@dataclass(frozen=True, slots=True)
class IncidentLine:
    """One incident; `onset` is the first changed week, `series` its weekly rates oldest first, `onset_index` therein.

    `money` is what is lost so far; `at_stake_cents` a cautious sum of that and the next 30 days, as in the portal.
    Of what is lost, `recovered_cents` were paid after all, `open_cents` can still be got back, `gone_cents` not;
    `ahead_cents` is a projection of 30 days; None where it was never worked out.
    `evidence` is Strong, Moderate or Watch; `deadline` the nearest date that matters, named by `deadline_label`.
    """

    id: str
    title: str
    sentence: str
    payer: str
    onset: date
    money: MoneyRange
    evidence: str
    severity: str
    state: str
    deadline: date | None = None
    deadline_label: str = ""
    owner: str = ""
    series: tuple[float | None, ...] = ()
    onset_index: int | None = None
    claims: int = 0
    outcome: str = ""
    recovered_cents: int | None = None
    at_stake_cents: int = 0
    open_cents: int | None = None
    gone_cents: int | None = None
    ahead_cents: int | None = None
    decision: str = ""


@dataclass(frozen=True, slots=True)
class PayerLine:
    """One payer's week; `points_change` is against its own 26 weeks, None when these are too few.

    `evidence` (Strong, Moderate, Watch or blank) says how sure the change is; `small_n` that claims are few;
    `doubtful` that a fault was found in the data of its figures. `taken_back` of what it paid, `won` of the letters
    that it answered; `paid_short_cents` is what it allowed less than its contract says, or
    without one than its own prices, by its open incidents.
    """

    payer: str
    revenue_share: float
    claims: int
    rate: float | None
    rate_low: float
    rate_high: float
    points_change: float | None
    denied_cents: int
    denied_allowed_cents: int
    median_lag_days: int | None
    slow_lag_days: int | None
    open_incidents: int
    evidence: str = ""
    small_n: bool = False
    doubtful: bool = False
    taken_back: float | None = None
    won: float | None = None
    paid_short_cents: int = 0


@dataclass(frozen=True, slots=True)
class CauseLine:
    """Dollars denied for one cause in the period, and in the period before it."""

    cause: str
    claims: int
    denied_cents: int
    before_cents: int
    first_action: str = ""


@dataclass(frozen=True, slots=True)
class DeadlineLine:
    """A date by which something must be done, for those claims of one incident that are due on it."""

    due: date
    internal_due: date
    what: str
    payer: str
    incident_id: str
    claims: int
    cents: int
    owner: str = ""


@dataclass(frozen=True, slots=True)
class RemitLine:
    """One remittance against the deposit: check total = claim payments + adjustments of the provider level.

    `matched` says whether the bank has the same number and amount, None while no list of its deposits was brought.
    """

    reference: str
    payer: str
    paid_on: date
    check_cents: int
    claims_cents: int
    adjustments_cents: int
    matched: bool | None = True

    @property
    def difference_cents(self) -> int:
        """What does not tie, in cents."""
        return self.check_cents - self.claims_cents - self.adjustments_cents

    @property
    def ties(self) -> bool:
        """Whether nothing is wrong with it."""
        return not self.difference_cents and self.matched is not False


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """A change of a mapping, a contract or the method that can move figures by itself."""

    on: date
    kind: str
    what: str
    effect: str = ""


@dataclass(frozen=True, slots=True)
class Definition:
    """A word of this report and what it means."""

    term: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What became of the incidents closed so far."""

    payer_change: int = 0
    our_process: int = 0
    data_fault: int = 0
    noise: int = 0
    still_open: int = 0
    recovered_cents: int = 0
    returned: int = 0
    merged: int = 0


@dataclass(frozen=True, slots=True)
class Horizon:
    """The smallest rise of the denial rate, in points, that would have been noticed within `weeks` at this payer."""

    payer: str
    points: float
    weeks: int


@dataclass(frozen=True, slots=True)
class Method:
    """How the figures were made, for the last page."""

    version: str
    date_basis: str
    baseline_window: str
    false_alarm_budget: str
    immature_weeks: str
    contract_coverage: str = ""
    exclusions: str = ""
    definitions: tuple[Definition, ...] = ()


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """A claim that belongs to an incident; the least that is needed to work it."""

    incident_id: str
    claim: str
    payer: str
    procedure_code: str
    site: str
    submitted: date
    decided: date | None
    outcome: str
    category: str
    denial: str
    billed_cents: int
    allowed_cents: int | None
    paid_cents: int | None
    deadline: date | None = None
    expected_cents: int = 0
    lost_cents: int = 0


@dataclass(frozen=True, slots=True)
class WeeklyReport:
    """Everything that the PDF, the Excel and the mail of one week say; `spotlight` charts its main incident.

    `caveats` are faults found in the data that the figures are made of, each a sentence without its full stop.
    """

    id: str
    practice: str
    period_start: date
    period_end: date
    as_of: date
    data_through: date
    completeness: str
    summary: tuple[str, ...]
    headlines: tuple[Headline, ...]
    incidents: tuple[IncidentLine, ...]
    payers: tuple[PayerLine, ...]
    causes: tuple[CauseLine, ...]
    method: Method
    cause_period: str = "last 13 weeks"
    cause_before: str = "13 weeks before"
    spotlight: NowcastChart | None = None
    lag: tuple[LagCurve, ...] = ()
    deadlines: tuple[DeadlineLine, ...] = ()
    ruled_out: tuple[str, ...] = ()
    horizons: tuple[Horizon, ...] = ()
    changes: tuple[ChangeLine, ...] = ()
    remits: tuple[RemitLine, ...] = ()
    outcomes: Outcomes = Outcomes()
    portal_url: str = ""
    caveats: tuple[str, ...] = ()
    measures: tuple[MeasureLine, ...] = ()
    late: tuple[LateLine, ...] = ()
    authorizations: tuple[AuthorizationLine, ...] = ()
    risks: tuple[RiskLine, ...] = ()
    forecast: tuple[ForecastLine, ...] = ()
    forecast_told: ForecastTold | None = None
    content_hash: str = ""

    @property
    def open_incidents(self) -> tuple[IncidentLine, ...]:
        """Those without an outcome, in the given order."""
        return tuple(line for line in self.incidents if not line.outcome)


def sealed(report: WeeklyReport) -> WeeklyReport:
    """The same report carrying the SHA-256 of all it says; sealing twice changes nothing."""
    said = asdict(replace(report, content_hash=""))
    text = json.dumps(said, sort_keys=True, separators=(",", ":"), default=date.isoformat)
    return replace(report, content_hash=hashlib.sha256(text.encode()).hexdigest())
