"""One claim of an 837 as it is read: CLM (2300), its diagnosis and dates, and its lines (2400) SV1, SV2 or SV3."""

from abc import abstractmethod
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from upstream.core.errors import Unreadable
from upstream.ingestion.formats.codes import PRINCIPAL, diagnosis
from upstream.ingestion.formats.loops import LONGEST_COMPOSITE, LoopReader, components, first_day
from upstream.ingestion.formats.tokenizer import Delimiters
from upstream.ingestion.formats.transaction import at
from upstream.ingestion.formats.values import AMOUNTS, NUMBERS
from upstream.ingestion.formats.x12_835_codes import procedure_of
from upstream.ingestion.records import ClaimRecord, LineRecord, Notice, Record

MAX_LINES = 9_999  # far above what a claim can have
NUMBER_WIDTH, PLACE_WIDTH, CONTROL_WIDTH, REVENUE_WIDTH, NPI_WIDTH = 80, 4, 50, 8, 10
NPI = "XX"
BILL_TYPE = "A"  # CLM05-2: the first element is no place of service
PREDETERMINATIONS = frozenset({"PB", "08"})  # CLM19: asks for prices, not for payment


@dataclass(slots=True)
class ClaimInHand:
    """The claim being read and what its last facts are worked out from; `fault` is (field, code) of a refused one."""

    claim: ClaimRecord
    fault: tuple[str, str] | None = None
    bill_type: bool = False
    form: str = ""  # the segment of its first line
    charges: int = 0
    top_charge: int = -1
    first_day: date | None = None
    line_npi: str = ""
    line_authorization: str = ""
    lines: list[LineRecord] = field(default_factory=list)


class ClaimReader(LoopReader):
    """A loop reader with a claim in hand, valid between CLM and `settle`."""

    def __init__(self, out: list[Record], position: int, delimiters: Delimiters) -> None:
        super().__init__(out, position, delimiters)
        self.hand = ClaimInHand(ClaimRecord(0, "", ""))
        self.in_claim = False

    def holds(self) -> bool:
        return self.in_claim

    @abstractmethod
    def refuse(self, segment: list[str], fault: tuple[str, str]) -> None:
        """The claim in hand will be a RejectedRow; this segment and those after it are kept for that."""


def open_claim(reader: ClaimReader, segment: list[str], number: int) -> None:
    """A new claim with what its CLM says; refused when nothing could tell it from others, or when it has no charge."""
    account, charge = at(segment, 1), at(segment, 2)
    place, qualifier, frequency, *_ = (*components(at(segment, 5), reader.delimiters.component), "", "", "")
    claim = ClaimRecord(
        position=number,
        claim_number=account,
        payer_name="",
        frequency_code=reader.fits(frequency, 1, number, "CLM05") or "1",
        billed_cents=AMOUNTS[charge] or 0,
        place_of_service=reader.fits(place, PLACE_WIDTH, number, "CLM05"),
    )
    reader.hand = ClaimInHand(claim, bill_type=qualifier == BILL_TYPE)
    reader.in_claim = True
    fault = _fault(account, charge)
    if fault is not None:
        reader.refuse(segment, fault)
        return
    if not at(segment, 5):
        reader.out.append(Notice(number, "CLM05", "missing_value"))
    if at(segment, 19) in PREDETERMINATIONS:
        reader.out.append(Notice(number, "CLM19", "predetermination"))


def _fault(account: str, charge: str) -> tuple[str, str] | None:
    if not account.strip("0"):
        return "CLM01", "missing_value"
    if len(account) > NUMBER_WIDTH:
        return "CLM01", "too_long"
    if not charge:
        return "CLM02", "missing_value"
    return ("CLM02", "bad_amount") if AMOUNTS[charge] is None else None


def orphan(reader: ClaimReader, segment: list[str], number: int) -> None:
    """A line before any CLM: a claim without its head, refused as one."""
    reader.hand = ClaimInHand(ClaimRecord(number, "", ""))
    reader.in_claim = True
    reader.refuse(segment, ("CLM", "missing_segment"))


def hi(reader: ClaimReader, segment: list[str], number: int) -> None:
    """The principal diagnosis; others are not kept."""
    claim = reader.hand.claim
    for place, composite in enumerate(segment[1:], start=1):
        qualifier, stated, *_ = (*components(composite.strip(), reader.delimiters.component), "", "")
        if qualifier in PRINCIPAL and not claim.diagnosis:
            if not stated:
                reader.out.append(Notice(number, f"HI{place:02d}", "missing_value"))
            claim.diagnosis = diagnosis(qualifier, stated)


def sv1(reader: ClaimReader, segment: list[str], number: int) -> None:
    """A professional line."""
    _line(reader, segment, number, composite=1, charge=2, units=4)


def sv2(reader: ClaimReader, segment: list[str], number: int) -> None:
    """An institutional line."""
    revenue = reader.fits(at(segment, 1), REVENUE_WIDTH, number, "SV201")
    _line(reader, segment, number, composite=2, charge=3, units=5, revenue=revenue)


def sv3(reader: ClaimReader, segment: list[str], number: int) -> None:
    """A dental line."""
    _line(reader, segment, number, composite=1, charge=2, units=6)


def _line(
    reader: ClaimReader,
    segment: list[str],
    number: int,
    *,
    composite: int,
    charge: int,
    units: int,
    revenue: str = "",
) -> None:
    hand = reader.hand
    name = segment[0].strip().upper()
    procedure = procedure_of(at(segment, composite)[:LONGEST_COMPOSITE], reader.delimiters.component)
    billed = AMOUNTS[at(segment, charge)] or reader.cents(
        at(segment, charge), number, f"{name}{charge:02d}", required=True
    )
    if len(hand.lines) >= MAX_LINES:
        raise Unreadable("claim_too_large", "a claim has more lines than any real one", line=number)
    quantity: Decimal | None = NUMBERS[at(segment, units)]
    hand.lines.append(
        LineRecord(
            number=len(hand.lines) + 1,
            procedure_code=procedure.code,
            modifiers=procedure.modifiers,
            revenue_code=revenue or procedure.revenue,
            units=quantity,
            billed_cents=billed,
        )
    )
    hand.form = hand.form or name
    hand.charges += billed
    if procedure.code and billed > hand.top_charge:
        hand.top_charge = billed
        hand.claim.procedure_code = procedure.code


def line_day(reader: ClaimReader, segment: list[str], number: int) -> None:
    """DTP*472 of a line: its day, or the first of its range."""
    hand = reader.hand
    found = first_day(reader, at(segment, 3), number, "DTP*472")
    if hand.lines and found is not None:
        hand.lines[-1].service_date = found
        if hand.first_day is None or found < hand.first_day:
            hand.first_day = found


def line_control(reader: ClaimReader, segment: list[str], number: int) -> None:
    """REF*6R, by which the 835 names the line again."""
    if reader.hand.lines:
        reader.hand.lines[-1].line_control = reader.fits(at(segment, 2), CONTROL_WIDTH, number, "REF*6R")


def line_authorization(reader: ClaimReader, segment: list[str], number: int) -> None:
    """REF*G1 of a line, for a claim that has none of its own."""
    if not reader.hand.line_authorization:
        reader.hand.line_authorization = reader.fits(at(segment, 2), CONTROL_WIDTH, number, "REF*G1")


def line_rendering(reader: ClaimReader, segment: list[str], number: int) -> None:
    """NM1*82 of a line, for a claim that names nobody."""
    if at(segment, 8) == NPI and not reader.hand.line_npi:
        reader.hand.line_npi = reader.fits(at(segment, 9), NPI_WIDTH, number, "NM109")
