"""Statuses, authorizations, coverages and acknowledgements: kept once, sealed, and tied to their claims."""

from datetime import UTC, date, datetime

import pytest

from tests.ingestion.told import acknowledgement, authorization, coverage, status, tell
from tests.ingestion.world import csv_of, denied, load, paid, pending
from upstream.claims.models import Authorization, Claim, ClaimStatus, Coverage
from upstream.claims.queries import rejected_claims, timeline
from upstream.ingestion import phi
from upstream.ingestion.models import Acknowledgement
from upstream.tenants.services import tenant_keys

pytestmark = pytest.mark.usefixtures("practice")
MARCH = datetime(2026, 3, 3, tzinfo=UTC)


def kept() -> list[int]:
    return [model.objects.count() for model in (ClaimStatus, Authorization, Coverage, Acknowledgement)]


def test_each_is_kept_once_and_counted_on_its_file():
    batch = tell(status(), status("C2", "A7"), authorization(), coverage(), acknowledgement())
    counted = (batch.statuses, batch.refusals, batch.authorizations, batch.coverages, batch.acknowledgements)
    assert counted == (2, 1, 1, 1, 1)
    again = tell(status(), status("C2", "A7"), authorization(), coverage(), acknowledgement(), status())
    assert (kept(), again.statuses) == ([2, 1, 1, 1], 3)


def test_another_word_on_the_same_thing_is_another_row():
    tell(status(), status(category="A7"), authorization("A4"), authorization("A1"), coverage(), coverage(None))
    tell(acknowledgement("R"), acknowledgement("A"))
    assert kept() == [2, 2, 2, 2]


def test_who_they_are_about_is_sealed_and_only_kept_with_real_data(settings):
    settings.REAL_DATA_MODE = True
    tell(status(payer_control_number="ICN1"), authorization(), coverage())
    keys = tenant_keys()
    assert ClaimStatus.objects.get().opened(keys) == {
        "claim_number": "C1",
        "payer_control_number": "ICN1",
        "first_name": "Ada",
        "last_name": "Lovelace",
        "member_id": "M100",
    }
    assert Authorization.objects.get().opened(keys)["authorization_number"] == "AUTH77"
    assert Coverage.objects.get().opened(keys)["birth_date"] == "1950-12-10"
    settings.REAL_DATA_MODE = False
    tell(status("C9", payer_control_number="ICN9"), authorization("A1"), coverage(False))
    assert ClaimStatus.objects.latest("pk").opened(keys) == {"claim_number": "C9"}
    assert Authorization.objects.latest("pk").opened(keys) == Coverage.objects.latest("pk").opened(keys) == {}


def test_every_sealed_column_is_rotated_and_verified():
    tell(status(), authorization(), coverage())
    found = phi.verify()
    for table in ("claims_claimstatus", "claims_authorization", "claims_coverage"):
        assert found[table] == {"rows": 1, "unreadable": 0, "older_key": 0}


def test_a_status_finds_its_claim_whichever_comes_first():
    tell(status("C1"), status("C2"))
    load(csv_of(pending("C1")))
    tell(status("C1", "A7"))
    claim = Claim.objects.get()
    linked = ClaimStatus.objects.filter(claim=claim).values_list("category_code", flat=True)
    assert sorted(linked) == ["A2", "A7"]
    assert ClaimStatus.objects.filter(claim=None).count() == 1


def test_the_timeline_tells_of_the_rejection():
    load(csv_of(pending()), known_at=MARCH)
    tell(status(category="A7", status_code="21"))
    steps = [(event.words, event.day) for event in timeline(Claim.objects.get())]
    assert steps == [
        ("Submitted", date(2026, 3, 2)),
        ("Rejected before adjudication: something is not valid", date(2026, 3, 3)),
    ]


def rejected() -> list[tuple[str, date]]:
    return list(rejected_claims().values_list("rejected_for", "rejected_on"))


def test_a_claim_turned_away_waits_for_the_practice_and_not_for_the_payer():
    load(csv_of(pending("C1"), pending("C2")))
    tell(status("C1", "A7", status_code="21"), status("C2"))
    assert rejected() == [("A7:21", date(2026, 3, 3))]


@pytest.mark.parametrize(
    "then",
    [
        lambda: tell(status(category="A2", effective_date=date(2026, 3, 9))),
        lambda: load(csv_of(pending(day="2026-03-10")), known_at=datetime(2026, 3, 10, tzinfo=UTC)),
        lambda: load(csv_of(pending("C7", day="2026-03-10") + ",7,C1", header=REPLACING)),
        lambda: load(csv_of(paid())),
        lambda: load(csv_of(denied())),
    ],
    ids=["taken in later", "sent again", "replaced", "paid", "denied"],
)
def test_a_claim_sent_again_taken_in_or_answered_waits_no_more(then):
    load(csv_of(pending()), known_at=MARCH)
    tell(status(category="A3"))
    assert len(rejected()) == 1
    then()
    assert rejected() == []


REPLACING = (
    "claim_id,payer,procedure_code,diagnosis,location,submitted_date,decided_date,status,denial_reason"
    ",billed,allowed,paid,frequency_code,original_claim_id"
)


def test_a_rejection_is_no_denial():
    load(csv_of(pending()))
    tell(status(category="A7"))
    claim = Claim.objects.get()
    assert (claim.outcome, claim.denial_category) == (0, "")


def _interchange(*segments: str) -> bytes:
    body = ["ST*277*0001*005010X214", *segments]
    whole = [
        "ISA*00*          *00*          *ZZ*CLEARING       *ZZ*PROVIDER       *260303*1200*^*00501*000000009*0*P*:",
        "GS*HN*CLEARING*PROVIDER*20260303*1200*9*X*005010X214",
        *body,
        f"SE*{len(body) + 1}*0001",
        "GE*1*9",
        "IEA*1*000000009",
    ]
    return ("~".join(whole) + "~").encode()


TURNED_AWAY = _interchange(
    "BHT*0085*08*1*20260303*1200*TH",
    "HL*1**20*1",
    "NM1*PR*2*SUMMIT MUTUAL*****PI*DSM01",
    "HL*2*1*21*1",
    "NM1*41*2*LAKESIDE*****46*L1",
    "HL*3*2*19*1",
    "NM1*85*2*LAKESIDE*****XX*1234567893",
    "HL*4*3*PT",
    "NM1*QC*1*LOVELACE*ADA****MI*M100",
    "TRN*2*C1",
    "STC*A7:21*20260303*U*100",
    "REF*1K*ICN1",
)


def test_a_277ca_file_turns_a_claim_away_and_again_adds_nothing():
    load(csv_of(pending()), known_at=MARCH)
    batch = load(TURNED_AWAY)
    assert (batch.state, batch.statuses, batch.refusals, batch.claims) == ("loaded", 1, 1, 0)
    assert rejected() == [("A7:21", date(2026, 3, 3))]
    load(TURNED_AWAY.replace(b"000000009", b"000000010"))
    assert kept() == [1, 0, 0, 0]
