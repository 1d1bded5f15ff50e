import pytest

from tests.ingestion.formats.x12 import (
    PAID_CLAIM,
    claims_of,
    interchange,
    notices_of,
    remittance,
    remittances_of,
    transaction,
)

SECOND = PAID_CLAIM.replace("A1", "A2")
WHOLE = remittance(PAID_CLAIM, SECOND, amount="160")


def numbers(data: bytes) -> list[str]:
    return [claim.claim_number for claim in claims_of(data)]


@pytest.mark.parametrize(
    ("right", "wrong", "notice"),
    [
        (b"SE*28*", b"SE*999*", ("SE01", "wrong_count")),
        (b"SE*28*", b"SE*x*", ("SE01", "wrong_count")),
        (b"SE*28*0001", b"SE*28*0002", ("SE02", "wrong_control_number")),
        (b"GE*1*", b"GE*2*", ("GE01", "wrong_count")),
        (b"GE*1*101", b"GE*1*102", ("GE02", "wrong_control_number")),
        (b"IEA*1*", b"IEA*4*", ("IEA01", "wrong_count")),
        (b"IEA*1*000000101", b"IEA*1*000000102", ("IEA02", "wrong_control_number")),
    ],
)
def test_totals_that_disagree_are_reported_and_nothing_is_lost(right, wrong, notice):
    data = WHOLE.replace(right, wrong)
    assert notices_of(data) == [notice]
    assert numbers(data) == ["A1", "A2"]


def test_an_agreeing_envelope_says_nothing():
    assert notices_of(WHOLE) == []


@pytest.mark.parametrize(
    ("cut_at", "kept"),
    [
        (b"SVC*HC:99213:25*120*80**1~DTM*472*20250301~CAS*CO*45*30~CAS*PR*1*10~REF*6R*L1~AMT*B6*90~CLP", ["A1"]),
        (b"CLP*A2", ["A1"]),
        (b"NM1*QC", []),
        (b"SE*28", ["A1", "A2"]),
    ],
)
def test_a_cut_file_keeps_the_claims_that_are_known_to_be_whole(cut_at, kept):
    data = WHOLE[: WHOLE.index(cut_at) + len(cut_at) + 2]
    assert numbers(data) == kept
    (remit,) = remittances_of(data)
    assert (remit.complete, remit.claims) == (False, len(kept))
    assert notices_of(data) == [("SE", "truncated"), ("GE", "missing_trailer"), ("IEA", "missing_trailer")]


def test_a_file_cut_after_se_is_complete_but_for_its_envelope():
    data = WHOLE[: WHOLE.index(b"GE*1*")]
    assert numbers(data) == ["A1", "A2"]
    assert remittances_of(data)[0].complete is True
    assert notices_of(data) == [("GE", "missing_trailer"), ("IEA", "missing_trailer")]


def test_a_last_segment_needs_no_terminator():
    data = WHOLE.removesuffix(b"~")
    assert numbers(data) == ["A1", "A2"]
    assert notices_of(data) == []


def test_a_missing_se_keeps_the_claims_and_marks_the_payment_incomplete():
    data = WHOLE.replace(b"SE*28*0001~", b"")
    assert numbers(data) == ["A1", "A2"]
    assert remittances_of(data)[0].complete is False
    assert notices_of(data) == [("SE", "missing_trailer")]


def test_an_interchange_cut_off_by_the_next_one():
    data = WHOLE[: WHOLE.index(b"CLP*A2") + 20] + WHOLE
    assert numbers(data) == ["A1", "A1", "A2"]
    assert [remit.complete for remit in remittances_of(data)] == [False, True]


def test_other_transactions_are_passed_over_one_notice_each():
    other = "ST*277*0002*005010X214~BHT*0085*08~CLP*Z9*1*1*1~SE*4*0002~"
    data = interchange(transaction(PAID_CLAIM), other, "ST*820*0003~SE*2*0003~", transaction(SECOND, control="0004"))
    assert numbers(data) == ["A1", "A2"]
    assert notices_of(data) == [("ST01", "skipped_transaction_type")] * 2


def test_segments_outside_a_transaction_are_reported_once():
    data = WHOLE.replace(b"ST*835*0001~", b"")
    assert numbers(data) == []
    assert notices_of(data)[0] == ("ST", "outside_transaction")
    assert len([code for _, code in notices_of(data) if code == "outside_transaction"]) == 1


def test_ids_in_small_letters_or_with_blanks_are_understood():
    data = WHOLE.replace(b"~CLP*", b"~clp*").replace(b"~SVC*", b"~ svc *").replace(b"~SE*", b"~se*")
    assert numbers(data) == ["A1", "A2"]
    assert [len(claim.lines) for claim in claims_of(data)] == [1, 1]
    assert notices_of(data) == []


def test_a_payment_without_claims_is_still_a_payment():
    data = interchange("ST*835*0001~SE*2*0001~")
    (remit,) = remittances_of(data)
    assert (remit.claims, remit.amount_cents, remit.complete) == (0, 0, True)
    assert notices_of(data) == []
