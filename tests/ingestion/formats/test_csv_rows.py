"""Rows of lines: a quoted cell may span lines, and every row keeps the number of its first line."""

import pytest

from upstream.ingestion.formats.csv_rows import rows_of


@pytest.mark.parametrize(
    ("lines", "rows"),
    [
        (["a,b", "c,d"], [(1, ["a", "b"]), (2, ["c", "d"])]),
        (['"a",b', 'c,"d"'], [(1, ["a", "b"]), (2, ["c", "d"])]),
        (['a,"b', 'c",d', "e,f"], [(1, ["a", "b\nc", "d"]), (3, ["e", "f"])]),
        # Quotes in pairs that still leave a cell open: only the lines themselves are broken.
        (['a"b,"c', "d,e"], [(1, None), (2, ["d", "e"])]),
        (['a"b,"c', 'd"e,"f', "g,h"], [(1, None), (2, None), (3, ["g", "h"])]),
    ],
)
def test_rows_keep_the_number_of_their_first_line(lines: list[str], rows: list[tuple[int, list[str] | None]]) -> None:
    assert [(number, cells) for number, _, cells in rows_of([lines], ",")] == rows
