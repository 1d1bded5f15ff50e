"""A packet of evidence as a Word document: the same words, sums and hash as on paper, to be worked on."""

from collections.abc import Iterable, Sequence

from docx.document import Document as WordDocument
from docx.shared import Pt

from upstream.appeals.evidence import Evidence
from upstream.appeals.packet_pdf import page
from upstream.appeals.word import blank, saved
from upstream.core.documents.pdf import Paper

CLAIMS = ("No.", "Claim", "Served", "Submitted", "Procedure", "Code", "Billed", "Expected")
LATE = ("No.", "Claim", "Due", "Days late", "Amount", "Interest")
REMITS = ("Decided", "Check or payment", "Claims")
WEEKS = 26


def packet_docx(found: Evidence, paper: Paper) -> bytes:
    """The packet as a Word document."""
    told, document = page(found), blank(paper)
    foot = document.sections[0].footer.paragraphs[0].add_run(f"Packet {found.number}, content {found.content_hash}")
    foot.font.size = Pt(7.5)
    document.core_properties.title = told["title"]
    document.add_heading(told["title"], 1)
    document.add_paragraph(f"As of {told['as_of']}. Incident {found.incident}, packet {found.number}.")
    document.add_heading("What we see", 2)
    _paragraphs(document, found.statement)
    if found.clause:
        document.add_heading("What was agreed", 2)
        _paragraphs(document, found.clause)
        document.add_paragraph(f"From: {found.clause_source}")
    document.add_heading("Claims", 2)
    document.add_paragraph(
        f"{told['claims']} claims, {told['billed']} billed, {told['total']} expected. No patient is named."
    )
    _table(document, CLAIMS, told["rows"])
    if told["rest"]:
        document.add_paragraph(f"{told['rest']} more claims stand in the workbook; the sums above hold all.")
    if told["interest"]:
        document.add_heading("Late payment", 2)
        _paragraphs(document, [told["unverified"], told["interest"]["how"], told["interest"]["source"]])
        _table(document, LATE, told["interest"]["rows"])
    document.add_heading("Exhibit A: the weeks", 2)
    _table(document, found.chart.headings, found.chart.rows()[-WEEKS:])
    document.add_heading("Exhibit B: the answers in which these claims stand", 2)
    _table(document, REMITS, told["remits"])
    return saved(document)


def _paragraphs(document: WordDocument, texts: Iterable[str]) -> None:
    for text in texts:
        document.add_paragraph(text)


def _table(document: WordDocument, headings: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    if not rows:
        document.add_paragraph("None.")
        return
    table = document.add_table(rows=len(rows) + 1, cols=len(headings))
    table.style = "Table Grid"
    for place, values in enumerate([headings, *rows]):
        for cell, value in zip(table.rows[place].cells, values, strict=True):
            run = cell.paragraphs[0].add_run(str(value))
            run.font.size, run.bold = Pt(8), place == 0
