import gzip
from pathlib import Path

import pytest

from tests.ingestion.formats.workbooks import zipped
from tests.ingestion.formats.x12 import PAID_CLAIM, remittance
from upstream.ingestion.formats.detect import sniff, what_else

X12 = remittance(PAID_CLAIM)
OPEN_DOCUMENT = (
    b"PK\x03\x04\x14\0\0\x08\0\0" + b"\0" * 12 + b"\x2e\0\0\0\x08\0\0\0"
    b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet"
)
CSV = b"claim_id,payer,procedure_code\nC1,Summit Mutual,99213\n"


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (X12, "x12"),
        (b"\xef\xbb\xbf\r\n\r\n" + X12, "x12"),
        (X12.decode().encode("utf-16"), "x12"),
        (X12.decode().encode("utf-16-be"), "x12"),
        (b"Content-Type: application/EDI-X12\r\n\r\n" + X12, "x12"),
        (X12.replace(b"*", b",").replace(b"~", b"\n"), "x12"),
        (X12[:106], "x12"),
        (X12[:100], "unknown"),
        (CSV, "csv"),
        (CSV[:29], "csv"),
        (b"\xef\xbb\xbf" + CSV.replace(b",", b";"), "csv"),
        (CSV.replace(b",", b"\t").decode().encode("utf-16"), "csv"),
        (CSV.replace(b"Summit", b"Se\xf1or"), "csv"),
        (b"Denial report for March,,\n\n" + CSV, "csv"),
        (CSV + b"\0" * 4, "csv"),
        (zipped({"[Content_Types].xml": "<Types/>"}), "xlsx"),
        (zipped({"docProps/app.xml": "", "xl/workbook.xml": "<workbook/>"}), "xlsx"),
        (zipped({"remits/xl/a.835": X12, "b.835": X12}), "zip"),
        (zipped({}), "zip"),
        (OPEN_DOCUMENT, "unknown"),
        (gzip.compress(X12), "gzip"),
        (b'{"resourceType": "Bundle", "entry": []}', "fhir"),
        (b'\xef\xbb\xbf\n[{"resourceType":"ExplanationOfBenefit"}]', "fhir"),
        (b'{"error": "session expired", "code": 401, "retry": false}', "unknown"),
        (b"<!DOCTYPE html><html><body>Please log in, again, now</body></html>", "unknown"),
        (b"<?xml version='1.0'?><a>1,2,3</a>", "unknown"),
        (b"<error code='401'>1,2,3</error>", "unknown"),
        (b"<?xml version='1.0'?>\n<!-- x -->\n<Bundle xmlns='http://hl7.org/fhir'><id value='1'/>", "fhir"),
        (b'<f:Claim xmlns:f="http://hl7.org/fhir">', "fhir"),
        (b"Dear all, please find the remittance in the folder that we share with you, as always, thanks\n", "unknown"),
        (b"%PDF-1.7 a,b,c", "unknown"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "unknown"),
        (b"", "unknown"),
        (b"\0\0\0\0", "unknown"),
        (b"\r\n \t\r\n", "unknown"),
    ],
)
def test_the_content_names_the_format(head: bytes, kind: str) -> None:
    assert sniff(head) == kind


@pytest.mark.parametrize(
    ("head", "words"),
    [
        (b"<!DOCTYPE html><html><body>Please log in</body></html>", "a web page"),
        (b'\xef\xbb\xbf{"error": "session expired"}', "JSON but holds no FHIR"),
        ("<error>x</error>".encode("utf-16"), "XML but holds no FHIR"),
        (b"%PDF-1.7", "a PDF"),
        (OPEN_DOCUMENT, "OpenDocument file: save it as .xlsx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "before 2007"),
        (X12[X12.index(b"GS*") :], "the ISA segment that begins an interchange is missing"),
        (X12.lower(), "or stands in small letters"),
        (X12[:60], "the ISA segment that begins an interchange is missing or broken"),
        (b"Dear all", "neither X12, nor a claims CSV"),
    ],
)
def test_a_stranger_is_told_what_it_sent(head: bytes, words: str) -> None:
    assert words in what_else(head)


@pytest.mark.parametrize(
    ("folder", "kinds"),
    [
        ("835", {"x12"}),
        ("837", {"x12"}),
        ("271", {"x12"}),
        ("277", {"x12"}),
        ("278", {"x12"}),
        ("csv", {"csv", "xlsx"}),
        ("fhir", {"fhir"}),
    ],
)
def test_public_files_are_what_they_are(shared_data: Path, folder: str, kinds: set[str]) -> None:
    assert {sniff(path.read_bytes()[:65536]) for path in (shared_data / folder).iterdir()} == kinds
