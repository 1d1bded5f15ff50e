"""Rows written as XML read back as what was written: any text, any number, any day."""

import math
from datetime import date, datetime, time
from io import BytesIO

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from upstream.core.documents.rows import LONGEST_TEXT, NOT_XML
from upstream.core.documents.sheets import packed, streaming_book, write_table
from upstream.core.documents.tables import Column, Formula, Table

TABLE = Table(
    "Rows",
    (
        Column("Text", width=20), Column("Money", "money", 12, total=True), Column("Count", "count", 8),
        Column("Share", "share", 8), Column("Day", "date", 12),
    ),
    "None.",
)  # fmt: skip
ROW = st.tuples(
    st.none() | st.text(max_size=40),
    st.none() | st.integers(-(10**13), 10**13),
    st.none() | st.integers(0, 10**12),
    st.none() | st.floats(0, 1, allow_nan=False),
    st.none() | st.dates(date(1900, 3, 1), date(2200, 1, 1)),
)


def read(rows, table=TABLE):
    with streaming_book(title="t", made_on=date(2026, 1, 1)) as book:
        write_table(book, table, "about", rows)
        content = packed(book)
    return openpyxl.load_workbook(BytesIO(content))


@settings(max_examples=60, deadline=None)
@given(st.lists(ROW, min_size=1, max_size=30))
def test_what_is_written_is_read(rows):
    sheet = read(rows)["Rows"]
    for row, (text, cents, count, share, day) in zip(sheet.iter_rows(min_row=4), rows, strict=False):
        said = NOT_XML.sub("", text or "") or None
        assert row[0].value == said
        assert said is None or (row[0].data_type, row[0].quotePrefix) == ("s", said[0] in "=+-@\t\r\n")
        assert cents is None or round(row[1].value * 100) == cents
        assert row[2].value == count
        assert share is None or math.isclose(row[3].value, share, abs_tol=1e-12)
        assert day is None or row[4].value == datetime.combine(day, time())


def test_text_that_is_nothing_but_control_characters_is_no_cell():
    sheet = read([("\x1f", 1, None, None, None), ("\x1fa", 1, None, None, None)])["Rows"]
    assert [sheet["A4"].value, sheet["A5"].value] == [None, "a"]


def test_text_longer_than_a_cell_is_cut_and_a_formula_of_ours_is_one():
    sheet = read([("x" * 40_000, 1, 2, 0.5, None), ("<&>", Formula('=IF(B4<5,"&",0)'), 1, 1.0, None)])["Rows"]
    assert len(sheet["A4"].value) == LONGEST_TEXT
    assert (sheet["A5"].value, sheet["B5"].value, sheet["B5"].data_type) == ("<&>", '=IF(B4<5,"&",0)', "f")


def test_a_value_that_no_cell_holds_is_an_error():
    with pytest.raises(TypeError, match="a cell cannot hold a list"):
        read([([], 1, 2, 0.5, None)])


def test_a_row_of_another_length_is_an_error():
    with pytest.raises(ValueError, match="shorter"):
        read([("a", 1)])
