"""Rows of own reports' pages."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse

from upstream.claims.models import Claim
from upstream.explore.answering import Line
from upstream.explore.showing import shown


@dataclass(frozen=True)
class Cell:
    """A value in words, and where the claims behind it are; "" where there is none."""

    shown: str
    link: str


@dataclass(frozen=True)
class Row:
    """One line of a report: the names of its group and its values."""

    names: tuple[str, ...]
    cells: tuple[Cell, ...]


def rows_of(lines: Iterable[Line], query: str) -> list[Row]:
    """The lines of the report that is asked for by this query."""
    address = reverse("portal:explore_claims")
    found = []
    for line in lines:
        at = urlencode({"at": line.at}, doseq=True)
        links = (f"{address}?{query}&measure={value.term.key}&{at}" if value.some else "" for value in line.values)
        cells = tuple(Cell(shown(value), link) for value, link in zip(line.values, links, strict=True))
        found.append(Row(line.names, cells))
    return found


def claims_in_order(public_ids: list[str]) -> list[Claim]:
    """The claims of these ids that are there, in this order, with payer and site. One query."""
    rows = Claim.objects.select_related("payer", "site").filter(public_id__in=public_ids)
    found = {str(claim.public_id): claim for claim in rows}
    return [found[public_id] for public_id in public_ids if public_id in found]


def page_of(query: QueryDict, number: int) -> str:
    """The same query at another page."""
    other = query.copy()
    other["page"] = str(number)
    return other.urlencode()
