"""A letter's files: made from what it says now, kept as they were once it is sent, and opened only with a log entry."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.safestring import SafeString

from upstream.appeals.fields import LINES, PARAGRAPHS, offered
from upstream.appeals.models import Letter
from upstream.appeals.pages import letter_pdf, page_of
from upstream.appeals.templates import layout_of
from upstream.appeals.word import fill
from upstream.audit.services import record_access
from upstream.core import crash, storage
from upstream.core.documents.pdf import paper_of
from upstream.tenants.queries import bound_organization
from upstream.tenants.services import tenant_keys

KEPT_AS = "letters"
FORMATS = ("pdf", "docx")
MEDIA_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
}


@dataclass(frozen=True)
class Text:
    """What a letter says: its paragraphs, and the page as it is printed."""

    paragraphs: list[str]
    page: SafeString
    tracking: str


def text_of(letter: Letter, *, actor: str) -> Text:
    """The letter opened for a person, once that stands in the access log. In a transaction."""
    record_access(actor=actor, action="open_letter", subject=f"letter:{letter.public_id}", purpose="work a claim")
    keys = tenant_keys()
    return Text(paragraphs_of(letter), page_of(word_of(letter)), letter.opened("sealed_tracking", keys) or "")


def file_of(letter: Letter, file_format: str, *, actor: str) -> bytes:
    """The letter as `pdf` or `docx`, once that stands in the access log: as it was sent, else as it reads now."""
    action = f"download_letter_{file_format}"
    record_access(actor=actor, action=action, subject=f"letter:{letter.public_id}", purpose="send a letter")
    kept = letter.pdf_sha256 if file_format == "pdf" else letter.docx_sha256
    if kept:
        return storage.read_whole(KEPT_AS, kept, tenant_keys())
    document = word_of(letter)
    return document if file_format == "docx" else printed([document], name_of(letter))


def paragraphs_of(letter: Letter) -> list[str]:
    """What can be edited of the letter. PHI: the caller writes the access down."""
    return list(letter.opened("sealed_text", tenant_keys())[PARAGRAPHS])


def word_of(letter: Letter) -> bytes:
    """The letter as a Word document. PHI: the caller writes the access down."""
    said: dict[str, Any] = letter.opened("sealed_text", tenant_keys())
    layout = layout_of(letter.template, bound_organization().paper)
    return fill(layout, {**offered(said["values"]), LINES: said["lines"], PARAGRAPHS: said[PARAGRAPHS]})


def printed(documents: list[bytes], title: str) -> bytes:
    """Word documents as one PDF."""
    pages = [page_of(document) for document in documents]
    return letter_pdf(pages, title=title, paper=paper_of(bound_organization().paper))


def name_of(letter: Letter) -> str:
    """What its files are called: no patient, no claim number."""
    return f"{letter.kind.lower().replace(' ', '-')}-{str(letter.public_id)[-8:]}"


def keep_files(letter_id: int) -> bool:
    """The files of a letter that was sent are kept as they were sent; False when they are, or it was not sent."""
    with transaction.atomic():
        letter = Letter.objects.select_related("template").get(pk=letter_id)
        if letter.sent_on is None or letter.pdf_sha256:
            return False
        keys, document = tenant_keys(), word_of(letter)
        files = {"docx": document, "pdf": printed([document], name_of(letter))}
    stored = {kind: storage.put(KEPT_AS, [content], keys)[0] for kind, content in files.items()}
    crash.point("after_artifact_write")
    with transaction.atomic():
        same = Letter.objects.filter(pk=letter.pk, version=letter.version, pdf_sha256="")
        return bool(same.update(docx_sha256=stored["docx"], pdf_sha256=stored["pdf"]))
