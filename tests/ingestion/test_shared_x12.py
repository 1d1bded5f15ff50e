"""Every X12 file of public origin that is no 835, with what it holds; each row was checked against the raw text.

Claims, lines, cents and segment counts were counted again by other means; what is odd was looked up in the file.
"""

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from upstream.ingestion.formats.x12 import read
from upstream.ingestion.records import (
    AcknowledgementRecord,
    AuthorizationRecord,
    ClaimRecord,
    ClaimStatusRecord,
    CoverageRecord,
    Notice,
    Record,
    RejectedRow,
)

# fmt: off
# file of folder 837, claims, lines, cents billed, rejections, Notices with how often each
CLAIM_FILES = [
    ("EDI-parser-and-validator__invalid_837.edi", 0, 0, 0, "CLM:missing_segment", "ISA:isa_width SE01:wrong_count"),
    ("EDI-parser-and-validator__valid_837.edi", 1, 1, 10_000, "", "ISA:isa_width"),
    ("TigerShark__837-example.txt", 1, 2, 3_273, "", "ISA:isa_width"),
    ("TigerShark__837I-Patient-NotSubscriber.txt", 1, 3, 97_400, "", "ISA:isa_width"),
    ("TigerShark__837I-Patient-Subscriber.txt", 1, 3, 275_000, "", "ISA:isa_width"),
    ("badX12__X222-COB-claim-from-billing-provider-to-payer-a.edi", 1, 3, 7_904, "", ""),
    ("badX12__X222-COB-claim-from-billing-provider-to-payer-b.edi", 1, 3, 7_904, "", ""),
    ("badX12__X222-ambulance.edi", 1, 4, 76_650, "", ""),
    ("badX12__X222-commercial-health-insurance.edi", 1, 4, 10_000, "", ""),
    ("badX12__X222-encounter.edi", 1, 4, 10_000, "", ""),
    ("badX12__X222-out-of-network-repriced-claim.edi", 1, 1, 25_271, "", ""),
    ("badX12__X222-ppo-repriced-claim.edi", 1, 2, 2_875, "", ""),
    ("badX12__X222-wheelchair.edi", 1, 1, 7_500, "", ""),
    ("pyx12__blank1.x12", 1, 1, 0, "", ""),
    ("pyx12__ele.x12", 1, 1, 0, "", ""),
    ("pyx12__ordinal.x12", 1, 1, 0, "", ""),
    ("pyx12__simple1.x12", 0, 0, 0, "", "CLM:missing_segment"),
    ("pyx12__simple_837i.x12", 2, 6, 0, "", ""),
    ("staedi__sample837-HL-nested.edi", 0, 0, 0, "", "CLM:missing_segment x2"),
    ("staedi__sample837-original.edi", 1, 1, 533_254, "", ""),
    ("staedi__sample837-small.edi", 0, 0, 0, "", "CLM:missing_segment x2"),
    ("stupidedi__837-institutional-claim.edi", 1, 2, 8_993, "", ""),
    ("stupidedi__ambulance.edi", 1, 4, 76_650, "", "CLM19:predetermination"),
    ("stupidedi__claim-multi-quantity-single-line.edi", 1, 1, 4_400, "", ""),
    ("stupidedi__commercial-health-insurance-2.edi", 1, 2, 15_000, "", ""),
    ("stupidedi__commercial-health-insurance.edi", 1, 2, 4_500, "", "CLM19:predetermination"),
    ("stupidedi__hmo-plan.edi", 1, 2, 4_500, "", "CLM19:predetermination"),
    ("stupidedi__multiple-tooth-numbers.edi", 1, 1, 90_000, "", ""),
    ("stupidedi__orthodontic-treatment-plan.edi", 1, 1, 400_000, "", ""),
    ("stupidedi__pacdr-professional-external-example.edi", 1, 1, 10_000, "", "NM1*PR:missing_value"),
    ("stupidedi__ppo-repriced-claim.edi", 1, 2, 23_750, "", ""),
    ("stupidedi__predetermination-of-benefits.edi", 1, 1, 75_000, "", "CLM19:predetermination"),
    ("x12-parser-library__837.edi", 1, 1, 200, "", ""),
    ("x12-parser__x12_ambiguous_loop.txt", 1, 1, 50_000, "", "CLM02:charges_differ SE01:wrong_count"),
    ("x12-parser__x12_bad_first_line.txt", 2, 2, 100_000, "",
     "CLM02:charges_differ x2 HI01:missing_value x2 ISA:isa_width SE01:wrong_count"),
    ("x12-parser__x12_bad_segment_identifier.txt", 2, 2, 100_000, "",
     ":bad_segment_id x2 CLM02:charges_differ x2 HI01:missing_value x2 SE01:wrong_count"),
    ("x12-parser__x12_bad_valid_code.txt", 2, 2, 100_000, "",
     "CLM02:charges_differ x2 HI01:missing_value x2 SE01:wrong_count"),
    ("x12-parser__x12_complex.txt", 6, 10, 300_000, "",
     "CLM02:charges_differ x6 GE01:wrong_count HI01:missing_value x6 SE01:wrong_count x2"),
    ("x12-parser__x12_loop_errors1_exceeds_max_1_parent.txt", 1, 1, 50_000, "",
     "CLM02:charges_differ HI01:missing_value SE01:wrong_count"),
    ("x12-parser__x12_loop_errors2_exceeds_max_repeats_mulitple_parents.txt", 2, 2, 100_000, "",
     "CLM02:charges_differ x2 HI01:missing_value x2 SE01:wrong_count"),
    ("x12-parser__x12_loop_errors3_missing_loops.txt", 1, 1, 50_000, "",
     "CLM02:charges_differ HI01:missing_value SE01:wrong_count"),
    ("x12-parser__x12_many_claims.txt", 820, 820, 41_000_000, "",
     "CLM02:charges_differ x820 HI01:missing_value x820 SE01:wrong_count"),
    ("x12-parser__x12_missing_elements.txt", 2, 2, 100_000, "",
     "CLM02:charges_differ x2 CLM05:missing_value HI01:missing_value x2 SE01:wrong_count"),
    ("x12-parser__x12_missing_required_loop_in_one_repeat.txt", 2, 2, 100_000, "",
     "CLM02:charges_differ x2 HI01:missing_value x2 SE01:wrong_count"),
    ("x12-parser__x12_missing_required_loops_mult_repeats.txt", 5, 5, 250_000, "",
     "CLM02:charges_differ x5 HI01:missing_value x5 SE01:wrong_count"),
    ("x12-parser__x12_multiple_gs.txt", 6, 6, 300_000, "",
     "CLM02:charges_differ x6 HI01:missing_value x6 IEA01:wrong_count SE01:wrong_count x3"),
    ("x12-parser__x12_multiple_isa.txt", 4, 4, 200_000, "",
     "CLM02:charges_differ x4 HI01:missing_value x4 SE01:wrong_count x2"),
    ("x12-parser__x12_multiple_st.txt", 4, 4, 200_000, "",
     "CLM02:charges_differ x4 GE01:wrong_count HI01:missing_value x4 SE01:wrong_count x2"),
    ("x12-parser__x12_multiple_transactions.txt", 624, 624, 31_200_000, "",
     "CLM02:charges_differ x624 HI01:missing_value x624 SE01:wrong_count x312"),
    ("x12-parser__x12_no_errors.txt", 2, 2, 100_000, "",
     "CLM02:charges_differ x2 HI01:missing_value x2 SE01:wrong_count"),
    ("x12-parser__x12_segment_errors.txt", 1, 1, 50_000, "", "CLM02:charges_differ SE01:wrong_count"),
    ("x12-parser__x12_segments_out_of_order.txt", 2, 2, 100_000, "",
     "CLM02:charges_differ x2 HI01:missing_value x2 SE01:wrong_count"),
    ("x12-parser__x12_valid_different_separators.txt", 2, 2, 100_000, "",
     "CLM02:charges_differ x2 HI01:missing_value x2 SE01:wrong_count"),
    ("x12-parser__x12_writer_test.txt", 1, 1, 50_000, "", "CLM02:charges_differ SE01:wrong_count"),
    ("x12-parser__x223-test.txt", 1, 1, 50_000, "", "CLM02:charges_differ SE01:wrong_count"),
    ("x12__automobile-accident.837", 1, 4, 54_500, "", ""),
    ("x12__coordination-of-benefits.837", 1, 3, 7_904, "", ""),
    ("x12__demo.837", 1, 4, 10_000, "", ""),
    ("x12__demo.837i", 1, 2, 8_993, "", ""),
    ("x12__demo.ambulance.example5.837", 1, 4, 76_650, "", ""),
    ("x12__demo.autoaccident.837", 1, 2, 18_500, "", ""),
    ("x12__demo.cob.example3.A.837", 1, 3, 7_904, "", ""),
    ("x12__demo.cob.example3.B.837", 1, 3, 7_904, "", ""),
    ("x12__demo.cob.example3.C.837", 1, 3, 7_904, "", ""),
    ("x12__demo.example1.837", 1, 4, 10_000, "", ""),
    ("x12__demo.example11.837", 1, 2, 2_875, "", ""),
    ("x12__demo.example12.837", 1, 1, 25_271, "", ""),
    ("x12__demo.example2.837", 1, 4, 10_000, "", ""),
    ("x12__demo.example8.837", 1, 1, 7_500, "", ""),
    ("x12__dependent-commercial-insurance-03.837", 1, 2, 18_500, "", ""),
    ("x12__institutional-ppo-repriced.837", 1, 5, 259_369, "", ""),
    ("x12__patient-is-dependent.837", 1, 4, 10_000, "", ""),
    ("x12__patient-is-subscriber.837", 1, 4, 10_000, "", ""),
    ("x12__ppo-repriced-claim.837i", 1, 2, 23_750, "", ""),
    ("x12__sample-2.txt", 8, 11, 177_196, "", ""),
    ("x12__sample.txt", 1, 2, 15_000, "", ""),
    ("x12__workers-compensation.837", 1, 3, 35_000, "", ""),
]
# file of folder 837, of its first claim: number, payer, order, frequency, number replaced, diagnosis, procedure,
# place of service, who treated, day of service, day of submission
FIRST_CLAIMS = [
    ("badX12__X222-ambulance.edi", "051068", "123245", 1, "1", "", "862.8", "A0427", "41", "",
     date(2005, 2, 8), date(2005, 2, 8)),
    ("badX12__X222-COB-claim-from-billing-provider-to-payer-b.edi", "26407789", "567890", 2, "1", "", "477.9", "99213",
     "11", "1999996666", date(2005, 10, 3), date(2005, 10, 15)),
    ("stupidedi__claim-multi-quantity-single-line.edi", "22", "11111", 1, "1", "", "527.3", "D0230", "11",
     "1234567893", date(2014, 3, 3), date(2014, 3, 5)),
    ("stupidedi__ppo-repriced-claim.edi", "456DFH43", "7452723", 1, "1", "", "381.81", "92557", "", "5544332211",
     date(2005, 7, 6), date(2005, 7, 21)),
    ("pyx12__blank1.x12", "12522228", "000111", 2, "7", "12522228", "296.89", "", "", "",
     date(2003, 12, 13), date(2004, 7, 9)),
    ("TigerShark__837I-Patient-Subscriber.txt", "FF555202020", "911234567", 1, "1", "", "275.42", "", "", "",
     date(2001, 12, 5), date(2002, 1, 22)),
    ("x12-parser-library__837.edi", "1606", "FLHIN", 1, "1", "", "R69", "90834", "11", "",
     date(2024, 8, 15), date(2022, 1, 18)),
    ("EDI-parser-and-validator__valid_837.edi", "26463774", "842610001", 1, "1", "", "M54.5", "99213", "11", "",
     date(2026, 3, 17), date(2026, 3, 18)),
    ("staedi__sample837-original.edi", "945405", "54771", 1, "1", "", "253.3", "J2941", "12", "",
     date(2011, 5, 11), date(2011, 5, 23)),
    ("x12__automobile-accident.837", "6721", "999888777", 1, "1", "", "884.2", "99283", "", "777TD777",
     date(1994, 3, 18), date(1997, 3, 31)),
    ("x12__demo.example12.837", "TS234H3", "00123", 1, "1", "", "995.1", "99284", "23", "1112223336",
     date(2005, 5, 6), date(2005, 7, 11)),
    ("stupidedi__orthodontic-treatment-plan.edi", "SMITH788", "999996666", 1, "1", "", "", "D8080", "11",
     "2345678901", None, date(2006, 11, 23)),
    ("stupidedi__pacdr-professional-external-example.edi", "26463774", "", 1, "1", "20121092600001", "M25.375",
     "99213", "11", "1234567890", date(2012, 2, 4), date(2012, 3, 15)),
]
# file, what each record tells (see `told`), Notices with how often each
ANSWER_FILES = [
    ("271/TigerShark__271-dependent-benefits.txt", ["True Aetna Choice POS II PS - on 2012-09-28, 2011-08-01 to None"],
     "GE02:wrong_control_number IEA02:wrong_control_number SE01:wrong_count"),
    ("271/TigerShark__271-example.txt", ["None - - 72 on 2012-06-05, None to None"], ""),
    ("271/X12-Parser-Encoder__271_rejected_subscriber.x12", ["None - - 72 on 2026-04-12, None to None"], ""),
    ("271/badX12__X279-error-response-from-payer-to-clinic-not-eligible-for-inquiries-with-payer.edi",
     ["None - - 50 on 2006-05-01, None to None"], ""),
    ("271/node-x12__271.edi", ["True - MA - on 2020-03-08, 2015-07-01 to None",
     "True - MB - on 2020-03-08, 2015-07-01 to None"], "GE:missing_trailer IEA:missing_trailer"),
    ("271/x12-parser__x271.txt", ["True GOLD 123 PLAN - - on 2006-05-01, 2006-01-01 to None"],
     "IEA02:wrong_control_number SE01:wrong_count"),
    ("271/x12__demo.271", ["True GOLD 123 PLAN - - on 2006-05-01, 2006-01-01 to None"], ""),
    ("271/x12__dependent-health-benefit-check.271", ["True GOLD 123 PLAN - - on 2006-05-01, 2006-01-01 to None"], ""),
    ("271/x12__subscriber-health-benefit-check-error.271", ["None - - 50 on 2006-05-01, None to None"],
     "SE02:wrong_control_number"),
    ("277/stupidedi__1.era", ["status P5:3 of 567812/0 on 2019-06-08"], "IEA02:wrong_control_number"),
    ("277/x12-parser__x12_277CA_accepted.txt", ["277 A1 True of 000000674",
     "acknowledgement A2:20 of 5781/0 on 2011-03-11"], "DTP*472:bad_date"),
    ("277/x12-parser__x12_277CA_rejected.txt", ["277 A1 True of 11200001",
     "acknowledgement A7:562 of 3920394930203/0 on 2011-03-11 refused"], ""),
    ("277/x12__demo.277", ["status P3:317 of SM123456/0 on 2005-09-13", "status F0:3 of J0234567/0 on 2005-09-15",
     "status F2:88 of MA345678/0 on 2005-06-12", "status F2:88 of MA345678/1 on 2005-06-12"], ""),
    ("278/hipaa-attachments__x215-error-response.edi",
     ["A3 - for ERROR-INQ-001: -, None units, 2025-11-19, None to None"], "SE01:wrong_count"),
    ("278/hipaa-attachments__x215-inquiry-by-auth-number-request.edi", [], "BHT02:skipped_transaction_type"),
    ("278/hipaa-attachments__x215-inquiry-by-auth-number-response.edi",
     ["A1 AUTH12345 for AUTH-INQ-001: -, 30 units, 2025-11-19, 2025-12-01 to 2025-12-31"], "SE01:wrong_count"),
    ("278/hipaa-attachments__x215-inquiry-by-member-request.edi", [],
     "BHT02:skipped_transaction_type SE01:wrong_count"),
    ("278/hipaa-attachments__x217-cancellation-request.edi", [], "BHT02:skipped_transaction_type SE01:wrong_count"),
    ("278/hipaa-attachments__x217-inpatient-request.edi",
     ["A4 - for AUTH20241119001: -, None units, None, None to None"], ""),
    ("278/hipaa-attachments__x217-inpatient-response-denied.edi",
     ["A3 - for AUTH20241119002: -, None units, 2024-11-19, None to None"], ""),
    ("278/hipaa-attachments__x217-outpatient-request.edi",
     ["A4 - for AUTH20241119004: 27447, None units, None, None to None"], "SE01:wrong_count"),
    ("278/hipaa-attachments__x217-outpatient-response.edi",
     ["A1 AUTH20241119004 for AUTH20241119004: 27447, 1 units, 2024-11-19, 2024-12-15 to None"], "SE01:wrong_count"),
    ("278/stupidedi__admission-request-for-review.edi",
     ["A4 - for 97021001: 33510, None units, None, None to None"], "SE01:wrong_count"),
    ("278/stupidedi__admission-response-to-request-for-review.edi",
     ["A6 AUTH0002 for 97021001: -, 5 units, 2005-05-02, 2005-05-16 to None",
     "A1 AUTH0002 for 97021001: 33510, None units, 2005-05-02, 2005-05-16 to None"], ""),
    ("278/stupidedi__referral-request-for-review.edi",
     ["A4 - for 111099: -, None units, None, None to None"], ""),
    ("278/stupidedi__referral-response-to-request-for-review.edi",
     ["A1 AUTH0001 for 111099: -, 1 units, 2005-05-02, 2005-05-02 to 2005-06-02"], ""),
    ("997/OpenX12__Sample997.txt", ["997 A True of 17456/0001", "997 R False of 17456/0002 CLM:8,CLM01:1,5"], ""),
    ("997/staedi__extraDelimiter997.edi", ["997 R False of 000001/0021 NM108:7,5"], ""),
    ("997/staedi__invalid997.edi", ["997 R False of 000001/0021 NM1:8,NM108:7,5"], ""),
    ("997/stupidedi__response-to-functional-group-containing-837s.edi", ["997 A True of 17456/0001",
     "997 R False of 17456/0002 CLM:8,CLM01:1,5"], ""),
    ("999/edi-x12-healthcare-demo__example-01.edi", ["999 A True of 17456/0001",
     "999 R False of 17456/0002 CLM:8,CLM02:1,5", "999 R False of 17456/0003 REF:3,5"], ""),
    ("999/pyx12__834_ls_le_ls_5010.999.txt", ["999 A True of 146/146001"], ""),
    ("999/stupidedi__response-to-functional-group-containing-3-837s.edi", ["999 A True of 17456/0001",
     "999 R False of 17456/0002 CLM:8,CLM02:1,5", "999 R False of 17456/0003 REF:3,5"], ""),
    ("999/x12-parser__x12_999_accepted.txt", ["999 A True of 17456/0001"], "IEA02:wrong_control_number"),
]
# fmt: on
PASSED_OVER = {"270": [1, 3, 1, 1, 1], "276": [1, 1, 1, 1, 1], "834": [1, 4]}


def records(path: Path) -> list[Record]:
    return list(read([path.read_bytes()]))


def odd(found: list[Record]) -> str:
    """Notices by place and code, with a count where there are several."""
    counts = Counter(f"{record.field}:{record.code}" for record in found if isinstance(record, Notice))
    return " ".join(f"{what} x{count}" if count > 1 else what for what, count in sorted(counts.items()))


def told(record: Record) -> str:
    """One answer in a line."""
    match record:
        case ClaimStatusRecord():
            words = f"{record.kind} {record.category_code}:{record.status_code} of {record.claim_number}/{record.line}"
            return f"{words} on {record.effective_date}{' refused' if record.rejected else ''}"
        case AcknowledgementRecord():
            words = f"{record.kind} {record.code} {record.accepted} of {record.control_number}"
            return f"{words} {','.join(record.error_codes)}".rstrip()
        case AuthorizationRecord():
            words = f"{record.action} {record.authorization_number or '-'} for {record.trace_number}"
            words = f"{words}: {record.procedure_code or '-'}, {record.units} units, {record.decided_date}"
            return f"{words}, {record.valid_from} to {record.valid_until}"
        case CoverageRecord():
            words = f"{record.active} {record.plan or '-'} {record.insurance_type or '-'} {record.reject_code or '-'}"
            return f"{words} on {record.on_date}, {record.valid_from} to {record.valid_until}"
    return type(record).__name__


@pytest.mark.parametrize(("file", "claims", "lines", "billed", "rejections", "notices"), CLAIM_FILES)
def test_a_file_of_claims(
    shared_data: Path, file: str, claims: int, lines: int, billed: int, rejections: str, notices: str
) -> None:
    found = records(shared_data / "837" / file)
    read_claims = [record for record in found if isinstance(record, ClaimRecord)]
    assert len(read_claims) == claims
    assert sum(len(claim.lines) for claim in read_claims) == lines
    assert sum(claim.billed_cents for claim in read_claims) == billed
    rejected = [f"{record.field}:{record.code}" for record in found if isinstance(record, RejectedRow)]
    assert " ".join(rejected) == rejections
    assert odd(found) == notices


@pytest.mark.parametrize("row", FIRST_CLAIMS, ids=[row[0] for row in FIRST_CLAIMS])
def test_the_first_claim_of_a_file(shared_data: Path, row: tuple[object, ...]) -> None:
    found = records(shared_data / "837" / str(row[0]))
    claim = next(record for record in found if isinstance(record, ClaimRecord))
    assert row[1:] == (
        claim.claim_number,
        claim.payer_id,
        claim.payer_order,
        claim.frequency_code,
        claim.original_control_number,
        claim.diagnosis,
        claim.procedure_code,
        claim.place_of_service,
        claim.rendering_npi,
        claim.service_date,
        claim.submitted_date,
    )


@pytest.mark.parametrize(("file", "answers", "notices"), ANSWER_FILES)
def test_a_file_of_answers(shared_data: Path, file: str, answers: list[str], notices: str) -> None:
    found = records(shared_data / file)
    assert [told(record) for record in found if not isinstance(record, Notice)] == answers
    assert odd(found) == notices


@pytest.mark.parametrize("folder", PASSED_OVER)
def test_other_types_are_passed_over_one_by_one(shared_data: Path, folder: str) -> None:
    read_files = [records(path) for path in sorted((shared_data / folder).iterdir())]
    assert {record.code for found in read_files for record in found if isinstance(record, Notice)} == {
        "skipped_transaction_type"
    }
    assert [len(found) for found in read_files] == PASSED_OVER[folder]


def test_every_file_is_in_a_table(shared_data: Path) -> None:
    named = {f"837/{row[0]}" for row in CLAIM_FILES} | {row[0] for row in ANSWER_FILES}
    folders = ("271", "277", "278", "837", "997", "999")
    there = {f"{folder}/{path.name}" for folder in folders for path in (shared_data / folder).iterdir()}
    assert there <= named
