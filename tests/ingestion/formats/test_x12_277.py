from datetime import date

import pytest

from tests.ingestion.formats.x12 import enclosed, records_of
from upstream.ingestion.records import (
    AcknowledgementRecord,
    ClaimStatusRecord,
    Notice,
    PatientRecord,
)

TAKEN_IN = (
    "277*0001*005010X214~BHT*0085*08*277X2140001*20250310*1405*TH~"
    "HL*1**20*1~NM1*PR*2*SUMMIT MUTUAL*****PI*SM001~TRN*1*200102051635S00001ABCDEF~DTP*050*D8*20250309~"
    "HL*2*1*21*1~NM1*41*2*LAKESIDE ORTHOPEDICS*****46*S00005~TRN*2*BATCH77~STC*A1:19:PR*20250310*WQ*365.5~QTY*90*1~"
    "HL*3*2*19*1~NM1*85*2*LAKESIDE ORTHOPEDICS*****XX*1999999984~TRN*1*0~STC*A1:19:PR**WQ*365.5~"
)
ACCEPTED = (
    "HL*4*3*PT~NM1*QC*1*MOON*JUNE****MI*W1~TRN*2*PATIENT-1~STC*A2:20:PR*20250310*WQ*100~REF*1K*220216359803X~"
    "DTP*472*D8*20250301~"
)
REFUSED = (
    "HL*5*3*PT~NM1*QC*1*FROST*AIDA****MI*W2~TRN*2*PATIENT-2~STC*A7:562:85*20250310*U*265.5******A7:128:HK~"
    "DTP*472*RD8*20250302-20250304~SVC*HC:99213*100~STC*A3:187*20250310*U~REF*FJ*L7~DTP*472*D8*20250303~"
)
STATUS = (
    "277*0002*005010X212~BHT*0010*08*277X212*20250320*0810*DG~HL*1**20*1~NM1*PR*2*SUMMIT MUTUAL*****PI*SM001~"
    "HL*2*1*21*1~NM1*41*2*LAKESIDE*****46*X67E~HL*3*2*19*1~NM1*1P*2*LAKESIDE*****XX*1999999984~"
    "HL*4*3*22*1~NM1*IL*1*MANN*JOHN****MI*W3~HL*5*4*23~NM1*QC*1*MANN*JOSEPH~TRN*2*ASKED-3~"
    "STC*F1:65*20250318**150*120*20250317*ACH*20250319*EFT77~REF*1K*ICN9~REF*EJ*A-3~DTP*472*D8*20250305~"
)


def test_a_277ca_says_of_each_claim_whether_it_was_taken_in():
    accepted, refused, line = (
        record
        for record in records_of(enclosed(TAKEN_IN + ACCEPTED + REFUSED))
        if isinstance(record, ClaimStatusRecord)
    )
    assert accepted == ClaimStatusRecord(
        position=21,
        kind="acknowledgement",
        claim_number="PATIENT-1",
        payer_name="SUMMIT MUTUAL",
        payer_id="SM001",
        category_code="A2",
        status_code="20",
        entity_code="PR",
        effective_date=date(2025, 3, 10),
        service_date=date(2025, 3, 1),
        billed_cents=10_000,
        payer_control_number="220216359803X",
        patient=PatientRecord("JUNE", "MOON", None, "W1", "PATIENT-1"),
        event_key="acknowledgement|SM001|PATIENT-1|220216359803X|PATIENT-1|0||A2|20|PR|2025-03-10|2025-03-01|10000|||W1",
    )
    assert (refused.claim_number, refused.rejected, refused.category_code, refused.status_code) == (
        "PATIENT-2",
        True,
        "A7",
        "562",
    )
    assert (refused.further_codes, refused.billed_cents, refused.service_date) == (
        ("A7:128:HK",),
        26_550,
        date(2025, 3, 2),
    )
    assert line.line_control == "L7"
    assert (line.line, line.rejected, line.category_code, line.service_date, line.billed_cents) == (
        1,
        True,
        "A3",
        date(2025, 3, 3),
        None,
    )


def test_a_277ca_answers_the_delivery_and_the_provider_too():
    answers = [record for record in records_of(enclosed(TAKEN_IN)) if isinstance(record, AcknowledgementRecord)]
    assert [(answer.control_number, answer.code, answer.accepted) for answer in answers] == [
        ("BATCH77", "A1", True),
        ("0", "A1", True),
    ]
    assert answers[0] == AcknowledgementRecord(
        position=12,
        kind="277",
        sender="HARBORADV",
        control_number="BATCH77",
        transaction_type="837",
        code="A1",
        accepted=True,
        acknowledged_date=date(2025, 3, 10),
        event_key="277|HARBORADV|BATCH77|A1|19|20250310|365.5",
    )


def test_a_delivery_refused_as_a_whole_names_no_claim():
    (answer,) = records_of(
        enclosed(TAKEN_IN[: TAKEN_IN.index("HL*3")].replace("A1:19:PR*20250310*WQ", "A3:21*20250310*U"))
    )
    assert isinstance(answer, AcknowledgementRecord)
    assert (answer.accepted, answer.code, answer.error_codes) == (False, "A3", ("21",))


@pytest.mark.parametrize(
    ("category", "action", "rejected"),
    [
        ("A0", "WQ", False),
        ("A1", "WQ", False),
        ("A2", "WQ", False),
        ("A3", "", True),
        ("A4", "", False),
        ("A5", "", False),
        ("A6", "", True),
        ("A7", "", True),
        ("A8", "", True),
        ("A2", "U", True),
        ("E1", "", False),
    ],
)
def test_only_refusals_are_refusals(category, action, rejected):
    data = enclosed(TAKEN_IN + ACCEPTED.replace("A2:20:PR*20250310*WQ", f"{category}:20*20250310*{action}"))
    (status,) = (record for record in records_of(data) if isinstance(record, ClaimStatusRecord))
    assert (status.category_code, status.rejected) == (category, rejected)


def test_a_277_tells_of_the_dependent_with_the_subscribers_member_id():
    (status,) = records_of(enclosed(STATUS, guide="005010X212"))
    assert isinstance(status, ClaimStatusRecord)
    assert status == ClaimStatusRecord(
        position=16,
        kind="status",
        claim_number="A-3",
        payer_name="SUMMIT MUTUAL",
        payer_id="SM001",
        category_code="F1",
        status_code="65",
        effective_date=date(2025, 3, 18),
        service_date=date(2025, 3, 5),
        billed_cents=15_000,
        paid_cents=12_000,
        payer_control_number="ICN9",
        check_number="EFT77",
        patient=PatientRecord("JOSEPH", "MANN", None, "W3", "A-3"),
        event_key="status|SM001|A-3|ICN9|ASKED-3|0||F1|65||2025-03-18|2025-03-05|15000|12000|EFT77|W3",
    )


def test_a_277_without_its_guide_is_told_by_its_bht():
    bare = TAKEN_IN.replace("277*0001*005010X214", "277*0001") + ACCEPTED
    records = records_of(enclosed(bare, guide="005010"))
    assert [record.kind for record in records if isinstance(record, ClaimStatusRecord)] == ["acknowledgement"]


def test_a_status_that_names_no_claim_is_kept_and_said():
    data = enclosed(STATUS.replace("REF*EJ*A-3~", "").replace("REF*1K*ICN9~", ""), guide="005010X212")
    records = records_of(data)
    assert [record.code for record in records if isinstance(record, Notice)] == ["missing_value"]
    assert [record.field for record in records if isinstance(record, Notice)] == ["REF*EJ"]
    assert len([record for record in records if isinstance(record, ClaimStatusRecord)]) == 1


def test_bad_values_are_said_by_place_and_lose_nothing():
    odd = ACCEPTED.replace("20250310*WQ*100", "20251399*WQ*$100").replace("D8*20250301", "D8*20250231")
    records = records_of(enclosed(TAKEN_IN + odd))
    assert [(record.field, record.code) for record in records if isinstance(record, Notice)] == [
        ("STC02", "bad_date"),
        ("STC04", "bad_amount"),
        ("DTP*472", "bad_date"),
    ]
    (status,) = (record for record in records if isinstance(record, ClaimStatusRecord))
    assert (status.claim_number, status.effective_date, status.billed_cents) == ("PATIENT-1", date(2025, 3, 10), 0)


def test_a_file_sent_again_in_another_envelope_says_the_same_events():
    first = records_of(enclosed(TAKEN_IN + ACCEPTED + REFUSED))
    again = records_of(enclosed(TAKEN_IN + ACCEPTED + REFUSED, control="000000999"))
    keys = [record.event_key for record in first if isinstance(record, ClaimStatusRecord | AcknowledgementRecord)]
    assert keys == [
        record.event_key for record in again if isinstance(record, ClaimStatusRecord | AcknowledgementRecord)
    ]
    assert len(set(keys)) == 5


def test_a_cut_277_keeps_the_claims_that_are_known_to_be_whole():
    data = enclosed(TAKEN_IN + ACCEPTED + REFUSED)
    cut = data[: data.index(b"DTP*472*RD8") + 5]
    kept = [record for record in records_of(cut) if isinstance(record, ClaimStatusRecord)]
    assert [status.claim_number for status in kept] == ["PATIENT-1"]
