"""A remittance written from values is read back as those values, whatever the delimiters and however it is cut."""

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from tests.ingestion.formats.x12 import interchange, transaction
from upstream.ingestion.formats.x12_835 import read
from upstream.ingestion.records import AdjustmentRecord, ClaimRecord, Notice, RemittanceRecord


class Line(NamedTuple):
    """One service line as a payer has it."""

    code: str
    cents: int
    units: int
    day: date
    reductions: list[tuple[str, str, int]]

    @property
    def paid(self) -> int:
        return self.cents - sum(cents for _, _, cents in self.reductions)


class Claim(NamedTuple):
    """One claim as a payer has it."""

    number: str
    control: str
    received: date
    name: str
    member: str
    lines: list[Line]

    @property
    def paid(self) -> int:
        return sum(line.paid for line in self.lines)


def dollars(cents: int) -> str:
    """As X12 writes decimals: no noughts at the end, no point without a fraction."""
    return f"{Decimal(cents).scaleb(-2):f}".removesuffix("00").rstrip(".") if cents % 100 else str(cents // 100)


days = st.dates(date(2000, 1, 1), date(2090, 12, 31))
names = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ' -ÉÑ", min_size=1, max_size=12).map(str.strip).filter(bool)
numbers = st.from_regex(r"[A-Z]{1,3}[1-9][0-9]{0,8}", fullmatch=True)
reductions = st.tuples(
    st.sampled_from(["CO", "PR", "OA", "PI"]), st.sampled_from(["45", "1", "197", "B7"]), st.integers(1, 9_999)
)
lines = st.builds(
    Line, st.sampled_from(["99213", "J1100", "73721"]), st.integers(1, 10**7), st.integers(1, 99), days,
    st.lists(reductions, max_size=7),
)  # fmt: skip
claims = st.builds(Claim, numbers, numbers, days, names, numbers, st.lists(lines, min_size=1, max_size=4))


def written(claim: Claim) -> str:
    charge = sum(line.cents for line in claim.lines)
    segments = [
        f"CLP*{claim.number}*1*{dollars(charge)}*{dollars(claim.paid)}**12*{claim.control}*11*1",
        f"NM1*QC*1*{claim.name}*ANN****MI*{claim.member}",
        f"DTM*050*{claim.received:%Y%m%d}",
    ]
    for line in claim.lines:
        segments += [
            f"SVC*HC:{line.code}*{dollars(line.cents)}*{dollars(line.paid)}**{line.units}",
            f"DTM*472*{line.day:%Y%m%d}",
            *(f"CAS*{group}*{reason}*{dollars(cents)}" for group, reason, cents in line.reductions),
        ]
    return "~".join(segments) + "~"


@given(
    st.lists(claims, min_size=1, max_size=4, unique_by=lambda claim: claim.number),
    st.sampled_from(["*:~", "|>\n", "^!\x1e"]),
)
def test_what_is_written_is_read_back(made: list[Claim], marks: str) -> None:
    text = interchange(transaction(*map(written, made), amount=dollars(sum(claim.paid for claim in made)))).decode(
        "latin-1"
    )
    data = text.replace("^", "U").translate(str.maketrans("*:~", marks)).encode("latin-1")
    records = list(read([data]))
    found = [record for record in records if isinstance(record, ClaimRecord)]
    assert not [record for record in records if isinstance(record, Notice)]
    assert [record.difference_cents for record in records if isinstance(record, RemittanceRecord)] == [0]
    for record, claim in zip(found, made, strict=True):
        assert (record.claim_number, record.payer_control_number, record.received_date, record.paid_cents) == (
            claim.number, claim.control, claim.received, claim.paid,
        )  # fmt: skip
        assert record.patient is not None
        assert (record.patient.last_name, record.patient.member_id) == (claim.name, claim.member)
        assert (record.balance_cents, record.service_date) == (0, min(line.day for line in claim.lines))
        stated = [(line.procedure_code, line.billed_cents, line.units, line.service_date) for line in record.lines]
        assert stated == [(line.code, line.cents, line.units, line.day) for line in claim.lines]
        assert record.adjustments == [
            AdjustmentRecord(place, *reduction)
            for place, line in enumerate(claim.lines, start=1)
            for reduction in line.reductions
        ]
