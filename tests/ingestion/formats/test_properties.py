"""What must hold for any input: chunks do not matter, damage never crashes, what is written is read back."""

import csv
import io
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.ingestion.formats.x12 import PAID_CLAIM, interchange, transaction
from upstream.core.errors import Unreadable
from upstream.ingestion.formats import canonical_csv, x12_835
from upstream.ingestion.formats.csv_header import BASE
from upstream.ingestion.formats.csv_rows import lines_of, rows_of
from upstream.ingestion.formats.detect import sniff
from upstream.ingestion.formats.tokenizer import blocks
from upstream.ingestion.records import ClaimRecord, Notice, RejectedRow, RemittanceRecord

FILE = interchange(
    transaction(PAID_CLAIM, PAID_CLAIM.replace("A1", "A2"), amount="160", tail="PLB*1*20251231*WO:X*0~"),
    "ST*999*0002~AK1*HP~SE*3*0002~",
)
WRAPPED = b"--mark\r\n" + FILE.replace(b"~", b"\r\n") + b"\r\n" + FILE.replace(b"*", b"|")
CSV = (
    ",".join((*BASE, "line_id", "member_id")).encode()
    + b"\r\nC1,Summit Mutual,99213,M54.50,Main,2025-01-05,2025-01-20,paid,,120.00,80.00,70.00,1,M1"
    + b"\r\nC1,Summit Mutual,97110,M54.50,Main,2025-01-05,2025-01-20,denied,CO-197,60,0,0,2,M1"
    + b'\r\nC2,"Civic ""Care""",99214,I10,"a\nb",20250106,,pending,,75,,,,\r\nC3,x\r\nC4,"open'
    + b"\r\nC5,Mu\xd1oz,99214,I10,Main,2025-01-06,2025-01-07,denied,PR-27;CO-16,75,0,0,,\r\n,,,,\r\nTotals,,1"
)

cuts = st.lists(st.integers(0, 4000), max_size=30)


def pieces(data: bytes, places: list[int]) -> list[bytes]:
    edges = [0, *sorted(place % (len(data) + 1) for place in places), len(data)]
    return [data[start:end] for start, end in zip(edges, edges[1:], strict=False)]


def segments(chunks: list[bytes], block_bytes: int) -> list[object]:
    found: list[object] = []
    for block in blocks(chunks, block_bytes=block_bytes):
        found += block.segments
        found += [block.unfinished] if block.unfinished else []
    return found


@given(cuts, st.integers(1, 300), st.sampled_from([FILE, WRAPPED, FILE.decode().encode("utf-16")]))
def test_any_chunks_give_the_same_segments(places: list[int], block_bytes: int, data: bytes) -> None:
    assert segments(pieces(data, places), block_bytes) == segments([data], len(data))


@given(cuts)
def test_any_chunks_give_the_same_claims(places: list[int]) -> None:
    assert list(x12_835.read(pieces(FILE, places))) == list(x12_835.read([FILE]))
    assert list(canonical_csv.read(pieces(CSV, places))) == list(canonical_csv.read([CSV]))


@given(cuts, st.integers(1, 300))
def test_any_chunks_give_the_same_rows(places: list[int], block_bytes: int) -> None:
    def rows(chunks: list[bytes], size: int) -> list[object]:
        return list(rows_of(lines_of(chunks, block_bytes=size), ","))

    assert rows(pieces(CSV, places), block_bytes) == rows([CSV], len(CSV))


@st.composite
def damaged(draw: st.DrawFn, whole: bytes) -> bytes:
    data = bytearray(whole)
    for _ in range(draw(st.integers(1, 8))):
        place = draw(st.integers(0, len(data)))
        length = draw(st.integers(0, 40))
        data[place : place + length] = draw(
            st.one_of(
                st.binary(max_size=12),
                st.sampled_from([b"", b"~", b"*", b"CLP*", b"SVC*", b"ISA*", b"\0", b"CAS*CO*", b"SE*1", b'"', b"\n"]),
                st.just(bytes(data[place : place + 80])),
            )
        )
    return bytes(data)


@settings(max_examples=400)
@given(damaged(FILE))
def test_a_damaged_835_is_read_or_refused(data: bytes) -> None:
    sniff(data)
    try:
        records = list(x12_835.read([data]))
    except Unreadable:
        return
    assert all(isinstance(record, ClaimRecord | RemittanceRecord | Notice) for record in records)


@settings(max_examples=400)
@given(damaged(CSV))
def test_a_damaged_csv_is_read_or_refused(data: bytes) -> None:
    sniff(data)
    try:
        records = list(canonical_csv.read([data]))
    except Unreadable:
        return
    assert all(isinstance(record, ClaimRecord | RejectedRow | Notice) for record in records)


@given(st.binary(max_size=400))
def test_any_bytes_are_named(data: bytes) -> None:
    assert sniff(data) in {"x12", "csv", "xlsx", "fhir", "zip", "gzip", "unknown"}


days = st.dates(date(1950, 1, 1), date(2090, 1, 1))
cents = st.integers(0, 10**9)
names = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=20)


@st.composite
def claim_rows(draw: st.DrawFn) -> list[str]:
    submitted = draw(days)
    status = draw(st.sampled_from(["paid", "denied", "partial", "pending", "reversed"]))
    decided = "" if status == "pending" else (submitted + timedelta(draw(st.integers(0, 90)))).isoformat()
    amounts = [f"{amount // 100}.{amount % 100:02d}" for amount in draw(st.tuples(cents, cents, cents))]
    reason = draw(st.sampled_from(["", "CO-197", "PR-27;CO-16"]))
    fixed = [draw(names), draw(st.sampled_from(["99213", "J1234", ""])), "M54.50", draw(names)]
    return [
        "C" + draw(st.from_regex(r"[A-Z0-9-]{1,12}", fullmatch=True)),
        *fixed,
        submitted.isoformat(),
        decided,
        status,
        reason,
        *amounts,
    ]


@given(
    st.lists(claim_rows(), min_size=1, max_size=8),
    st.sampled_from(",;\t|"),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_what_is_written_as_csv_is_read_back(rows: list[list[str]], delimiter: str, codec: str) -> None:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter)
    writer.writerow(BASE)
    writer.writerows(rows)
    records = list(canonical_csv.read([text.getvalue().encode(codec)]))
    assert [type(record) for record in records] == [ClaimRecord] * len(rows)
    for record, row in zip(records, rows, strict=True):
        assert isinstance(record, ClaimRecord)
        dollars = [
            f"{amount // 100}.{amount % 100:02d}"
            for amount in (record.billed_cents, record.allowed_cents or 0, record.paid_cents)
        ]
        decided = record.decided_date.isoformat() if record.decided_date else ""
        assert record.submitted_date is not None
        assert [
            record.claim_number,
            record.payer_name,
            record.procedure_code,
            record.diagnosis,
            record.location,
        ] == row[:5]
        assert [record.submitted_date.isoformat(), decided, record.status] == row[5:8]
        assert dollars == row[9:]
