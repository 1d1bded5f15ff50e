"""What is said of a claim before it is adjudicated: 277CA (005010X214) and 277 claim status (005010X212), also 4010.

One ClaimStatusRecord per STC of a claim or of its lines; an STC of a whole delivery or provider becomes an
AcknowledgementRecord. A refusal (A3, A6, A7, A8, or action U) is no denial: such a claim never reaches an 835.
"""

from dataclasses import dataclass, field

from upstream.core.errors import Unreadable
from upstream.ingestion.formats.loops import LoopReader, Row, Take, code, components, first_day, tables, words
from upstream.ingestion.formats.tokenizer import Delimiters
from upstream.ingestion.formats.transaction import Opening, at
from upstream.ingestion.records import (
    AcknowledgementRecord,
    ClaimStatusRecord,
    Notice,
    PatientRecord,
    Record,
)

REFUSALS = frozenset({"A3", "A6", "A7", "A8"})
REFUSED_ACTION = "U"
ACKNOWLEDGING_GUIDES = ("X214", "X167")
ACKNOWLEDGING_STRUCTURE = "0085"  # BHT01
CATEGORY_WIDTH, STATUS_WIDTH, NUMBER_WIDTH, CHECK_WIDTH = 4, 8, 50, 50
CONTROL_WIDTH = 40
FURTHER_STATUSES = (10, 11)
MAX_STATUSES = 9_999  # of one claim, far above what is ever said


@dataclass(slots=True)
class ClaimInHand:
    """One claim being told of: its statuses so far, those of the line that is open, and how many lines there were."""

    statuses: list[ClaimStatusRecord] = field(default_factory=list)
    of_line: list[ClaimStatusRecord] = field(default_factory=list)
    lines: int = 0


class StatusReader(LoopReader):
    """One 277 in hand."""

    closes = frozenset({"HL", "TRN", "SE"})
    unit = 6
    depth = 7
    expected = "STC"

    def __init__(self, out: list[Record], position: int, delimiters: Delimiters) -> None:
        super().__init__(out, position, delimiters)
        self.hand = ClaimInHand()
        self.acknowledges = False

    def begin(self, opening: Opening) -> None:
        super().begin(opening)
        guide = at(opening.st, 3) or at(opening.gs, 8)
        self.acknowledges = any(name in guide for name in ACKNOWLEDGING_GUIDES)

    def holds(self) -> bool:
        return bool(self.hand.statuses)

    def close(self) -> None:
        """The claim in hand is whole: its statuses have what its later segments said, and go to `out`."""
        statuses = self.hand.statuses
        self.hand = ClaimInHand()
        number = self.text("trace" if self.acknowledges else "account")
        control = self.text("control")
        if not number and not control:
            self.out.append(Notice(statuses[0].position, "TRN02" if self.acknowledges else "REF*EJ", "missing_value"))
        patient = self._patient(number)
        line_days = [status.service_date for status in statuses if status.service_date is not None]
        service_date = self.day_of("service_date", "statement_date") or min(line_days, default=None)
        for status in statuses:
            status.claim_number = number
            status.payer_control_number = control
            status.payer_name, status.payer_id = self.text("payer_name"), self.text("payer_id")
            status.service_date = status.service_date or service_date
            status.patient = patient
            status.event_key = _key(status, self.text("trace"))
            self.tell(status)

    def _patient(self, account: str) -> PatientRecord:
        """The dependent when there is one, else the subscriber; the subscriber's member id where there is no other."""
        return PatientRecord(
            first_name=self.text("patient_first" if self.text("patient_last") else "first_name"),
            last_name=self.text("patient_last") or self.text("last_name"),
            member_id=self.text("patient_id") or self.text("member_id"),
            account=account,
        )


def _key(status: ClaimStatusRecord, trace: str) -> str:
    """What was said, of what, by whom and when: the same in any delivery of the file."""
    parts = (
        status.kind, status.payer_id or status.payer_name, status.claim_number, status.payer_control_number, trace,
        status.line, status.line_control, status.category_code, status.status_code, status.entity_code,
        *status.further_codes, status.effective_date, status.service_date, status.billed_cents, status.paid_cents,
        status.check_number, status.patient.member_id if status.patient else "",
    )  # fmt: skip
    return "|".join(str(part if part is not None else "") for part in parts)


def _bht(reader: StatusReader, segment: list[str], _number: int) -> None:
    reader.acknowledges = reader.acknowledges or at(segment, 1) == ACKNOWLEDGING_STRUCTURE


def _stc(reader: StatusReader, segment: list[str], number: int) -> None:
    """A status of the claim, or of the line that is open."""
    hand = reader.hand
    if len(hand.statuses) >= MAX_STATUSES:
        raise Unreadable("claim_too_large", "a claim has more statuses than any real one", line=number)
    category, stated, entity = _codes(reader, at(segment, 1), number)
    line = hand.lines if reader.loop == "2220" else 0
    billed, paid = at(segment, 4), at(segment, 5)
    status = ClaimStatusRecord(
        position=number,
        kind="acknowledgement" if reader.acknowledges else "status",
        claim_number="",
        payer_name="",
        category_code=category,
        status_code=stated,
        entity_code=entity,
        further_codes=_further(reader, segment, number),
        rejected=category in REFUSALS or at(segment, 3) == REFUSED_ACTION,
        line=line,
        effective_date=reader.day(at(segment, 2), number, "STC02") or reader.sent_on(),
        billed_cents=reader.cents(billed, number, "STC04") if billed else None,
        paid_cents=reader.cents(paid, number, "STC05") if paid else None,
        check_number=reader.fits(at(segment, 9), CHECK_WIDTH, number, "STC09"),
    )
    hand.statuses.append(status)
    if line:
        hand.of_line.append(status)


def _further(reader: StatusReader, segment: list[str], number: int) -> tuple[str, ...]:
    stated = (at(segment, index) for index in FURTHER_STATUSES)
    return tuple(":".join(_codes(reader, composite, number)).rstrip(":") for composite in stated if composite)


def _codes(reader: StatusReader, composite: str, number: int) -> tuple[str, str, str]:
    """Category, status and entity."""
    parts = (*components(composite, reader.delimiters.component), "", "")
    if not parts[0]:
        reader.out.append(Notice(number, "STC01", "missing_value"))
    return (
        reader.fits(parts[0], CATEGORY_WIDTH, number, "STC01"),
        reader.fits(parts[1], STATUS_WIDTH, number, "STC01"),
        reader.fits(parts[2], STATUS_WIDTH, number, "STC01"),
    )


def _delivery_stc(reader: StatusReader, segment: list[str], number: int) -> None:
    """A status of the whole delivery or of one provider's claims in it."""
    category, stated, _ = _codes(reader, at(segment, 1), number)
    accepted = category not in REFUSALS and at(segment, 3) != REFUSED_ACTION
    told_on = reader.day(at(segment, 2), number, "STC02") or reader.sent_on()
    sender, trace = at(reader.opening.isa, 6), reader.own("trace")
    reader.tell(
        AcknowledgementRecord(
            position=number,
            kind="277",
            sender=sender,
            control_number=reader.fits(trace, CONTROL_WIDTH, number, "TRN02"),
            transaction_type="837" if reader.acknowledges else "276",
            code=category[:2],
            accepted=accepted,
            error_codes=(stated,) if stated and not accepted else (),
            acknowledged_date=told_on,
            event_key="|".join(("277", sender, trace, category, stated, at(segment, 2), at(segment, 4))),
        )
    )


def _svc(reader: StatusReader, _segment: list[str], _number: int) -> None:
    reader.hand.lines += 1
    reader.hand.of_line = []


def _line_day(reader: StatusReader, segment: list[str], number: int) -> None:
    day = first_day(reader, at(segment, 3), number, "DTP*472")
    for status in reader.hand.of_line:
        status.service_date = day


def _line_control(reader: StatusReader, segment: list[str], number: int) -> None:
    control = reader.fits(at(segment, 2), NUMBER_WIDTH, number, "REF*FJ")
    for status in reader.hand.of_line:
        status.line_control = control


DELIVERY = "2000A 2000B 2000C 2200B"
CLAIM = "2000D 2000E 2200D 2220"
LEVELS = {"2000A": 1, "2000B": 2, "2000C": 3, "2000D": 4, "2000E": 5, "2200B": 6, "2200D": 6, "2220": 7}
TRACE = (Take(2, "trace", code(NUMBER_WIDTH)),)
ROWS = (
    Row("", "BHT", takes=(Take(4, "made_on", first_day),), then=_bht),
    Row("", "HL", "20", "2000A"),
    Row("", "HL", "21", "2000B"),
    Row("", "HL", "19", "2000C"),
    Row("", "HL", "22 PT", "2000D"),
    Row("", "HL", "23", "2000E"),
    Row("2000A", "NM1", "PR", takes=(Take(3, "payer_name", words), Take(9, "payer_id", code(NUMBER_WIDTH)))),
    Row("2000D 2000E", "NM1", "IL",
        takes=(Take(3, "last_name", words), Take(4, "first_name", words), Take(9, "member_id", words))),
    Row("2000D 2000E", "NM1", "QC",
        takes=(Take(3, "patient_last", words), Take(4, "patient_first", words), Take(9, "patient_id", words))),
    Row(DELIVERY, "TRN", opens="2200B", takes=TRACE),
    Row(DELIVERY, "STC", then=_delivery_stc),
    Row(CLAIM, "TRN", opens="2200D", takes=TRACE),
    Row("2000D 2000E 2200D", "STC", then=_stc),
    Row("2000D 2000E 2200D", "REF", "1K", takes=(Take(2, "control", words),)),
    Row("2000D 2000E 2200D", "REF", "EJ", takes=(Take(2, "account", words),)),
    Row("2000D 2000E 2200D", "DTP", "472", takes=(Take(3, "service_date", first_day),)),
    Row("2000D 2000E 2200D", "DTP", "232", takes=(Take(3, "statement_date", first_day),)),
    Row("2000D 2000E 2200D 2220", "SVC", opens="2220", then=_svc),
    Row("2220", "STC", then=_stc),
    Row("2220", "DTP", "472", then=_line_day),
    Row("2220", "REF", "FJ", then=_line_control),
)  # fmt: skip
StatusReader.loops = tables(ROWS, LEVELS)
KINDS = {"277": StatusReader}
