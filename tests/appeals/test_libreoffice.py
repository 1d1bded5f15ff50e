"""Letters and packets open in LibreOffice, print whole, and its own sums of our workbook are the incident's."""

from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from tests.appeals.conftest import RATE, done
from tests.factories import letters
from tests.office import converted
from upstream.alerts.models import Incident
from upstream.appeals import packets
from upstream.appeals.documents import paragraphs_of, word_of
from upstream.claims.models import Payer
from upstream.tenants.queries import bound_organization

BY = letters.BY


def words_in(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).split())


@pytest.mark.parametrize("paper", ["Letter", "A4"])
def test_a_letter_opens_and_prints_every_word_on_its_paper(paper: str, summit: Payer, tmp_path: Path) -> None:
    practice = bound_organization()
    practice.paper = paper
    practice.save()
    made = letters.letter(letters.denied(summit))
    printed = converted({"letter.docx": word_of(made)}, "pdf", tmp_path)["letter.docx"]
    said = words_in(printed)
    for paragraph in paragraphs_of(made):
        assert " ".join(paragraph.split()) in said
    width, height = (round(float(side)) for side in PdfReader(BytesIO(printed)).pages[0].mediabox[2:])
    assert (width, height) == {"Letter": (612, 792), "A4": (595, 842)}[paper]


def test_a_packet_opens_and_its_sums_are_the_incidents_to_the_cent(incident: Incident, tmp_path: Path) -> None:
    packet = done(packets.ask(incident, actor=BY, rate=RATE))
    files = {f"packet.{kind}": packets.open_file(packet, kind, actor=BY) for kind in ("docx", "xlsx")}
    total = f"${incident.claims_cents / 100:,.2f}"
    word = converted({"packet.docx": files["packet.docx"]}, "pdf", tmp_path / "word")["packet.docx"]
    assert f"40 claims, $39,200.00 billed, {total} expected" in words_in(word)
    # Written anew by LibreOffice, every formula has LibreOffice's own result.
    sheet = converted({"packet.xlsx": files["packet.xlsx"]}, "xlsx", tmp_path / "sheet")["packet.xlsx"]
    rows = list(load_workbook(BytesIO(sheet), data_only=True)["Claims"].iter_rows(values_only=True))
    sums = [row for row in rows if any(isinstance(value, str) and value.startswith("Total") for value in row)]
    (told,) = sums
    assert round(Decimal(str(told[10])) * 100) == incident.claims_cents == packet.total_cents
    assert round(Decimal(str(told[8])) * 100) == 40 * 98_000
