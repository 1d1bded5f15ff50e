"""Templates: every shipped one reads, own ones come first by payer and day, and none can reach what is not offered."""

import zipfile
from datetime import date
from io import BytesIO

import pytest
from docx import Document
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import letters, payer
from upstream.appeals import documents, queries, shipped, templates
from upstream.appeals.choices import Subject
from upstream.appeals.fields import FIELDS, invented
from upstream.appeals.filling import check, filled
from upstream.appeals.rules import paragraphs_of
from upstream.appeals.word import blank, check_layout, fill, saved, shipped_layout
from upstream.claims.models import Payer
from upstream.core.errors import Conflict, Invalid

BY = letters.BY
PLACE = "{%p for paragraph in paragraphs %}", "{{ paragraph }}", "{%p endfor %}"


def layout(*texts: str) -> bytes:
    document = blank("Letter")
    for text in (*texts, *PLACE):
        document.add_paragraph(text)
    return saved(document)


def with_file(name: str, content: bytes, base: bytes | None = None) -> bytes:
    """The layout with one more file inside, or with that one exchanged."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(base or layout())) as source, zipfile.ZipFile(out, "w") as target:
        for entry in source.namelist():
            if entry != name:
                target.writestr(entry, source.read(entry))
        target.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize("subject", Subject)
def test_every_shipped_letter_reads(subject: Subject) -> None:
    words = filled(shipped.words_of(subject), invented())
    assert "{" not in words
    assert len(paragraphs_of(words)) >= 2


@pytest.mark.parametrize("paper", ["Letter", "A4"])
def test_the_shipped_layout_opens_and_has_a_place_for_words(paper: str) -> None:
    assert check_layout(shipped_layout(paper))
    made = Document(BytesIO(fill(shipped_layout(paper), {**invented(), "paragraphs": ["One & <two>.", "Three."]})))
    texts = [paragraph.text for paragraph in made.paragraphs]
    assert texts.index("Three.") == texts.index("One & <two>.") + 1
    assert made.tables[1].rows[2].cells[1].text == "99213"
    assert (made.sections[0].page_width or 0) > 7_500_000


@pytest.mark.parametrize("name", [field.name for field in FIELDS])
def test_every_field_is_offered_and_has_a_value(name: str) -> None:
    assert filled("{{ " + name + " }}", invented())


@pytest.mark.parametrize(
    "text",
    [
        "{{ ''.__class__.__mro__ }}", "{{ payer_name.__class__ }}", "{{ payer_name.format }}", "{{ lines[0] }}",
        "{{ payer_name * 999999999 }}", "{{ range(9) }}", "{{ self }}", "{{ cycler }}", "{% include 'settings' %}",
        "{% import 'os' as os %}", "{% extends 'x' %}", "{% set x = 1 %}", "{% macro m() %}{% endmacro %}",
        "{{ payer_name | upper }}", "{% for l in lines %}{% for m in lines %}x{% endfor %}{% endfor %}",
        "{% for l in payer_name %}{% endfor %}", "{% for payer_name in lines %}{% endfor %}", "{{ paragraphs }}",
        "{% for l in lines %}{{ l.patient_name }}{% endfor %}", "{% for l in lines recursive %}{% endfor %}",
        "{{ payer_name", "{% if %}", "{% if payer_name %}", "{{ " + "(" * 2000 + "payer_name" + ")" * 2000 + " }}",
        "{% if payer_name %}" * 90 + "{% endif %}" * 90, "{% if payer_name %}{% endif %}" * 150,
    ],
)  # fmt: skip
def test_a_template_reaches_nothing_that_is_not_offered(text: str) -> None:
    with pytest.raises(Invalid):
        check(text)


@given(st.text(alphabet="{}%# _.|()[]'\"abcpayer_nmlinesfordin\n", max_size=60))
def test_whatever_is_typed_is_filled_or_refused(text: str) -> None:
    try:
        filled(text, {**invented(), "paragraphs": ["p"]})
    except Invalid:
        return


def test_an_unknown_field_is_named_with_the_one_that_was_meant() -> None:
    with pytest.raises(Invalid, match="no field patient_nmae; did you mean patient_name"):
        check_layout(layout("Dear {{ patient_nmae }}"))


def test_fields_of_headers_are_checked_and_filled_too() -> None:
    document = Document(BytesIO(layout("Body")))
    document.sections[0].header.paragraphs[0].text = "{{ practice_name }}"
    made = fill(saved(document), {**invented(), "paragraphs": ["P"]})
    assert Document(BytesIO(made)).sections[0].header.paragraphs[0].text == "Riverbend Clinic"
    document.sections[0].footer.paragraphs[0].text = "{{ secrets }}"
    with pytest.raises(Invalid, match="no field secrets"):
        check_layout(saved(document))


REMOTE = (
    b'<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    b'<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"'
    b' Target="https://elsewhere.example/x.dotm" TargetMode="External"/></Relationships>'
)
NAMESPACE = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
INCLUDED = b'<w:ftr xmlns:w="' + NAMESPACE + b'"><w:instrText>INCLUDETEXT "/etc/passwd"</w:instrText></w:ftr>'
ENTITY = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"no zip", "not_word"),
        (with_file("a.txt", b"x", with_file("b.txt", b"x"))[:200], "not_word"),
        (with_file("word/vbaProject.bin", b"x"), "active_content"),
        (with_file("word/embeddings/oleObject1.xlsx", b"x"), "active_content"),
        (with_file("word/_rels/settings.xml.rels", REMOTE), "remote_content"),
        (with_file("word/footer9.xml", INCLUDED), "remote_content"),
        (with_file("word/comments.xml", ENTITY), "not_word"),
        (with_file("word/media/big.png", b"\0" * (17 << 20)), "too_large"),
        (b"\0" * (3 << 20), "too_large"),
    ],
    ids=["no zip", "cut", "macro", "embedded", "remote template", "included file", "entity", "bomb", "large"],
)
def test_a_document_that_is_none_or_not_safe_is_refused(content: bytes, code: str) -> None:
    if code == "too_large" and len(content) < 2 << 20:
        packed = BytesIO()
        with zipfile.ZipFile(BytesIO(content)) as source, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
            for entry in source.namelist():
                target.writestr(entry, source.read(entry))
        content = packed.getvalue()
    with pytest.raises(Invalid) as refused:
        check_layout(content)
    assert refused.value.code == code


def test_a_document_without_a_place_for_words_is_refused(summit: Payer) -> None:
    with pytest.raises(Invalid, match="no place for the letter's paragraphs"):
        templates.put_in(subject="AUTH", layout=saved(blank("Letter")), actor=BY)


def test_the_payers_own_comes_before_the_practices_and_that_before_the_shipped(summit: Payer) -> None:
    other = payer("Civic Care")
    templates.put_in(subject="AUTH", words="For all: {{ payer_name }}.", actor=BY)
    mine = templates.put_in(subject="AUTH", payer=summit, words="For one.", layout=layout("Own paper"), actor=BY)
    templates.put_in(subject="AUTH", payer=summit, words="Later.", valid_from=date(2026, 3, 3), actor=BY)
    first, second = letters.letter(letters.denied(summit, "A")), letters.letter(letters.denied(other, "B"))
    assert documents.paragraphs_of(first) == ["For one."]
    assert documents.paragraphs_of(second) == ["For all: Civic Care."]
    assert Document(BytesIO(documents.word_of(first))).paragraphs[0].text == "Own paper"
    templates.take_back(mine, actor=BY)
    with pytest.raises(Conflict):
        templates.take_back(mine, actor=BY)
    assert documents.paragraphs_of(letters.letter(letters.denied(summit, "C"))) == ["For all: Summit Mutual."]
    templates.put_back(mine)
    assert documents.paragraphs_of(letters.letter(letters.denied(summit, "D"))) == ["For one."]
    assert [row.version for row in queries.templates().filter(payer=summit)] == [2, 1]
