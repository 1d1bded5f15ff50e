"""Where a claims CSV says what its columns are: the header row found by content, and the delimiter with it."""

import csv
from collections.abc import Sequence
from typing import NamedTuple

from upstream.core.errors import Unreadable
from upstream.ingestion.formats.profile import Profile

DELIMITERS = ",;\t|"
LINES_LOOKED_AT = 30
BASE = (
    "claim_id", "payer", "procedure_code", "diagnosis", "location", "submitted_date", "decided_date", "status",
    "denial_reason", "billed", "allowed", "paid",
)  # fmt: skip
MAY_BE_ABSENT = frozenset({"diagnosis", "location", "allowed"})
OPTIONAL = (
    "line_id", "payer_id", "product", "modifiers", "units", "place_of_service", "revenue_code", "service_date",
    "received_date", "payment_date", "rendering_npi", "billing_npi", "frequency_code", "original_claim_id",
    "payer_order", "patient_responsibility", "remark_codes", "adjudicated_procedure_code", "authorization_number",
    "check_number", "patient_account", "patient_first_name", "patient_last_name", "patient_birth_date", "member_id",
)  # fmt: skip
KNOWN = frozenset(BASE + OPTIONAL)


class Header(NamedTuple):
    """`line` is the header's 1-based line; `places` gives each known column's index among `width` columns.

    `unknown`, `repeated` and `absent` tell whether there were columns that we do not know, columns named twice,
    and base columns that we can do without.
    """

    line: int
    delimiter: str
    width: int
    places: dict[str, int]
    unknown: bool
    repeated: bool
    absent: bool


def find_header(lines: Sequence[str], profile: Profile | None = None) -> Header:
    """The row near the top with the most known column names.

    Raises Unreadable("no_header") when no row has any, Unreadable("missing_columns") naming those that must be there.
    """
    best: Header | None = None
    for number, line in enumerate(lines[:LINES_LOOKED_AT], start=1):
        for delimiter in DELIMITERS:
            header = _read(line, number, delimiter, profile)
            if header is not None and (best is None or len(header.places) > len(best.places)):
                best = header
    if best is None:
        raise Unreadable("no_header", "no row with the names of claim columns was found")
    missing = [name for name in BASE if name not in best.places and name not in MAY_BE_ABSENT]
    if missing:
        raise Unreadable("missing_columns", f"these columns are missing: {', '.join(missing)}", line=best.line)
    return best


def _read(line: str, number: int, delimiter: str, profile: Profile | None) -> Header | None:
    try:
        cells = next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return None
    names = [_canonical(cell, profile) for cell in cells]
    places: dict[str, int] = {}
    for index, name in enumerate(names):
        if name in KNOWN:
            places.setdefault(name, index)
    if not places:
        return None
    known = sum(name in KNOWN for name in names)
    unknown = any(name and name not in KNOWN for name in names)
    absent = not all(name in places for name in BASE)
    return Header(number, delimiter, len(cells), places, unknown, known > len(places), absent)


def _canonical(cell: str, profile: Profile | None) -> str:
    title = cell.strip().strip("\ufeff")
    if profile is not None and title in profile.columns:
        return profile.columns[title]
    return "_".join(title.lower().replace("-", " ").split())
