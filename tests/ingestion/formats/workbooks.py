"""Workbooks for the tests: from openpyxl, and put together by hand where a strange one is wanted."""

import io
import zipfile
from collections.abc import Iterable
from typing import Any

from openpyxl import Workbook

HEADER = [
    "claim_id", "payer", "procedure_code", "diagnosis", "location", "submitted_date", "decided_date", "status",
    "denial_reason", "billed", "allowed", "paid",
]  # fmt: skip
SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def workbook(*sheets: Iterable[Iterable[Any]]) -> bytes:
    """A workbook with these sheets of rows of Python values."""
    book = Workbook()
    for number, rows in enumerate(sheets):
        sheet = book.active if number == 0 else book.create_sheet()
        assert sheet is not None
        for row in rows:
            sheet.append(list(row))
    return saved(book)


def saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def by_hand(rows_xml: str, *, rels: str = "", **parts: str) -> bytes:
    """A one-sheet workbook around its rows' XML; `parts` adds parts ("xl__sharedStrings"), `rels` names sheets."""
    contents = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}">'
        f'<Relationship Id="r1" Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{SPREADSHEET}" xmlns:r="{RELATIONS}"><sheets>'
        '<sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": rels
        or f'<Relationships xmlns="{PACKAGE}">'
        f'<Relationship Id="rId1" Type="{RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{SPREADSHEET}"><sheetData>{rows_xml}</sheetData></worksheet>',
        **{name.replace("__", "/") + ".xml": text for name, text in parts.items()},
    }
    return zipped(contents)


def zipped(contents: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    return out.getvalue()
