"""Coverage on a date: the 271 (005010X279A1, also 4010), kept to payer, plan, member, and active or not.

One CoverageRecord per plan that the payer speaks of, or per refusal (AAA). Benefit amounts are not kept.
"""

import re
from dataclasses import dataclass, field, replace
from datetime import date

from upstream.ingestion.formats.encoding import shown
from upstream.ingestion.formats.loops import LoopReader, Row, Take, code, first_day, last_day, tables, words
from upstream.ingestion.formats.tokenizer import Delimiters
from upstream.ingestion.formats.transaction import at
from upstream.ingestion.records import CoverageRecord, PatientRecord, Record

ACTIVE = frozenset("12345")  # EB01
INACTIVE = frozenset("678")
WHOLE_PLAN = "30"  # EB03: health benefit plan coverage
SERVICE_TYPES = re.compile(r"[A-Z0-9]+")
ID_WIDTH, PLAN_WIDTH, TYPE_WIDTH, REJECT_WIDTH = 50, 80, 4, 4
MAX_STATEMENTS = 1_000  # about one member; real answers have under a hundred


@dataclass(frozen=True, slots=True)
class Statement:
    """One EB that says active or not: about the whole plan, or about some services only."""

    active: bool
    whole_plan: bool
    insurance_type: str
    plan: str
    valid_from: date | None = None
    valid_until: date | None = None
    plan_code: str = ""


@dataclass(slots=True)
class MemberInHand:
    """What has been said of the member so far; `position` is that of the first EB or AAA, 0 while there is none."""

    position: int = 0
    statements: list[Statement] = field(default_factory=list)
    open: bool = False  # what follows belongs to the last statement


class CoverageReader(LoopReader):
    """One 271 in hand."""

    closes = frozenset({"HL", "SE"})
    unit = 4
    depth = 4
    expected = "EB"

    def __init__(self, out: list[Record], position: int, delimiters: Delimiters) -> None:
        super().__init__(out, position, delimiters)
        self.member = MemberInHand()

    def holds(self) -> bool:
        return bool(self.member.position)

    def close(self) -> None:
        """What was said in the HL that ends here goes to `out`: a record for each plan, else one that says neither."""
        position, statements = self.member.position, self.member.statements
        self.member = MemberInHand()
        plans: list[Statement | None] = [*_plans(statements)]
        for statement in plans or [None]:
            record = self._record(position, statement)
            record.event_key = _key(record)
            self.tell(record)

    def _record(self, position: int, said: Statement | None) -> CoverageRecord:
        record = CoverageRecord(
            position=position,
            payer_name=self.text("payer_name"),
            payer_id=self.text("payer_id"),
            plan=self.text("plan"),
            plan_code=self.text("plan_code"),
            reject_code=self.own("reject") if said is None else "",
            on_date=self.day_of("service_date") or self.sent_on(),
            patient=self._patient(),
        )
        if said is not None:
            record.active = said.active
            record.insurance_type = said.insurance_type
            record.plan = said.plan or record.plan
            record.plan_code = said.plan_code or record.plan_code
            own_dates = said.valid_from or said.valid_until
            record.valid_from = said.valid_from if own_dates else self.day_of("from", "plan_from")
            record.valid_until = said.valid_until if own_dates else self.day_of("until", "plan_until")
        return record

    def _patient(self) -> PatientRecord | None:
        """The dependent when one is named, else the subscriber; None where the payer or provider was refused."""
        who = "dependent_" if self.text("dependent_last") else ""
        last, member = self.text(who + "last"), self.text("member_id")
        if not last and not member:
            return None
        return PatientRecord(self.text(who + "first"), last, self.day_of(who + "born"), member)


def _plans(statements: list[Statement]) -> list[Statement]:
    """One statement per plan: those about the whole plan where there are any, named ones before nameless."""
    told = [statement for statement in statements if statement.whole_plan] or statements
    told = [statement for statement in told if statement.plan or statement.insurance_type] or told
    plans: dict[tuple[str, str], Statement] = {}
    for statement in told:
        key = (statement.insurance_type, statement.plan)
        known = plans.setdefault(key, statement)
        if statement.active and not known.active:
            plans[key] = statement
    return list(plans.values())


def _key(record: CoverageRecord) -> str:
    """What was said of whose coverage on which day: the same in any delivery of the answer."""
    patient = record.patient or PatientRecord()
    parts = (
        record.payer_id or record.payer_name, patient.member_id, patient.last_name, patient.first_name,
        patient.birth_date, record.plan, record.plan_code, record.insurance_type, record.active, record.reject_code,
        record.on_date, record.valid_from, record.valid_until,
    )  # fmt: skip
    return "|".join(str(part if part is not None else "") for part in ("271", *parts))


def _eb(reader: CoverageReader, segment: list[str], number: int) -> None:
    member = reader.member
    member.position = member.position or number
    stated = at(segment, 1)
    member.open = stated in ACTIVE | INACTIVE and len(member.statements) < MAX_STATEMENTS
    if member.open:
        services = SERVICE_TYPES.findall(at(segment, 3))
        statement = Statement(
            active=stated in ACTIVE,
            whole_plan=not services or WHOLE_PLAN in services,
            insurance_type=reader.fits(at(segment, 4), TYPE_WIDTH, number, "EB04"),
            plan=reader.fits(shown(at(segment, 5)), PLAN_WIDTH, number, "EB05"),
        )
        member.statements.append(statement)


def _refused(reader: CoverageReader, _segment: list[str], number: int) -> None:
    reader.member.position = reader.member.position or number


def _plan_dates(reader: CoverageReader, segment: list[str], number: int) -> None:
    """Dates after an EB are of that statement."""
    if not reader.member.open:
        return
    place, stated = f"DTP*{at(segment, 1)}", at(segment, 3)
    first, last = first_day(reader, stated, number, place), last_day(reader, stated, number, place)
    if at(segment, 1) in ENDS:
        first, last = None, first
    said = reader.member.statements[-1]
    reader.member.statements[-1] = replace(
        said, valid_from=said.valid_from or first, valid_until=said.valid_until or last
    )


def _plan_number(reader: CoverageReader, segment: list[str], number: int) -> None:
    if reader.member.open:
        stated = reader.fits(shown(at(segment, 2)), ID_WIDTH, number, "REF*18")
        reader.member.statements[-1] = replace(reader.member.statements[-1], plan_code=stated)


ENDS = frozenset({"347", "357"})
LEVELS = {"2000A": 1, "2000B": 2, "2000C": 3, "2000D": 4}
MEMBER = "2000C 2000D"
ROWS = (
    Row("", "BHT", takes=(Take(4, "made_on", first_day),)),
    Row("", "HL", "20", "2000A"),
    Row("", "HL", "21", "2000B"),
    Row("", "HL", "22", "2000C"),
    Row("", "HL", "23", "2000D"),
    Row("2000A", "NM1", "PR", takes=(Take(3, "payer_name", words), Take(9, "payer_id", code(ID_WIDTH)))),
    Row("2000C", "NM1", "IL", takes=(Take(3, "last", words), Take(4, "first", words), Take(9, "member_id", words))),
    Row("2000D", "NM1", "03", takes=(Take(3, "dependent_last", words), Take(4, "dependent_first", words))),
    Row("2000C", "DMG", takes=(Take(2, "born", first_day),)),
    Row("2000D", "DMG", takes=(Take(2, "dependent_born", first_day),)),
    Row(MEMBER, "REF", "18", takes=(Take(2, "plan_code", words), Take(3, "plan", words))),
    Row(MEMBER, "DTP", "346 356", takes=(Take(3, "from", first_day),)),
    Row(MEMBER, "DTP", "347 357", takes=(Take(3, "until", first_day),)),
    Row(MEMBER, "DTP", "291 307", takes=(Take(3, "plan_from", first_day), Take(3, "plan_until", last_day))),
    Row(MEMBER, "DTP", "472", takes=(Take(3, "service_date", first_day),)),
    Row("", "AAA", takes=(Take(3, "reject", code(REJECT_WIDTH)),), then=_refused),
    Row("2000C 2000D 2110 2120", "EB", opens="2110", then=_eb),
    Row("2110", "DTP", "291 307 346 347 356 357", then=_plan_dates),
    Row("2110", "REF", "18", then=_plan_number),
    Row("2110", "LS", opens="2120"),
    Row("2110", "NM1", opens="2120"),
)  # fmt: skip
CoverageReader.loops = tables(ROWS, LEVELS)
KINDS = {"271": CoverageReader}
