"""What stands at a place of a file, cut out of it."""

import pytest

from tests.ingestion.world import DENIED_835, PAID_835, csv_of, paid, pending, x12
from upstream.core.errors import Unreadable
from upstream.ingestion.formats.excerpt import excerpt, title_of
from upstream.ingestion.formats.readers import READERS
from upstream.ingestion.records import ClaimRecord

REMIT = x12(PAID_835, DENIED_835, amount="64")


def test_a_claims_segments_stand_at_its_place_and_end_before_the_next_claim():
    first, second = [r.position for r in READERS["x12"]([REMIT]) if isinstance(r, ClaimRecord)]
    cut = excerpt("x12", [REMIT], first)
    assert cut.parts == PAID_835.split("~")
    assert cut.envelope == {"interchange": "000000001", "group": "1", "transaction": "835 0001"}
    assert excerpt("x12", [REMIT], second).parts == DENIED_835.split("~")


def test_a_row_stands_at_its_line_with_its_titles():
    text = csv_of(paid("C1"), '"C,2"' + pending("C2")[2:]).encode()
    cut = excerpt("csv", [text], 3)
    assert cut.parts == ['"C,2"' + pending("C2")[2:]]
    assert cut.cells[:2] == [("claim_id", "C,2"), ("payer", "Summit Mutual")]


def test_a_place_past_the_end_is_no_place():
    for kind, content in (("csv", csv_of(paid()).encode()), ("x12", REMIT)):
        with pytest.raises(Unreadable, match="no such place"):
            excerpt(kind, [content], 999)


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_a_tables_titles_write_rows_as_the_table_does(separator):
    text = csv_of(paid()).replace(",", separator)
    title = title_of("csv", [text.encode()])
    assert (title.delimiter, title.cells[title.number_at]) == (separator, "claim_id")
    assert title.cells_of(title.text_of(title.cells)) == title.cells
    assert title.cells_of("only one") is None
