"""What the demo's office has besides claims: authorizations of its patients, and denials that are paid after all."""

from datetime import date

from upstream.ingestion.formats import x12
from upstream.ingestion.records import ClaimRecord, RemittanceRecord
from upstream.samples.afterwards import HEADER, authorizations_csv, denied_in
from upstream.samples.invented.exports import HEADER as CLAIMS
from upstream.samples.invented.generate import InventedFile
from upstream.samples.invented.practices import LAKESIDE, SUMMIT
from upstream.samples.invented.remittances import paid_after_all

DAY = date(2026, 3, 1)
LOOPS = (
    "ST*835*0001~\nN1*PR*SUMMIT MUTUAL*XV*DSM01~\nLX*1~\n"
    "CLP*LOI1*1*980*0*0*12*77*11*1~\nDTM*232*20260202~\nSVC*HC:73721*980*0**1~\nCAS*CO*197*980~\nREF*6R*1~\n"
    "CLP*LOI2*1*100*0*100*12*78*11*1~\nSVC*HC:99213*100*0**1~\nCAS*PR*1*100~\n"
    "CLP*LOI3*1*185*98*0*12*79*11*1~\nSVC*HC:99213*185*98**1~\nCAS*CO*45*87~\nSE*9*0001~\n"
)


def remits() -> list[InventedFile]:
    return [InventedFile("one.835", DAY, "x12", LOOPS.encode())]


def test_only_what_was_denied_is_found() -> None:
    (found,) = denied_in(remits())
    assert (found.number, found.payer, found.segments[0]) == ("LOI1", "DSM01", "CLP*LOI1*1*980*0*0*12*77*11*1")


def test_it_is_paid_by_a_remit_that_balances() -> None:
    content = paid_after_all(LAKESIDE, SUMMIT, DAY, [one.segments for one in denied_in(remits())])
    records = list(x12.read([content]))
    (claim,) = [record for record in records if isinstance(record, ClaimRecord)]
    (remit,) = [record for record in records if isinstance(record, RemittanceRecord)]
    assert (claim.claim_number, remit.amount_cents) == ("LOI1", 58_800)
    assert len(records) == 2


def test_authorizations_are_of_those_who_came_for_therapy() -> None:
    def row(**told: str) -> str:
        return ",".join(told.get(name, "") for name in CLAIMS)

    visit = {"payer": "Summit Mutual", "payer_order": "1", "procedure_code": "97110", "member_id": "SMU1",
             "service_date": "2026-02-09", "units": "3"}  # fmt: skip
    rows = [row(**visit), row(**{**visit, "service_date": "2026-02-02"}), row(**{**visit, "procedure_code": "99213"})]
    file = InventedFile("claims.csv", DAY, "csv", "\n".join([",".join(CLAIMS), *rows, ""]).encode())
    head, only, end = authorizations_csv([file], DAY).decode().split("\n")
    assert (head, end) == (",".join(HEADER), "")
    assert only == (
        "DEMO-AU001,Summit Mutual,approved,97110,12,12,2026-01-24,2026-01-28,2026-01-31,2026-03-03,standard,SMU1"
    )
    assert authorizations_csv([InventedFile("none.csv", DAY, "csv", ",".join(CLAIMS).encode())], DAY) == b""
