"""Claims of an 837 that cannot be loaded: each alone in quarantine, where it can be mended."""

import pytest

from tests.ingestion.formats.x12 import records_of
from tests.ingestion.formats.x12_837 import BEFORE, CLAIM, SUBSCRIBER, sent
from upstream.core.errors import Unreadable
from upstream.ingestion.formats.x12_837_claim import MAX_LINES
from upstream.ingestion.records import ClaimRecord, RejectedRow


@pytest.mark.parametrize(
    ("claim", "field", "code"),
    [
        ("CLM**150***11:B:1~", "CLM01", "missing_value"),
        ("CLM*000*150***11:B:1~", "CLM01", "missing_value"),
        (f"CLM*{'9' * 81}*150***11:B:1~", "CLM01", "too_long"),
        ("CLM*A-2****11:B:1~", "CLM02", "missing_value"),
        ("CLM*A-2*$150***11:B:1~", "CLM02", "bad_amount"),
        ("CLM*A-2*1e3***11:B:1~", "CLM02", "bad_amount"),
        ("LX*1~", "CLM", "missing_segment"),
    ],
)
def test_a_claim_that_cannot_be_told_or_priced_is_quarantined_alone(claim, field, code):
    text = BEFORE + claim + "ZZZ*X~LX*1~SV1*HC:99213*150*UN*1~" + SUBSCRIBER + CLAIM
    records = records_of(sent(text))
    rejected = [record for record in records if isinstance(record, RejectedRow)]
    assert [(row.position, row.field, row.code) for row in rejected] == [(21, field, code)]
    assert [record.claim_number for record in records if isinstance(record, ClaimRecord)] == ["A-1"]


def test_a_quarantined_claim_can_be_mended_and_read_alone():
    broken = CLAIM.replace("CLM*A-1*150", "CLM*A-1*$150")
    whole = sent(BEFORE + CLAIM.replace("A-1", "A-0") + broken + SUBSCRIBER.replace("*W1~", "*W9~") + CLAIM)
    (rejected,) = (record for record in records_of(whole) if isinstance(record, RejectedRow))
    assert records_of(rejected.raw) == [rejected._replace(position=21)]
    assert rejected.raw.splitlines()[20:22] == [b"CLM*A-1*$150***11:B:1*Y*A*Y*Y~", b"DTP*431*D8*20250110~"]
    mended = records_of(rejected.raw.replace(b"$150", b"150"))
    assert mended == records_of(sent(BEFORE + CLAIM))


def test_a_quarantined_claim_keeps_its_own_delimiters_and_segments_of_no_known_kind():
    text = BEFORE + CLAIM.replace("CLM*A-1*150", "CLM*A-1*") + "XYZ*1~"
    odd = sent(text).replace(b"*", b"|").replace(b"~", b"\n")
    (rejected,) = (record for record in records_of(odd) if isinstance(record, RejectedRow))
    assert b"XYZ|1\n" in rejected.raw
    assert b"N3|1 ELM ST\n" in rejected.raw
    assert rejected.raw.endswith(b"IEA|1|000000101\n")


def test_a_quarantined_claim_takes_no_more_room_than_a_real_one():
    text = BEFORE + CLAIM.replace("CLM*A-1*150", "CLM*A-1*") + f"NTE*ADD*{'X' * 70_000}~" * 30
    (rejected,) = (record for record in records_of(sent(text)) if isinstance(record, RejectedRow))
    assert len(rejected.raw) < 300_000


def test_more_lines_than_any_real_claim_has_are_refused():
    line = b"LX*1~SV1*HC:99213*1*UN*1~"
    data = sent(BEFORE + CLAIM).replace(b"LX*1~", line * MAX_LINES + b"LX*1~")
    with pytest.raises(Unreadable, match="more lines"):
        records_of(data)
