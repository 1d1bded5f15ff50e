"""The course of each claim once sent: decision, then a corrected claim, an appeal, a second payer or a take-back."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from upstream.samples.invented.people import member_id
from upstream.samples.invented.practices import Payer, Practice
from upstream.samples.invented.pricing import SettledLine, denied_lines, paid_lines, secondary_lines
from upstream.samples.invented.reasons import APPEAL, BY_CODE, Reason
from upstream.samples.invented.submissions import Claim
from upstream.samples.invented.weeks import Window, weekday_on_or_before

REFILED_PAID = 0.71
APPEALS_WON = 0.74
SECONDARY_SHARE = 0.02
TAKEN_BACK = 0.004
YEARLY_INTEREST = 0.12


@dataclass(frozen=True, slots=True)
class Event:
    """One adjudication in one week's remittance; a reversal carries the lines it takes back."""

    claim: Claim
    week: int
    status: str
    control: str
    lines: tuple[SettledLine, ...]
    reversal: bool = False
    interest_cents: int = 0

    @property
    def paid_cents(self) -> int:
        """What the event adds to the payment, negative for a reversal."""
        total = sum(line.paid_cents for line in self.lines)
        return -total if self.reversal else total


@dataclass(slots=True)
class Courses:
    """Plays the claims of one practice to their end, the future included: who asks drops what lies past the window."""

    practice: Practice
    window: Window
    draw: Random
    decisions: int = 0

    def of(self, claim: Claim, week: int, reason: Reason | None, remark: str) -> Iterator[Claim | Event]:
        """All that follows from the first decision in `week`: denied for `reason`, or paid when there is none."""
        first = self._decision(claim, week, reason, remark)
        yield first
        if reason is None:
            yield from self._after_payment(first)
        elif self.draw.random() < reason.worked:
            yield from (self._appeal(first) if reason.route == APPEAL else self._refile(first, reason, remark))

    def _decision(self, claim: Claim, week: int, reason: Reason | None, remark: str) -> Event:
        if reason is not None:
            chosen = remark or self.draw.choice(reason.remarks)
            return Event(claim, week, claim.payer.denied_status, self._control(), denied_lines(claim, reason, chosen))
        lines = paid_lines(claim, self.draw)
        return Event(claim, week, "1", self._control(), lines, interest_cents=self._interest(claim, week, lines))

    def _control(self) -> str:
        self.decisions += 1
        return f"{self.practice.seed}{self.decisions:08d}"

    def _paid_on(self, payer: Payer, week: int) -> date:
        return self.window.pay_date(payer.payday, week)

    def _interest(self, claim: Claim, week: int, lines: tuple[SettledLine, ...]) -> int:
        late = (self._paid_on(claim.payer, week) - claim.submitted).days - claim.payer.interest_after
        return round(sum(line.paid_cents for line in lines) * YEARLY_INTEREST * max(0, late) / 365)

    def _refile(self, denied: Event, reason: Reason, remark: str) -> Iterator[Claim | Event]:
        """A frequency 7 replacement, mostly paid, decided after the payer's usual lag."""
        claim = denied.claim
        sent = self._paid_on(claim.payer, denied.week) + timedelta(days=self.draw.randrange(5, 29))
        again = replace(
            claim, number=f"{claim.number}R", submitted=weekday_on_or_before(sent), frequency="7", original=claim.number
        )
        yield again
        week = self._decided_week(again)
        yield self._decision(again, week, None if self.draw.random() < REFILED_PAID else reason, remark)

    def _decided_week(self, claim: Claim) -> int:
        lag = claim.payer.lag_days * self.draw.lognormvariate(0, claim.payer.lag_spread)
        return self.window.pay_week(claim.payer.payday, claim.submitted + timedelta(days=max(4, round(lag))))

    def _appeal(self, denied: Event) -> Iterator[Event]:
        """A won appeal shows as reversal and payment in one remittance; a lost one leaves no trace."""
        if self.draw.random() < APPEALS_WON:
            week = self._later(denied, 25, 75)
            yield replace(denied, week=week, status="22", reversal=True)
            lines = paid_lines(denied.claim, self.draw)
            yield Event(denied.claim, week, "1", self._control(), lines)

    def _later(self, event: Event, least: int, most: int) -> int:
        day = self._paid_on(event.claim.payer, event.week) + timedelta(days=self.draw.randrange(least, most))
        return self.window.pay_week(event.claim.payer.payday, day)

    def _after_payment(self, paid: Event) -> Iterator[Claim | Event]:
        if self.draw.random() < TAKEN_BACK:
            week = self._later(paid, 45, 120)
            yield replace(paid, week=week, status="22", reversal=True, interest_cents=0)
            yield self._decision(paid.claim, week, BY_CODE["CO-22"], "MA04")
        elif self.draw.random() < SECONDARY_SHARE and any(line.patient_cents for line in paid.lines):
            yield from self._second_payer(paid)

    def _second_payer(self, paid: Event) -> Iterator[Claim | Event]:
        first = paid.claim
        others = [payer for payer in self.practice.payers if payer is not first.payer]
        payer = self.draw.choice(others)
        sent = self._paid_on(first.payer, paid.week) + timedelta(days=self.draw.randrange(3, 12))
        second = replace(
            first,
            number=f"{first.number}S",
            submitted=weekday_on_or_before(sent),
            payer=payer,
            patient=replace(first.patient, member_id=member_id(self.draw, payer.letters)),
            payer_order=2,
        )
        yield second
        lines = secondary_lines(second, paid.lines)
        yield Event(second, self._decided_week(second), "2", self._control(), lines)
