"""The table behind a chart as a file: a page that draws charts gives each away at its own address with `?csv=NAME`."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.text import slugify

from upstream.portal.files import csv_answer

ASKED = "csv"
NUMBER = re.compile(r"[+-]?\$?\d[\d,]*(?:\.\d+)?%?|-?\$\d[\d,]*(?:\.\d+)?")
DAY = re.compile(r"\d{1,2} [A-Z][a-z]{2} \d{4}")


class Tabled(Protocol):
    """Whatever says its facts as a table, too: each chart of `core.charts` does."""

    @property
    def title(self) -> str: ...
    @property
    def headings(self) -> Sequence[str]: ...
    def rows(self) -> Iterable[Sequence[object]]: ...


@dataclass(frozen=True, slots=True)
class Table:
    """Facts that stand behind a chart or a list, as numbers."""

    title: str
    headings: Sequence[str]
    cells: Iterable[Sequence[object]]

    def rows(self) -> Iterable[Sequence[object]]:
        return self.cells


def page_with(
    request: HttpRequest, template: str, context: Mapping[str, Any], tables: Mapping[str, Tabled | None],
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    """The page; where its address asks for one of `tables` by name, that one as a CSV file. Http404 for any other."""
    asked = request.GET.get(ASKED)
    if asked is None:
        return render(request, template, dict(context), status=status)
    found = tables.get(asked)
    if found is None:
        raise Http404
    rows = ([plain(cell) for cell in row] for row in found.rows())
    return csv_answer(f"{slugify(found.title)[:80]}.csv", found.headings, rows)


def plain(cell: object) -> object:
    """Text of a page as a spreadsheet can add it up: 1234.5 of "$1,234.50", 0.123 of "12.3%", 2026-03-02 of
    "2 Mar 2026"; anything else as it stands."""
    if not isinstance(cell, str):
        return cell
    if DAY.fullmatch(cell):
        return datetime.strptime(cell, "%d %b %Y").date()
    if not NUMBER.fullmatch(cell):
        return cell
    number = float(cell.strip("%").replace("$", "").replace(",", ""))
    return round(number / 100, 6) if cell.endswith("%") else number
