"""What a file is, told by its first bytes and never by its name."""

import csv
import re

from upstream.ingestion.formats.encoding import decoded
from upstream.ingestion.formats.tokenizer import starts_interchange

ZIP_MARK = b"PK\x03\x04"
OTHER_MARKS = (b"\x1f\x8b", b"%PDF", b"\xd0\xcf\x11\xe0")  # gzip, PDF, the Excel before 2007
XLSX_PARTS = (b"[Content_Types].xml", b"xl/", b"_rels/.rels")
SEPARATORS = ",;\t|"
FHIR_TYPE = re.compile(r'"resourceType"\s*:\s*"')
MARKUP = re.compile(r"\s*<(?:!|\?xml|html|head|body)", re.IGNORECASE)
CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f]")
MIN_COLUMNS = 3
MAX_CELL = 60
LINES_LOOKED_AT = 30


def sniff(head: bytes) -> str:
    """ "x12", "csv", "xlsx", "fhir" or "unknown", from the first bytes of a file (64 KiB are plenty)."""
    if head.startswith(ZIP_MARK):
        return "xlsx" if any(part in head for part in XLSX_PARTS) else "unknown"
    if head.startswith(OTHER_MARKS):
        return "unknown"
    text = decoded(head)
    if starts_interchange(text.encode("utf-8")):
        return "x12"
    text = text.strip("\0\r\n\t \ufeff")
    if text[:1] in ("{", "["):
        return "fhir" if FHIR_TYPE.search(text) else "unknown"
    binary = len(CONTROLS.findall(text)) * 100 > len(text)
    if not text or binary or MARKUP.match(text) or not _has_columns(text):
        return "unknown"
    return "csv"


def _has_columns(text: str) -> bool:
    """Whether some line near the top reads as a row of short column names (title rows may stand before it)."""
    for line in text.splitlines()[:LINES_LOOKED_AT]:
        for separator in SEPARATORS:
            if line.count(separator) >= MIN_COLUMNS - 1 and _names_columns(line, separator):
                return True
    return False


def _names_columns(line: str, separator: str) -> bool:
    cells = [cell.strip() for cell in next(csv.reader([line], delimiter=separator))]
    named = [cell for cell in cells if cell]
    short = all(len(cell) <= MAX_CELL and len(cell.split()) <= 5 for cell in named)
    return short and len(named) >= MIN_COLUMNS and len(set(named)) * 2 > len(named)
