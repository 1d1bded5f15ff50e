"""Where a claims table says what its columns are: the header row found by content, and the delimiter with it."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from upstream.ingestion.formats.csv_rows import rows_of
from upstream.ingestion.formats.profile import NeedsMapping, Profile, keys_of

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
    "check_number", "payer_control_number", "patient_account", "patient_first_name", "patient_last_name",
    "patient_birth_date", "member_id",
)  # fmt: skip
KNOWN = frozenset(BASE + OPTIONAL)
# A table of authorizations; it never names a claim.
AUTHORIZATION_NEEDED = ("payer", "status")
AUTHORIZATION = (
    "authorization_number", *AUTHORIZATION_NEEDED, "payer_id", "trace_number", "procedure_code", "service_type",
    "diagnosis", "requested_units", "approved_units", "requested_at", "decided_at", "valid_from", "valid_until",
    "urgency", "reason_code", "provider_npi", "patient_first_name", "patient_last_name", "patient_birth_date",
    "member_id",
)  # fmt: skip
OF_AUTHORIZATIONS_ALONE = frozenset({"approved_units", "requested_units", "valid_until"})


class TitleRow(NamedTuple):
    """A row that may be the header: its 1-based line, how many lines it takes, the delimiter that makes its cells."""

    line: int
    lines: int
    delimiter: str
    cells: list[str]


class Header(NamedTuple):
    """`places` gives each known column's index among `width` columns.

    `unknown`, `repeated` and `absent` tell whether there were columns that are not read, columns named twice, and base
    columns that we can do without.
    """

    row: TitleRow
    places: dict[str, int]
    unknown: bool
    repeated: bool
    absent: bool

    @property
    def width(self) -> int:
        return len(self.row.cells)


def title_rows(lines: Sequence[str], separator: str = "") -> Iterator[TitleRow]:
    """Every reading of the first lines as rows: each delimiter, or `separator` alone."""
    for delimiter in separator or DELIMITERS:
        for number, text, cells in rows_of([list(lines[:LINES_LOOKED_AT])], delimiter):
            if cells is not None:
                yield TitleRow(number, text.count("\n") + 1, delimiter, cells)


def find_header(rows: Iterable[TitleRow], profile: Profile | None = None) -> Header:
    """The row near the top with the most known columns: those of the profile, or the canonical ones without.

    Without a profile a row with the columns of a table of authorizations comes first.

    Raises NeedsMapping("no_header") when no row has any, NeedsMapping("missing_columns") naming those that must be
    there, NeedsMapping("other_columns") when the profile's are not all there, "no_columns" when it names none.
    """
    best: Header | None = None
    for row in rows:
        header = (profile is None and _of_authorizations(row)) or _read(row, profile)
        if of_authorizations(header):
            return header
        if header.places and (best is None or len(header.places) > len(best.places)):
            best = header
    if profile is not None and not profile.columns:
        raise NeedsMapping("no_columns", "no column of the file is matched yet")
    if profile is not None and (best is None or len(best.places) < len(profile.columns)):
        raise NeedsMapping("other_columns", "the file has not all of the columns that the mapping names")
    if best is None:
        raise NeedsMapping("no_header", "no row with the names of claim columns was found")
    missing = [name for name in BASE if name not in best.places and name not in MAY_BE_ABSENT]
    if missing and profile is None:
        raise NeedsMapping("missing_columns", f"these columns are missing: {', '.join(missing)}", line=best.row.line)
    return best


def of_authorizations(header: Header) -> bool:
    """Whether the rows below it are authorizations, not claims."""
    return "claim_id" not in header.places and not OF_AUTHORIZATIONS_ALONE.isdisjoint(header.places)


def _of_authorizations(row: TitleRow) -> Header | None:
    """The row as titles of a table of authorizations, None where it is not one."""
    names = [_canonical(cell) for cell in row.cells]
    if "claim_id" in names or not set(AUTHORIZATION_NEEDED) <= set(names):
        return None
    places = {name: names.index(name) for name in AUTHORIZATION if name in names}
    if OF_AUTHORIZATIONS_ALONE.isdisjoint(places):
        return None
    unknown = any(name and name not in places for name in names)
    return Header(row, places, unknown, len([n for n in names if n in places]) > len(places), absent=False)


def _read(row: TitleRow, profile: Profile | None) -> Header:
    names = [_canonical(cell) for cell in row.cells] if profile is None else _mapped(row.cells, profile)
    known = KNOWN if profile is None else frozenset(profile.columns.values())
    places: dict[str, int] = {}
    for index, name in enumerate(names):
        if name in known:
            places.setdefault(name, index)
    found = sum(name in known for name in names)
    unknown = any(name and name not in known for name in names)
    absent = profile is None and not all(name in places for name in BASE)
    return Header(row, places, unknown, found > len(places), absent)


def _mapped(cells: Iterable[str], profile: Profile) -> list[str]:
    """Columns that a person left out on purpose are no news."""
    return [profile.columns.get(key, "") for key in keys_of(cells)]


def _canonical(cell: str) -> str:
    return "_".join(cell.strip().strip("\ufeff").lower().replace("-", " ").split())
