"""The claim loops of an 835 as nearly every payer writes them, read by two patterns: in half the time of by segment.

Their segments stand in the order of the implementation guide, and every value is as it should be. Whatever is not quite
so (a value that calls for a Notice, a segment out of its order) raises Unusual, and then the handlers of
`x12_835_claim` read that claim segment by segment. What both read is equal, to the last field.
"""

import re
from datetime import date
from decimal import Decimal
from functools import lru_cache

from upstream.ingestion.formats.tokenizer import Delimiters
from upstream.ingestion.formats.values import AMOUNTS, DATES, NUMBERS, ONE, Memo
from upstream.ingestion.formats.x12_835_claim import (
    CONTROL_WIDTH,
    GROUP_WIDTH,
    MIA_REMARKS,
    MOA_REMARKS,
    PAYER_ORDERS,
    PRODUCTS,
    REVERSAL,
    USUAL_REASON,
)
from upstream.ingestion.formats.x12_835_codes import REVENUE_WIDTH, names_nobody, procedure_of, remarks, was_allowed
from upstream.ingestion.records import AdjustmentRecord, ClaimRecord, LineRecord, PatientRecord

STATUSES = ("1", "2", "3", "4", "19", "20", "21", "22", "23", "25")
ORDERS = {status: PAYER_ORDERS.get(status, 1) for status in STATUSES}
NO_REMARKS: tuple[str, ...] = ()
bare = object.__new__  # without the constructor: setting each field takes a third of its time
made = tuple.__new__


class Unusual(ValueError):
    """Not for this reader: the claim is read segment by segment instead."""


def head_pattern(e: str, t: str) -> re.Pattern[str]:
    """From behind the CLP element up to the first SVC; groups as `UsualClaims.read` names them.

    The last group is the segment that follows where that is no SVC; `e` and `t` are the escaped separators.
    """
    v, rest, short = f"[^{e}{t}]*+", f"[^{t}]*+", rf"[^{e}{t}\ ]"
    return re.compile(
        rf"""({v}){e}({v}){e}({v}){e}({v}){e}({v}){e}({v}){e}({v})(?:{e}({short}{{0,4}})(?:{e}({short}?)(?:{e}{rest}|)|)|)(?={t}|\Z)
        ((?:{t}CAS{e}{rest})*+)
        (?:{t}NM1{e}QC{e}{v}{e}({v}){e}({v})(?:{e}{v}{e}{v}{e}{v}{e}{v}{e}({v})|){rest}|)
        ((?:{t}NM1{e}(?:IL|74){e}{rest})*+)
        (?:{t}NM1{e}82(?:{e}{v}){{6}}{e}XX{e}([^{e}{t}\ ]{{1,10}}+)(?={t}|\Z)|)
        (?:{t}NM1{e}(?:TT|PR|GB){e}{rest})*+
        ({t}M[IO]A{e}{rest}|)
        (?:{t}REF{e}(?!G1|9F|F8){rest})*+
        ((?:{t}DTM{e}{rest})*+)
        (?:{t}(?:AMT{e}(?!I{e})|QTY{e}|PER{e}){rest})*+
        ({t}(?!SVC{e}){rest}|(?={t})|\Z)""",
        re.VERBOSE,
    )


def line_pattern(e: str, t: str) -> re.Pattern[str]:
    """One SVC loop; it fits at every SVC, and the last group is the segment that follows where that is no SVC."""
    v, rest = f"[^{e}{t}]*+", f"[^{t}]*+"
    cas = rf"{t}CAS{e}([^{e}{t}]{{1,2}}+){e}([^{e}{t}]{{1,3}}+){e}({v})(?={t}|\Z)"
    passed = f"(?:{t}(?:REF{e}(?!6R|G1|9F|F8)|AMT{e}(?!B6)|QTY{e}){rest})*+"
    return re.compile(
        rf"""{t}SVC{e}({v})(?:{e}({v})|)(?:{e}({v})|)({rest})
        (?:{t}DTM{e}(?:472|150){e}({rest})(?:{t}DTM{e}151{e}{rest}|)|)
        (?:{cas}(?:{cas}|)|)((?:{t}CAS{e}{rest})*+)
        {passed}(?:{t}REF{e}6R{e}([^{e}{t}]{{0,{CONTROL_WIDTH}}}+)(?={t}|\Z)|)
        {passed}(?:{t}AMT{e}B6{e}({rest})|){passed}
        ((?:{t}LQ{e}HE{e}{rest})*+)
        ({t}(?!SVC{e}){rest}|(?={t})|\Z)""",
        re.VERBOSE,
    )


@lru_cache(maxsize=16)
class UsualClaims:
    """Reads usual claims under one set of delimiters."""

    def __init__(self, delimiters: Delimiters) -> None:
        self.element, self.component, self.segment = delimiters
        separators = re.escape(delimiters.element), re.escape(delimiters.segment)
        self.head = head_pattern(*separators).match
        self.lines = line_pattern(*separators).findall
        self.procedures = Memo(lambda composite: procedure_of(composite, self.component))
        self.quantities = Memo(self._quantities)
        self.days = Memo(self._days)
        self.line_remarks = Memo(self._line_remarks)

    def read(self, text: str, number: int) -> tuple[ClaimRecord, str]:
        """The claim whose CLP elements `text` begins with, and the segment that ends it, "" at the end of the text.

        Its event key and what the payment says of it are still to be set. Raises Unusual.
        """
        head = self.head(text)
        if head is None or not text.isascii():
            raise Unusual
        *clp, reductions, last, first, member, insured, renderer, remarked, dates, after = head.groups("")
        claim = opened(*clp)
        claim.position = number
        claim.service_date, claim.received_date = self.days[dates]
        claim.rendering_npi = renderer
        claim.remark_codes = self._remarks(remarked) if remarked else NO_REMARKS
        claim.patient = patient = bare(PatientRecord)
        patient.first_name = first.strip()
        patient.last_name = last.strip()
        patient.birth_date = None
        patient.member_id = member.strip()
        patient.account = ""
        if insured and not patient.member_id:
            raise Unusual  # the member may be named there
        if reductions:
            adjusted, owed, allowed = self._reduce(reductions, 0, claim.adjustments)
            claim.balance_cents -= adjusted
            claim.patient_cents += owed
            claim.allowed_cents = claim.paid_cents + allowed
        return claim, after or self._lines(claim, self.lines(text, head.end()))

    def _lines(self, claim: ClaimRecord, rows: list[tuple[str, ...]]) -> str:
        """The claim has its lines and all that follows from them; the segment that ended the last, "" if none did."""
        adjustments, lines = claim.adjustments, claim.lines
        adjusted = patient = share = total = 0
        top, first_day, priced = -1, None, False
        after = ""
        for number, (
            composite, charge, payment, rest, day, group1, reason1, amount1, group2, reason2, amount2, more, control,
            price, remarked, after,
        ) in enumerate(rows, start=1):  # fmt: skip
            line = self._line(composite, charge, payment, rest)
            lines.append(line)
            line.number = number
            line.line_control = control.strip()
            line.remark_codes = self.line_remarks[remarked] if remarked else NO_REMARKS
            line.service_date = found = DATES[day] if day else None
            if found is not None:
                first_day = found if first_day is None or found < first_day else first_day
            elif day:
                raise Unusual
            own = 0
            for group, reason, amount in ((group1, reason1, amount1), (group2, reason2, amount2)):
                if not reason:
                    break
                cents = AMOUNTS[amount]
                if cents is None:
                    raise Unusual
                adjustments.append(made(AdjustmentRecord, (number, group, reason, cents, None)))
                adjusted += cents
                if group == "PR":
                    patient += cents
                if group != "CO" and was_allowed(group, reason):
                    own += cents
            if more:
                cents, owed, allowed = self._reduce(more, number, adjustments)
                adjusted += cents
                patient += owed
                own += allowed
            line.allowed_cents = cents = AMOUNTS[price] if price else (line.paid_cents or 0) + own
            if cents is None or (after and number < len(rows)):
                raise Unusual
            priced = priced or price != ""
            total += cents
            share += own
            charged = abs(line.billed_cents)
            if charged > top and line.procedure_code:
                top = charged
                claim.procedure_code = line.procedure_code
        claim.balance_cents -= adjusted
        claim.patient_cents += patient
        claim.allowed_cents = total if priced else (claim.allowed_cents or 0) + share
        claim.service_date = first_day or claim.service_date
        return after

    def _line(self, composite: str, charge: str, payment: str, rest: str) -> LineRecord:
        """What the SVC says."""
        billed, paid = AMOUNTS[charge], AMOUNTS[payment]
        if billed is None or paid is None or (not billed and not charge.strip()):
            raise Unusual
        revenue, units, submitted = self.quantities[rest]
        line = bare(LineRecord)
        line.procedure_code, line.modifiers, line.revenue_code = self.procedures[submitted or composite]
        if revenue:
            line.revenue_code = revenue
        line.units = units
        line.billed_cents = billed
        line.paid_cents = paid
        line.adjudicated_procedure_code = self.procedures[composite].code if submitted else ""
        return line

    def _reduce(self, text: str, line: int, into: list[AdjustmentRecord]) -> tuple[int, int, int]:
        """All triplets of all CAS go to `into`; their sum, what the patient owes of it, what was allowed of it."""
        total = owed = allowed = 0
        for cas in text.split(self.segment)[1:]:
            elements = cas.split(self.element)
            group = elements[1]
            size = len(elements)
            if len(group) > GROUP_WIDTH:
                raise Unusual
            for place in range(2, size, 3):
                reason = elements[place]
                cents = AMOUNTS[elements[place + 1]] if place + 1 < size else None
                if cents is None or not reason or len(reason) > USUAL_REASON:
                    raise Unusual
                quantity = NUMBERS[elements[place + 2]] if place + 2 < size else None
                into.append(made(AdjustmentRecord, (line, group, reason, cents, quantity)))
                total += cents
                if group == "PR":
                    owed += cents
                if group != "CO" and was_allowed(group, reason):
                    allowed += cents
        return total, owed, allowed

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
            if role in ("232", "233", "050") and DATES[day] is None:
                raise Unusual
            if role == "232" or (role == "233" and statement is None):
                statement = DATES[day]
            elif role == "050":
                received = DATES[day]
        return statement, received

    def _remarks(self, text: str) -> tuple[str, ...]:
        elements = text.split(self.element)
        return remarks(elements, MIA_REMARKS if elements[0].endswith("MIA") else MOA_REMARKS)

    def _line_remarks(self, text: str) -> tuple[str, ...]:
        codes = [segment[6:].strip() for segment in text[1:].split(self.segment)]
        if any(self.element in code for code in codes):
            raise Unusual
        return tuple(filter(None, codes))


def opened(
    account: str, status: str, charge: str, payment: str, share: str, product: str, control: str, place: str,
    frequency: str,
) -> ClaimRecord:  # fmt: skip
    """What the CLP says; other fields have their defaults, and position, dates and patient are still to be set."""
    billed, paid, order = AMOUNTS[charge], AMOUNTS[payment], ORDERS.get(status)
    account = account.strip()
    reversal = status == REVERSAL
    if billed is None or paid is None or order is None or AMOUNTS[share] is None or names_nobody(account):
        raise Unusual
    if billed <= 0 and not (reversal if billed else charge.strip()):
        raise Unusual
    claim = bare(ClaimRecord)
    claim.claim_number = account
    claim.product = PRODUCTS.get(product, product)
    claim.procedure_code = claim.diagnosis = claim.location = claim.status = ""
    claim.original_claim_number = claim.original_control_number = claim.authorization_number = ""
    claim.submitted_date = None
    claim.decision = True
    claim.reversal = reversal
    claim.claim_status_code = status
    claim.frequency_code = frequency or "1"
    claim.payer_order = order
    claim.billed_cents = billed
    claim.allowed_cents = claim.paid_cents = paid
    claim.patient_cents = 0
    claim.interest_cents = 0
    claim.balance_cents = billed - paid
    claim.place_of_service = place
    claim.payer_control_number = control.strip()
    claim.lines = []
    claim.adjustments = []
    claim.stated = None
    return claim
