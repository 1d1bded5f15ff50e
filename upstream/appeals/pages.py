"""A filled Word document as a plain page: what is printed as PDF and shown in the portal is what the document says.

Text, headings, bold, italic and underlined runs, alignment, lists, tables, page breaks and embedded pictures; no
colours, text boxes or columns. Everything is escaped; nothing of the document becomes a style or an address.
"""

import base64
from collections.abc import Iterator
from io import BytesIO

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from docx import Document
from docx.opc.part import Part
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement

from upstream.core.documents.pdf import Paper, filled, fonts, write_pdf

PICTURES = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg", b"GIF8": "image/gif"}
ALIGNED = {"center": "middle", "right": "end", "end": "end"}
HEADINGS = {"Title": "h2", "Heading1": "h2", "Heading2": "h3", "Heading3": "h3"}
STRESSED = (("w:b", "b"), ("w:i", "i"), ("w:u", "u"))
BREAK = SafeString('<p class="new-page"></p>')


def page_of(document: bytes) -> SafeString:
    """The document's header, body and footer as HTML for the portal or for print."""
    opened = Document(BytesIO(document))
    head, foot = opened.sections[0].header, opened.sections[0].footer
    body = _blocks(opened.element.body, opened.part)
    edges = (
        SafeString("") if edge.is_linked_to_previous else _blocks(edge._element, edge.part) for edge in (head, foot)
    )
    above, below = edges
    return above + body + below


def letter_pdf(pages: list[SafeString], *, title: str, paper: Paper) -> bytes:
    """Letters as one PDF, each beginning on a page of its own."""
    html = filled("letters/letters.html", {"pages": pages, "title": title})
    return write_pdf(html, filled("letters/letters.css", {"paper": paper, **fonts()}))


def _blocks(parent: BaseOxmlElement, part: Part) -> SafeString:
    found: list[SafeString] = []
    for child in parent.iterchildren():
        if child.tag == qn("w:p"):
            found.append(_paragraph(child, part))
        elif child.tag == qn("w:tbl"):
            found.append(_table(child, part))
        elif child.tag == qn("w:sdt"):
            found += [_blocks(content, part) for content in child.findall(qn("w:sdtContent"))]
    return SafeString("".join(found))


def _paragraph(paragraph: BaseOxmlElement, part: Part) -> SafeString:
    text = SafeString("".join(_runs(paragraph, part)))
    broken = any(node.get(qn("w:type")) == "page" for node in paragraph.iter(qn("w:br")))
    if not text.strip():
        return BREAK if broken else SafeString("")
    style = _value(paragraph, "w:pPr/w:pStyle")
    if style in HEADINGS:
        return format_html("<{0}>{1}</{0}>", SafeString(HEADINGS[style]), text)
    names = [ALIGNED.get(_value(paragraph, "w:pPr/w:jc"), "")]
    if style.startswith("List") or paragraph.find("/".join(map(qn, ("w:pPr", "w:numPr")))) is not None:
        names.append("item")
    said = " ".join(filter(None, names))
    told = format_html('<p class="{}">{}</p>', said, text) if said else format_html("<p>{}</p>", text)
    return BREAK + told if broken else told


def _runs(paragraph: BaseOxmlElement, part: Part) -> Iterator[SafeString]:
    for run in paragraph.iter(qn("w:r")):
        text = SafeString("".join(_pieces(run, part)))
        for mark, tag in STRESSED:
            on = run.find("/".join(map(qn, ("w:rPr", mark))))
            if text and on is not None and on.get(qn("w:val")) not in {"0", "false", "none"}:
                text = format_html("<{0}>{1}</{0}>", SafeString(tag), text)
        yield text


def _pieces(run: BaseOxmlElement, part: Part) -> Iterator[SafeString]:
    for node in run.iterchildren():
        if node.tag == qn("w:t"):
            yield escape(node.text or "")
        elif node.tag == qn("w:tab"):
            yield SafeString(" ")
        elif node.tag in {qn("w:br"), qn("w:cr")} and node.get(qn("w:type")) != "page":
            yield SafeString("<br>")
        elif node.tag == qn("w:drawing"):
            yield from (_picture(blip.get(qn("r:embed")), part) for blip in node.iter(qn("a:blip")))


def _picture(number: str | None, part: Part) -> SafeString:
    """The embedded picture as a data URL; nothing for a kind that browsers and printers may not know."""
    related = part.related_parts.get(number) if number else None
    content = related.blob if related is not None else b""
    kind = next((kind for start, kind in PICTURES.items() if content.startswith(start)), "")
    if not kind:
        return SafeString("")
    return format_html('<img alt="Picture of the letterhead" src="data:{};base64,{}">', kind,
                       base64.b64encode(content).decode())  # fmt: skip


def _table(table: BaseOxmlElement, part: Part) -> SafeString:
    rows = []
    ruled = _value(table, "w:tblPr/w:tblStyle") not in {"", "TableNormal", "NormalTable"}
    for row in table.iter(qn("w:tr")):
        cells = [format_html("<td>{}</td>", _blocks(cell, part)) for cell in row.findall(qn("w:tc"))]
        rows.append(format_html("<tr>{}</tr>", SafeString("".join(cells))))
    return format_html('<table class="{}">{}</table>', "ruled" if ruled else "bare", SafeString("".join(rows)))


def _value(element: BaseOxmlElement, path: str) -> str:
    found = element.find("/".join(qn(step) for step in path.split("/")))
    return "" if found is None else found.get(qn("w:val")) or ""
