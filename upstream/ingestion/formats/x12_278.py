"""Reviews: the 278 requests for them (005010X217), the answers to these and to inquiries (005010X215), also 4010.

One AuthorizationRecord per HL that was decided on, or refused with an AAA: an event, and each of its services; what is
asked for by a service that has no decision of its own stands in its event's, once for each such service. A request of
our own is one that is not decided yet for each service, or for the event where it names none. Inquiries and
cancellations are passed over with a Notice.
"""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from upstream.ingestion.formats.codes import DIAGNOSES, diagnosis
from upstream.ingestion.formats.loops import (
    LONGEST_COMPOSITE,
    LoopReader,
    Row,
    Take,
    code,
    components,
    first_day,
    last_day,
    quantity,
    tables,
    words,
)
from upstream.ingestion.formats.transaction import at
from upstream.ingestion.formats.x12_835_codes import procedure_of
from upstream.ingestion.records import AuthorizationRecord, Notice, PatientRecord

ASKING = frozenset({"01", "13"})  # BHT02: cancellation, request
REQUEST, INQUIRY, WAITING = "13", "X215", "A4"
LEVELS_OF_SERVICE = {"03": "expedited", "U": "expedited", "E": "standard"}  # UM06: emergency, urgent, elective
HCPCS = "BO"  # 4010 names a procedure in an HI
NPI = "XX"
ID_WIDTH, CODE_WIDTH, ACTION_WIDTH, REASON_WIDTH, NPI_WIDTH = 50, 8, 4, 8, 10
SHORTEST_NUMBER = 2  # some answer with a letter where the number belongs
EVENT, SERVICE = 5, 6
PERIODS = (
    ("effective", "expires"),
    ("event_from", "event_until"),
    ("service_from", "service_until"),
    ("admitted", "discharged"),
)


class ReviewReader(LoopReader):
    """One 278 in hand; `asks` is what its BHT says, which a trace number of an answer overrules.

    `requests`: it asks for something new.
    """

    closes = frozenset({"HL", "SE"})
    unit = depth = SERVICE
    expected = "HCR"
    asks = requests = False
    event: AuthorizationRecord | None = None
    of_event: AuthorizationRecord | None = None

    def holds(self) -> bool:
        return "decided_at" in self.facts or self.event is not None or (self.requests and self.level >= EVENT)

    def close(self) -> None:
        """What was decided in the HL that ends here goes to `out`; an event waits for what its services add."""
        position = self.facts.pop("decided_at", None)
        if self.requests and position is None and not self.text("answered"):
            self._ask()
        elif isinstance(position, int) and (not self.asks or self.text("answered")):
            self._tell_event()
            self.event = self._decision(position)
            self.of_event = replace(self.event, units=None)
            if self.level != EVENT:
                self._tell_event()
        elif self.level == SERVICE and self.event is not None:
            self._complete(self.event)
        else:
            self._tell_event()

    def _ask(self) -> None:
        """A service stands for itself, and its event no more; an event waits for whether it has any."""
        if self.level < SERVICE:
            self._tell_event()
        if self.level >= EVENT:
            self.event = self._request()
        if self.level == SERVICE:
            self._tell_event()

    def _request(self) -> AuthorizationRecord:
        begun, units = self.facts.get("begun"), (self.facts if self.level == SERVICE else self.seen).get("units")
        return AuthorizationRecord(
            position=begun if isinstance(begun, int) else self.position,
            payer_name=self.text("payer_name"),
            payer_id=self.text("payer_id"),
            action=WAITING,
            trace_number=self.text("asked_as"),
            service_type=self.text("service_type"),
            procedure_code=self.text("procedure"),
            diagnosis=self.text("diagnosis"),
            requested_units=units if isinstance(units, Decimal) else None,
            requested_date=self.sent_on(),
            urgency=LEVELS_OF_SERVICE.get(self.text("level_of_service"), ""),
            provider_npi=self._npi(),
            patient=self._patient(),
        )

    def _tell_event(self) -> None:
        if self.event is not None:
            self.event.event_key = _key(self.event)
            self.tell(self.event)
            self.event = None

    def _complete(self, event: AuthorizationRecord) -> None:
        """A service without a decision says what the event's is about; a further one is decided alike, for itself."""
        if (
            self.of_event is not None
            and self.own("procedure")
            and event.procedure_code not in {"", self.own("procedure")}
        ):
            self._tell_event()
            begun = self.facts.get("begun")
            event = self.event = replace(self.of_event, position=begun if isinstance(begun, int) else self.position)
        event.procedure_code = event.procedure_code or self.own("procedure")
        event.units = event.units if event.units is not None else self._units()
        if event.valid_from is None and event.valid_until is None:
            event.valid_from, event.valid_until = self._period()
        event.provider_npi = self.own("service_npi") or event.provider_npi

    def _units(self) -> Decimal | None:
        units = self.facts.get("units")
        return units if isinstance(units, Decimal) else None

    def _decision(self, position: int) -> AuthorizationRecord:
        valid_from, valid_until = self._period()
        return AuthorizationRecord(
            position=position,
            payer_name=self.text("payer_name"),
            payer_id=self.text("payer_id"),
            action=self.own("action"),
            reason_code=self.own("reason") or self.own("reject"),
            authorization_number=self._number(),
            trace_number=self.text("trace"),
            service_type=self.text("service_type"),
            procedure_code=self.own("procedure"),
            diagnosis=self.text("diagnosis"),
            units=self._units(),
            decided_date=self.day_of("issued", "status_day") or self.sent_on(),
            valid_from=valid_from,
            valid_until=valid_until,
            provider_npi=self._npi(),
            patient=self._patient(),
        )

    def _npi(self) -> str:
        return self.text("service_npi") or self.text("facility_npi") or self.text("requester_npi")

    def finish(self, *, complete: bool) -> None:
        """An event still waiting is told; what only asks is said to be passed over."""
        self._tell_event()
        if self.asks and not self.told:
            self.out.append(Notice(self.position, "BHT02", "skipped_transaction_type"))
        else:
            super().finish(complete=complete)

    def _number(self) -> str:
        """HCR02, else an earlier certification's (REF*BB), else by what the payer files it (REF*NT, REF*D9)."""
        stated = map(self.text, ("number", "earlier", "filed_as", "filed_under"))
        return next((number for number in stated if len(number) >= SHORTEST_NUMBER), "")

    def _period(self) -> tuple[date | None, date | None]:
        """From when until when it holds: as certified, else of the event or the service, of the deepest level."""
        for facts in reversed(self.levels[: self.level + 1]):
            for start, end in PERIODS:
                first, last = facts.get(start), facts.get(end)
                if first is not None or last is not None:
                    return first if isinstance(first, date) else None, last if isinstance(last, date) else None
        return None, None

    def _patient(self) -> PatientRecord | None:
        """The dependent when one is named, else the subscriber; None when neither is."""
        who = "dependent_" if self.text("dependent_last") else ""
        last, member = self.text(who + "last"), self.text("dependent_id") or self.text("member_id")
        if not last and not member:
            return None
        return PatientRecord(self.text(who + "first"), last, self.day_of(who + "born"), member)


def _key(record: AuthorizationRecord) -> str:
    """What was decided or asked for, on what, for whom and when: the same in any delivery of it."""
    patient = record.patient or PatientRecord()
    parts = (
        record.payer_id or record.payer_name, record.trace_number, record.authorization_number, record.action,
        record.reason_code, record.service_type, record.procedure_code, record.units, record.decided_date,
        record.valid_from, record.valid_until, record.provider_npi, patient.member_id, patient.last_name,
        patient.first_name,
    )  # fmt: skip
    asked = ("asked", record.requested_date, record.requested_units) if record.requested_date else ()
    return "|".join(str(part if part is not None else "") for part in ("278", *asked, *parts))


def _bht(reader: ReviewReader, segment: list[str], _number: int) -> None:
    reader.asks = at(segment, 2) in ASKING
    reader.requests = at(segment, 2) == REQUEST and INQUIRY not in at(reader.opening.gs, 8)


def _begun(reader: ReviewReader, _segment: list[str], number: int) -> None:
    reader.facts["begun"] = number


def _decided(reader: ReviewReader, _segment: list[str], number: int) -> None:
    reader.facts.setdefault("decided_at", number)


def _status(reader: ReviewReader, segment: list[str], number: int) -> None:
    """Some write the action in an STC, as a 277 has it."""
    action = components(at(segment, 1), reader.delimiters.component)[0]
    reader.facts.setdefault("action", reader.fits(action, ACTION_WIDTH, number, "STC01"))
    reader.facts.setdefault("decided_at", number)


def _provider(reader: ReviewReader, segment: list[str], number: int) -> None:
    if at(segment, 8) == NPI:
        npi = reader.fits(at(segment, 9), NPI_WIDTH, number, "NM109")
        reader.facts.setdefault(PROVIDERS.get(at(segment, 1), "requester_npi"), npi)


def _hi(reader: ReviewReader, segment: list[str], _number: int) -> None:
    for composite in segment[1:]:
        qualifier, stated, *_ = (*components(composite, reader.delimiters.component), "", "")
        if qualifier in DIAGNOSES:
            reader.facts.setdefault("diagnosis", diagnosis(qualifier, stated))
        elif qualifier == HCPCS:
            reader.facts.setdefault("procedure", stated[:CODE_WIDTH])


def _service(element: int, count: int) -> tuple[Take, ...]:
    """The procedure's composite and the number of units of an SV1, SV2 or SV3."""

    def read(reader: LoopReader, stated: str, _number: int, _place: str) -> str:
        return procedure_of(stated[:LONGEST_COMPOSITE], reader.delimiters.component).code

    return (Take(element, "procedure", read), Take(count, "units", quantity))


def _period_of(first: str, last: str) -> tuple[Take, ...]:
    return (Take(3, first, first_day), Take(3, last, last_day))


PROVIDERS = {"SJ": "service_npi", "FA": "facility_npi"}
LEVELS = {"2000A": 1, "2000B": 2, "2000C": 3, "2000D": 4, "2000E": EVENT, "2000F": SERVICE}
ROWS = (
    Row("", "BHT", takes=(Take(4, "made_on", first_day),), then=_bht),
    Row("", "HL", "20", "2000A"),
    Row("", "HL", "21", "2000B"),
    Row("", "HL", "22", "2000C"),
    Row("", "HL", "23", "2000D"),
    Row("", "HL", "EV 19", "2000E", then=_begun),
    Row("", "HL", "SS", "2000F", then=_begun),
    Row("2000A", "NM1", "X3 PR 36", takes=(Take(3, "payer_name", words), Take(9, "payer_id", code(ID_WIDTH)))),
    Row("2000B", "NM1", "1P FA SJ", then=_provider),
    Row("2000E 2000F", "NM1", "SJ FA", then=_provider),
    Row("", "NM1", "IL", takes=(Take(3, "last", words), Take(4, "first", words), Take(9, "member_id", words))),
    Row("", "NM1", "QC", takes=(
        Take(3, "dependent_last", words), Take(4, "dependent_first", words), Take(9, "dependent_id", words))),
    Row("2000D", "DMG", takes=(Take(2, "dependent_born", first_day),)),
    Row("2000A 2000B 2000C", "DMG", takes=(Take(2, "born", first_day),)),
    Row("", "TRN", "1", takes=(Take(2, "asked_as", words),)),
    Row("", "TRN", "2", takes=(Take(2, "trace", words), Take(1, "answered", words))),
    Row("", "UM", takes=(Take(3, "service_type", code(CODE_WIDTH)), Take(6, "level_of_service", code(CODE_WIDTH)))),
    Row("", "HCR", then=_decided,
        takes=(Take(1, "action", code(ACTION_WIDTH)), Take(2, "number", words), Take(3, "reason", code(REASON_WIDTH)))),
    Row("", "STC", takes=(Take(2, "status_day", first_day),), then=_status),
    Row("", "AAA", takes=(Take(3, "reject", code(REASON_WIDTH)),), then=_decided),
    Row("", "REF", "BB", takes=(Take(2, "earlier", words),)),
    Row("", "REF", "NT", takes=(Take(2, "filed_as", words),)),
    Row("", "REF", "D9", takes=(Take(2, "filed_under", words),)),
    Row("", "DTP", "007", takes=_period_of("effective", "expires")),
    Row("", "DTP", "036", takes=(Take(3, "expires", first_day),)),
    Row("", "DTP", "102", takes=(Take(3, "issued", first_day),)),
    Row("", "DTP", "AAH", takes=_period_of("event_from", "event_until")),
    Row("", "DTP", "472", takes=_period_of("service_from", "service_until")),
    Row("", "DTP", "435", takes=_period_of("admitted", "discharged")),
    Row("", "DTP", "096", takes=(Take(3, "discharged", first_day),)),
    Row("", "HI", then=_hi),
    Row("", "HSD", takes=(Take(2, "units", quantity),)),
    Row("", "QTY", takes=(Take(2, "units", quantity),)),
    Row("", "SV1", takes=_service(1, 4)),
    Row("", "SV2", takes=_service(2, 5)),
    Row("", "SV3", takes=_service(1, 6)),
)  # fmt: skip
ReviewReader.loops = tables(ROWS, LEVELS)
KINDS = {"278": ReviewReader}
