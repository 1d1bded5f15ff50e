"""The weekly report as an Excel file: the same figures as the PDF, and the claims behind the incidents."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from openpyxl import Workbook

from upstream.core.documents.sheets import Formula, Value, new_sheet, packed, streaming_book, write_lines, write_table
from upstream.reports.render import tables
from upstream.reports.shapes import ClaimRow, WeeklyReport


def render_xlsx(report: WeeklyReport, claims: Iterable[ClaimRow]) -> bytes:
    """The workbook's bytes; claims are streamed, in the given order. Invalid("too_many_rows") past a million claims."""
    about = f"{report.practice}, report {report.id}, as of {report.as_of.isoformat()}"
    title = f"{report.practice}: weekly revenue report {report.id}"
    with streaming_book(title=title, made_on=report.as_of) as book:
        _readme(book, report)
        write_table(book, tables.SUMMARY, f"Summary. {about}", _summary(report))
        write_table(book, tables.PAYERS, f"Payers. {about}", tables.payers(report))
        write_table(book, tables.CAUSES, f"Causes. {about}", tables.causes(report))
        write_table(book, tables.INCIDENTS, f"Incidents. {about}", tables.incidents(report))
        write_table(book, tables.CLAIMS, f"Claims of incidents. {about}", tables.claims(claims))
        write_table(book, tables.DEADLINES, f"Deadlines. {about}", tables.deadlines(report))
        write_table(book, tables.RECONCILIATION, f"Reconciliation to deposits. {about}", tables.remits(report))
        write_table(book, tables.CHANGES, f"Changes. {about}", tables.changes(report))
        return packed(book)


def _readme(book: Workbook, report: WeeklyReport) -> None:
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
