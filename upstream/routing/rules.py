"""Whether something is said at once, with the daily digest or not at all. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from upstream.alerts.choices import Severity
from upstream.detection.choices import Direction, Strength
from upstream.routing.choices import Verdict

SEVERITIES: tuple[str, ...] = (Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM, Severity.LOW)
NOT_TOLD = "none"


def rank(severity: str) -> int:
    """0 for the most severe."""
    return SEVERITIES.index(severity)


@dataclass(frozen=True)
class Facts:
    """What is known of an incident when it is decided who is told; money in cents, `evidence` log10."""

    payer_id: int
    payer: str
    category: str
    location: str
    metric: str
    direction: str
    severity: str
    strength: str
    procedure: str
    reason: str
    claims: int
    lost_cents: int
    annual_cents: int
    evidence: float
    innocent: str = ""


@dataclass(frozen=True)
class Scope:
    """Which incidents are meant: every part that is said must fit; an empty part fits all. Money in cents."""

    payers: frozenset[int] = frozenset()
    categories: frozenset[str] = frozenset()
    locations: frozenset[str] = frozenset()
    metrics: frozenset[str] = frozenset()
    codes: frozenset[str] = frozenset()
    severities: frozenset[str] = frozenset()
    least_cents: int | None = None
    most_cents: int | None = None

    @property
    def is_empty(self) -> bool:
        return self == Scope()

    def fits(self, facts: Facts) -> bool:
        """Codes fit a procedure or a denial reason; amounts are what it has cost so far."""
        said = (
            (self.payers, facts.payer_id), (self.categories, facts.category), (self.locations, facts.location),
            (self.metrics, facts.metric), (self.severities, facts.severity),
        )  # fmt: skip
        if any(wanted and value not in wanted for wanted, value in said):
            return False
        if self.codes and not self.codes & {facts.procedure, facts.reason, facts.reason.partition("-")[2]}:
            return False
        if self.least_cents is not None and facts.lost_cents < self.least_cents:
            return False
        return self.most_cents is None or facts.lost_cents <= self.most_cents


@dataclass(frozen=True)
class Asked:
    """What the practice has said about noise. `weekly_budget` None: no limit; `digest_from` "none": no digest."""

    weekly_budget: int | None = 25
    at_once_from: str = Severity.MEDIUM
    digest_from: str = Severity.MEDIUM
    coalesce_days: int = 14

    def of_severity(self, severity: str) -> Verdict:
        """What its severity alone comes to."""
        if rank(severity) <= rank(self.at_once_from):
            return Verdict.TOLD
        if self.digest_from != NOT_TOLD and rank(severity) <= rank(self.digest_from):
            return Verdict.DIGEST
        return Verdict.KEPT


@dataclass(frozen=True)
class Judged:
    """A verdict with the words for it; `note` is added to what is said."""

    verdict: Verdict
    why: str = ""
    note: str = ""


def kept_back(facts: Facts, asked: Asked) -> Judged | None:
    """Why nobody is told at all; None when somebody is."""
    if facts.direction == Direction.IMPROVE:
        return Judged(Verdict.KEPT, "a change for the better waits for the weekly report")
    if facts.strength == Strength.WATCH:
        return Judged(Verdict.KEPT, "weak evidence sends nothing, it waits for the weekly report")
    if facts.innocent:
        return Judged(Verdict.KEPT, "our own side explains it; it waits for the weekly report")
    if asked.of_severity(facts.severity) == Verdict.KEPT:
        return Judged(Verdict.KEPT, f"{Severity(facts.severity).label} severity waits for the weekly report")
    return None


def budgeted(severity: str, asked: Asked, used: int) -> Judged:
    """At once while the week's budget lasts; beyond it only what is critical, which says so."""
    if asked.weekly_budget is None or used < asked.weekly_budget:
        return Judged(Verdict.TOLD)
    spent = f"this week's {asked.weekly_budget} interruptions are used"
    if severity == Severity.CRITICAL:
        return Judged(
            Verdict.TOLD, f"critical, though {spent}", f"{spent.capitalize()}; what is critical is told all the same."
        )
    return Judged(Verdict.DIGEST, spent)


@dataclass(frozen=True)
class Earlier:
    """The last time that somebody was told of the same incident at once."""

    ago: timedelta
    severity: str


def coalesced(facts: Facts, asked: Asked, earlier: Earlier | None) -> Judged | None:
    """Told of lately and not more severe now: it joins the digest."""
    if earlier is None or earlier.ago >= timedelta(days=asked.coalesce_days):
        return None
    if rank(facts.severity) < rank(earlier.severity):
        return None
    return Judged(Verdict.DIGEST, f"told of {max(earlier.ago.days, 0)} days ago already, and no more severe now")


# What verdicts of people come to. Two false alarms out of nothing make a share of (2 + 1) / (2 + 1 + 3) = 0.5.
PRIOR_NOISE, PRIOR_REAL = 1, 3
ASK_STRONG, ASK_MORE = (2, 0.5), (4, 0.65)
MORE_EVIDENCE = 1.0


@dataclass(frozen=True)
class Tally:
    """Verdicts of people on closed incidents of one payer and metric, or of one metric at all payers."""

    noise: int
    real: int

    @property
    def share(self) -> float:
        """The share of noise to expect, pulled towards one in four while there are few verdicts."""
        return (self.noise + PRIOR_NOISE) / (self.noise + self.real + PRIOR_NOISE + PRIOR_REAL)


@dataclass(frozen=True)
class Ask:
    """What is asked of an incident before it is told at once: a strength, and so much evidence more (log10)."""

    strength: str = Strength.MODERATE
    more: float = 0.0


def ask_of(tally: Tally) -> Ask:
    """Moderate evidence; strong from two verdicts of noise that make half; from four that make 65 %, ten times more."""
    if tally.noise >= ASK_MORE[0] and tally.share >= ASK_MORE[1]:
        return Ask(Strength.STRONG, MORE_EVIDENCE)
    if tally.noise >= ASK_STRONG[0] and tally.share >= ASK_STRONG[1]:
        return Ask(Strength.STRONG)
    return Ask()


def learned(facts: Facts, tallies: Sequence[Tally], strong_from: float) -> Judged | None:
    """Weaker than people's verdicts ask for: the digest. Never for what is critical, and never anything but that.

    `strong_from` is the evidence from which on the strength is strong.
    """
    ask = max((ask_of(tally) for tally in tallies), key=lambda one: (one.strength == Strength.STRONG, one.more))
    if facts.severity == Severity.CRITICAL or ask.strength != Strength.STRONG:
        return None
    if facts.strength == Strength.STRONG and facts.evidence >= strong_from + ask.more:
        return None
    words = "ten times stronger evidence than strong" if ask.more else "strong evidence"
    return Judged(Verdict.DIGEST, f"many like it were called noise here: at once only with {words}")
