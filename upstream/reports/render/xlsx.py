"""The weekly report as an Excel file: the same figures as the PDF, and the claims behind the incidents."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from upstream.core.documents.sheets import Book, new_sheet, packed, streaming_book, write_lines, write_table
from upstream.core.documents.tables import Formula, Table, Value
from upstream.reports.render import side_tables, tables
from upstream.reports.shapes import ClaimRow, WeeklyReport
from upstream.reports.side_lines import RiskRow, UnderpaidRow


def render_xlsx(
    report: WeeklyReport,
    claims: Iterable[ClaimRow],
    underpaid: Iterable[UnderpaidRow] = (),
    at_risk: Iterable[RiskRow] = (),
) -> bytes:
    """The workbook's bytes, in the given order; past a million rows a sheet goes on in another."""
    about = f"{report.practice}, report {report.id}, as of {report.as_of.isoformat()}"
    title = f"{report.practice}: weekly revenue report {report.id}"
    sheets: list[tuple[Table, str, Iterable[Sequence[Value | Formula]]]] = [
        (tables.SUMMARY, "Summary", _summary(report)),
        (tables.PAYERS, "Payers", tables.payers(report)),
        (tables.CAUSES, "Causes", tables.causes(report)),
        (tables.INCIDENTS, "Incidents", tables.incidents(report)),
        (tables.CLAIMS, "Claims of incidents", tables.claims(claims)),
        (side_tables.UNDERPAYMENTS, "Claims allowed less than their price", side_tables.underpayments(underpaid)),
        (tables.DEADLINES, "Deadlines", tables.deadlines(report)),
        (side_tables.AUTHORIZATIONS, "Authorizations", side_tables.authorizations(report)),
        (side_tables.AT_RISK, "Claims at risk for want of an authorization", side_tables.at_risk(at_risk)),
        (side_tables.LATE, "Late payments, candidates", side_tables.late(report)),
        (side_tables.FORECAST, "Expected cash and denials", side_tables.forecast(report)),
        (tables.RECONCILIATION, "Reconciliation to deposits", tables.remits(report)),
        (side_tables.MEASURES, "Measures", side_tables.measures(report)),
        (tables.CHANGES, "Changes", tables.changes(report)),
    ]
    with streaming_book(title=title, made_on=report.as_of) as book:
        _readme(book, report)
        for table, what, rows in sheets:
            write_table(book, table, f"{what}. {about}", rows)
        return packed(book)


def _readme(book: Book, report: WeeklyReport) -> None:
    write_lines(new_sheet(book, "README", [26, 110]), _readme_lines(report))


def _readme_lines(report: WeeklyReport) -> Iterator[tuple[str, str | date]]:
    yield "Report", report.id
    yield "Practice", report.practice
    yield "Period from", report.period_start
    yield "Period to", report.period_end
    yield "As of", report.as_of
    yield "Data through", report.data_through
    yield "Completeness", report.completeness
    yield from (("In doubt", caveat) for caveat in report.caveats)
    yield from (("Summary", sentence) for sentence in report.summary)
    yield "Method", report.method.version
    yield "Content SHA-256", report.content_hash
    yield "Dates", report.method.date_basis
    yield "Usual level", report.method.baseline_window
    yield "False alarms", report.method.false_alarm_budget
    yield "Newest weeks", report.method.immature_weeks
    yield "Contract prices", report.method.contract_coverage
    yield "Never a denial", report.method.exclusions
    yield from ((d.term, d.meaning) for d in report.method.definitions)
    yield "Totals", "Row 2 of each sheet sums what the filter shows; Summary sums all rows and shows any difference."
    yield "Privacy", "No patient names. Claims are named by the reference that the reader of this file may see."


def _summary(report: WeeklyReport) -> Iterator[Sequence[Value | Formula]]:
    """The three headline figures, then each total as reported beside the same total taken from its sheet."""
    for line in report.headlines:
        money = line.amount
        if money is None:
            yield line.label, None, None, None, None, None, None, line.note
        else:
            yield (
                *(line.label, money.mid_cents, money.low_cents, money.high_cents, line.change_cents, None, None),
                line.note or (line.change_label if line.change_cents is not None else ""),
            )
    for i, (label, cents, table, heading) in enumerate(tables.ties(report), len(report.headlines) + 4):
        total, difference = Formula(f"=SUM({table.place(heading)})"), Formula(f"=B{i}-F{i}")
        yield label, cents, None, None, None, total, difference, f"sum of {heading.lower()} in {table.name}"
