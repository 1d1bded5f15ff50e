"""The claim loops of an 835: CLP (2100) with its SVC lines (2110), read into one ClaimRecord."""

from dataclasses import dataclass
from datetime import date

from upstream.core.errors import Unreadable
from upstream.ingestion.formats.encoding import shown
from upstream.ingestion.formats.tokenizer import Delimiters
from upstream.ingestion.formats.transaction import Table, TransactionReader, at
from upstream.ingestion.formats.values import AMOUNTS, NUMBERS, ONE
from upstream.ingestion.formats.x12_835_codes import REVENUE_WIDTH, names_nobody, procedure_of, remarks, was_allowed
from upstream.ingestion.records import AdjustmentRecord, ClaimRecord, LineRecord, Notice, PatientRecord, Record

REVERSAL = "22"
PAYER_ORDERS = {"1": 1, "2": 2, "3": 3, "19": 1, "20": 2, "21": 3}
PRODUCTS = {
    "12": "PPO", "13": "POS", "14": "EPO", "15": "Indemnity", "16": "Medicare HMO", "CH": "TRICARE", "HM": "HMO",
    "MA": "Medicare A", "MB": "Medicare B", "MC": "Medicaid", "VA": "Veterans", "WC": "Workers compensation",
}  # fmt: skip
MOA_REMARKS = (3, 4, 5, 6, 7)
MIA_REMARKS = (5, 20, 21, 22, 23)
MAX_LINES, MAX_ADJUSTMENTS = 9_999, 29_999  # far above what a claim can have
STATUS_WIDTH, PLACE_WIDTH, GROUP_WIDTH, REASON_WIDTH, NPI_WIDTH = 2, 4, 2, 8, 10
CONTROL_WIDTH = 50
USUAL_REASON = 3  # longer ones are looked at again: blanks, or no code at all
LINE_DAYS = frozenset({"472", "150"})
AUTHORIZATIONS = frozenset({"G1", "9F"})
BLANKS = [""] * 10


@dataclass(slots=True)
class ClaimInHand:
    """One claim being read, the line it is in, and the running sums (cents) that its last facts are worked out from."""

    claim: ClaimRecord
    line: LineRecord | None = None
    adjusted: int = 0
    share: int = 0  # what the patient and an earlier payer owe: allowed = paid + share (X12 RFI 507)
    line_share: int = 0
    top_charge: int = -1
    priced: bool = False  # a line stated its allowed amount
    first_day: date | None = None
    statement_day: date | None = None

    def close_line(self) -> None:
        """The line being read has its allowed amount."""
        line = self.line
        if line is not None and line.allowed_cents is None:
            line.allowed_cents = (line.paid_cents or 0) + self.line_share
        self.line = None
        self.line_share = 0

    def finished(self) -> ClaimRecord:
        """The claim with the facts that need all its segments: allowed amount, service date, balance."""
        self.close_line()
        claim = self.claim
        if self.priced:
            claim.allowed_cents = sum(line.allowed_cents or 0 for line in claim.lines)
        else:
            claim.allowed_cents = claim.paid_cents + self.share
        claim.service_date = self.first_day or self.statement_day
        claim.balance_cents = claim.billed_cents - self.adjusted - claim.paid_cents
        return claim


class ClaimReader(TransactionReader):
    """A transaction reader with a claim in hand, valid between CLP and `settle`."""

    def __init__(self, out: list[Record], position: int, delimiters: Delimiters) -> None:
        super().__init__(out, position, delimiters)
        self.hand = ClaimInHand(ClaimRecord(0, "", ""))
        self.in_claim = False


def open_claim(reader: ClaimReader, segment: list[str], number: int) -> ClaimRecord:
    """A new claim with what its CLP says, in the reader's hand."""
    if len(segment) < 10:
        segment += BLANKS[len(segment) :]
    _, account, status, _, _, _, product, control, place, frequency, *_ = segment
    billed = AMOUNTS[segment[3]] or reader.cents(segment[3], number, "CLP03", required=True)
    status = reader.fits(status, STATUS_WIDTH, number, "CLP02")
    reversal = status == REVERSAL
    if billed < 0 and not reversal:
        reader.out.append(Notice(number, "CLP03", "implicit_reversal"))
        reversal = True
    account = account.strip()
    if not account:
        reader.out.append(Notice(number, "CLP01", "missing_value"))
    claim = ClaimRecord(
        position=number,
        claim_number=f"0|{control.strip() or number}" if names_nobody(account) else account,
        payer_name="",
        product=PRODUCTS.get(product, product),
        decision=True,
        reversal=reversal,
        claim_status_code=status,
        frequency_code=reader.fits(frequency, 1, number, "CLP09") or "1",
        payer_order=PAYER_ORDERS.get(status, 1),
        billed_cents=billed,
        paid_cents=AMOUNTS[segment[4]] or reader.cents(segment[4], number, "CLP04"),
        place_of_service=reader.fits(place, PLACE_WIDTH, number, "CLP08"),
        payer_control_number=control.strip(),
        patient=PatientRecord(),
    )
    if AMOUNTS[segment[5]] is None:
        reader.cents(segment[5], number, "CLP05")
    reader.hand = ClaimInHand(claim)
    reader.in_claim = True
    return claim


def open_line(reader: ClaimReader, segment: list[str], number: int) -> None:
    """A new line with what its SVC says: as billed where SVC06 repeats that, else as adjudicated."""
    hand = reader.hand
    hand.close_line()
    if len(segment) < 8:
        segment += BLANKS[len(segment) : 8]
    component = reader.delimiters.component
    procedure = adjudicated = procedure_of(segment[1], component)
    if segment[6]:
        procedure = procedure_of(segment[6], component)
    billed = AMOUNTS[segment[2]] or reader.cents(segment[2], number, "SVC02", required=True)
    lines = hand.claim.lines
    if len(lines) >= MAX_LINES:
        raise Unreadable("claim_too_large", "a claim has more lines than any real one", line=number)
    revenue = reader.fits(segment[4], REVENUE_WIDTH, number, "SVC04") if segment[4] else procedure.revenue
    hand.line = line = LineRecord(
        number=len(lines) + 1,
        procedure_code=procedure.code,
        modifiers=procedure.modifiers,
        revenue_code=revenue,
        units=NUMBERS[segment[7] or segment[5]] or ONE,
        billed_cents=billed,
        paid_cents=AMOUNTS[segment[3]] or reader.cents(segment[3], number, "SVC03"),
        adjudicated_procedure_code=adjudicated.code if segment[6] else "",
    )
    lines.append(line)
    charge = -billed if billed < 0 else billed
    if procedure.code and charge > hand.top_charge:
        hand.top_charge = charge
        hand.claim.procedure_code = procedure.code


def _cas(reader: ClaimReader, segment: list[str], number: int) -> None:
    """Every triplet is kept, signed as it stands and never merged; a claim-level one has line 0."""
    hand = reader.hand
    claim = hand.claim
    line = hand.line.number if hand.line is not None else 0
    size = len(segment)
    group = segment[1] if size > 1 else ""
    if len(group) > GROUP_WIDTH:
        group = reader.fits(group, GROUP_WIDTH, number, "CAS01")
    if len(claim.adjustments) >= MAX_ADJUSTMENTS:
        raise Unreadable("claim_too_large", "a claim has more adjustments than any real one", line=number)
    for index in range(2, size, 3):
        reason = segment[index]
        if len(reason) > USUAL_REASON:
            reason = reader.fits(reason, REASON_WIDTH, number, "CAS")
        amount = segment[index + 1] if index + 1 < size else ""
        if not reason and not amount:
            continue
        cents = AMOUNTS[amount]
        if cents is None:
            cents = reader.cents(amount, number, "CAS")
        quantity = NUMBERS[segment[index + 2]] if index + 2 < size else None
        claim.adjustments.append(AdjustmentRecord(line, group, reason, cents, quantity))
        hand.adjusted += cents
        if group == "PR":
            claim.patient_cents += cents
        if was_allowed(group, reason):
            hand.share += cents
            hand.line_share += cents


def _nm1(reader: ClaimReader, segment: list[str], number: int) -> None:
    """Patient (QC), insured (IL) and corrected (74) identity, and the rendering provider's NPI (82)."""
    claim = reader.hand.claim
    role = segment[1] if len(segment) > 1 else ""
    identity = segment[9].strip() if len(segment) > 9 else ""
    if role == "82":
        if identity and segment[8].strip() == "XX":
            claim.rendering_npi = reader.fits(identity, NPI_WIDTH, number, "NM109")
        return
    patient = claim.patient
    if patient is None or role not in ("QC", "IL", "74"):
        return
    if role == "QC":
        patient.last_name = shown(at(segment, 3))
        patient.first_name = shown(at(segment, 4))
    if identity and not patient.member_id:
        patient.member_id = shown(identity)


def _claim_dtm(reader: ClaimReader, segment: list[str], number: int) -> None:
    hand = reader.hand
    role = segment[1] if len(segment) > 2 else ""
    if role == "050":
        hand.claim.received_date = reader.day(segment[2], number, "DTM*050")
    elif role == "232":
        hand.statement_day = reader.day(segment[2], number, "DTM*232")
    elif role == "233":
        hand.statement_day = hand.statement_day or reader.day(segment[2], number, "DTM*233")


def _line_dtm(reader: ClaimReader, segment: list[str], number: int) -> None:
    hand = reader.hand
    role = segment[1] if len(segment) > 2 else ""
    if role not in LINE_DAYS or hand.line is None:
        return
    found = reader.day(segment[2], number, "DTM*" + role)
    hand.line.service_date = found
    if found is not None and (hand.first_day is None or found < hand.first_day):
        hand.first_day = found


def _ref(reader: ClaimReader, segment: list[str], number: int) -> None:
    hand = reader.hand
    role = segment[1] if len(segment) > 2 else ""
    if role == "6R" and hand.line is not None:
        hand.line.line_control = reader.fits(segment[2], CONTROL_WIDTH, number, "REF*6R")
    elif role in AUTHORIZATIONS:
        hand.claim.authorization_number = hand.claim.authorization_number or segment[2].strip()
    elif role == "F8":
        hand.claim.original_control_number = segment[2].strip()


def _line_amt(reader: ClaimReader, segment: list[str], number: int) -> None:
    line = reader.hand.line
    if line is not None and len(segment) > 2 and segment[1] == "B6":
        line.allowed_cents = AMOUNTS[segment[2]] or reader.cents(segment[2], number, "AMT*B6")
        reader.hand.priced = True


def _lq(reader: ClaimReader, segment: list[str], _number: int) -> None:
    code = at(segment, 2)
    line = reader.hand.line
    if code and line is not None:
        line.remark_codes += (code if at(segment, 1) == "HE" else at(segment, 1) + code,)


def _moa(reader: ClaimReader, segment: list[str], _number: int) -> None:
    reader.hand.claim.remark_codes += remarks(segment, MOA_REMARKS)


def _mia(reader: ClaimReader, segment: list[str], _number: int) -> None:
    reader.hand.claim.remark_codes += remarks(segment, MIA_REMARKS)


def _claim_amt(reader: ClaimReader, segment: list[str], number: int) -> None:
    if len(segment) > 2 and segment[1] == "I":
        reader.hand.claim.interest_cents += reader.cents(segment[2], number, "AMT*I")


def _nothing(_reader: ClaimReader, _segment: list[str], _number: int) -> None:
    """Frequent segments that carry nothing for us (QTY is information only, X12 RFI 2601)."""


CLAIM_SEGMENTS: Table = {
    "CAS": _cas, "NM1": _nm1, "DTM": _claim_dtm, "REF": _ref, "MOA": _moa, "MIA": _mia,
    "AMT": _claim_amt, "QTY": _nothing, "PER": _nothing,
}  # fmt: skip
LINE_SEGMENTS: Table = {
    "CAS": _cas, "DTM": _line_dtm, "REF": _ref, "AMT": _line_amt, "LQ": _lq, "QTY": _nothing,
}  # fmt: skip
