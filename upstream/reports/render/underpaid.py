"""The underpayment statement as an Excel file whose variances are live."""

from collections.abc import Iterable
from datetime import date

from upstream.core.documents.sheets import packed, streaming_book, write_table
from upstream.reports.render.side_tables import UNDERPAYMENTS, underpayments
from upstream.reports.side_lines import UnderpaidRow


def statement_xlsx(about: str, rows: Iterable[UnderpaidRow], made_on: date) -> bytes:
    """The workbook's bytes; the same rows give the same bytes."""
    with streaming_book(title=about, made_on=made_on) as book:
        write_table(book, UNDERPAYMENTS, f"Claims allowed less than their price. {about}", underpayments(rows))
        return packed(book)
