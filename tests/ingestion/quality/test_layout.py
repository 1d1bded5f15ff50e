"""What the head of a file says of its layout, without keeping a word that may name anybody."""

from hypothesis import given
from hypothesis import strategies as st

from tests.ingestion.world import PAID_835, csv_of, x12
from upstream.ingestion.quality.layout import layout_of, unseen


def marked(name: str) -> str:
    return f"<{len(name)}>"


def test_columns_are_those_of_the_row_with_most_known_names() -> None:
    head = b"Lovelace, Ada;printed;today\nClaim ID;Payer;BILLED;Ada's own column\nC1;Summit;1;x\n"
    assert layout_of(head, "csv", marked) == {"columns": ["<16>", "billed", "claim_id", "payer"]}


def test_a_remittance_says_its_sender_and_version() -> None:
    assert layout_of(x12(PAID_835, amount="64"), "x12", marked) == {
        "senders": ["PAYER"],
        "versions": ["005010X221A1"],
    }


def test_other_formats_say_nothing() -> None:
    assert layout_of(b"{}", "fhir", marked) == {}
    assert layout_of(b"ISA", "x12", marked) == {}


def test_what_is_new_and_what_is_gone() -> None:
    before = [{"columns": ["a", "b"]}, {}, {"columns": ["b", "c"]}]
    assert unseen({"columns": ["a", "d"]}, before) == {"new_columns": ["d"], "gone_columns": ["b"]}
    assert unseen({"columns": ["b"]}, before) == {}
    assert unseen({"senders": ["X"]}, []) == {}


@given(st.binary(max_size=400), st.sampled_from(["csv", "x12", "xlsx"]))
def test_no_bytes_break_it(head: bytes, kind: str) -> None:
    for start in (b"", b"ISA*", csv_of().encode()):
        layout_of(start + head, kind, marked)
