"""The claim loops of an 835 as nearly every payer writes them, read by two patterns: in half the time of by segment.

Their segments stand in the order of the implementation guide, and every value is as it should be. The first pattern
finds the claims of a whole stretch of the file in one go, the second the lines of one claim. Whatever is not quite so
(a value that calls for a Notice, a segment out of its order) fits neither or raises Unusual, and then the handlers of
`x12_835_claim` read that claim segment by segment. What both read is equal, to the last field.
"""

import re
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import TypeAlias

from upstream.ingestion.formats.tokenizer import Delimiters
from upstream.ingestion.formats.values import (
    DATES,
    MAX_REMEMBERED,
    MOST_WORKED_OUT,
    NUMBERS,
    ONE,
    PLAIN_LENGTH,
    Memo,
    cents_or_none,
)
from upstream.ingestion.formats.x12_835_claim import (
    MIA_REMARKS,
    MOA_REMARKS,
    PAYER_ORDERS,
    PRODUCTS,
    REVERSAL,
)
from upstream.ingestion.formats.x12_835_codes import REVENUE_WIDTH, names_nobody, procedure_of, remarks, was_allowed
from upstream.ingestion.formats.x12_835_patterns import claim_pattern, line_pattern, triplet_pattern
from upstream.ingestion.records import AdjustmentRecord, ClaimRecord, LineRecord, PatientRecord

STATUSES = ("1", "2", "3", "4", "19", "20", "21", "22", "23", "25")
ORDERS = {status: PAYER_ORDERS.get(status, 1) for status in STATUSES}
NUMBERED = frozenset("123456789")  # last signs of accounts that are no words for none
ONE_UNIT = "", ONE, ""  # of SVC04 to SVC07, where SVC05 is all there is of them
NO_REMARKS: tuple[str, ...] = ()
Reductions: TypeAlias = tuple[tuple[str, str, str], ...]  # group and reason, dollars, cents
bare = object.__new__  # without the constructor: setting each field takes a third of its time


class Unusual(ValueError):
    """Not for this reader: the claim is read segment by segment instead."""


class Dollars(dict[str, int]):
    """Text -> cents, none for nothing; raises Unusual for what is no amount.

    Usually whole dollars, of which there are few: a table of all amounts of a file would not fit a processor's cache,
    and waiting for memory takes longer than working an amount out. What stands behind the point is one of CENTS.
    """

    def __missing__(self, text: str) -> int:
        cents = cents_or_none(text) if len(text) <= PLAIN_LENGTH else None
        if cents is None:
            raise Unusual
        if len(self) >= MOST_WORKED_OUT:
            self.clear()
        self[text] = cents
        return cents


class UsualDays(dict[str, date | None]):
    """CCYYMMDD -> date, None for nothing; raises Unusual for what is no day."""

    def __missing__(self, text: str) -> date | None:
        found = DATES[text]
        if found is None and text:
            raise Unusual
        if len(self) >= MAX_REMEMBERED:
            self.clear()
        self[text] = found
        return found


DOLLARS, DAYS = Dollars(), UsualDays()
CENTS = {"": 0, **{f".{tenths}": tenths * 10 for tenths in range(10)}, **{f".{c:02d}": c for c in range(100)}}


@lru_cache(maxsize=16)
class UsualClaims:
    """Reads usual claims under one set of delimiters."""

    def __init__(self, delimiters: Delimiters) -> None:
        self.element, self.component, self.segment = delimiters
        separators = re.escape(delimiters.element), re.escape(delimiters.segment)
        self.claims = claim_pattern(*separators).findall
        self.lines = line_pattern(*separators).findall
        self.triplets = triplet_pattern(*separators).findall
        self.procedures = Memo(lambda composite: tuple(procedure_of(composite, self.component)))
        self.reasons = Memo(self._reason)
        self.quantities = Memo(self._quantities)
        self.days = Memo(self._days)
        self.remarks = Memo(self._remarks)
        self.line_remarks = Memo(self._line_remarks)

    def read(self, found: tuple[str, ...], number: int) -> ClaimRecord:
        """The claim that the claims' pattern found.

        Its event key and what the payment says of it are still to be set. Raises Unusual.
        """
        (
            whole, account, status, dollars, cents, paid_dollars, paid_cents, product, control, place, frequency,
            reductions, last, first, member, insured, renderer, remarked, dates, lines,
        ) = found  # fmt: skip
        billed, paid = DOLLARS[dollars] + CENTS[cents], DOLLARS[paid_dollars] + CENTS[paid_cents]
        account = account.strip()
        reversal = status == REVERSAL
        order = ORDERS.get(status)
        if (
            order is None
            or (account[-1:] not in NUMBERED and names_nobody(account))
            or not whole.isascii()
            or (insured and not member.strip())
        ):
            raise Unusual  # the insured may have the member's number
        if billed <= 0 and not (reversal if billed else dollars or cents):
            raise Unusual
        claim = bare(ClaimRecord)
        claim.position = number
        claim.claim_number = account
        claim.product = PRODUCTS.get(product, product)
        claim.procedure_code = claim.diagnosis = claim.location = claim.status = ""
        claim.original_claim_number = claim.original_control_number = claim.authorization_number = ""
        claim.submitted_date = None
        claim.service_date, claim.received_date = self.days[dates]
        claim.decision = True
        claim.reversal = reversal
        claim.claim_status_code = status
        claim.frequency_code = frequency or "1"
        claim.payer_order = order
        claim.billed_cents = billed
        claim.allowed_cents = claim.paid_cents = paid
        claim.patient_cents = claim.interest_cents = 0
        claim.balance_cents = billed - paid
        claim.place_of_service = place
        claim.rendering_npi = renderer
        claim.payer_control_number = control.strip()
        claim.remark_codes = self.remarks[remarked] if remarked else NO_REMARKS
        claim.lines = []
        claim.adjustments = []
        claim.stated = None
        claim.patient = patient = bare(PatientRecord)
        patient.first_name = first.strip()
        patient.last_name = last.strip()
        patient.birth_date = None
        patient.member_id = member.strip()
        patient.account = ""
        if reductions:
            adjusted, owed, allowed = self._reduce(reductions, 0, claim.adjustments)
            claim.balance_cents -= adjusted
            claim.patient_cents = owed
            claim.allowed_cents = paid + allowed
        if lines:
            self._lines(claim, lines)
        return claim

    def _lines(self, claim: ClaimRecord, text: str) -> None:
        """The claim has its lines and all that follows from them.

        Their reductions are read here, not by `_reduce`: a call for each line takes a twentieth of all time.
        """
        adjustments, lines, reasons, procedures = claim.adjustments, claim.lines, self.reasons, self.procedures
        adjusted = patient = share = total = 0
        top, first_day, priced = -1, None, False
        for number, (
            composite, dollars, cents, paid_dollars, paid_cents, rest, day, reason, cut, cut_cents, second, second_cut,
            second_cents, reductions, control, price, price_cents, remarked,
        ) in enumerate(self.lines(text), start=1):  # fmt: skip
            billed, paid = DOLLARS[dollars] + CENTS[cents], DOLLARS[paid_dollars] + CENTS[paid_cents]
            if not (billed or dollars or cents):
                raise Unusual  # also where the pattern did not fit: all groups are empty
            line = bare(LineRecord)
            line.number, line.billed_cents = number, billed
            revenue, line.units, submitted = self.quantities[rest] if rest else ONE_UNIT
            code, line.modifiers, named = procedures[submitted or composite]
            line.procedure_code = code
            line.revenue_code = revenue or named
            line.adjudicated_procedure_code = procedures[composite][0] if submitted else ""
            line.paid_cents = own = paid
            line.line_control = control
            line.remark_codes = self.line_remarks[remarked] if remarked else NO_REMARKS
            line.service_date = found = DAYS[day]
            if found is not first_day and found and (first_day is None or found < first_day):
                first_day = found
            told: Reductions = ((reason, cut, cut_cents),) if reason else ()
            if second:
                told = (reason, cut, cut_cents), (second, second_cut, second_cents)
            for reason, dollars, cents in told:
                group, carc, owed, allowed = reasons[reason]
                adjustment = DOLLARS[dollars] + CENTS[cents]
                adjusted += adjustment
                patient += owed and adjustment
                own += allowed and adjustment
                reduction = bare(AdjustmentRecord)
                reduction.line, reduction.group, reduction.carc = number, group, carc
                reduction.cents, reduction.quantity = adjustment, None
                adjustments.append(reduction)
            if reductions:
                cut, by_patient, by_others = self._reduce(reductions, number, adjustments)
                adjusted += cut
                patient += by_patient
                own += by_others
            share += own - paid
            if price or price_cents:
                own = DOLLARS[price] + CENTS[price_cents]
                priced = True
            line.allowed_cents = own
            total += own
            charged = -billed if billed < 0 else billed
            if charged > top and code:
                top, claim.procedure_code = charged, code
            lines.append(line)
        claim.balance_cents -= adjusted
        claim.patient_cents += patient
        claim.allowed_cents = total if priced else (claim.allowed_cents or 0) + share
        claim.service_date = first_day or claim.service_date

    def _reduce(self, text: str, line: int, into: list[AdjustmentRecord]) -> tuple[int, int, int]:
        """All triplets of all CAS go to `into`; their sum, what the patient owes of it, what was allowed of it."""
        total = owed = allowed = 0
        group = ""
        for opened, reason, dollars, part, quantity in self.triplets(text):
            if not reason:
                raise Unusual
            group = opened or group
            cents = DOLLARS[dollars] + CENTS[part]
            into.append(AdjustmentRecord(line, group, reason, cents, NUMBERS[quantity] if quantity else None))
            total += cents
            if group == "PR":
                owed += cents
            if group != "CO" and was_allowed(group, reason):
                allowed += cents
        return total, owed, allowed

    def _reason(self, text: str) -> tuple[str, str, bool, bool]:
        group, _, reason = text.partition(self.element)
        return group, reason, group == "PR", was_allowed(group, reason)

    def _quantities(self, rest: str) -> tuple[str, Decimal, str]:
        """Revenue code, units and submitted composite: SVC04 to SVC07."""
        elements = rest.split(self.element) + [""] * 5
        _, revenue, units, submitted, submitted_units, *more = elements
        if len(elements) > 10 or len(revenue) > REVENUE_WIDTH:
            raise Unusual
        return revenue.strip(), NUMBERS[submitted_units or units] or ONE, submitted

    def _days(self, text: str) -> tuple[date | None, date | None]:
        """Service date and date received."""
        statement = received = None
        for segment in text.split(self.segment)[1:]:
            _, role, day, *_ = [*segment.split(self.element), ""]
            if role in ("232", "233", "050") and not DAYS[day]:
                raise Unusual
            if role == "232" or (role == "233" and statement is None):
                statement = DAYS[day]
            elif role == "050":
                received = DAYS[day]
        return statement, received

    def _remarks(self, text: str) -> tuple[str, ...]:
        elements = text.split(self.element)
        return remarks(elements, MIA_REMARKS if elements[0].endswith("MIA") else MOA_REMARKS)

    def _line_remarks(self, text: str) -> tuple[str, ...]:
        codes = [segment[6:].strip() for segment in text[1:].split(self.segment)]
        if any(self.element in code for code in codes):
            raise Unusual
        return tuple(filter(None, codes))
