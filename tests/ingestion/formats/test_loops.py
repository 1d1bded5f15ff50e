"""Loop tables on a made-up guide: two levels of parties, notes of the lower one, and a loop without a level."""

from datetime import date
from decimal import Decimal

import pytest

from tests.ingestion.formats.x12 import enclosed
from upstream.ingestion.formats.codes import diagnosis
from upstream.ingestion.formats.envelope import read_transactions
from upstream.ingestion.formats.loops import (
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
from upstream.ingestion.formats.transaction import Handler
from upstream.ingestion.records import Notice, Record, RejectedRow

TAKEN: list[dict[str, object]] = []
ROWS = (
    Row("", "HL", "20", "upper"),
    Row("", "HL", "22", "lower"),
    Row("", "NM1", takes=(Take(2, "anybody", words),)),
    Row("upper", "NM1", "PR", takes=(Take(2, "payer", words), Take(3, "payer_id", code(4)))),
    Row("lower", "NM1", "IL", takes=(Take(2, "member", words),)),
    Row("lower side", "REF", "AA BB", takes=(Take(2, "number", words),)),
    Row("lower", "DTP", "007", takes=(Take(2, "start", first_day), Take(2, "end", last_day))),
    Row("lower", "QTY", takes=(Take(1, "count", quantity),)),
    Row("lower", "LS", opens="side"),
)


class Reader(LoopReader):
    loops = tables(ROWS, {"upper": 1, "lower": 2})
    unit = depth = 2
    expected = "NM1"

    def holds(self) -> bool:
        return self.level == self.unit

    def close(self) -> None:
        self.tell(RejectedRow(self.position, "", "", repr(self.seen).encode()))
        TAKEN.append(dict(self.seen))


def taken(body: str) -> tuple[list[dict[str, object]], list[Record]]:
    TAKEN.clear()
    found = list(read_transactions([enclosed(f"999*0001~{body}")], {"999": Reader}))
    return list(TAKEN), [record for record in found if isinstance(record, Notice)]


def test_facts_of_a_level_reach_down_and_end_with_it():
    units, odd = taken("HL*1**20~NM1*PR*PAYER ONE*P1~HL*2*1*22~NM1*IL*ANN~HL*3*1*22~HL*4**20~HL*5*4*22~NM1*IL*BEN~")
    assert units == [
        {"payer": "PAYER ONE", "payer_id": "P1", "member": "ANN"},
        {"payer": "PAYER ONE", "payer_id": "P1"},
        {"member": "BEN"},
    ]
    assert odd == []


def test_rows_of_a_loop_go_before_rows_of_any_and_the_first_fact_stands():
    units, _ = taken("HL*1**22~NM1*XX*SOMEBODY~NM1*IL*ANN~NM1*IL*BEN~REF*BB*1~REF*AA*2~REF*CC*3~")
    assert units == [{"anybody": "SOMEBODY", "member": "ANN", "number": "1"}]


def test_a_loop_without_a_level_keeps_the_facts_and_has_rows_of_its_own():
    units, _ = taken("HL*1**22~LS~NM1*IL*ANN~REF*AA*7~DTP*007*20250101~")
    assert units == [{"anybody": "ANN", "number": "7"}]


def test_values_are_dates_ranges_and_numbers_or_are_not_taken():
    units, odd = taken("HL*1**22~DTP*007*20250101-20250131~QTY*2.5~HL*2**22~DTP*007*20251399~QTY*many~NM1*IL*~")
    assert units == [{"start": date(2025, 1, 1), "end": date(2025, 1, 31), "count": Decimal("2.5")}, {}]
    assert odd == [Notice(8, "DTP*007", "bad_date")]


def test_what_is_too_long_is_cut_and_said():
    units, odd = taken("HL*1**20~NM1*PR*PAYER*P12345~HL*2**22~")
    assert units == [{"payer": "PAYER", "payer_id": "P123"}]
    assert odd == [Notice(5, "NM103", "too_long")]


def test_a_transaction_that_tells_nothing_is_said():
    assert taken("HL*1**20~")[1] == [Notice(3, "NM1", "missing_segment")]


def test_rows_in_a_loop_that_nothing_opens_are_a_mistake():
    with pytest.raises(ValueError, match="nowhere"):
        tables([Row("nowhere", "NM1")], {})


def test_a_segment_costs_one_look_up():
    table: dict[str, Handler] = dict(Reader.loops["lower"])
    assert set(table) == {"HL", "NM1", "REF", "DTP", "QTY", "LS"}


@pytest.mark.parametrize(
    ("composite", "separator", "parts"),
    [
        ("HC:99213:25", ":", ("HC", "99213", "25")),
        ("HC>99213>25", ":", ("HC", "99213", "25")),
        ("HC< 99213 ", "", ("HC", "99213")),
        ("99213", ":", ("99213",)),
        ("", ":", ("",)),
        ("A" * 300, ":", ("A" * 256,)),
    ],
)
def test_components_are_parted_by_what_stands_between_them(composite, separator, parts):
    assert components(composite, separator) == parts


@pytest.mark.parametrize(
    ("qualifier", "stated", "shown"),
    [
        ("ABK", "M545", "M54.5"),
        ("ABK", "S72001A", "S72.001A"),
        ("ABK", "I10", "I10"),
        ("ABK", "m54.5", "M54.5"),
        ("ABF", "E119", "E11.9"),
        ("BK", "4779", "477.9"),
        ("BK", "V7389", "V73.89"),
        ("BF", "E8888", "E888.8"),
        ("BK", "496", "496"),
        ("BK", "884.2", "884.2"),
        ("ABK", "", ""),
    ],
)
def test_diagnoses_have_their_point(qualifier, stated, shown):
    assert diagnosis(qualifier, stated) == shown
