from datetime import date
from decimal import Decimal

import pytest

from tests.ingestion.formats.x12 import (
    PAID_CLAIM,
    claims_of,
    notices_of,
    remittance,
)
from upstream.core.errors import Unreadable
from upstream.ingestion.formats.x12_835 import read
from upstream.ingestion.records import (
    AdjustmentRecord,
    ClaimRecord,
    LineRecord,
    Notice,
    PatientRecord,
)


def test_a_plain_claim_is_read_whole():
    assert claims_of(remittance(PAID_CLAIM)) == [
        ClaimRecord(
            position=10,
            claim_number="A1",
            payer_name="Harbor Advantage",
            payer_id="HA001",
            product="PPO",
            procedure_code="99213",
            service_date=date(2025, 3, 1),
            received_date=date(2025, 3, 3),
            decided_date=date(2025, 3, 10),
            payment_date=date(2025, 3, 10),
            decision=True,
            claim_status_code="1",
            billed_cents=12000,
            allowed_cents=9000,
            paid_cents=8000,
            patient_cents=1000,
            place_of_service="11",
            billing_npi="1999999984",
            check_number="EFT77",
            payer_control_number="ICN1",
            event_key="HA001|EFT77|20250310|8000|1999999984|A1|ICN1|1|12000|8000|1",
            lines=[
                LineRecord(
                    number=1,
                    procedure_code="99213",
                    modifiers="25",
                    units=Decimal(1),
                    service_date=date(2025, 3, 1),
                    billed_cents=12000,
                    allowed_cents=9000,
                    paid_cents=8000,
                    line_control="L1",
                )
            ],
            adjustments=[AdjustmentRecord(1, "CO", "45", 3000), AdjustmentRecord(1, "PR", "1", 1000)],
            patient=PatientRecord(first_name="JUNE", last_name="MOON", member_id="W1"),
        )
    ]


def test_six_triplets_a_negative_one_and_repeats_are_all_kept_signed():
    cas = "CAS*CO*45*100*1*253*10**94*20**97*30**59*40**16*10~CAS*OA*23*57.6*0*23*-1.08~CAS*OA*23*57.6~"
    (claim,) = claims_of(remittance("CLP*A1*1*700*400**12*ICN1~SVC*HC:97110*700*400~" + cas))
    assert [(item.group, item.carc, item.cents) for item in claim.adjustments] == [
        ("CO", "45", 10000),
        ("CO", "253", 1000),
        ("CO", "94", 2000),
        ("CO", "97", 3000),
        ("CO", "59", 4000),
        ("CO", "16", 1000),
        ("OA", "23", 5760),
        ("OA", "23", -108),
        ("OA", "23", 5760),
    ]
    assert [item.quantity for item in claim.adjustments[:2]] == [Decimal(1), None]
    assert claim.balance_cents == 70000 - 21000 - 11412 - 40000


def test_claim_and_line_adjustments_count_once_each_in_the_balance():
    body = "CLP*A1*1*800*450*300*12*ICN1~CAS*CO*A2*50~SVC*HC:99211*800*500~CAS*PR*1*300~"
    (claim,) = claims_of(remittance(body))
    assert claim.adjustments == [AdjustmentRecord(0, "CO", "A2", 5000), AdjustmentRecord(1, "PR", "1", 30000)]
    assert claim.balance_cents == 0
    assert claim.allowed_cents == 75000  # paid and what the patient owes: no line states an allowed amount


def test_allowed_is_the_sum_of_the_lines_where_one_states_it():
    body = (
        "CLP*A1*2*300*130*30*12*ICN1~SVC*HC:99213*200*100~CAS*PR*2*20~CAS*CO*45*80~AMT*B6*120~"
        "SVC*HC:85025*100*30~CAS*PR*3*10~CAS*OA*23*15~CAS*CO*45*45~"
    )
    (claim,) = claims_of(remittance(body))
    assert [line.allowed_cents for line in claim.lines] == [12000, 5500]
    assert claim.allowed_cents == 17500
    assert claim.payer_order == 2


def test_a_denial_that_the_patient_is_billed_for_was_not_allowed():
    (claim,) = claims_of(remittance("CLP*A1*1*90*0*90*12*ICN1~SVC*HC:99213*90*0~CAS*PR*27*90~"))
    assert claim.allowed_cents == 0
    assert claim.patient_cents == 9000


def test_a_claim_without_lines_is_claim_level():
    body = "CLP*A1*1*211366.97*138018.4**MA*ICN1*11*1~CAS*CO*45*73348.57~MIA*0***138018.4*MA01~DTM*233*20250305~"
    (claim,) = claims_of(remittance(body))
    assert claim.lines == []
    assert claim.procedure_code == ""
    assert claim.balance_cents == 0
    assert claim.remark_codes == ("MA01",)
    assert claim.service_date == date(2025, 3, 5)


@pytest.mark.parametrize(
    ("svc", "code", "modifiers", "revenue", "adjudicated", "units"),
    [
        ("SVC*HC:99213:25:59*100*0**1", "99213", "25:59", "", "", 1),
        ("SVC*HC>66543>26*100*0**1.00", "66543", "26", "", "", 1),
        ("SVC*NU:0450*100*0**2", "", "", "0450", "", 2),
        ("SVC*AD:D0120*100*0", "D0120", "", "", "", 1),
        ("SVC*HC:85025*100*0*0300*1", "85025", "", "0300", "", 1),
        ("SVC*HC:99213*100*0**1*HC:99215:25*2", "99215", "25", "", "99213", 2),
        ("SVC*99213*100*0**x", "99213", "", "", "", 1),
        ("SVC*N4:00000111122*100*0", "00000111122", "", "", "", 1),
    ],
)
def test_service_composites(svc, code, modifiers, revenue, adjudicated, units):
    (claim,) = claims_of(remittance(f"CLP*A1*1*100*0**12*ICN1~{svc}~CAS*CO*16*100~"))
    (line,) = claim.lines
    assert (line.procedure_code, line.modifiers, line.revenue_code) == (code, modifiers, revenue)
    assert (line.adjudicated_procedure_code, line.units) == (adjudicated, units)


def test_the_claims_procedure_is_that_of_the_highest_charge_with_a_code():
    body = "CLP*A1*1*350*0**12*I~SVC*HC:99213*100*0~SVC*HC:20610*150*0~SVC*NU:0636*200*0~SVC*HC:97110*150*0~"
    (claim,) = claims_of(remittance(body))
    assert claim.procedure_code == "20610"


def test_the_service_date_is_the_earliest_line_date():
    body = (
        "CLP*A1*1*2*0**12*I~DTM*232*20250101~SVC*HC:99213*1*0~DTM*150*20250207~DTM*151*20250209~"
        "SVC*HC:99213*1*0~DTM*472*20250203~"
    )
    (claim,) = claims_of(remittance(body))
    assert claim.service_date == date(2025, 2, 3)
    assert [line.service_date for line in claim.lines] == [date(2025, 2, 7), date(2025, 2, 3)]


def test_a_reversal_is_signed_and_named():
    body = "CLP*A1*22*-120*-80**12*ICN1~SVC*HC:99213*-120*-80~CAS*CO*45*-30~CAS*PR*1*-10~"
    (claim,) = claims_of(remittance(body, amount="-80"))
    assert (claim.reversal, claim.billed_cents, claim.paid_cents) == (True, -12000, -8000)
    assert (claim.allowed_cents, claim.patient_cents, claim.balance_cents) == (-9000, -1000, 0)
    assert notices_of(remittance(body)) == []


def test_a_negative_charge_is_a_reversal_whatever_the_status_says():
    data = remittance("CLP*A1*1*-120*-80**12*ICN1~CAS*CO*45*-40~")
    assert claims_of(data)[0].reversal is True
    assert notices_of(data) == [("CLP03", "implicit_reversal")]


@pytest.mark.parametrize("amount", ["$450", "1e3", "4.005", "1,200", "NaN", "--5", "1 2", "٣", "9" * 16])
def test_a_number_that_is_none_counts_as_zero_with_a_notice(amount):
    data = remittance(f"CLP*A1*1*120*{amount}**12*ICN1~".encode().decode("latin-1"))
    assert claims_of(data)[0].paid_cents == 0
    assert notices_of(data) == [("CLP04", "bad_amount")]


@pytest.mark.parametrize(
    ("amount", "cents"), [("-55", -5500), ("", 0), (".5", 50), ("5.", 500), ("12.340", 1234), (" 7 ", 700), ("-", 0)]
)
def test_odd_but_legal_numbers(amount, cents):
    data = remittance(f"CLP*A1*1*120*{amount}**12*ICN1~")
    assert claims_of(data)[0].paid_cents == cents
    assert notices_of(data) == []


def test_a_blank_charge_is_reported():
    data = remittance("CLP*A1*1**0**12*ICN1~SVC*HC:99213**0~CAS*CO*16*x~", amount="y")
    assert notices_of(data) == [
        ("BPR02", "bad_amount"),
        ("CLP03", "bad_amount"),
        ("SVC02", "bad_amount"),
        ("CAS", "bad_amount"),
    ]


@pytest.mark.parametrize("day", ["00000000", "20002316", "20241345", "2025031", "11111111", "2025-3-1"])
def test_a_date_that_is_none_is_left_out_with_a_notice(day):
    body = f"CLP*A1*1*120*80**12*I~DTM*232*{day}~DTM*050*{day}~SVC*HC:99213*120*80~DTM*472*{day}~CAS*CO*45*40~"
    data = remittance(body)
    (claim,) = claims_of(data)
    assert (claim.service_date, claim.received_date, claim.lines[0].service_date) == (None, None, None)
    assert notices_of(data) == [("DTM*232", "bad_date"), ("DTM*050", "bad_date"), ("DTM*472", "bad_date")]


def test_the_decision_falls_back_to_the_production_date():
    data = remittance(PAID_CLAIM).replace(b"************20250310", b"************20259910")
    (claim,) = claims_of(data)
    assert (claim.payment_date, claim.decided_date) == (None, date(2025, 3, 8))
    assert claim.event_key.startswith("HA001|EFT77|20259910|")


def test_references_remarks_and_providers_land_on_their_facts():
    body = (
        "CLP*A1*19*50*0**MC*ICN1*22*7~NM1*QC*1*MOON*JUNE~NM1*IL*1*MOON*SOL****MI*W9~NM1*74*1*MOON*JUN****C*W8~"
        "NM1*82*1*RAY*ANN****XX*1811901945~REF*G1*AUTH7~REF*F8*ICN0~MOA***MA04*N19~"
        "SVC*HC:99213*50*0~REF*9F*AUTH8~REF*6R*77~CAS*CO*16*50~LQ*HE*N290~LQ*RX*70~LQ*HE*M62~"
    )
    (claim,) = claims_of(remittance(body))
    assert claim.patient == PatientRecord("JUNE", "MOON", None, "W9")
    assert (claim.rendering_npi, claim.authorization_number, claim.original_control_number) == (
        "1811901945",
        "AUTH7",
        "ICN0",
    )
    assert (claim.product, claim.place_of_service, claim.frequency_code) == ("Medicaid", "22", "7")
    assert claim.remark_codes == ("MA04", "N19")
    assert (claim.lines[0].remark_codes, claim.lines[0].line_control) == (("N290", "RX70", "M62"), "77")


@pytest.mark.parametrize(
    ("raw", "name"), [(b"MU\xc3\x91OZ", "MUÑOZ"), (b"MU\xd1OZ", "MUÑOZ"), (b"O\x92DAY", "O’DAY"), (b"A\x81", "A\x81")]
)
def test_names_in_any_encoding_are_kept(raw, name):
    data = remittance(PAID_CLAIM).replace(b"MOON", raw)
    assert claims_of(data)[0].patient.last_name == name


def test_a_missing_isa16_with_newlines_loses_no_claim():
    data = remittance(*[PAID_CLAIM] * 9, amount="720", tail="PLB*1*20251231*WO:X*0~")
    data = data.replace(b"*P*:~", b"*P~").replace(b"~", b"\n")
    claims = claims_of(data)
    assert [(claim.procedure_code, claim.lines[0].modifiers) for claim in claims] == [("99213", "25")] * 9
    assert notices_of(data) == [("ISA", "isa_width"), ("ISA", "no_component_separator")]


def test_a_claim_without_a_number_is_kept():
    data = remittance("CLP**1*120*80**12*ICN1~")
    assert claims_of(data)[0].claim_number == "0|ICN1"
    assert notices_of(data) == [("CLP01", "missing_value")]


def test_codes_longer_than_any_real_one_are_cut_and_reported():
    data = remittance("CLP*A1*1234*120*80**12*ICN1*123456*12~CAS*COX*1234567890*40~")
    (claim,) = claims_of(data)
    assert (claim.claim_status_code, claim.place_of_service, claim.frequency_code) == ("12", "1234", "1")
    assert claim.adjustments == [AdjustmentRecord(0, "CO", "12345678", 4000)]
    assert [field for field, code in notices_of(data) if code == "too_long"] == [
        "CLP02",
        "CLP09",
        "CLP08",
        "CAS01",
        "CAS",
    ]


def test_an_account_number_of_two_patients_names_two_claims():
    other = PAID_CLAIM.replace("W1", "W2").replace("ICN1", "ICN2")
    data = remittance(PAID_CLAIM, other, PAID_CLAIM, amount="240")
    assert [claim.claim_number for claim in claims_of(data)] == ["A1", "A1|ICN2|2", "A1"]


def test_lines_and_adjustments_outside_of_a_claim_are_reported():
    stray = "SVC*HC:99213*10*10~CAS*CO*45*5~"
    data = remittance(stray + PAID_CLAIM, tail=f"PLB*1999999984*20251231*WO:A9*0~{stray}")
    outside = [("SVC", "outside_claim"), ("CAS", "outside_claim")]
    assert notices_of(data) == outside * 2
    assert claims_of(data)[0].adjustments == claims_of(remittance(PAID_CLAIM))[0].adjustments


def test_4010_files_are_read_with_their_own_habits():
    claim = "CLP*A1*15*300*200*0*HM*636~NM1*QC*1*MOON*JUNE****34*373~"
    line = "SVC*HC:T1017*300*200**6~DTM*150*20250111~CAS*CR*45*100~"
    data = remittance(claim + line, amount="200").replace(b"*^*00501*", b"*U*00401*").replace(b"005010X", b"004010X")
    (claim,) = claims_of(data)
    assert (claim.balance_cents, claim.service_date, claim.patient.member_id) == (0, date(2025, 1, 11), "373")
    assert claim.adjustments == [AdjustmentRecord(1, "CR", "45", 10000)]


def test_a_claim_of_endless_lines_is_refused():
    data = remittance(PAID_CLAIM, "CLP*A2*1*1*0**12*I~" + "SVC*HC:99213*1*0~" * 10_000)
    before = []
    with pytest.raises(Unreadable, match="more lines") as caught:
        before.extend(read([data]))
    assert [claim.claim_number for claim in before] == ["A1"]
    assert (caught.value.code, caught.value.line) == ("claim_too_large", 10020)


def test_notices_say_where_and_never_what():
    data = remittance("CLP*A1*1*$SECRET*80**12*ICN1~")
    notices = [record for record in read([data]) if isinstance(record, Notice)]
    assert notices == [Notice(position=10, field="CLP03", code="bad_amount")]
