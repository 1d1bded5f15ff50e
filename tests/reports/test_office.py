"""LibreOffice opens what we write: the workbook recalculates to what the report says, all of it prints."""

from datetime import datetime
from io import BytesIO

import openpyxl
from pypdf import PdfReader

from tests.office import converted
from tests.reports.render.sample import weekly_report
from tests.reports.render.test_xlsx import CLAIM
from tests.reports.test_golden import BRIEF
from upstream.reports.render.brief_book import brief_xlsx
from upstream.reports.render.xlsx import render_xlsx


def test_workbooks_recalculate_to_what_the_report_says(tmp_path):
    files = {"week.xlsx": render_xlsx(weekly_report(), [CLAIM] * 3), "brief.xlsx": brief_xlsx(BRIEF)}
    found = {name: openpyxl.load_workbook(BytesIO(content), data_only=True) for name, content in
             converted(files, "xlsx", tmp_path).items()}  # fmt: skip
    summary = [[cell.value for cell in row] for row in found["week.xlsx"]["Summary"].iter_rows(min_row=7, max_row=14)]
    assert [round(row[6], 2) for row in summary] == [0] * 8
    assert [round(row[1], 2) for row in summary] == [round(row[5], 2) for row in summary]
    claims = found["week.xlsx"]["Claims"]
    assert (claims["K2"].value, claims["F4"].value, claims["D4"].value) == (3 * 850.5, datetime(2026, 10, 20), "73721")
    assert (found["brief.xlsx"]["Claims"]["C2"].value, found["brief.xlsx"]["Claims"]["A5"].value) == (6_065, "=C-2")


def test_every_sheet_of_a_workbook_prints(tmp_path):
    printed = converted({"week.xlsx": render_xlsx(weekly_report(), [CLAIM])}, "pdf", tmp_path)["week.xlsx"]
    said = " ".join(page.extract_text() for page in PdfReader(BytesIO(printed)).pages)
    for name in ("Payers. Lakeside", "Claims of incidents. Lakeside", "Measures. Lakeside", "Changes. Lakeside"):
        assert name in said
