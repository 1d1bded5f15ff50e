"""A packet's sums are the incident's in all three files, to the cent; its hash stands on each page; nobody is named."""

from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from docx import Document
from openpyxl import load_workbook
from pypdf import PdfReader

from tests.appeals.conftest import RATE, done
from tests.factories import letters
from upstream.alerts.models import Incident
from upstream.appeals import packets, queries
from upstream.appeals.models import Packet
from upstream.appeals.packets import Rate
from upstream.claims.models import Payer
from upstream.core.errors import Conflict, Invalid

BY = letters.BY


def test_the_sums_are_the_incidents_in_every_file(incident: Incident) -> None:
    packet = done(packets.ask(incident, actor=BY, rate=RATE))
    assert (packet.total_cents, packet.claims) == (incident.claims_cents, 40)
    # Paid one day late: 100000 x 1 x 12 % / 365; waiting for 30 days past its 30: 33372 x 30 x 12 % / 365.
    assert packet.interest_cents == 33 + 329
    total, interest = f"${incident.claims_cents / 100:,.2f}", "$3.62"
    pages = [" ".join(page.extract_text().split()) for page in
             PdfReader(BytesIO(packets.open_file(packet, "pdf", actor=BY))).pages]  # fmt: skip
    assert all(packet.content_hash in page for page in pages)
    assert f"40 claims, $39,200.00 billed, {total} expected" in " ".join(pages)
    assert f"Together {interest}" in " ".join(pages)
    word = Document(BytesIO(packets.open_file(packet, "docx", actor=BY)))
    assert any(total in paragraph.text for paragraph in word.paragraphs)
    assert packet.content_hash in word.sections[0].footer.paragraphs[0].text
    book = load_workbook(BytesIO(packets.open_file(packet, "xlsx", actor=BY)))
    assert (
        sum(round(row[10] * 100) for row in book["Claims"].iter_rows(min_row=4, values_only=True)) == packet.total_cents
    )
    late = list(book["Late payment"].iter_rows(min_row=4, values_only=True))
    assert sum(round(row[5] * 100) for row in late) == packet.interest_cents
    assert [row[3] for row in late] == [1, 30]


def test_claims_are_named_as_the_payer_knows_them_and_nobody_else_is(incident: Incident) -> None:
    packet = done(packets.ask(incident, actor=BY, clause="Claims are paid in 30 days.", clause_source="Contract 4.2"))
    for kind, text in _texts(packet).items():
        assert "ICNLK-7" in text, kind
        assert "CHK-77" in text, kind
        assert "Claims are paid in 30 days." in text, kind
        assert "Contract 4.2" in text, kind
        for person in letters.PERSON:
            assert person not in text, kind


def _texts(packet: Packet) -> dict[str, str]:
    files = {kind: BytesIO(packets.open_file(packet, kind, actor=BY)) for kind in packets.FORMATS}
    word = Document(files["docx"])
    cells = [cell.text for table in word.tables for cell in table._cells]
    book = load_workbook(files["xlsx"])
    return {
        "pdf": " ".join(" ".join(page.extract_text() for page in PdfReader(files["pdf"]).pages).split()),
        "docx": " ".join([paragraph.text for paragraph in word.paragraphs] + cells),
        "xlsx": " ".join(str(value) for sheet in book for row in sheet.iter_rows(values_only=True) for value in row),
    }


def test_other_words_give_another_hash(incident: Incident) -> None:
    first = done(packets.ask(incident, actor=BY))
    second = done(packets.ask(incident, actor=BY, statement="Other words."))
    assert (first.number, second.number) == (1, 2)
    assert first.content_hash != second.content_hash


def test_asking_twice_while_one_waits_is_one_packet(incident: Incident) -> None:
    assert packets.ask(incident, actor=BY).pk == packets.ask(incident, actor=BY, statement="Other words").pk
    with pytest.raises(Conflict, match="not made yet"):
        packets.open_file(Packet.objects.get(), "pdf", actor=BY)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"clause": "30 days."}, "clause_source"),
        ({"statement": "x" * 8001}, "text"),
        ({"rate": Rate(0, Decimal(12), "a list")}, "rate"),
        ({"rate": Rate(30, Decimal(61), "a list")}, "rate"),
        ({"rate": Rate(30, Decimal(12), " ")}, "rate_source"),
    ],
)
def test_a_packet_that_cannot_be_is_refused(said: dict[str, object], code: str, incident: Incident) -> None:
    with pytest.raises(Invalid) as refused:
        packets.ask(incident, actor=BY, **said)
    assert refused.value.code == code


def test_every_listed_rate_says_where_it_is_from_and_how_sure_it_is(summit: Payer) -> None:
    rates = queries.rates_on(date(2026, 3, 2))
    assert [rate.place for rate in rates] == ["CA", "FL", "GA", "IL", "NY"]
    assert {rate.confidence for rate in rates} == {"low"}
    assert all(rate.source for rate in rates)
    assert queries.rates_on(date(2025, 3, 2)) == []
