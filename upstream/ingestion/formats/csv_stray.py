"""Rows of a claims table that are no claims: totals, footers, and the header standing again."""

from collections.abc import Sequence

from upstream.ingestion.formats.csv_header import BASE, Header
from upstream.ingestion.formats.csv_rows import text_of

BLANKS = '\0 \t"'
TOTALS = (
    "total", "grand total", "subtotal", "sub total", "sub-total", "report total", "page total", "payer total",
    "overall total", "sum of", "sum:", "count:", "claim count", "number of claims", "average",
)  # fmt: skip
FOOTERS = (
    "page ",
    "end of ",
    "***",
    "---",
    "===",
    "report ",
    "printed ",
    "generated ",
    "run date",
    "run:",
    "(c) ",
    "©",
)
SUBMITTED = BASE.index("submitted_date")
AMOUNTS = [BASE.index(name) for name in ("billed", "allowed", "paid")]
NAMING = [BASE.index(name) for name in ("claim_id", "submitted_date", "decided_date", "procedure_code", "diagnosis")]


class Stray:
    """Tells such a row of one file, once it has been found to be no claim."""

    def __init__(self, header: Header) -> None:
        self.empty = BLANKS + header.row.delimiter
        self.delimiter = header.row.delimiter
        self.titles = _plain(text_of(header.row.cells))

    def notice(self, text: str, base: Sequence[str] | None) -> str:
        """The code of the notice, "" for a row that ought to be a claim. `base`: its base cells, None without."""
        words = text.strip(self.empty).lower()
        if words.startswith(TOTALS) and (base is None or not base[SUBMITTED].strip()):
            return "total_row"
        if base is not None and _only_amounts(base):
            return "total_row"
        if words.startswith(FOOTERS) and words.count(self.delimiter) <= 1:
            return "footer_row"
        return "header_again" if _plain(text.replace(self.delimiter, ",")) == self.titles else ""


def _only_amounts(base: Sequence[str]) -> bool:
    amounts, names = (any(base[place].strip() for place in places) for places in (AMOUNTS, NAMING))
    return amounts and not names


def _plain(text: str) -> str:
    return "".join(text.split()).replace('"', "").lower()
