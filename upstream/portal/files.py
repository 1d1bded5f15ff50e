"""What a page shows, as a file."""

import csv
from collections.abc import Iterable

from django.http import HttpResponse

from upstream.core.csv_text import harmless


def csv_answer(name: str, columns: Iterable[str], rows: Iterable[Iterable[object]]) -> HttpResponse:
    """A CSV file of this name; None is an empty cell, and no text is a formula."""
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    writer = csv.writer(answer)
    writer.writerow(columns)
    writer.writerows([_cell(cell) for cell in row] for row in rows)
    return answer


def _cell(cell: object) -> object:
    if cell is None:
        return ""
    return harmless(cell) if isinstance(cell, str) else cell
