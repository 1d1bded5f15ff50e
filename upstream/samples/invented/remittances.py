"""One week's 835 (005010X221A1): an interchange with a transaction for each payer that decided something.

Balance (X12 RFI 2601 and 758): charge - adjustments = paid for lines and claims; BPR02 = sum(CLP04) - sum(PLB).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from random import Random

from upstream.core.money import cents_of
from upstream.samples.invented.courses import Event
from upstream.samples.invented.practices import Payer, Practice
from upstream.samples.invented.pricing import Adjustment, SettledLine
from upstream.samples.invented.weeks import Window

RECOVERY_SHARE = 0.03
SENDER, RECEIVER = "DEMOCLEARING", "DEMOPRACTICE"
NOTHING_PAID = "NON" + "*" * 11


@dataclass(frozen=True, slots=True)
class ProviderAdjustment:
    """One PLB pair: positive cents take money away from the provider."""

    reason: str
    reference: str
    cents: int


def balance(
    claims_paid: int, pairs: list[ProviderAdjustment], carried: int
) -> tuple[int, list[ProviderAdjustment], int]:
    """The payment in cents, all PLB pairs and the debt carried on: a payment is never negative (FB, X12 RFI 1374)."""
    pairs = [*pairs, *([ProviderAdjustment("FB", "BALANCE", carried)] if carried else [])]
    net = claims_paid - sum(pair.cents for pair in pairs)
    if net >= 0:
        return net, pairs, 0
    return 0, [*pairs, ProviderAdjustment("FB", "BALANCE", net)], -net


@dataclass(slots=True)
class Remitter:
    """Writes the weekly files in order, carrying what a payer's forward balance leaves from week to week."""

    practice: Practice
    window: Window
    draw: Random
    carried: dict[str, int] = field(default_factory=dict)

    def week_file(self, week: int, events: list[Event]) -> bytes:
        """The file of one week; `events` are all of that week's, in the order they are written."""
        known = self.window.sunday(week)
        control = 1000 + week
        segments = [
            f"ISA*00*{'':10}*00*{'':10}*ZZ*{SENDER:15}*ZZ*{RECEIVER:15}*{known:%y%m%d}*0600*^*00501*{control:09d}*0*P*:",
            f"GS*HP*{SENDER}*{RECEIVER}*{known:%Y%m%d}*0600*{control}*X*005010X221A1",
        ]
        count = 0
        for payer in self.practice.payers:
            own = [event for event in events if event.claim.payer is payer]
            if own:
                count += 1
                segments += self._transaction(f"{count:04d}", payer, week, own)
        segments += [f"GE*{count}*{control}", f"IEA*1*{control:09d}", ""]
        return "~\n".join(segments).encode("ascii")

    def _transaction(self, number: str, payer: Payer, week: int, events: list[Event]) -> list[str]:
        claims_paid = sum(event.paid_cents for event in events)
        pairs = [*_interest(events, number), *self._recovery(events, claims_paid)]
        net, pairs, self.carried[payer.name] = balance(claims_paid, pairs, self.carried.get(payer.name, 0))
        paid_on = self.window.pay_date(payer.payday, week)
        body = [
            f"ST*835*{number}",
            *_heading(self.practice, payer, paid_on, net),
            "LX*1",
            *(segment for event in events for segment in claim_segments(event)),
            *_plb(self.practice, paid_on, pairs),
        ]
        return [*body, f"SE*{len(body) + 1}*{number}"]

    def _recovery(self, events: list[Event], claims_paid: int) -> Iterator[ProviderAdjustment]:
        """Now and then the payer recovers an earlier overpayment (WO), less than this week's payment."""
        if claims_paid > 50_000 and self.draw.random() < RECOVERY_SHARE:
            control = self.draw.choice(events).control
            yield ProviderAdjustment("WO", control, self.draw.randrange(2_000, 25_000))


def paid_after_all(practice: Practice, payer: Payer, day: date, loops: Sequence[Sequence[str]]) -> bytes:
    """An 835 of that day that pays 60 % of what was charged on these claims, told as loops that denied them."""
    paid = [_paid_loop(loop) for loop in loops]
    total = sum(cents for _, cents in paid)
    body = [
        "ST*835*0001", *_heading(practice, payer, day, total), "LX*1",
        *(segment for segments, _ in paid for segment in segments),
    ]  # fmt: skip
    envelope = [
        f"ISA*00*{'':10}*00*{'':10}*ZZ*{SENDER:15}*ZZ*{RECEIVER:15}*{day:%y%m%d}*0600*^*00501*000009999*0*P*:",
        f"GS*HP*{SENDER}*{RECEIVER}*{day:%Y%m%d}*0600*9999*X*005010X221A1",
    ]
    segments = [*envelope, *body, f"SE*{len(body) + 1}*0001", "GE*1*9999", "IEA*1*000009999", ""]
    return "~\n".join(segments).encode("ascii")


def _paid_loop(denied: Sequence[str]) -> tuple[list[str], int]:
    """The claim's segments as a payment, and what it comes to in cents."""
    told, total = [], 0
    for segment in denied:
        elements = segment.split("*")
        if elements[0] == "SVC":
            charge = cents_of(Decimal(elements[2]))
            paid = charge * 6 // 10
            total += paid
            elements[3] = amount(paid)
            told += ["*".join(elements), f"CAS*CO*45*{amount(charge - paid)}", f"AMT*B6*{amount(paid)}"]
        elif elements[0] not in {"CAS", "AMT", "LQ", "MOA"}:
            told.append(segment)
    first = told[0].split("*")
    first[2], first[4] = "1", amount(total)
    return ["*".join(first), *told[1:]], total


def _heading(practice: Practice, payer: Payer, paid_on: date, net: int) -> list[str]:
    method = f"ACH*CCP*01*999999992*DA*{payer.tax_id}*1{payer.tax_id}**01*999988880*DA*{practice.tax_id}"
    return [
        f"BPR*{'I' if net else 'H'}*{amount(net)}*C*{method if net else NOTHING_PAID}*{paid_on:%Y%m%d}",
        f"TRN*1*{payer.letters}{paid_on:%y%m%d}{practice.seed}*1{payer.tax_id}",
        f"DTM*405*{paid_on:%Y%m%d}",
        f"N1*PR*{payer.name.upper()}*XV*{payer.payer_id}",
        "N3*1 EXAMPLE WAY",
        "N4*SAMPLETON*OH*43999",
        "PER*BL*PROVIDER LINE*TE*5550100199",
        f"N1*PE*{practice.name.upper()}*XX*{practice.npi}",
        f"REF*TJ*{practice.tax_id}",
    ]


def claim_segments(event: Event) -> Iterator[str]:
    """Loop 2100 with its 2110 loops; a reversal repeats the original with its amounts negated."""
    claim, sign = event.claim, -1 if event.reversal else 1
    patient = amount(sum(line.patient_cents for line in event.lines)) if sign > 0 else ""
    place = claim.lines[0].procedure.place
    yield (
        f"CLP*{claim.number}*{event.status}*{amount(sign * claim.charge_cents)}*{amount(event.paid_cents)}*{patient}"
        f"*{claim.payer.filing}*{event.control}*{place}*{claim.frequency}"
    )
    person, clinician = claim.patient, claim.clinician
    yield f"NM1*QC*1*{person.last_name.upper()}*{person.first_name.upper()}****MI*{person.member_id}"
    yield f"NM1*82*1*{clinician.last_name.upper()}*{clinician.first_name.upper()}****XX*{clinician.npi}"
    yield f"DTM*232*{claim.service:%Y%m%d}"
    yield f"DTM*050*{claim.submitted:%Y%m%d}"
    if event.interest_cents:
        yield f"AMT*I*{amount(event.interest_cents)}"
    for line in event.lines:
        yield from _line_segments(event, line, sign)


def _line_segments(event: Event, settled: SettledLine, sign: int) -> Iterator[str]:
    line = settled.line
    code = f"HC:{line.procedure.code}:{line.modifiers}" if line.modifiers else f"HC:{line.procedure.code}"
    yield f"SVC*{code}*{amount(sign * line.charge_cents)}*{amount(sign * settled.paid_cents)}**{line.units}"
    yield f"DTM*472*{event.claim.service:%Y%m%d}"
    for group in dict.fromkeys(each.group for each in settled.adjustments):
        yield f"CAS*{group}*{_triplets((each for each in settled.adjustments if each.group == group), sign)}"
    yield f"REF*6R*{line.number}"
    if settled.allowed_cents and sign > 0:
        yield f"AMT*B6*{amount(settled.allowed_cents)}"
    yield from (f"LQ*HE*{remark}" for remark in settled.remarks if sign > 0)


def _triplets(adjustments: Iterable[Adjustment], sign: int) -> str:
    return "**".join(f"{each.carc}*{amount(sign * each.cents)}" for each in adjustments)


def _interest(events: list[Event], number: str) -> Iterator[ProviderAdjustment]:
    interest = sum(event.interest_cents for event in events)
    if interest:
        yield ProviderAdjustment("L6", f"INT{number}", -interest)


def _plb(practice: Practice, paid_on: date, pairs: list[ProviderAdjustment]) -> Iterator[str]:
    if pairs:
        money = "*".join(f"{pair.reason}:{pair.reference}*{amount(pair.cents)}" for pair in pairs)
        yield f"PLB*{practice.npi}*{paid_on.year}1231*{money}"


def amount(cents: int) -> str:
    """Cents as an X12 decimal number: "-12.5", no trailing zeros."""
    sign, whole = "-" if cents < 0 else "", abs(cents)
    return f"{sign}{whole // 100}.{whole % 100:02d}".rstrip("0").rstrip(".") if whole % 100 else f"{sign}{whole // 100}"
