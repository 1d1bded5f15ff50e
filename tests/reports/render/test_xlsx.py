"""The weekly Excel: numbers, dates and our own formulas; text never calculates; equal input, equal bytes."""

import tempfile
from dataclasses import replace
from datetime import date, datetime
from io import BytesIO
from zipfile import ZipFile

import openpyxl
import pytest

from upstream.core.documents import sheets
from upstream.reports.render.xlsx import render_xlsx
from upstream.reports.shapes import ClaimRow
from upstream.reports.side_lines import UnderpaidRow

MONEY = '"$"#,##0.00_);[Red]-"$"#,##0.00_)'
CLAIM = ClaimRow(
    incident_id="INC-0007",
    claim="C-10442",
    payer="Summit Mutual",
    procedure_code="73721",
    site="North",
    submitted=date(2026, 10, 20),
    decided=date(2026, 11, 3),
    outcome="denied",
    category="Authorization",
    denial="CO-197",
    billed_cents=85_050,
    expected_cents=36_000,
    lost_cents=31_050,
    allowed_cents=None,
    paid_cents=0,
    deadline=date(2026, 12, 2),
)
OPEN = replace(CLAIM, claim="C-10443", decided=None, outcome="pending", denial="", category="", billed_cents=42_000)


@pytest.fixture
def book(report):
    return openpyxl.load_workbook(BytesIO(render_xlsx(report, [CLAIM, OPEN])))


def values(sheet, row):
    return [cell.value for cell in sheet[row]]


def test_the_sheets_stand_in_reading_order(book):
    assert book.sheetnames == [
        *("README", "Summary", "Payers", "Causes", "Incidents", "Claims", "Underpayments", "Deadlines"),
        *("Authorizations", "Claims at risk", "Late payments", "Forecast", "Reconciliation", "Measures", "Changes"),
    ]


def test_each_table_says_what_it_is_and_has_a_frozen_heading_with_a_filter(book):
    for sheet in book.worksheets[1:]:
        assert sheet["A1"].value.endswith("Lakeside Orthopedics & Imaging, report WR-2026-46, as of 2026-11-16")
        assert sheet.freeze_panes == "A4"
        assert sheet.print_title_rows == "$3:$3"
    assert book["Payers"].auto_filter.ref == "A3:R9"
    assert book["Claims"].auto_filter.ref == "A3:P5"
    assert book["Changes"].auto_filter.ref == "A3:D4"


def test_claims_are_numbers_real_dates_and_currency(book):
    sheet = book["Claims"]
    assert values(sheet, 4) == [
        *("INC-0007", "C-10442", "Summit Mutual", "73721", "North", datetime(2026, 10, 20), datetime(2026, 11, 3)),
        *("denied", "Authorization", "CO-197", 850.5, None, 0, datetime(2026, 12, 2), 360, 310.5),
    ]
    assert values(sheet, 5)[6:11] == [None, "pending", None, None, 420]
    assert [sheet[place].number_format for place in ("F4", "K4", "M4")] == ["yyyy-mm-dd", MONEY, MONEY]
    assert [sheet[place].data_type for place in ("D4", "F4", "K4")] == ["s", "d", "n"]


def test_totals_are_formulas_over_what_the_filter_shows(book):
    assert values(book["Claims"], 2) == [
        "Total shown",
        *(None,) * 9,
        "=SUBTOTAL(109,K4:K1048576)",
        "=SUBTOTAL(109,L4:L1048576)",
        "=SUBTOTAL(109,M4:M1048576)",
        None,
        "=SUBTOTAL(109,O4:O1048576)",
        "=SUBTOTAL(109,P4:P1048576)",
    ]
    assert book["Claims"]["K2"].number_format == MONEY


def test_the_summary_ties_each_total_to_its_sheet(book):
    sheet = book["Summary"]
    assert values(sheet, 3) == [
        *("Figure", "As reported", "Low", "High", "Change", "From the sheet", "Difference", "Note"),
    ]
    assert values(sheet, 4) == [
        *("Cash expected, 4 weeks", 196_400, 181_200, 210_500, -5_600, None, None, "against last week"),
    ]
    assert values(sheet, 7) == [
        *("Denied, billed, all payers", 81_647, None, None, None),
        *("=SUM(Payers!$I$4:$I$1048576)", "=B7-F7", "sum of denied billed in Payers"),
    ]
    assert sheet["F13"].value == "=SUM(Reconciliation!$D$4:$D$1048576)"
    assert book["Reconciliation"]["D3"].value == "Check"
    assert book["Payers"]["I3"].value == "Denied billed"


def test_what_the_summary_reports_is_what_the_sheets_hold(book):
    for row in range(7, 15):
        total, reported = book["Summary"][f"F{row}"].value, book["Summary"][f"B{row}"].value
        name, column = total.removeprefix("=SUM(").split("!$")[0], total.split("!$")[1][0]
        held = sum(cell.value or 0 for cell in book[name][column][3:] if not isinstance(cell.value, str))
        assert round(held, 2) == round(reported, 2)


def test_incidents_carry_their_outcome(book):
    assert values(book["Incidents"], 7)[-5:] == [3_860, None, None, None, None]
    assert values(book["Incidents"], 4)[3] == datetime(2026, 10, 19)


def test_readme_names_the_report_and_its_method(book):
    pairs = {row[0].value: row[1].value for row in book["README"].iter_rows()}
    assert pairs["Report"] == "WR-2026-46"
    assert pairs["As of"] == datetime(2026, 11, 16)
    assert pairs["Method"] == "two-clock 1.0"
    assert len(pairs["Content SHA-256"]) == 64
    assert pairs["Denial"] == "A first decision that pays nothing and leaves nothing to the patient."


@pytest.mark.parametrize(
    "planted", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x")', "#N/A", "\x00=1"]
)
def test_text_never_becomes_a_formula(report, planted):
    named = replace(report, practice=planted, completeness=planted, summary=(planted,))
    book = openpyxl.load_workbook(BytesIO(render_xlsx(named, [replace(CLAIM, claim=planted, site=planted)])))
    cells = [book["Claims"]["B4"], book["Claims"]["E4"], book["README"]["B2"], book["README"]["B7"]]
    for cell in cells:
        assert (cell.data_type, cell.value) == ("s", planted.replace("\x00", ""))
        assert cell.quotePrefix is (planted != "#N/A")


def test_the_same_report_gives_the_same_bytes(report):
    made = render_xlsx(report, [CLAIM])
    assert made == render_xlsx(report, iter([CLAIM]))
    with ZipFile(BytesIO(made)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"2026-11-16T00:00:00Z</dcterms:modified>" in archive.read("docProps/core.xml")


def test_sheets_without_rows_say_what_would_stand_there(report):
    empty = replace(report, payers=(), causes=(), incidents=(), deadlines=(), changes=(), remits=())
    book = openpyxl.load_workbook(BytesIO(render_xlsx(empty, [])))
    assert book["Claims"]["A4"].value == "The claims of each incident would stand here, one row each."
    assert book["Deadlines"]["A4"].value.endswith("would stand here.")
    assert book["Claims"].auto_filter.ref == "A3:P4"


def test_an_unknown_headline_keeps_its_reason_and_no_number(report):
    unknown = replace(report.headlines[0], amount=None, change_cents=None, note="No contract prices yet.")
    book = openpyxl.load_workbook(BytesIO(render_xlsx(replace(report, headlines=(unknown,)), [])))
    assert values(book["Summary"], 4) == [unknown.label, *(None,) * 6, "No contract prices yet."]
    assert book["Summary"]["G5"].value == "=B5-F5"


def test_more_rows_than_a_worksheet_holds_go_on_in_another(report, monkeypatch):
    monkeypatch.setattr(sheets, "LAST_ROW", 5)
    few = replace(report, payers=(), causes=(), incidents=(), deadlines=(), changes=(), remits=(), headlines=())
    book = openpyxl.load_workbook(BytesIO(render_xlsx(few, [replace(CLAIM, claim=f"C-{n}") for n in range(5)])))
    parts = [book[name] for name in ("Claims", "Claims 2", "Claims 3")]
    assert [[sheet[f"B{row}"].value for row in (4, 5)] for sheet in parts] == [
        ["C-0", "C-1"], ["C-2", "C-3"], ["C-4", None],
    ]  # fmt: skip
    assert [sheet.auto_filter.ref for sheet in parts] == ["A3:P5", "A3:P5", "A3:P4"]


def test_a_workbook_that_fails_leaves_no_file_behind(report, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    def broken():
        yield CLAIM
        assert list(tmp_path.iterdir())
        raise ConnectionError

    with pytest.raises(ConnectionError):
        render_xlsx(report, broken())
    assert list(tmp_path.iterdir()) == []


def test_variance_of_a_price_follows_its_cells(report):
    row = UnderpaidRow(
        "INC-0011", "C-1", "Civic Care", "20610", date(2026, 10, 3), "the payer's own prices of the year before",
        12_000, 10_000, 9_200,
    )  # fmt: skip
    sheet = openpyxl.load_workbook(BytesIO(render_xlsx(report, [], [row, row])))["Underpayments"]
    assert values(sheet, 5)[6:] == [120, 100, 92, "=H5-I5", "=IF(H5=0,0,J5/H5)"]
    assert sheet["J2"].value == "=SUBTOTAL(109,J4:J1048576)"


def test_measures_stand_with_their_formula_or_why_they_are_not_known(book):
    sheet = book["Measures"]
    known, money, unknown = (values(sheet, row) for row in (4, 5, 6))
    assert known[:5] == ["Alarms that were real", "alert_precision", 5 / 7, 0.359, 0.918]
    assert known[7:10] == [5, 7, 7]
    assert (money[6], money[7]) == (1250, 1250)
    assert unknown[2:10] == [None] * 8
    assert unknown[15] == "no list of the bank's deposits was brought"


def test_the_forecast_sheet_holds_payers_alone(book):
    assert values(book["Forecast"], 4)[:7] == [
        "Summit Mutual",
        datetime(2026, 11, 16),
        25_000,
        22_500,
        27_500,
        23_200,
        98_200,
    ]
    assert [row[0].value for row in book["Forecast"].iter_rows(min_row=4)] == ["Summit Mutual", "Northstar Health"]
