"""Hostile files, made as they are read, and the most memory that reading one takes.

`python -m tests.ingestion.hostile CASE` prints the outcome and by how many MB the process grew at its peak.
"""

import io
import json
import resource
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator

from tests.ingestion.formats.fhir import PAID, eob, item
from tests.ingestion.formats.workbooks import by_hand
from upstream.core.errors import Unreadable
from upstream.ingestion.formats.archive import gunzipped, opened
from upstream.ingestion.formats.readers import READERS
from upstream.ingestion.records import ClaimRecord, RejectedRow

MB = 1 << 20
HUGE = 200
CSV = (
    b"claim_id,payer,procedure_code,diagnosis,location,submitted_date,decided_date,status,denial_reason,billed,allowed,"
    b"paid\nC1,Summit Mutual,99213,M54.50,Main,2026-03-02,2026-03-16,paid,,1,1,1\n"
)
ISA = (
    b"ISA*00*          *00*          *ZZ*PAYER          *ZZ*PROVIDER       *260320*1200*^*00501*000000001*0*P*:~"
    b"GS*HP*PAYER*PROVIDER*20260320*1200*1*X*005010X221A1~ST*835*0001~"
)


def around(before: bytes, filling: bytes, after: bytes, megabytes: int = HUGE) -> Iterator[bytes]:
    yield before
    piece = filling * (MB // len(filling))
    for _ in range(megabytes):
        yield piece
    yield after


def bundle(megabytes: int) -> Iterator[bytes]:
    """A Bundle of good answers, on one line."""
    entry = json.dumps({"fullUrl": "urn:uuid:1", "resource": eob(item(*PAID))}).encode() + b","
    yield from around(b'{"resourceType":"Bundle","entry":[', entry, entry[:-1] + b"]}", megabytes)


def many_lines(megabytes: int) -> Iterator[bytes]:
    yield from around(b"", json.dumps(eob(item(*PAID))).encode() + b"\n", b"", megabytes)


def one_long_line() -> Iterator[bytes]:
    """NDJSON whose second line is an endless Bundle."""
    good = json.dumps(eob(item(*PAID))).encode() + b"\n"
    yield good + good
    yield from bundle(6)
    yield b"\n" + good


def gzip_bomb() -> Iterator[bytes]:
    packer = zlib.compressobj(wbits=31)
    yield packer.compress(CSV)
    for _ in range(64):
        yield packer.compress((b" " * 4095 + b"\n") * 256)
    yield packer.flush()


def workbook(sheet: Iterator[bytes]) -> bytes:
    """A workbook around the XML of its sheet, which is written as it is made."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(by_hand(""))) as plain, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name in plain.namelist():
            with made.open(name, "w", force_zip64=True) as part:
                for piece in sheet if "sheet1" in name else [plain.read(name)]:
                    part.write(piece)
    return out.getvalue()


def claim_rows(count: int) -> Iterator[bytes]:
    cell = '<c t="inlineStr"><is><t>{}</t></is></c>'
    header, claim = (line.decode().split(",") for line in CSV.splitlines())
    rest = "".join(map(cell.format, claim[1:]))
    yield b"<worksheet><sheetData>"
    yield f"<row>{''.join(map(cell.format, header))}</row>".encode()
    for number in range(count):
        yield f"<row>{cell.format(f'C{number}')}{rest}</row>".encode()
    yield b"</sheetData></worksheet>"


def sheet_bomb() -> bytes:
    return workbook(around(b"<worksheet><sheetData>", b"<row/>", b"</sheetData></worksheet>", 64))


ENTITIES = b'<!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><Bundle xmlns="http://hl7.org/fhir"/>'
FHIR_XML = b'<Bundle xmlns="http://hl7.org/fhir">'
# How each file is made, and by which reader it is read.
CASES: dict[str, tuple[str, Callable[[], Iterator[bytes] | bytes]]] = {
    "json_field": ("fhir", lambda: around(b'{"resourceType":"Claim","id":"', b"x", b'"}')),
    "json_depth": ("fhir", lambda: around(b'{"resourceType":"Claim","id":', b"[", b"")),
    "json_array": ("fhir", lambda: around(b"[", b"1,", b"2]", 20)),
    "json_nul": ("fhir", lambda: around(b'{"resourceType":"Claim","id":"C1"}', b"\0", b"")),
    "json_bundle": ("fhir", lambda: bundle(12)),
    "json_lines": ("fhir", lambda: many_lines(8)),
    "json_long_line": ("fhir", one_long_line),
    "xml_attribute": ("fhir", lambda: around(FHIR_XML + b'<id value="', b"x", b'"/></Bundle>')),
    "xml_text": ("fhir", lambda: around(FHIR_XML + b"<id>", b"x", b"</id></Bundle>")),
    "xml_depth": ("fhir", lambda: around(FHIR_XML, b"<a>", b"")),
    "xml_elements": ("fhir", lambda: around(FHIR_XML, b"<link/>", b"</Bundle>")),
    "xml_entities": ("fhir", lambda: ENTITIES),
    "csv_field": ("csv", lambda: around(CSV + b'C2,"', b"x", b'"\n')),
    "csv_nul": ("csv", lambda: around(CSV, b"\0", b"\n")),
    "x12_element": ("x12", lambda: around(ISA + b"CLP*", b"x", b"~")),
    "x12_nul": ("x12", lambda: around(ISA, b"\0", b"")),
    "gzip_bomb": ("gzip", gzip_bomb),
    "zip_bomb": ("zip", sheet_bomb),
    "xlsx_bomb": ("xlsx", sheet_bomb),
    "xlsx_rows": ("xlsx", lambda: workbook(claim_rows(8_000))),
}


def read(kind: str, content: Iterator[bytes] | bytes) -> str:
    """The number of claims, and the codes of what was set aside."""
    chunks = iter([content]) if isinstance(content, bytes) else content
    if kind == "zip":
        with opened(io.BytesIO(b"".join(chunks)), max_bytes=1 << 40) as archive:
            return str(len(archive.infolist()))
    records = READERS["csv"](gunzipped(chunks)) if kind == "gzip" else READERS[kind](chunks)
    claims, codes = 0, set()
    for record in records:
        if isinstance(record, ClaimRecord):
            claims += 1
        elif isinstance(record, RejectedRow):
            codes.add(record.code)
    return " ".join([str(claims), *sorted(codes)])


def peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main(name: str) -> None:
    kind, make = CASES[name]
    content = make()
    before = peak()
    try:
        outcome = read(kind, content)
    except Unreadable as exc:
        outcome = exc.code
    print(json.dumps({"outcome": outcome, "grew": peak() - before}))


if __name__ == "__main__":
    main(sys.argv[1])
