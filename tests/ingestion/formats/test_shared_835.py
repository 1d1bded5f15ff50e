"""Every 835 of public origin, with what it holds; each row was checked against the raw text by an independent count."""

import csv
from pathlib import Path

import pytest

from upstream.claims import rules
from upstream.claims.choices import Outcome
from upstream.claims.rules import CarcMap, outcome_of
from upstream.core.errors import Unreadable
from upstream.ingestion.formats.x12_835 import read
from upstream.ingestion.records import ClaimRecord, Notice, RejectedRow, RemittanceRecord

# file, claims, lines, cents paid on claims, cents by which payments differ, claims out of balance, kinds of notice
FILES = [
    ("835/EDI-parser-and-validator__sample_835.edi", 1, 1, 8_000, 0, 0, "ISA:isa_width SE01:wrong_count"),
    ("835/TigerShark__5010-835-example-2.txt", 2, 6, 10_000, 0, 0, ""),
    ("835/badX12__X221-dollars-and-data-sent-separate.edi", 2, 2, 94_500, 0, 0, ""),
    ("835/badX12__X221-dollars-and-data-sent-together.edi", 2, 0, 14_999_873, 0, 0, ""),
    ("835/badX12__X221-era-sample.edi", 1, 5, 13_200, 0, 0, ""),
    ("835/badX12__X221-multiple-claims-single-check.edi", 9, 33, 81_080, 0, 0, ""),
    ("835/badX12__X221-secondary-payments.edi", 2, 2, 122_200, 0, 0, ""),
    (
        "835/badX12__error_validation.edi",
        2,
        2,
        94_500,
        0,
        0,
        "GE01:wrong_count GE02:wrong_control_number IEA01:wrong_count "
        "IEA02:wrong_control_number SE01:wrong_count SE02:wrong_control_number",
    ),
    ("835/edi-835-parser__emedny_sample-2.txt", 3, 10, 4_575, 0, 0, ""),
    ("835/edi-835-parser__emedny_sample.txt", 3, 10, 4_575, 0, 0, ""),
    ("835/edi-835-parser__test.835", 1, 2, 150_050, 0, 1, "SE01:wrong_count"),
    ("835/edi-835-parser__united_healthcare_legacy_sample.txt", 2, 5, 34_999, 0, 0, ""),
    ("835/edi-x12-healthcare-demo__multiple-claims-single-check.edi", 9, 33, 81_080, 0, 0, "SE01:wrong_count"),
    ("835/oxedi__balanced_5010_sample.txt", 4, 4, 72_000, 0, 0, ""),
    ("835/pyx12__835_mult_loops.txt", 1, 3, 0, 0, 0, ""),
    ("835/pyx12__835id.x12", 3, 3, -51_025, 548_252, 0, ""),
    ("835/pyx12__bad_header_looping.x12", 2, 6, 0, 0, 0, "DTM*405:bad_date N1:repeated_header SE01:wrong_count"),
    ("835/pyx12__multiple_trn.x12", 0, 0, 0, 0, 0, "ST01:skipped_transaction_type"),
    (
        "835/x12-parser__example835One.txt",
        2,
        0,
        0,
        0,
        2,
        "BPR02:bad_amount BPR04:too_long CLP05:bad_amount "
        "GE02:wrong_control_number IEA02:wrong_control_number ISA:isa_width",
    ),
    (
        "835/x12-parser__example835SpecialCharsOne.txt",
        2,
        0,
        0,
        0,
        2,
        "BPR02:bad_amount BPR04:too_long CLP05:bad_amount "
        "GE02:wrong_control_number IEA02:wrong_control_number ISA:isa_width",
    ),
    ("835/x12-parser__multi-line-not-delimited.edi", 3, 10, 4_575, 0, 0, ""),
    ("835/x12-parser__profee-multiple.edi", 468, 1560, 713_700, 0, 0, ""),
    ("835/x12__demo.835", 2, 0, 14_999_873, 0, 0, ""),
    ("835/x12__managed-care.835", 2, 2, 94_500, 0, 0, "BPR16:bad_date"),
    ("835/x12__sample2.txt", 1, 1, 400_000, 0, 1, "BPR16:bad_date"),
    ("835/x12__secondary-payment.835", 2, 2, 122_200, 0, 0, ""),
    ("malformed/835_SE02_mismatch.edi", 2, 2, 94_500, 0, 0, "BPR16:bad_date SE02:wrong_control_number"),
    ("malformed/835_bad_date.edi", 2, 2, 94_500, 0, 0, "BPR16:bad_date DTM*405:bad_date"),
    ("malformed/835_bom_and_blank_lines.edi", 2, 2, 94_500, 0, 0, "BPR16:bad_date"),
    ("malformed/835_crlf_as_terminator.edi", 2, 2, 94_500, 0, 0, "BPR16:bad_date"),
    ("malformed/835_crlf_inside_terminators.edi", 2, 2, 94_500, 0, 0, "BPR16:bad_date"),
    ("malformed/835_empty_transaction.edi", 0, 0, 0, 0, 0, ""),
    ("malformed/835_isa_trimmed_spaces.edi", 2, 2, 94_500, 0, 0, "BPR16:bad_date ISA:isa_width"),
    ("malformed/835_junk_before_and_after.edi", 2, 2, 94_500, 0, 0, "BPR16:bad_date"),
    ("malformed/835_latin1_name.edi", 2, 2, 94_500, 0, 0, "BPR16:bad_date"),
    ("malformed/835_lf_every_80_chars.edi", 2, 2, 94_500, 0, 0, "BPR16:bad_date ISA:isa_width"),
    ("malformed/835_lowercase_ids.edi", 2, 2, 94_500, 0, 0, "BPR16:bad_date"),
    ("malformed/835_nul_padding.edi", 2, 2, 94_500, 0, 0, "BPR16:bad_date"),
    ("malformed/835_numbers_weird.edi", 2, 2, 49_500, 45_000, 1, "BPR16:bad_date CLP03:bad_amount CLP04:bad_amount"),
    ("malformed/835_pipe_delims.edi", 2, 2, 94_500, 0, 0, "BPR16:bad_date"),
    ("malformed/835_ten_kb_element.edi", 2, 2, 94_500, 0, 0, "BPR16:bad_date SE01:wrong_count"),
    (
        "malformed/835_truncated_after_SE.edi",
        2,
        2,
        94_500,
        0,
        0,
        "BPR16:bad_date GE:missing_trailer IEA:missing_trailer",
    ),
    (
        "malformed/835_truncated_mid_segment.edi",
        0,
        0,
        0,
        94_500,
        0,
        "BPR16:bad_date GE:missing_trailer IEA:missing_trailer SE:truncated",
    ),
    ("malformed/835_twice_concatenated.edi", 4, 4, 189_000, 0, 0, "BPR16:bad_date"),
    ("malformed/835_unbalanced_bpr.edi", 2, 2, 94_500, -94_377, 0, "BPR16:bad_date"),
    ("malformed/835_utf8_name.edi", 2, 2, 94_500, 0, 0, "BPR16:bad_date"),
    ("malformed/835_wrong_SE01.edi", 2, 2, 94_500, 0, 0, "BPR16:bad_date SE01:wrong_count"),
    ("malformed/only_isa.835", 0, 0, 0, 0, 0, "IEA:missing_trailer"),
    ("malformed/utf16_export.835", 2, 2, 94_500, 0, 0, "BPR16:bad_date"),
]
with (Path(rules.__file__).parent / "data" / "carc_map.csv").open(newline="") as table:
    CARCS = CarcMap.of((row["carc"], row["category"], row["class"]) for row in csv.DictReader(table))
# Claims of which the payer refused all, by their adjustment codes; none in the other files.
DENIED = {
    "835/TigerShark__5010-835-example-2.txt": 1,  # CO 16 on all five lines
    "835/edi-835-parser__emedny_sample-2.txt": 1,  # CO 29 on both lines
    "835/edi-835-parser__emedny_sample.txt": 1,
    "835/oxedi__balanced_5010_sample.txt": 1,  # CO 29 on a claim of status 4
    "835/pyx12__835_mult_loops.txt": 1,  # CO 16 and OA A7
    "835/pyx12__bad_header_looping.x12": 2,
    "835/x12-parser__multi-line-not-delimited.edi": 1,
    "835/x12-parser__profee-multiple.edi": 156,  # one in each of 156 interchanges
}
NO_INTERCHANGE = ["malformed/empty.835", "malformed/html_error_page.835"]


@pytest.mark.parametrize(("file", "claims", "lines", "paid", "difference", "unbalanced", "notices"), FILES)
def test_file_is_read_whole(
    shared_data: Path,
    file: str,
    claims: int,
    lines: int,
    paid: int,
    difference: int,
    unbalanced: int,
    notices: str,
) -> None:
    records = list(read([(shared_data / file).read_bytes()]))
    found = [record for record in records if isinstance(record, ClaimRecord)]
    remittances = [record for record in records if isinstance(record, RemittanceRecord)]
    kinds = {f"{record.field}:{record.code}" for record in records if isinstance(record, Notice)}
    assert len(found) == claims
    assert sum(len(claim.lines) for claim in found) == lines
    assert sum(claim.paid_cents for claim in found) == paid
    assert sum(remittance.difference_cents for remittance in remittances) == difference
    assert sum(claim.balance_cents != 0 for claim in found) == unbalanced
    assert " ".join(sorted(kinds)) == notices
    assert not [record for record in records if isinstance(record, RejectedRow)]
    assert sum(outcome_of(claim, CARCS).outcome == Outcome.DENIED for claim in found) == DENIED.get(file, 0)


@pytest.mark.parametrize("file", NO_INTERCHANGE)
def test_file_without_an_interchange_is_refused(shared_data: Path, file: str) -> None:
    with pytest.raises(Unreadable) as caught:
        list(read([(shared_data / file).read_bytes()]))
    assert caught.value.code == "no_interchange"


def test_every_835_is_in_the_table(shared_data: Path) -> None:
    named = {row[0] for row in FILES} | set(NO_INTERCHANGE)
    folders = [*(shared_data / "835").iterdir(), *(shared_data / "malformed").glob("*835*")]
    there = {f"{path.parent.name}/{path.name}" for path in folders if path.suffix not in {".gz", ".zip"}}
    assert there <= named


@pytest.mark.parametrize("folder", ["270", "271", "276", "277", "278", "834", "837", "997", "999"])
def test_other_transaction_types_are_passed_over_with_a_notice(shared_data: Path, folder: str) -> None:
    for path in sorted((shared_data / folder).iterdir()):
        records = list(read([path.read_bytes()]))
        assert {record.code for record in records if isinstance(record, Notice)}, path.name
        assert not [record for record in records if isinstance(record, ClaimRecord)], path.name
