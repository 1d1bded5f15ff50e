from datetime import date
from decimal import Decimal

import pytest

from tests.ingestion.formats.x12 import records_of
from tests.ingestion.formats.x12_837 import (
    BEFORE,
    CLAIM,
    HEADER,
    PROVIDER,
    SUBSCRIBER,
    claims_of,
    notices_of,
    sent,
)
from upstream.ingestion.records import ClaimRecord, ClaimStatusRecord, LineRecord, Notice, PatientRecord


def only(data: bytes) -> ClaimRecord:
    (claim,) = claims_of(data)
    return claim


def test_a_professional_claim_is_read_whole():
    assert records_of(sent(BEFORE + CLAIM)) == [
        ClaimRecord(
            position=21,
            claim_number="A-1",
            payer_name="SUMMIT MUTUAL",
            payer_id="SM001",
            product="CI",
            procedure_code="99213",
            diagnosis="M54.5",
            location="LAKESIDE EAST",
            submitted_date=date(2025, 3, 10),
            service_date=date(2025, 2, 28),
            billed_cents=15_000,
            place_of_service="11",
            rendering_npi="1888888885",
            billing_npi="1999999984",
            authorization_number="AUTH-7",
            lines=[
                LineRecord(1, "99213", "25", "", Decimal(1), date(2025, 3, 1), 10_000, line_control="L1"),
                LineRecord(2, "97110", "GP:59", "", Decimal(2), date(2025, 2, 28), 5_000, line_control="L2"),
            ],
            patient=PatientRecord("JUNE", "MOON", date(1980, 1, 2), "W1", "A-1"),
        )
    ]


def test_an_institutional_claim_has_statement_dates_revenue_codes_and_no_place_of_service():
    claim = only(
        sent(
            BEFORE.replace("X222A1", "X223A3")
            + "CLM*I-1*300***13:A:1**A*Y*Y~DTP*434*RD8*20250301-20250304~DTP*435*DT*202503010800~CL1*1*2*01~"
            "HI*ABK:S72001A~HI*ABF:I10~NM1*71*1*STONE*IVY****XX*1888888885~"
            "LX*1~SV2*0120**200*DA*2~LX*2~SV2*0300*HC:80053*100*UN*1~",
            guide="005010X223A3",
        )
    )
    assert (claim.service_date, claim.place_of_service, claim.diagnosis) == (date(2025, 3, 1), "", "S72.001A")
    assert (claim.procedure_code, claim.rendering_npi, claim.location) == (
        "80053",
        "1888888885",
        "LAKESIDE ORTHOPEDICS",
    )
    assert [(line.revenue_code, line.procedure_code, line.billed_cents, line.units) for line in claim.lines] == [
        ("0120", "", 20_000, Decimal(2)),
        ("0300", "80053", 10_000, Decimal(1)),
    ]


def test_a_dental_claim_gives_its_date_to_its_lines():
    claim = only(
        sent(
            BEFORE.replace("X222A1", "X224A2")
            + "CLM*D-1*150***11:B:1*Y*A*Y*I~DTP*472*D8*20250305~LX*1~SV3*AD:D2150*100****1~TOO*JP*12*M:O~"
            "LX*2~SV3*AD:D1110*50****1~DTP*472*D8*20250306~",
            guide="005010X224A2",
        )
    )
    assert (claim.procedure_code, claim.service_date) == ("D2150", date(2025, 3, 6))
    assert [(line.procedure_code, line.service_date, line.units) for line in claim.lines] == [
        ("D2150", date(2025, 3, 5), Decimal(1)),
        ("D1110", date(2025, 3, 6), Decimal(1)),
    ]


def test_the_lines_tell_the_form_where_the_guide_lies():
    text = BEFORE + "CLM*I-1*300***13:A:1**A*Y*Y~DTP*434*D8*20250301~LX*1~SV2*0120**300*DA*2~"
    claim = only(sent(text))
    assert (claim.place_of_service, claim.lines[0].revenue_code) == ("", "0120")
    assert notices_of(sent(text)) == [("ST03", "wrong_guide")]


def test_a_patient_who_is_not_the_subscriber_has_his_own_name_and_birth_date():
    subscriber = SUBSCRIBER.replace("HL*2*1*22*0~SBR*P*18", "HL*2*1*22*1~SBR*P*")
    patient = "HL*3*2*23*0~PAT*19~NM1*QC*1*MOON*LEO~N3*1 ELM ST~"
    text = HEADER + PROVIDER + subscriber + patient
    assert only(sent(text + "DMG*D8*20150607*M~" + CLAIM)).patient == PatientRecord(
        "LEO", "MOON", date(2015, 6, 7), "W1", "A-1"
    )
    assert only(sent(text + CLAIM)).patient == PatientRecord("LEO", "MOON", None, "W1", "A-1")
    older = text.replace("NM1*QC*1*MOON*LEO", "NM1*QC*1*MOON*LEO****MI*W1-02")
    assert only(sent(older + CLAIM)).patient == PatientRecord("LEO", "MOON", None, "W1-02", "A-1")


def test_families_and_providers_are_told_apart():
    again = SUBSCRIBER.replace("*W1~", "*W2~").replace("SM001", "NH002").replace("SUMMIT MUTUAL", "NORTHSTAR HEALTH")
    other = PROVIDER.replace("HL*1*", "HL*4*").replace("LAKESIDE ORTHOPEDICS", "QUIETWATER").replace("1999999984", "")
    patient = "HL*3*2*23*0~NM1*QC*1*MOON*LEO~"
    bare = CLAIM.replace("NM1*77*2*LAKESIDE EAST*****XX*1777777776~", "")
    text = BEFORE + bare + patient + bare + again + bare + other + again + bare
    assert [
        (claim.location, claim.billing_npi, claim.payer_id, claim.patient.member_id, claim.patient.first_name)
        for claim in claims_of(sent(text))
        if claim.patient
    ] == [
        ("LAKESIDE ORTHOPEDICS", "1999999984", "SM001", "W1", "JUNE"),
        ("LAKESIDE ORTHOPEDICS", "1999999984", "SM001", "W1", "LEO"),
        ("LAKESIDE ORTHOPEDICS", "1999999984", "NH002", "W2", "JUNE"),
        ("QUIETWATER", "", "NH002", "W2", "JUNE"),
    ]


@pytest.mark.parametrize(("code", "order"), [("P", 1), ("S", 2), ("T", 3), ("A", 4), ("H", 11), ("U", 1), ("", 1)])
def test_the_payers_place_in_line(code, order):
    assert only(sent(BEFORE.replace("SBR*P*", f"SBR*{code}*") + CLAIM)).payer_order == order


def test_a_secondary_claim_is_of_its_own_payer_and_not_of_the_one_before():
    """Edge case 26: what the primary paid and refused stands in the claim, and is none of this payer's doing."""
    earlier = (
        "SBR*P*18*******12~CAS*PR*1*21.89~AMT*D*39.15~OI***Y***Y~NM1*IL*1*MOON*KIT****MI*OTHER-1~"
        "NM1*PR*2*NORTHSTAR HEALTH*****PI*NH002~REF*F8*THEIR-NUMBER~REF*G1*THEIR-AUTH~"
        "NM1*82*1*ELSE*WHO****XX*1111111112~"
    )
    text = BEFORE.replace("SBR*P*", "SBR*S*") + CLAIM.replace("REF*G1*AUTH-7~", "").replace("LX*1~", earlier + "LX*1~")
    text = text.replace("REF*6R*L1~", "REF*6R*L1~SVD*NH002*40*HC:99213**1~CAS*CO*45*60~DTP*573*D8*20250320~")
    claim = only(sent(text))
    assert (claim.payer_order, claim.payer_id, claim.decision, claim.paid_cents) == (2, "SM001", False, 0)
    assert (claim.original_control_number, claim.authorization_number, claim.rendering_npi) == ("", "", "1888888885")
    assert (claim.patient.member_id if claim.patient else "", claim.adjustments) == ("W1", [])
    assert [line.billed_cents for line in claim.lines] == [10_000, 5_000]


@pytest.mark.parametrize("frequency", ["7", "8"])
def test_a_replacement_or_void_names_the_claim_it_stands_for(frequency):
    """Edge case 25: the attempts are chained by the payer's number of the first."""
    text = CLAIM.replace("11:B:1", f"11:B:{frequency}").replace("REF*G1*AUTH-7~", "REF*F8*ICN-1~")
    claim = only(sent(BEFORE + text))
    assert (claim.frequency_code, claim.original_control_number) == (frequency, "ICN-1")
    assert notices_of(sent(BEFORE + text)) == []


def test_a_replacement_that_names_no_claim_is_said():
    text = BEFORE + CLAIM.replace("11:B:1", "11:B:7")
    assert notices_of(sent(text)) == [("REF*F8", "missing_value")]
    assert only(sent(text)).frequency_code == "7"


def test_the_same_number_again_is_another_attempt():
    """Edge case 25: sent anew with frequency 1; both are given on, and the family is made of them later."""
    attempts = claims_of(sent(BEFORE + CLAIM + CLAIM.replace("*D8*20250301", "*D8*20250302")))
    assert [(claim.claim_number, claim.frequency_code) for claim in attempts] == [("A-1", "1"), ("A-1", "1")]


def test_lines_without_lx_or_after_another_payers_part_are_lines():
    text = CLAIM.replace("LX*1~", "SBR*S*18*******CI~OI***Y***Y~").replace("LX*2~", "")
    assert [line.number for line in only(sent(BEFORE + text)).lines] == [1, 2]


@pytest.mark.parametrize(
    ("right", "wrong", "notice"),
    [
        ("*150***", "*151***", ("CLM02", "charges_differ")),
        ("*100*UN*1", "*1OO*UN*1", ("SV102", "bad_amount")),
        ("DTP*472*D8*20250301", "DTP*472*D8*20250299", ("DTP*472", "bad_date")),
        ("DMG*D8*19800102", "DMG*D8*00000000", ("DMG02", "bad_date")),
        ("BHT*0019*00*B1*20250310", "BHT*0019*00*B1*20251310", ("BHT04", "bad_date")),
        ("***11:B:1", "***", ("CLM05", "missing_value")),
        ("***11:B:1", "***11:B:12", ("CLM05", "too_long")),
        ("HI*ABK:M545", "HI*ABK", ("HI01", "missing_value")),
        ("NM1*PR*2*SUMMIT MUTUAL*****PI*SM001~", "", ("NM1*PR", "missing_value")),
        ("*Y*A*Y*Y~", "*Y*A*Y*Y**********PB~", ("CLM19", "predetermination")),
    ],
)
def test_what_is_odd_is_said_by_place_and_loses_nothing(right, wrong, notice):
    data = sent((BEFORE + CLAIM).replace(right, wrong, 1))
    assert notice in notices_of(data)
    assert only(data).claim_number == "A-1"


def test_a_segment_with_a_name_that_is_none_is_said_and_not_read():
    data = sent((BEFORE + CLAIM).replace("NM1*IL*1*MOON", "NM31*IL*1*MOON"))
    assert notices_of(data) == [("", "bad_segment_id")]
    assert only(data).patient == PatientRecord("", "", date(1980, 1, 2), "", "A-1")


def test_a_claim_without_lines_is_said():
    text = BEFORE + CLAIM[: CLAIM.index("LX*1~")]
    assert notices_of(sent(text)) == [("LX", "missing_segment")]
    assert only(sent(text)).billed_cents == 15_000


def test_a_transaction_without_claims_is_said():
    assert records_of(sent(HEADER + PROVIDER)) == [Notice(3, "CLM", "missing_segment")]


@pytest.mark.parametrize(
    ("bht", "group", "submitted"),
    [
        ("*20250310*1200*CH", "20250310", date(2025, 3, 10)),
        ("", "20250310", date(2025, 3, 10)),
        ("", "", date(2025, 3, 10)),
        ("*20250312*1200*CH", "20250310", date(2025, 3, 12)),
    ],
)
def test_when_it_was_sent_is_told_by_bht_then_gs_then_isa(bht, group, submitted):
    data = sent(BEFORE.replace("*20250310*1200*CH", bht) + CLAIM)
    data = data.replace(b"GS*HC*SUMMIT*LAKESIDE*20250310", f"GS*HC*SUMMIT*LAKESIDE*{group}".encode())
    assert only(data).submitted_date == submitted


def test_one_who_bills_alone_treats_unless_another_is_named():
    alone = BEFORE.replace("NM1*85*2*LAKESIDE ORTHOPEDICS***", "NM1*85*1*STONE*IVY**")
    bare = CLAIM.replace("NM1*82*1*STONE*IVY****XX*1888888885~", "").replace(
        "NM1*77*2*LAKESIDE EAST*****XX*1777777776~", ""
    )
    claim = only(sent(alone + bare))
    assert (claim.rendering_npi, claim.location) == ("1999999984", "IVY STONE")
    on_line = bare.replace("REF*6R*L1~", "REF*6R*L1~NM1*82*1*REED*ANN****XX*1777777776~")
    assert only(sent(alone + on_line)).rendering_npi == "1777777776"
    assert only(sent(BEFORE + bare)).rendering_npi == ""


def test_an_authorization_of_a_line_is_the_claims_where_it_has_none():
    text = CLAIM.replace("REF*G1*AUTH-7~", "").replace("REF*6R*L2~", "REF*6R*L2~REF*G1*LINE-AUTH~")
    assert only(sent(BEFORE + text)).authorization_number == "LINE-AUTH"


def test_a_4010_claim_is_read_alike():
    text = BEFORE.replace("*005010X222A1", "").replace("NM1*41", "REF*87*004010X098A1~NM1*41") + CLAIM.replace(
        "11:B:1", "11::1"
    ).replace("ABK:M545*ABF:I10", "BK:4779*BF:E8888")
    claim = only(sent(text, guide="004010X098A1"))
    assert (claim.place_of_service, claim.diagnosis, claim.frequency_code) == ("11", "477.9", "1")


def test_another_component_separator_than_declared_is_understood():
    text = (
        CLAIM.replace("11:B:1", "11>B>7").replace("ABK:M545*ABF:I10", "ABK>M545").replace("HC:99213:25", "HC>99213>25")
    )
    claim = only(sent(BEFORE + text))
    assert (claim.place_of_service, claim.frequency_code, claim.diagnosis) == ("11", "7", "M54.5")
    assert (claim.lines[0].procedure_code, claim.lines[0].modifiers) == ("99213", "25")


def test_names_are_shown_as_people_wrote_them():
    data = sent(BEFORE + CLAIM).replace(b"MOON*JUNE", "MUÑOZ*JOSÉ".encode())
    patient = only(data).patient
    assert patient is not None
    assert (patient.last_name, patient.first_name) == ("MUÑOZ", "JOSÉ")


@pytest.mark.parametrize(
    ("cut_at", "kept"),
    [("LX*2~SV1", ["A-1"]), ("CLM*A-3", ["A-1", "A-2"]), ("SE*", ["A-1", "A-2", "A-3"])],
)
def test_a_cut_file_keeps_the_claims_that_are_known_to_be_whole(cut_at, kept):
    text = BEFORE + "".join(CLAIM.replace("A-1", f"A-{place}") for place in (1, 2, 3))
    data = sent(text)
    place = data.rindex(cut_at.encode()) if cut_at != "LX*2~SV1" else data.index(b"LX*2~SV1", data.index(b"A-2"))
    cut = data[: place + 6]
    assert [claim.claim_number for claim in claims_of(cut)] == kept
    assert ("SE", "truncated") in notices_of(cut)


def test_types_mixed_in_one_file_each_go_to_their_reader():
    """Edge case 10; 834, 820, 850, 270 and 276 are passed over and said."""
    others = [f"{kind}*000{place}~" for place, kind in enumerate(("834", "820", "850", "270", "276"), start=2)]
    status = "277*0009*005010X214~BHT*0085*08*X~HL*1*3*PT~TRN*2*A-1~STC*A3:21*20250310*U~"
    data = sent(BEFORE + CLAIM, *others, status, BEFORE.replace("0001", "0010", 1) + CLAIM)
    kinds = [type(record).__name__ for record in records_of(data)]
    assert kinds == ["ClaimRecord", *["Notice"] * 5, "ClaimStatusRecord", "ClaimRecord"]
    assert notices_of(data) == [("ST01", "skipped_transaction_type")] * 5


def test_a_refused_claim_is_named_as_it_was_sent():
    """Edge case 27: the 277CA names the CLM01 of the 837; no 835 will."""
    status = "277*0002*005010X214~BHT*0085*08*X~HL*1*3*PT~TRN*2*A-1~STC*A7:21*20250310*U*150~"
    claim, refusal = records_of(sent(BEFORE + CLAIM, status))
    assert isinstance(claim, ClaimRecord)
    assert isinstance(refusal, ClaimStatusRecord)
    assert (claim.claim_number, claim.decision) == ("A-1", False)
    assert (refusal.claim_number, refusal.rejected, refusal.billed_cents) == ("A-1", True, 15_000)
