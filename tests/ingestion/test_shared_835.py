"""Public 835 files on their whole way into the database, with what came of each; checked by hand against the raw text.

What the reader alone makes of every one of them stands in `formats/test_shared_835`.
"""

from collections import Counter
from pathlib import Path

import pytest

from tests.ingestion.world import load
from upstream.claims.choices import Outcome
from upstream.claims.models import Adjudication, Remittance

pytestmark = pytest.mark.usefixtures("practice")

# file, status or why it was refused, claims, lines, outcomes of answers, cents paid on claims, rejected rows,
# cents by which payments differ, Notices with how often each
FILES = [
    (
        "835/EDI-parser-and-validator__sample_835.edi",
        "loaded",
        1,
        1,
        "PAID:1",
        8_000,
        0,
        0,
        "isa_width:1 wrong_count:1",
    ),
    ("835/TigerShark__5010-835-example-2.txt", "loaded", 2, 6, "DENIED:1 PAID:1", 10_000, 0, 0, ""),
    ("835/badX12__X221-dollars-and-data-sent-separate.edi", "loaded", 2, 2, "PAID:2", 94_500, 0, 0, ""),
    ("835/badX12__X221-dollars-and-data-sent-together.edi", "loaded", 2, 0, "PAID:2", 14_999_873, 0, 0, ""),
    ("835/badX12__X221-era-sample.edi", "loaded", 1, 5, "PAID:1", 13_200, 0, 0, ""),
    ("835/badX12__X221-multiple-claims-single-check.edi", "loaded", 9, 33, "PAID:9", 81_080, 0, 0, ""),
    ("835/badX12__X221-secondary-payments.edi", "loaded", 2, 2, "PAID:2", 122_200, 0, 0, ""),
    (
        "835/badX12__error_validation.edi",
        "loaded",
        2,
        2,
        "PAID:2",
        94_500,
        0,
        0,
        "wrong_control_number:3 wrong_count:3",
    ),
    ("835/edi-835-parser__emedny_sample.txt", "loaded", 3, 10, "DENIED:1 PAID:1 PARTIAL:1", 4_575, 0, 0, ""),
    ("835/edi-835-parser__test.835", "loaded", 1, 2, "PAID:1", 150_050, 0, 0, "wrong_count:1"),
    ("835/edi-835-parser__united_healthcare_legacy_sample.txt", "loaded", 2, 5, "PAID:2", 34_999, 0, 0, ""),
    (
        "835/edi-x12-healthcare-demo__multiple-claims-single-check.edi",
        "loaded",
        9,
        33,
        "PAID:9",
        81_080,
        0,
        0,
        "wrong_count:1",
    ),
    ("835/oxedi__balanced_5010_sample.txt", "loaded", 4, 4, "DENIED:1 PAID:2 PARTIAL:1", 72_000, 0, 0, ""),
    ("835/pyx12__835_mult_loops.txt", "loaded", 1, 3, "DENIED:1", 0, 0, 0, "new_code:1"),
    ("835/pyx12__835id.x12", "loaded", 3, 3, "PAID:1 REVERSED:2", -51_025, 0, 548_252, ""),
    (
        "835/pyx12__bad_header_looping.x12",
        "loaded",
        2,
        6,
        "DENIED:2",
        0,
        0,
        0,
        "bad_date:1 new_code:1 repeated_header:1 wrong_count:1",
    ),
    ("835/pyx12__multiple_trn.x12", "loaded", 0, 0, "", 0, 0, 0, "missing_segment:3 skipped_transaction_type:1"),
    (
        "835/x12-parser__example835One.txt",
        "loaded",
        2,
        0,
        "ZERO_OTHER:2",
        0,
        0,
        0,
        "bad_amount:3 isa_width:1 new_code:1 too_long:1 wrong_control_number:2",
    ),
    ("835/x12-parser__multi-line-not-delimited.edi", "loaded", 3, 10, "DENIED:1 PAID:1 PARTIAL:1", 4_575, 0, 0, ""),
    ("835/x12-parser__profee-multiple.edi", "loaded", 468, 1560, "DENIED:1 PAID:1 PARTIAL:1", 713_700, 0, 0, ""),
    ("835/x12__demo.835", "loaded", 2, 0, "PAID:2", 14_999_873, 0, 0, ""),
    ("835/x12__managed-care.835", "loaded", 2, 2, "PAID:2", 94_500, 0, 0, "bad_date:1"),
    ("835/x12__sample2.txt", "loaded", 1, 1, "PAID:1", 400_000, 0, 0, "bad_date:1"),
    ("835/x12__secondary-payment.835", "loaded", 2, 2, "PAID:2", 122_200, 0, 0, ""),
    ("malformed/835_bad_date.edi", "loaded", 2, 2, "PAID:2", 94_500, 0, 0, "bad_date:2"),
    ("malformed/835_empty_transaction.edi", "loaded", 0, 0, "", 0, 0, 0, ""),
    (
        "malformed/835_numbers_weird.edi",
        "loaded",
        2,
        2,
        "PAID:1 ZERO_OTHER:1",
        49_500,
        0,
        45_000,
        "bad_amount:2 bad_date:1",
    ),
    ("malformed/835_ten_kb_element.edi", "loaded", 2, 2, "PAID:2", 94_500, 0, 0, "bad_date:1 wrong_count:1"),
    ("malformed/835_truncated_after_SE.edi", "loaded", 2, 2, "PAID:2", 94_500, 0, 0, "bad_date:1 missing_trailer:2"),
    (
        "malformed/835_truncated_mid_segment.edi",
        "partly_loaded",
        0,
        0,
        "",
        0,
        0,
        94_500,
        "bad_date:1 missing_trailer:2 truncated:1",
    ),
    ("malformed/835_twice_concatenated.edi", "loaded", 4, 4, "PAID:2", 189_000, 0, 0, "bad_date:2"),
    ("malformed/835_unbalanced_bpr.edi", "loaded", 2, 2, "PAID:2", 94_500, 0, -94_377, "bad_date:1"),
    ("malformed/only_isa.835", "nothing_to_load", 0, 0, "", 0, 0, 0, ""),
    ("malformed/utf16_export.835", "loaded", 2, 2, "PAID:2", 94_500, 0, 0, "bad_date:1"),
    ("malformed/empty.835", "empty_file", 0, 0, "", 0, 0, 0, ""),
    ("malformed/html_error_page.835", "unknown_format", 0, 0, "", 0, 0, 0, ""),
]


@pytest.mark.parametrize(
    ("file", "status", "claims", "lines", "outcomes", "paid", "rejected", "difference", "notices"), FILES
)
def test_file_is_loaded(
    shared_data: Path,
    file: str,
    status: str,
    claims: int,
    lines: int,
    outcomes: str,
    paid: int,
    rejected: int,
    difference: int,
    notices: str,
) -> None:
    batch = load((shared_data / file).read_bytes(), name=file)
    answers = Counter(Outcome(code).name for code in Adjudication.objects.values_list("outcome", flat=True))
    assert (batch.error_code or batch.status, batch.claims, batch.lines) == (status, claims, lines)
    assert (batch.paid_cents, batch.rejected) == (paid, rejected)
    assert sum(Remittance.objects.values_list("difference_cents", flat=True)) == difference
    assert " ".join(f"{name}:{count}" for name, count in sorted(answers.items())) == outcomes
    assert " ".join(f"{code}:{count}" for code, count in sorted(batch.notices.items())) == notices
