"""Decisions on incidents: which moves are legal, how severe one is, and by when something must be done."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from upstream.alerts.business_days import business_days_before
from upstream.alerts.choices import IncidentState, ResolutionOutcome, Severity
from upstream.core.errors import Conflict, Invalid

S = IncidentState
SYSTEM = "system"
CLOSED = frozenset({S.RESOLVED, S.FALSE})
MOVES: dict[IncidentState, frozenset[IncidentState]] = {
    S.NEW: frozenset({S.ACKNOWLEDGED, S.WORKING, S.WAITING, S.MONITORING, S.RESOLVED, S.FALSE}),
    S.ACKNOWLEDGED: frozenset({S.WORKING, S.WAITING, S.MONITORING, S.RESOLVED, S.FALSE}),
    S.WORKING: frozenset({S.WAITING, S.MONITORING, S.RESOLVED, S.FALSE}),
    S.WAITING: frozenset({S.WORKING, S.MONITORING, S.RESOLVED, S.FALSE}),
    S.MONITORING: frozenset({S.WORKING, S.WAITING, S.RESOLVED, S.FALSE}),
    S.RESOLVED: frozenset({S.WORKING}),
    S.FALSE: frozenset({S.WORKING}),
}
# What the system does by itself: closes what is gone, tells again what is back, and works on what did not return.
BY_ITSELF: dict[IncidentState, frozenset[IncidentState]] = {
    **{state: frozenset({S.RESOLVED, S.NEW}) for state in S if state not in CLOSED},
    S.MONITORING: frozenset({S.RESOLVED, S.NEW, S.WORKING}),
    S.RESOLVED: frozenset({S.NEW}),
    S.FALSE: frozenset({S.NEW}),
}
# Before anything is known one denial in ten is taken to come back, as firmly as ten claims would say so.
PRIOR_WON, PRIOR_CLAIMS = 1.0, 10.0
FALSE_OUTCOMES = frozenset({ResolutionOutcome.NOISE, ResolutionOutcome.DATA_FAULT})
# What people may say of an incident that they close.
SAID_OUTCOMES = tuple(outcome for outcome in ResolutionOutcome if outcome is not ResolutionOutcome.MERGED)


def outcome_of_move(from_state: str, to_state: str, outcome: str) -> str:
    """The outcome to keep for a person's move: demanded by a close, "" for any other state.

    A false alarm without one is noise. Conflict when the move is no step from where the incident stands; Invalid when
    the outcome is missing, unknown, or does not go with the state.
    """
    if to_state not in S.values:
        raise Invalid("state", "there is no such state")
    if S(to_state) not in MOVES[S(from_state)]:
        raise Conflict(
            "not_a_move", f"an incident that is {S(from_state).label.lower()} cannot become {S(to_state).label.lower()}"
        )
    if S(to_state) not in CLOSED:
        if outcome:
            raise Invalid("outcome", "only closing an incident takes an outcome")
        return ""
    if to_state == S.FALSE and not outcome:
        return ResolutionOutcome.NOISE
    if outcome not in SAID_OUTCOMES:
        raise Invalid(
            "outcome", "say what it turned out to be: payer change, our process, data fault, noise or returned to usual"
        )
    if to_state == S.FALSE and outcome not in FALSE_OUTCOMES:
        raise Invalid("outcome", "a false alarm is noise or a data fault")
    return outcome


@dataclass(frozen=True)
class SeverityLimits:
    """When money is much: shares of a payer's monthly expected allowed, and cents (house proposal, kpi table 7).

    `cost_of_capital` is what late cash costs a year, as a share of it.
    """

    much_share: float = 0.02
    much_cents: int = 1_000_000
    some_share: float = 0.005
    some_cents: int = 200_000
    soon_days: int = 30
    urgent_days: int = 7
    cost_of_capital: float = 0.08


LIMITS = SeverityLimits()
TABLE: dict[str, tuple[Severity, Severity, Severity]] = {
    "much": (Severity.HIGH, Severity.CRITICAL, Severity.CRITICAL),
    "some": (Severity.MEDIUM, Severity.HIGH, Severity.CRITICAL),
    "little": (Severity.LOW, Severity.MEDIUM, Severity.HIGH),
}


def severity_of(
    at_stake_cents: int, payer_monthly_cents: int, days_left: int | None, limits: SeverityLimits = LIMITS
) -> Severity:
    """Money at stake against the time that is left; None days means that no clock runs."""
    share = at_stake_cents / payer_monthly_cents if payer_monthly_cents > 0 else 0.0
    if share >= limits.much_share or at_stake_cents >= limits.much_cents:
        row = TABLE["much"]
    elif share >= limits.some_share or at_stake_cents >= limits.some_cents:
        row = TABLE["some"]
    else:
        row = TABLE["little"]
    if days_left is None or days_left > limits.soon_days:
        return row[0]
    return row[1] if days_left > limits.urgent_days else row[2]


@dataclass(frozen=True)
class Window:
    """How many days a payer leaves for one kind of answer, from the decision on, and where that is written."""

    action: str
    days: int
    source: str


@dataclass(frozen=True)
class Due:
    """The payer's date, and ours before it: by then it should be done."""

    deadline: date
    internal: date
    source: str


@dataclass(frozen=True)
class Member:
    """A claim behind an incident: what it should bring, and by when its denial is answered where a clock runs.

    `lost` is its part of what the incident has cost, `recoverable` what of that usually comes back while the clock
    runs, `back` the day on which we learned that it was paid after all.
    """

    cents: int
    due: Due | None
    lost: int = 0
    recoverable: int = 0
    back: date | None = None


@dataclass(frozen=True)
class Split:
    """Where the money of an incident stands at the beginning of a day; claims and cents, which add up to all of it.

    Back: paid after all. Open: a clock still runs; `recoverable_cents` of that usually come back. Gone: the window
    has closed, or there is none.
    """

    back: int
    back_cents: int
    open: int
    open_cents: int
    recoverable_cents: int
    gone: int
    gone_cents: int


def split_at(members: Iterable[Member], today: date) -> Split:
    """The standing of an incident's claims. A date holds to the end of its day."""
    every = list(members)
    back = [member for member in every if member.back]
    rest = [member for member in every if not member.back]
    standing = [member for member in rest if member.due and member.due.deadline >= today]
    gone = [member for member in rest if not (member.due and member.due.deadline >= today)]
    return Split(
        back=len(back),
        back_cents=sum(member.lost for member in back),
        open=len(standing),
        open_cents=sum(member.lost for member in standing),
        recoverable_cents=sum(member.recoverable for member in standing),
        gone=len(gone),
        gone_cents=sum(member.lost for member in gone),
    )


def due_of(decided: date, window: Window) -> Due:
    """The dates for answering a denial of this day."""
    deadline = decided + timedelta(days=window.days)
    source = f"{window.action}, {window.days} days: {window.source}"[:80]
    return Due(deadline, internal_due(deadline, window.days), source)


@dataclass(frozen=True)
class Deadlines:
    """Where an incident's claims stand with their dates at the beginning of `as_of`; money in cents.

    `next` is the first date that has not passed. `open` counts the claims whose date has not passed, `passed` the
    others, `soon` those of the open ones that are due within seven days; `last` is the last open date.
    """

    as_of: date
    next: Due | None
    last: date | None
    open: int
    soon: int
    soon_cents: int
    passed: int
    passed_cents: int


SOON_DAYS = 7


def deadlines_at(dues: Iterable[tuple[Due, int]], today: date) -> Deadlines:
    """The standing of claims, each with its dates and expected cents. A date holds to the end of its day."""
    every = list(dues)
    standing = [(due, cents) for due, cents in every if due.deadline >= today]
    passed = [cents for due, cents in every if due.deadline < today]
    soon = [cents for due, cents in standing if due.deadline <= today + timedelta(days=SOON_DAYS)]
    return Deadlines(
        as_of=today,
        next=min((due for due, _ in standing), key=lambda due: (due.deadline, due.internal, due.source), default=None),
        last=max((due.deadline for due, _ in standing), default=None),
        open=len(standing),
        soon=len(soon),
        soon_cents=sum(soon),
        passed=len(passed),
        passed_cents=sum(passed),
    )


def internal_due(deadline: date, days: int) -> date:
    """The deadline less the larger of five business days and a tenth of the window."""
    return min(business_days_before(deadline, 5), deadline - timedelta(days=-(-days // 10)))
