"""Rows that could not be loaded are put right in place and read again."""

from datetime import UTC, datetime

import pytest

from tests.ingestion.world import HEADER, csv_of, load, paid, pending
from upstream.claims.models import Claim, ServiceLine
from upstream.core.errors import Conflict, Invalid
from upstream.ingestion import corrections, phi, services
from upstream.ingestion.corrections import Replayed, StillUnreadable
from upstream.ingestion.models import Batch, Rejection
from upstream.tenants.services import tenant_keys

pytestmark = pytest.mark.usefixtures("practice")
BAD = pending("C2").replace("100.00", "1oo.00")


def only(batch: Batch) -> Rejection:
    return Rejection.objects.select_related("batch").get(batch=batch)


def read(batch: Batch) -> Batch:
    services.load(batch.pk)
    return Batch.objects.get(pk=batch.pk)


def test_a_row_put_right_is_loaded_and_says_who_did_it():
    batch = load(csv_of(paid("C1"), BAD), known_at=datetime(2026, 3, 3, tzinfo=UTC))
    row = only(batch)
    made = read(corrections.fix(row, text=pending("C2"), actor="user:1"))
    row = only(batch)
    assert (row.state, row.settled_by, row.replayed_in_id) == ("fixed", "user:1", made.pk)
    assert (made.corrects_id, made.claims, made.rejected, made.known_at) == (batch.pk, 1, 0, batch.known_at)
    assert Claim.objects.count() == 2
    assert row.raw(tenant_keys()) == pending("C2")


def test_a_row_that_still_cannot_be_read_stays_open_and_loads_nothing():
    batch = load(csv_of(paid("C1"), BAD))
    with pytest.raises(StillUnreadable) as caught:
        corrections.fix(only(batch), text=pending("C2").replace("2026-03-02", "soon"), actor="user:1")
    assert (caught.value.field, caught.value.reason) == ("submitted_date", "bad_date")
    row = only(batch)
    assert (row.state, row.sealed_correction, Batch.objects.count()) == ("open", None, 1)


@pytest.mark.parametrize("text", ["", ",,,,,,,,,,,", "Total,,,,,,,,,100.00,,"])
def test_what_is_no_claim_fixes_nothing(text):
    batch = load(csv_of(paid("C1"), BAD))
    with pytest.raises(StillUnreadable):
        corrections.fix(only(batch), text=text, actor="user:1")
    assert only(batch).state == "open"


def test_a_row_is_fixed_once_and_the_same_again_is_no_second_file():
    batch = load(csv_of(paid("C1"), BAD))
    row = only(batch)
    made = corrections.fix(row, text=pending("C2"), actor="user:1")
    with pytest.raises(Conflict, match="waits no more"):
        corrections.fix(row, text=pending("C2"), actor="user:2")
    Rejection.objects.filter(pk=row.pk).update(state="open")  # as after a crash between the file and the row
    assert corrections.fix(only(batch), text=pending("C2"), actor="user:1").pk == made.pk
    assert Batch.objects.count() == 2


def test_a_row_can_be_left_out_for_good_for_a_reason():
    batch = load(csv_of(paid("C1"), BAD))
    with pytest.raises(Invalid):
        corrections.discard(only(batch), reason="because", actor="user:1")
    corrections.discard(only(batch), reason="elsewhere", actor="user:1")
    row = only(batch)
    assert (row.state, row.reason, row.settled_by) == ("discarded", "elsewhere", "user:1")
    with pytest.raises(Conflict):
        corrections.fix(row, text=pending("C2"), actor="user:1")


LINES = HEADER + ",line_id"
GOOD_LINE = "C5,Summit Mutual,99213,M54.50,Main,2026-03-02,,pending,,100.00,,,1"
BAD_LINE = "C5,Summit Mutual,97110,M54.50,Main,2026-03-02,,pending,,4o.00,,,2"


def test_lines_of_one_claim_leave_the_quarantine_together():
    batch = load(csv_of(GOOD_LINE, BAD_LINE, GOOD_LINE.replace("C5", "C6"), header=LINES))
    codes = dict(Rejection.objects.values_list("position", "code"))
    assert codes == {2: "other_line_rejected", 3: "bad_amount"}
    corrections.fix(Rejection.objects.get(position=3), text=BAD_LINE.replace("4o", "40"), actor="user:1")
    made = read(Batch.objects.get(corrects=batch))
    assert set(Rejection.objects.values_list("state", flat=True)) == {"fixed"}
    claim = Claim.objects.get(batch_id=made.pk)
    assert (claim.billed_cents, ServiceLine.objects.filter(claim=claim).count()) == (14_000, 2)


def test_a_claim_with_two_bad_lines_waits_for_the_second():
    second = BAD_LINE.replace("97110", "97140")[:-1] + "3"
    load(csv_of(GOOD_LINE, BAD_LINE, second, header=LINES))
    with pytest.raises(StillUnreadable):
        corrections.fix(Rejection.objects.get(position=3), text=BAD_LINE.replace("4o", "40"), actor="user:1")
    assert Claim.objects.count() == 0
    made = corrections.fix(Rejection.objects.get(position=4), text=second.replace("4o", "40"), actor="user:1")
    assert read(made).lines == 3
    assert Claim.objects.get().billed_cents == 18_000


def test_all_rows_that_wait_are_read_again_and_those_still_bad_stay():
    batch = load(csv_of(paid("C1"), BAD, pending("C3").replace("2026-03-02", "soon")))
    assert corrections.replay(batch, actor="command:replay_quarantine") == Replayed(0, 2)
    row = Rejection.objects.get(position=3)
    keys = tenant_keys()
    place = b"%s:3" % batch.sha256.encode()
    row.sealed_correction = keys.seal(pending("C2").encode(), Rejection.TABLE, "sealed_correction", place)
    row.save()
    assert corrections.replay(batch, actor="command:replay_quarantine") == Replayed(1, 1)
    assert corrections.replay(batch, actor="command:replay_quarantine") == Replayed(0, 1)
    assert read(Batch.objects.get(corrects=batch)).claims == 1


def _837(charge: str) -> bytes:
    body = [
        "ST*837*0001*005010X222A1", "BHT*0019*00*1*20260303*1200*CH", "NM1*41*2*LAKESIDE*****46*L1",
        "NM1*40*2*CLEARING*****46*C1", "HL*1**20*1", "NM1*85*2*LAKESIDE*****XX*1234567893", "HL*2*1*22*0",
        "SBR*P*18*******CI", "NM1*IL*1*LOVELACE*ADA****MI*M100", "NM1*PR*2*SUMMIT MUTUAL*****PI*DSM01",
        f"CLM*C9*{charge}***11:B:1*Y*A*Y*Y", "HI*ABK:M5450", "LX*1", f"SV1*HC:99213*{charge}*UN*1***1",
        "DTP*472*D8*20260227",
    ]  # fmt: skip
    whole = [
        "ISA*00*          *00*          *ZZ*LAKESIDE       *ZZ*CLEARING       *260303*1200*^*00501*000000007*0*P*:",
        "GS*HC*LAKESIDE*CLEARING*20260303*1200*7*X*005010X222A1",
        *body,
        f"SE*{len(body) + 1}*0001",
        "GE*1*7",
        "IEA*1*000000007",
    ]
    return ("~".join(whole) + "~").encode()


def test_a_claim_left_out_of_an_837_is_put_right_in_its_segments():
    batch = load(_837("1o0"))
    row = only(batch)
    text = row.raw(tenant_keys())
    assert "CLM*C9*1o0" in text
    with pytest.raises(StillUnreadable):
        corrections.fix(row, text=text, actor="user:1")
    made = read(corrections.fix(row, text=text.replace("1o0", "100"), actor="user:1"))
    assert (made.format, made.claims, made.lines) == ("x12", 1, 1)
    assert Claim.objects.get().billed_cents == 10_000


def test_corrections_are_verified_with_the_rows():
    batch = load(csv_of(paid("C1"), BAD))
    corrections.fix(only(batch), text=pending("C2"), actor="user:1")
    assert phi.verify()["ingestion_rejection"] == {"rows": 2, "unreadable": 0, "older_key": 0}
