"""When an authorization ends or runs out, and when its payer had to decide. Pure: dates and numbers in."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from upstream.authorizations.choices import Mark
from upstream.claims.choices import Approval, Urgency

GRANTED = frozenset({Approval.APPROVED, Approval.PARTLY, Approval.CHANGED})
UNDECIDED = frozenset({Approval.WAITING, Approval.CALL, Approval.OTHER})
DECIDED_AGAINST = frozenset({Approval.REFUSED, Approval.CANCELLED})
# Ours, unverified: no payer's manual says otherwise for all. Two weeks cover a standard decision (7 days since 2026)
# and a second try.
LEAD_DAYS = 14
LEAD_SOURCE = "ours: a standard decision (7 days) and a second try; check the payer's manual"
USED_SHARE = Decimal("0.9")  # practice software recommends a soft cap of 90 % (practiceaba.com)
RECENT_WEEKS = 4
ENDS = {Mark.DAYS_30: 30, Mark.DAYS_14: 14, Mark.DAYS_3: 3}
# The nearest first; what ends in three days is told as that, not as nearly used up.
URGENCY_OF_MARKS = (Mark.DAYS_3, Mark.USED, Mark.DAYS_14, Mark.LEAD, Mark.DAYS_30)


@dataclass(frozen=True)
class Standing:
    """What is left of a granted authorization, as far as it is said."""

    valid_until: date | None
    approved: Decimal | None
    used: Decimal
    recent: Decimal = Decimal(0)

    @property
    def left(self) -> Decimal | None:
        return None if self.approved is None else self.approved - self.used

    @property
    def share(self) -> Decimal | None:
        """Used of approved, None where nothing was approved or no number said."""
        return self.used / self.approved if self.approved else None

    @property
    def weekly(self) -> Decimal:
        """Units a week over the last four weeks."""
        return self.recent / RECENT_WEEKS

    def runs_out(self, today: date) -> date | None:
        """The day on which the units end at the rate of the last four weeks; None where nothing is used or said."""
        if self.left is None or not self.weekly:
            return None
        return today + timedelta(days=int(max(self.left, Decimal(0)) * 7 / self.weekly))


def marks_reached(standing: Standing, *, today: date, lead_days: int) -> list[Mark]:
    """Every mark that the authorization has reached today, the nearest first; none once it has ended."""
    if standing.valid_until is not None and standing.valid_until < today:
        return []
    found = set()
    if standing.valid_until is not None:
        days = (standing.valid_until - today).days
        found = {mark for mark, limit in ENDS.items() if days <= limit}
        if days <= lead_days and lead_days not in ENDS.values():
            found.add(Mark.LEAD)
    if standing.share is not None and standing.share >= USED_SHARE:
        found.add(Mark.USED)
    return [mark for mark in URGENCY_OF_MARKS if mark in found]


def due_at(asked: datetime, hours: int) -> datetime:
    """The last instant at which a decision is in time."""
    return asked + timedelta(hours=hours)


def urgency_of(said: str) -> Urgency:
    """Unsaid is standard, the longer of the two: no payer is called late for want of a word."""
    return Urgency(said) if said else Urgency.STANDARD
