"""What a payer's decision does to each service line: allowed, paid, and the adjustments that make up the difference."""

from dataclasses import dataclass
from random import Random

from upstream.samples.invented.reasons import BY_CODE, Reason
from upstream.samples.invented.submissions import Claim, Line

COPAYS = (2000, 2500, 3000, 4000)
SEQUESTRATION = 0.02
COINSURANCE = 0.2
BUNDLED_SHARE = 0.06
DEDUCTIBLE_BY_MONTH = (0.4, 0.34, 0.28, 0.22, 0.18, 0.15, 0.13, 0.12, 0.1, 0.1, 0.09, 0.09)


@dataclass(frozen=True, slots=True)
class Adjustment:
    """Group, CARC and cents of one CAS triplet."""

    group: str
    carc: str
    cents: int


@dataclass(frozen=True, slots=True)
class SettledLine:
    """One line as decided: charge - adjustments = paid, always."""

    line: Line
    allowed_cents: int
    paid_cents: int
    adjustments: tuple[Adjustment, ...]
    remarks: tuple[str, ...] = ()

    @property
    def patient_cents(self) -> int:
        """What the patient owes: the PR adjustments."""
        return sum(each.cents for each in self.adjustments if each.group == "PR")


def denied_lines(claim: Claim, reason: Reason, remark: str) -> tuple[SettledLine, ...]:
    """Every line denied in full for one reason."""
    return tuple(_denied(line, reason, remark) for line in claim.lines)


def _denied(line: Line, reason: Reason, remark: str) -> SettledLine:
    whole = Adjustment(reason.group, reason.carc, line.charge_cents)
    return SettledLine(line, 0, 0, (whole,), (remark,) if remark else ())


def paid_lines(claim: Claim, draw: Random) -> tuple[SettledLine, ...]:
    """The lines at the contract fee less the patient's share; now and then a second line is bundled into the first."""
    settled = [_paid(claim, line, draw) for line in claim.lines]
    if len(settled) > 1 and draw.random() < BUNDLED_SHARE:
        settled[1] = _denied(claim.lines[1], BY_CODE["CO-97"], "M15")
    return tuple(settled)


def _paid(claim: Claim, line: Line, draw: Random) -> SettledLine:
    fee = line.procedure.fee_cents * claim.payer.fee_factor * claim.site.fee_factor * claim.clinician.fee_factor
    allowed = min(line.charge_cents, round(fee) * line.units)
    patient = _patient_share(claim, line, allowed, draw)
    rest = allowed - sum(each.cents for each in patient)
    withheld = round(rest * SEQUESTRATION) if claim.payer.sequestration else 0
    adjustments = (
        Adjustment("CO", "45", line.charge_cents - allowed),
        Adjustment("CO", "253", withheld),
        *patient,
    )
    return SettledLine(line, allowed, rest - withheld, tuple(each for each in adjustments if each.cents))


def _patient_share(claim: Claim, line: Line, allowed: int, draw: Random) -> list[Adjustment]:
    """Deductible early in the year, a copay on visits, coinsurance on some of the rest; never more than allowed."""
    shares, rest = [], allowed
    if draw.random() < DEDUCTIBLE_BY_MONTH[claim.service.month - 1]:
        shares.append(Adjustment("PR", "1", min(rest, draw.randrange(1500, 25000))))
    rest -= sum(each.cents for each in shares)
    if line.number == 1 and line.procedure.family == "visit" and draw.random() < 0.55:
        shares.append(Adjustment("PR", "3", min(rest, draw.choice(COPAYS))))
    elif draw.random() < 0.35:
        shares.append(Adjustment("PR", "2", round(rest * COINSURANCE)))
    return shares


def secondary_lines(claim: Claim, primary: tuple[SettledLine, ...]) -> tuple[SettledLine, ...]:
    """The secondary pays the patient's share less one tenth; all else was settled by the primary (OA-23)."""
    settled = []
    for line, first in zip(claim.lines, primary, strict=True):
        share = first.patient_cents
        left = share // 10
        adjustments = (Adjustment("OA", "23", line.charge_cents - share), Adjustment("PR", "2", left))
        settled.append(SettledLine(line, 0, share - left, tuple(each for each in adjustments if each.cents)))
    return tuple(settled)
