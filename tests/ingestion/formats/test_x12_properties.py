"""What must hold of every X12 reader: chunks do not matter, damage never crashes, what is written is read back."""

import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from typing import TypeAlias

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.ingestion.formats.test_properties import cuts, damaged, pieces
from tests.ingestion.formats.test_x12_271 import DEPENDENT, OPENED, SUBSCRIBER
from tests.ingestion.formats.test_x12_277 import ACCEPTED, REFUSED, STATUS, TAKEN_IN
from tests.ingestion.formats.test_x12_278 import ANSWER, EVENT, SERVICE
from tests.ingestion.formats.test_x12_999 import NOTED, TAKEN
from tests.ingestion.formats.test_x12_999 import OPENED as ANSWERED
from tests.ingestion.formats.test_x12_999 import REFUSED as UNTAKEN
from tests.ingestion.formats.x12 import enclosed, records_of
from tests.ingestion.formats.x12_837 import BEFORE, CLAIM, HEADER, claims, claims_of, sent, written
from upstream.core.errors import Unreadable
from upstream.ingestion.formats.x12 import read
from upstream.ingestion.records import ClaimRecord, RejectedRow

CLAIMS_FILE = sent(BEFORE + CLAIM + CLAIM.replace("*150*", "*$150*") + CLAIM.replace("11:B:1", "11:B:7"))
ANSWERS_FILE = enclosed(
    TAKEN_IN + ACCEPTED + REFUSED,
    STATUS,
    OPENED + SUBSCRIBER + "EB*1**30*C1*GOLD 123~DTP*291*D8*20250101~" + DEPENDENT + "EB*6**30~AAA*N**72*C~",
    ANSWER + EVENT + SERVICE,
    ANSWERED + TAKEN + UNTAKEN + NOTED + "AK9*P*3*3*2~",
).replace(b"~GS*", b"~TA1*000000905*250309*1105*R*024~GS*")
Sent: TypeAlias = tuple[str, ClaimRecord]
BOTH = CLAIMS_FILE + ANSWERS_FILE.replace(b"*", b"|").replace(b"~", b"\n")


@given(cuts)
def test_any_chunks_give_the_same_records(places: list[int]) -> None:
    assert list(read(pieces(BOTH, places))) == records_of(BOTH)


@settings(max_examples=400)
@given(damaged(CLAIMS_FILE))
def test_a_damaged_837_is_read_or_refused_and_what_is_quarantined_can_be_read_alone(data: bytes) -> None:
    try:
        records = records_of(data)
    except Unreadable:
        return
    for record in records:
        if isinstance(record, RejectedRow):
            (again,) = (found for found in records_of(record.raw) if isinstance(found, RejectedRow))
            assert (again.field, again.code) == (record.field, record.code)


@settings(max_examples=400)
@given(damaged(ANSWERS_FILE))
def test_damaged_answers_are_read_or_refused(data: bytes) -> None:
    try:
        records_of(data)
    except Unreadable:
        return


@settings(max_examples=150)
@given(st.lists(st.tuples(claims(), st.booleans()), min_size=1, max_size=4), cuts)
def test_what_is_written_as_837_is_read_back(
    told: list[tuple[tuple[str, ClaimRecord], bool]], places: list[int]
) -> None:
    text = HEADER + "".join(written(form, claim, dependent=dependent) for (form, claim), dependent in told)
    data = sent(text.replace("*005010X222A1", "*005010"), guide="005010")
    found = [record for record in read(pieces(data, places)) if isinstance(record, ClaimRecord)]
    assert [replace(claim, position=0) for claim in found] == [claim for (_, claim), _ in told]
    assert [claim.position for claim in found] == [claim.position for claim in claims_of(data)]


def _peak(claims_in_file: int) -> int:
    """Most bytes held while a file of so many claims is read piece by piece."""
    whole = sent(BEFORE + CLAIM)
    start, end = whole.index(b"CLM*"), whole.index(b"SE*")

    def chunks() -> Iterator[bytes]:
        yield whole[:start]
        for _ in range(claims_in_file):
            yield whole[start:end]
        yield whole[end:]

    tracemalloc.start()
    found = sum(isinstance(record, ClaimRecord) for record in read(chunks()))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found == claims_in_file
    return peak


def test_memory_does_not_grow_with_the_file() -> None:
    _peak(1_000)  # caches of texts are filled
    assert _peak(8_000) < 1.2 * _peak(1_000)


def test_long_elements_are_not_remembered() -> None:
    long = sent(BEFORE + "".join(CLAIM.replace("HC:99213", f"HC:{place}{'9' * 90_000}") for place in range(40)))
    tracemalloc.start()
    assert len(claims_of(long)) == 40
    kept = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert kept < 1_000_000
