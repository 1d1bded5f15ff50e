"""Answers to what we sent: TA1 (an interchange), 999 and 997 (its transaction sets). Codes only, never the values."""

import re
from datetime import date

from upstream.ingestion.formats.loops import components
from upstream.ingestion.formats.tokenizer import Delimiters
from upstream.ingestion.formats.transaction import Opening, Table, TransactionReader, at
from upstream.ingestion.records import AcknowledgementRecord, Notice, Record

ACCEPTED = frozenset({"A", "E"})  # E: taken in although errors were found
SEGMENT_ID = re.compile(r"[A-Z][A-Z0-9]{1,2}")
ERROR_CODE = re.compile(r"[A-Z]?[0-9]{1,3}")
MAX_ERRORS = 20
SET_ERRORS, GROUP_ERRORS = range(2, 7), range(5, 10)
CODE_WIDTH, TYPE_WIDTH, CONTROL_WIDTH = 2, 4, 19


class Answer(TransactionReader):
    """One TA1, 999 or 997 in hand: the group that it answers, and the set of it that is being told of."""

    closes = frozenset({"AK2", "AK9", "SE"})

    def __init__(self, out: list[Record], position: int, delimiters: Delimiters) -> None:
        super().__init__(out, position, delimiters)
        self.table = SEGMENTS
        self.opening = Opening([], [], [])
        self.group = self.transaction_type = self.control = ""
        self.sets = 0
        self.refused = False
        self.errors: list[str] = []
        self.segment_id = ""

    def begin(self, opening: Opening) -> None:
        self.opening = opening

    def answered(self, number: int, kind: str, control: str, code: str, *, told_on: date | None, occasion: str) -> None:
        """One record goes to `out`; `occasion` is what else names the answer besides who answers what and how."""
        code = self.fits(code, CODE_WIDTH, number, f"{kind} code")
        errors = tuple(dict.fromkeys(self.errors))[:MAX_ERRORS]
        sender = at(self.opening.isa, 6) or at(self.opening.gs, 2)
        self.out.append(
            AcknowledgementRecord(
                position=number,
                kind=kind,
                sender=sender,
                control_number=control,
                transaction_type=self.transaction_type,
                code=code,
                accepted=code in ACCEPTED,
                error_codes=errors,
                acknowledged_date=told_on,
                event_key="|".join((kind, sender, control, self.transaction_type, code, *errors, occasion)),
            )
        )
        self.errors = []


def _ta1(reader: Answer, segment: list[str], number: int) -> None:
    """The interchange is named by its number, day and time: numbers come again."""
    _error(reader, "", at(segment, 5).removeprefix("000"))
    stated = at(reader.opening.isa, 9)
    reader.answered(
        number,
        "TA1",
        reader.fits(at(segment, 1), CONTROL_WIDTH, number, "TA101"),
        at(segment, 4),
        told_on=reader.day("20" + stated, number, "ISA09") if stated else None,
        occasion=at(segment, 2) + at(segment, 3),
    )


def _ak1(reader: Answer, segment: list[str], number: int) -> None:
    reader.group = reader.fits(at(segment, 2), CONTROL_WIDTH, number, "AK102")


def _ak2(reader: Answer, segment: list[str], number: int) -> None:
    reader.transaction_type = reader.fits(at(segment, 1), TYPE_WIDTH, number, "AK201")
    reader.control = reader.fits(at(segment, 2), CONTROL_WIDTH, number, "AK202")
    reader.errors = []


def _segment_error(reader: Answer, segment: list[str], _number: int) -> None:
    stated = at(segment, 1)
    reader.segment_id = stated if SEGMENT_ID.fullmatch(stated) else ""
    _error(reader, reader.segment_id, at(segment, 4))


def _element_error(reader: Answer, segment: list[str], _number: int) -> None:
    """Where in the segment, and the code; IK404, a copy of the bad value, is left where it is."""
    element = components(at(segment, 1), reader.delimiters.component)[0]
    place = reader.segment_id + element.zfill(2) if reader.segment_id and element.isdecimal() else reader.segment_id
    _error(reader, place[:5], at(segment, 3))


def _error(reader: Answer, place: str, code: str) -> None:
    if ERROR_CODE.fullmatch(code) and len(reader.errors) < MAX_ERRORS:
        reader.errors.append(f"{place}:{code}" if place else code)


def _set_end(reader: Answer, segment: list[str], number: int) -> None:
    """IK5 (999) or AK5 (997)."""
    for index in SET_ERRORS:
        _error(reader, "", at(segment, index))
    reader.sets += 1
    reader.refused = reader.refused or at(segment, 1) not in ACCEPTED
    _told(reader, number, f"{reader.group}/{reader.control}", at(segment, 1))


def _group_end(reader: Answer, segment: list[str], number: int) -> None:
    """AK9, a record of its own only where the sets told of do not say it all: some not named, or the group refused."""
    code = at(segment, 1)
    stated = at(segment, 2)
    unnamed = stated.isdecimal() and len(stated) <= 10 and int(stated) != reader.sets
    if reader.sets and not unnamed and (code in ACCEPTED or reader.refused):
        return
    reader.errors = []
    for index in GROUP_ERRORS:
        _error(reader, "", at(segment, index))
    reader.transaction_type = ""
    _told(reader, number, reader.group, code)


def _told(reader: Answer, number: int, control: str, code: str) -> None:
    if not code:
        reader.out.append(Notice(number, "AK9" if "/" not in control else "IK501", "missing_value"))
        return
    stated = at(reader.opening.gs, 4)
    kind = at(reader.opening.st, 1)
    reader.answered(number, kind, control, code, told_on=reader.day(stated, number, "GS04"), occasion=stated)


SEGMENTS: Table = {
    "TA1": _ta1, "AK1": _ak1, "AK2": _ak2,
    "IK3": _segment_error, "AK3": _segment_error, "IK4": _element_error, "AK4": _element_error,
    "IK5": _set_end, "AK5": _set_end, "AK9": _group_end,
}  # fmt: skip
KINDS = {"999": Answer, "997": Answer, "TA1": Answer}
