"""The hardest cases of an 835 file, numbered as in the ingestion rules: what the file looks like, and what comes of it.

What its claims mean stands in `test_edge_cases_meaning`.
"""

import pytest

from tests.ingestion.world import CORRECTION, DENIED_835, PAID_835, counts, load, x12
from upstream.claims.choices import Outcome
from upstream.claims.models import Adjudication, Claim, Remittance
from upstream.ingestion import services
from upstream.ingestion.models import Batch

pytestmark = pytest.mark.usefixtures("practice")
WHOLE = x12(PAID_835, DENIED_835, amount="64")
NOTHING_LOST = (2, 2, 2, 6_400)


def held(batch: Batch) -> tuple[int, int, int, int]:
    return batch.claims, batch.lines, batch.new_adjudications, batch.paid_cents


def remittances() -> list[tuple[int, int, bool, bool]]:
    rows = Remittance.objects.order_by("pk")
    return list(rows.values_list("claims", "claims_paid_cents", "complete", "superseded"))


def test_case_1_a_file_cut_in_a_claim_keeps_the_claims_before_it_and_is_superseded_by_the_whole_one():
    cut = load(WHOLE[: WHOLE.index(b"CAS*CO*197") + 5])
    assert (cut.status, held(cut), cut.notices) == (
        "partly_loaded",
        (1, 1, 1, 6_400),
        {"truncated": 1, "missing_trailer": 2},
    )
    whole = load(WHOLE)
    assert (whole.status, held(whole)) == ("loaded", (2, 2, 1, 6_400))
    assert remittances() == [(1, 6_400, False, True), (2, 6_400, True, False)]
    assert (Claim.objects.count(), Adjudication.objects.count()) == (2, 2)


@pytest.mark.parametrize("place", [b"*ACH", b"TRN*1", b"N1*PR*SUM", b"N1*PE*LAKE", b"LX*1"])
def test_case_1_a_file_cut_in_its_header_leaves_no_payment_behind(place):
    cut = load(WHOLE[: WHOLE.index(place) + 4])
    assert (cut.status, cut.error_code) == ("rejected", "nothing_to_load")
    assert cut.error_message.startswith("the file ends before its first claim: send the whole file again (line ")
    load(WHOLE)
    assert remittances() == [(2, 6_400, True, False)]


@pytest.mark.parametrize(
    ("right", "wrong", "notice"),
    [
        (b"SE*19*0001", b"SE*7*0001", "wrong_count"),
        (b"SE*19*0001", b"SE*19*0009", "wrong_control_number"),
        (b"GE*1*1", b"GE*5*1", "wrong_count"),
        (b"GE*1*1", b"GE*1*4", "wrong_control_number"),
        (b"IEA*1*000000001", b"IEA**000000001", "wrong_count"),
        (b"IEA*1*000000001", b"IEA*1*1", "wrong_control_number"),
    ],
)
def test_case_2_wrong_totals_are_said_and_cost_no_claim(right, wrong, notice):
    assert right in WHOLE
    batch = load(WHOLE.replace(right, wrong))
    assert (batch.status, held(batch), batch.notices) == ("loaded", NOTHING_LOST, {notice: 1})


@pytest.mark.parametrize(
    ("right", "wrong"),
    [(b"PAYER          ", b"PAYER"), (b"PROVIDER       ", b"PROVIDER         "), (b"          ", b"")],
)
def test_case_3_an_isa_of_another_length_is_counted_through(right, wrong):
    batch = load(WHOLE.replace(right, wrong))
    assert (batch.status, held(batch), batch.notices) == ("loaded", NOTHING_LOST, {"isa_width": 1})


def test_case_4_without_isa16_and_with_newlines_all_nine_claims_are_there():
    nine = [PAID_835.replace("C1", f"C{n}").replace("99213", "99213:25") for n in range(1, 10)]
    data = x12(*nine, amount="576").replace(b"*P*:~", b"*P~").replace(b"~", b"\n")
    batch = load(data)
    assert (held(batch), batch.notices) == ((9, 9, 9, 57_600), {"isa_width": 1, "no_component_separator": 1})
    assert set(Claim.objects.values_list("procedure_code", flat=True)) == {"99213"}


@pytest.mark.parametrize("marks", ["|:\x1e", "*:\r", "*:\n", "*>^", "*:!", "~:\n", "\x1d\x1f\x1c"])
def test_case_5_any_delimiters_are_taken_from_the_isa(marks):
    table = str.maketrans({"*": marks[0], ":": marks[1], "~": marks[2], "^": "U"})
    batch = load(WHOLE.decode().translate(table).encode())
    assert (batch.status, held(batch), batch.notices) == ("loaded", NOTHING_LOST, {})


def test_case_6_line_breaks_that_end_nothing_are_taken_out():
    text = WHOLE.decode()
    wrapped = "\r\n".join(text[start : start + 80] for start in range(0, len(text), 80))
    batch = load(wrapped.encode())
    assert (batch.status, held(batch)) == ("loaded", NOTHING_LOST)


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbf" + WHOLE,
        WHOLE.decode().encode("utf-16"),
        WHOLE.decode().encode("utf-16-le"),
        b"MIME-Version: 1.0\r\nContent-Type: application/EDI-X12\r\n\r\n" + WHOLE + b"\r\n--end--\r\n",
        WHOLE + b"\x1a",
        WHOLE + b"\0" * 4096,
        WHOLE.replace(b"~", b"~\r\n\r\n"),
    ],
    ids=["mark", "utf-16", "utf-16 without a mark", "mime", "ctrl-z", "nul", "blank lines"],
)
def test_case_7_what_stands_around_the_interchange_is_passed_over(data):
    batch = load(data)
    assert (batch.status, held(batch), batch.notices) == ("loaded", NOTHING_LOST, {})


@pytest.mark.parametrize("raw", [b"MU\xd1OZ", b"MU\xc3\x91OZ"])
def test_case_8_names_in_any_encoding_cost_no_claim(settings, raw):
    settings.REAL_DATA_MODE = True
    batch = load(WHOLE.replace(b"LOVELACE", raw).replace(b"ADA", b"A\0DA"))
    assert (batch.status, held(batch), batch.notices) == ("loaded", NOTHING_LOST, {})
    claim = Claim.objects.select_related("patient").get(procedure_code="99213")
    assert claim.patient.opened(services.tenant_keys()) == {
        "first_name": "ADA",
        "last_name": "MUÑOZ",
        "member_id": "M100",
    }


def test_case_9_hundreds_of_interchanges_each_with_its_own_delimiters():
    other = str.maketrans({"*": "|", ":": ">", "~": "\n"})
    texts = [
        x12(PAID_835.replace("C1", f"C{n}"), amount="64", check=f"CHK{n}", control=f"{n:09}").decode()
        for n in range(1, 157)
    ]
    data = "".join(text.translate(other) if place % 2 else text for place, text in enumerate(texts))
    batch = load(data.encode())
    assert (held(batch), batch.notices) == ((156, 156, 156, 998_400), {})
    assert Remittance.objects.filter(difference_cents=0, complete=True).count() == 156


def test_case_11_the_same_bytes_are_one_file():
    first = load(WHOLE)
    again, new = services.receive([WHOLE], name="copy.835", received_from="test")
    assert (again.pk, new) == (first.pk, False)


def test_case_11_the_same_interchange_twice_in_a_file_is_loaded_once():
    batch = load(WHOLE + WHOLE)
    assert (batch.claims, batch.new_adjudications, batch.repeats_id) == (4, 2, None)
    assert remittances() == [(2, 6_400, True, False)]


@pytest.mark.parametrize(
    "wrapped",
    [
        x12(PAID_835, DENIED_835, amount="64", control="000000777"),
        WHOLE.replace(b"~", b"~\r\n"),
        WHOLE.replace(b"*", b"|").replace(b"260320|1200", b"260321|0900"),
    ],
    ids=["new ISA13", "CRLF", "other delimiters and hour"],
)
def test_case_11_the_same_payment_wrapped_anew_brings_nothing_and_names_the_file_that_did(wrapped):
    first = load(WHOLE)
    before = counts()
    again = load(wrapped)
    assert (again.state, again.new_adjudications, again.repeats_id) == ("loaded", 0, first.pk)
    assert counts() == before


def test_case_11_a_payment_with_one_more_claim_repeats_nothing():
    load(WHOLE)
    more = load(x12(PAID_835, DENIED_835, CORRECTION.replace("C1", "C3"), amount="134", check="CHK2"))
    assert more.repeats_id is None


def test_case_12_one_number_for_payments_of_nothing_names_each_of_them():
    other = DENIED_835.replace("C2", "C7").replace("ICN2", "ICN7")
    load(x12(DENIED_835, amount="0", check="0000000000"))
    load(x12(other, amount="0", check="0000000000"))
    assert remittances() == [(1, 0, True, False), (1, 0, True, False)]
    assert Adjudication.objects.count() == 2


def test_case_12_parts_of_one_check_are_all_kept_under_it():
    load(x12(PAID_835, amount="128"))
    load(x12(PAID_835.replace("C1", "C2").replace("ICN1", "ICN2"), amount="128"))
    assert remittances() == [(1, 6_400, True, False), (1, 6_400, True, False)]
    assert len(set(map(bytes, Remittance.objects.values_list("transaction_bidx", flat=True)))) == 1


@pytest.mark.parametrize("status", ["1", "2", "4"])
def test_case_13_a_denial_is_told_by_its_codes_whatever_the_status_says(status):
    load(x12(DENIED_835.replace("CLP*C2*1", f"CLP*C2*{status}"), amount="0"))
    event = Adjudication.objects.get()
    assert (event.outcome, event.denial_group, event.denial_carc, event.claim_status_code) == (
        Outcome.DENIED,
        "CO",
        "197",
        status,
    )
