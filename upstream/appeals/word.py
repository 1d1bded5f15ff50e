"""Letters as Word documents: the shipped layout, what an uploaded one may hold, and filling either of them in.

A layout comes from a user: it is checked before it is kept, so that filling it runs nothing, reads nothing and asks
nobody, and that the person who opens the letter meets no macro and no remote content either.
"""

import re
import zipfile
from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from io import BytesIO
from typing import Any
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from docx import Document
from docx.document import Document as WordDocument
from docx.shared import Cm, Pt
from docxtpl import DocxTemplate
from lxml.etree import LxmlError

from upstream.appeals.filling import LetterEnvironment, check
from upstream.core.errors import Invalid

MAX_BYTES, MAX_UNPACKED, MAX_FILES, MAX_TEXT = 2 << 20, 16 << 20, 200, 1 << 20
BODY = "word/document.xml"
# Macros, embedded programs and documents, and pieces that Word takes in when the letter is opened.
REFUSED_FILES = re.compile(r"vbaproject|/embeddings/|/activex/|/afchunk|\.(bin|docm|dotm|html?|mht|rtf|svg|emf|wmf)$")
REFUSED_FIELDS = re.compile(r"\b(DDE|DDEAUTO|INCLUDETEXT|INCLUDEPICTURE|IMPORT|LINK|DATABASE|MACROBUTTON|RD)\b")
INSTRUCTION = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}instrText"
SIMPLE_FIELD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}fldSimple"
SIMPLE_INSTRUCTION = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}instr"
MADE = datetime(2026, 1, 1)
ABOUT = (
    ("Claim", "{{ claim_number }}"), ("Your number", "{{ payer_claim_number }}"), ("Patient", "{{ patient_name }}"),
    ("Date of birth", "{{ birth_date }}"), ("Member", "{{ member_id }}"), ("Date of service", "{{ service_date }}"),
    ("Procedures", "{{ procedure_codes }}"), ("Diagnosis", "{{ diagnosis }}"), ("Billed", "{{ billed }}"),
    ("Paid", "{{ paid }}"), ("Your code", "{{ denial_code }}"), ("In dispute", "{{ disputed }}"),
)  # fmt: skip
LINES = (
    ("Line", "number"), ("Procedure", "procedure_code"), ("Modifiers", "modifiers"), ("Units", "units"),
    ("Served", "service_date"), ("Billed", "billed"),
)  # fmt: skip


def fill(layout: bytes, values: dict[str, Any]) -> bytes:
    """The layout as a Word document with its fields filled in; Invalid for one that names what is not offered."""
    template = DocxTemplate(BytesIO(layout))
    template.render(values, LetterEnvironment(), autoescape=True)
    out = BytesIO()
    template.save(out)
    return out.getvalue()


def check_layout(content: bytes) -> bool:
    """Whether the layout has a place for paragraphs. Invalid when it is no Word document of ours to fill: too large,
    with macros, embedded files or remote content, or with a field that is not offered (the message names it)."""
    if len(content) > MAX_BYTES:
        raise Invalid("too_large", f"a template has at most {MAX_BYTES >> 20} MB")
    _check_parts(content)
    try:
        texts = list(_texts(content))
    except (LxmlError, KeyError, ValueError, TypeError, AttributeError) as exc:
        raise Invalid("not_word", "this is no Word document (.docx) that can be read") from exc
    for text in texts:
        if len(text) > MAX_TEXT:
            raise Invalid("too_large", "the text of a template is at most 1 MB")
        check(text)
    return any(re.search(r"{%\s*(?:p\s+|tr\s+)?for\s+\w+\s+in\s+paragraphs\b", text) for text in texts)


def _check_parts(content: bytes) -> None:
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            entries = archive.infolist()
            if len(entries) > MAX_FILES or sum(entry.file_size for entry in entries) > MAX_UNPACKED:
                raise Invalid("too_large", "the document is far larger inside than a letter is")
            if BODY not in archive.namelist():
                raise Invalid("not_word", "this is no Word document (.docx)")
            for entry in entries:
                if REFUSED_FILES.search(entry.filename.lower()):
                    raise Invalid("active_content", "the document holds macros, embedded files or drawings")
                if entry.filename.endswith((".xml", ".rels")):
                    _check_xml(entry.filename, archive.read(entry))
    except (zipfile.BadZipFile, ParseError, DefusedXmlException, NotImplementedError, RuntimeError) as exc:
        raise Invalid("not_word", "this is no Word document (.docx) that can be read") from exc


def _check_xml(name: str, content: bytes) -> None:
    """No entities, nothing from elsewhere but plain web and mail links, no field that takes something in."""
    root = fromstring(content, forbid_dtd=True)
    if name.endswith(".rels"):
        for link in root:
            plain = link.get("Type", "").endswith("/hyperlink") and link.get("Target", "").startswith(
                ("https://", "http://", "mailto:")
            )
            if link.get("TargetMode") == "External" and not plain:
                raise Invalid("remote_content", "the document takes something from elsewhere; embed it or leave it out")
    said = "".join(node.text or "" for node in root.iter(INSTRUCTION))
    said += " ".join(node.get(SIMPLE_INSTRUCTION, "") for node in root.iter(SIMPLE_FIELD))
    if REFUSED_FIELDS.search(said.upper()):
        raise Invalid("remote_content", "the document has a field that takes something in from elsewhere")


def _texts(content: bytes) -> Iterator[str]:
    """Everything of the document that is filled in, as docxtpl hands it to Jinja."""
    template = DocxTemplate(BytesIO(content))
    template.init_docx()
    yield template.patch_xml(template.get_xml())
    for uri in (template.HEADER_URI, template.FOOTER_URI):
        for _, part in template.get_headers_footers(uri):
            yield template.patch_xml(template.get_part_xml(part))
    properties = template.docx.core_properties
    for name in ("author", "comments", "identifier", "language", "subject", "title"):
        yield str(getattr(properties, name))
    with zipfile.ZipFile(BytesIO(content)) as archive:
        for entry in archive.namelist():
            if entry.endswith("footnotes.xml"):
                yield template.patch_xml(archive.read(entry).decode("utf-8"))


@lru_cache(maxsize=2)
def shipped_layout(paper: str) -> bytes:
    """The layout of every shipped letter, as a Word document with fields; a practice may change it and send it back."""
    document = blank(paper)
    head = document.add_paragraph()
    run = head.add_run("{{ practice_name }}")
    run.bold, run.font.size = True, Pt(14)
    document.add_paragraph("{{ location }}\n{{ today }}")
    document.add_paragraph("{{ payer_name }}\nAppeals and claim review")
    document.add_heading("{{ kind }}: claim {{ payer_claim_number }}", 1)
    _facts(document)
    document.add_paragraph()
    document.add_paragraph("To whom it may concern,")
    document.add_paragraph("{%p for paragraph in paragraphs %}")
    document.add_paragraph("{{ paragraph }}")
    document.add_paragraph("{%p endfor %}")
    _lines(document)
    document.add_paragraph()
    document.add_paragraph("Sincerely,\n\n\n{{ writer }}\n{{ practice_name }}")
    return saved(document)


def _facts(document: WordDocument) -> None:
    table = document.add_table(rows=0, cols=4)
    for left, right in zip(ABOUT[::2], ABOUT[1::2], strict=True):
        cells = table.add_row().cells
        for cell, said, bold in zip(cells, (*left, *right), (True, False, True, False), strict=True):
            run = cell.paragraphs[0].add_run(said)
            run.bold, run.font.size = bold, Pt(9.5)
            cell.paragraphs[0].paragraph_format.space_after = Pt(1)


def _lines(document: WordDocument) -> None:
    table = document.add_table(rows=1, cols=len(LINES))
    table.style = "Table Grid"
    for cell, (heading, _) in zip(table.rows[0].cells, LINES, strict=True):
        cell.paragraphs[0].add_run(heading).bold = True
    for tag in ("{%tr for line in lines %}", "", "{%tr endfor %}"):
        cells = table.add_row().cells
        if tag:
            cells[0].text = tag
        else:
            for cell, (_, name) in zip(cells, LINES, strict=True):
                cell.text = "{{ line." + name + " }}"


def blank(paper: str) -> WordDocument:
    """An empty document on the practice's paper, in a plain face."""
    document = Document()
    section = document.sections[0]
    if paper == "A4":
        section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.3)
    section.top_margin = section.bottom_margin = Cm(2)
    style = document.styles["Normal"]
    style.font.name, style.font.size = "Calibri", Pt(11)
    document.core_properties.author = "Upstream"
    document.core_properties.created = document.core_properties.modified = MADE
    return document


def saved(document: WordDocument) -> bytes:
    """The document's bytes."""
    out = BytesIO()
    document.save(out)
    return out.getvalue()
