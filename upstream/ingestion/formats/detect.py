"""What a file is, told by its first bytes and never by its name."""

import csv
import re

from upstream.ingestion.formats.encoding import decoded
from upstream.ingestion.formats.tokenizer import starts_interchange

GZIP_MARK = b"\x1f\x8b"
ZIP_MARKS = (b"PK\x03\x04", b"PK\x05\x06")  # the second one opens an empty archive
MEMBER = re.compile(rb"PK\x03\x04.{22}(..)", re.DOTALL)
OPEN_DOCUMENT = b"mimetypeapplication/"
XLSX_PARTS = (b"[Content_Types].xml", b"xl/", b"_rels/", b"docProps/")
OTHER_MARKS = {
    b"%PDF": "this is a PDF: ask the payer for the 835, or export a CSV",
    b"\xd0\xcf\x11\xe0": "this is an Excel file before 2007, or one with a password: save it as .xlsx without one",
    b"\x89PNG": "this is a picture: ask the payer for the 835, or export a CSV",
    b"\xff\xd8\xff": "this is a picture: ask the payer for the 835, or export a CSV",
    b"7z\xbc\xaf": "this is a 7z archive: send a zip",
    b"Rar!": "this is a RAR archive: send a zip",
    b"PAR1": "this is a Parquet file: export a CSV",
    b"SQLite format 3": "this is a database: export a CSV",
}
SEPARATORS = ",;\t|"
FHIR_TYPE = re.compile(r'"resourceType"\s*:\s*"')
FHIR_XML = re.compile(
    r"""(?:<\?xml[^>]*>|<!--.*?-->|\s)*<[\w:]*[^>]*xmlns(?::\w+)?\s*=\s*["']http://hl7.org/fhir["']""", re.DOTALL
)
MARKUP = re.compile(r"\s*<(?:!|\?xml|html|head|body|\w+[\s/>])", re.IGNORECASE)
WEB_PAGE = re.compile(r"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f]")
BEHEADED_X12 = re.compile(r"(?:ISA|GS|ST)([^\w\s])[A-Z0-9]{2,3}\1", re.IGNORECASE)
MIN_COLUMNS = 3
MAX_CELL = 60
LINES_LOOKED_AT = 30


def sniff(head: bytes) -> str:
    """ "x12", "csv", "xlsx", "fhir", "zip", "gzip" or "unknown", from a file's first bytes (64 KiB are plenty)."""
    if head.startswith(ZIP_MARKS):
        return "unknown" if OPEN_DOCUMENT in head[:200] else _zipped(head)
    if head.startswith(GZIP_MARK):
        return "gzip"
    if head.startswith(tuple(OTHER_MARKS)):
        return "unknown"
    text = decoded(head)
    if starts_interchange(text.encode("utf-8")):
        return "x12"
    text = text.strip("\0\r\n\t \ufeff")
    if text[:1] in ("{", "["):
        return "fhir" if FHIR_TYPE.search(text) else "unknown"
    if FHIR_XML.match(text):
        return "fhir"
    binary = len(CONTROLS.findall(text)) * 100 > len(text)
    if not text or binary or MARKUP.match(text) or not _has_columns(text):
        return "unknown"
    return "csv"


def what_else(head: bytes) -> str:
    """What a file is that `sniff` calls unknown, in words for whoever sent it."""
    for mark, words in OTHER_MARKS.items():
        if head.startswith(mark):
            return words
    if OPEN_DOCUMENT in head[:200]:
        return "this is an OpenDocument file: save it as .xlsx or CSV"
    if head.startswith((*ZIP_MARKS, GZIP_MARK)):
        return "this is an archive inside of a compressed file: send the archive itself"
    text = decoded(head).lstrip("\0\r\n\t \ufeff")
    if BEHEADED_X12.match(text):
        return (
            "this looks like X12, but the ISA segment that begins an interchange is missing or broken, or stands in"
            " small letters: send the file whole, as the payer wrote it"
        )
    if WEB_PAGE.search(text[:2000]):
        return "this is a web page, perhaps a sign-in page that was saved instead of the file: download it again"
    if text[:1] in ("{", "["):
        return "this is JSON but holds no FHIR resource, perhaps an error message saved instead of the file"
    if text[:1] == "<":
        return "this is XML but holds no FHIR resource, perhaps an error message saved instead of the file"
    return "this is neither X12, nor a claims CSV or Excel sheet, nor FHIR"


def _zipped(head: bytes) -> str:
    return "xlsx" if any(name.startswith(XLSX_PARTS) for name in _member_names(head)) else "zip"


def _member_names(head: bytes) -> list[bytes]:
    """The names of the zip members whose headers lie in these bytes."""
    return [head[match.end() + 2 :][: int.from_bytes(match[1], "little")] for match in MEMBER.finditer(head)]


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
