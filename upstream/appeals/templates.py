"""The practice's own templates: put in, kept in versions, taken back; and how each would read with invented data."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Max
from django.utils.safestring import SafeString

from upstream.appeals import shipped
from upstream.appeals.choices import Subject
from upstream.appeals.fields import PARAGRAPHS, invented
from upstream.appeals.filling import check, filled
from upstream.appeals.models import LetterTemplate
from upstream.appeals.pages import page_of
from upstream.appeals.rules import kind_of, paragraphs_of
from upstream.appeals.word import check_layout, fill, shipped_layout
from upstream.claims.models import Payer
from upstream.core import clock, storage, tenancy
from upstream.core.db.claiming import one_at_a_time
from upstream.core.errors import Conflict, Invalid
from upstream.tenants.queries import bound_organization
from upstream.tenants.services import tenant_keys

KEPT_AS = "templates"
LONGEST = 20_000
NO_PLACE = (
    "the Word document has no place for the letter's paragraphs: put {%p for paragraph in paragraphs %},"
    " {{ paragraph }} and {%p endfor %} into it, each in a paragraph of its own"
)


@dataclass(frozen=True)
class Preview:
    """A template with invented data, as a page and as a Word document."""

    page: SafeString
    document: bytes


@transaction.atomic
def put_in(
    *, subject: str, payer: Payer | None = None, words: str = "", layout: bytes = b"", valid_from: date | None = None,
    actor: str,
) -> LetterTemplate:  # fmt: skip
    """The next version of what is written on the subject, to the payer or to all, from a day on (None: today).

    Blank `words` are the shipped ones, no `layout` the shipped one. Invalid for a subject that we do not have, a day
    that has passed, a field that is not offered, or a document that is none or is not safe to open.
    """
    practice = bound_organization()
    today = clock.today(practice.time_zone)
    if subject not in Subject.values:
        raise Invalid("subject", "there is no such subject")
    if valid_from is not None and valid_from < today:
        raise Invalid("valid_from", "a template holds from today or a later day on")
    text = words.strip().replace("\r\n", "\n") or shipped.words_of(subject)
    _check_words(text)
    if layout and not check_layout(layout):
        raise Invalid("no_paragraphs", NO_PLACE)
    keys = tenant_keys()
    one_at_a_time("templates", tenancy.required())
    sha256, size = storage.put(KEPT_AS, [layout], keys) if layout else ("", 0)
    versions = LetterTemplate.objects.filter(subject=subject, payer=payer)
    last = versions.aggregate(last=Max("version"))["last"] or 0
    made = LetterTemplate(
        subject=subject, payer=payer, version=last + 1, valid_from=valid_from or today, layout_sha256=sha256,
        layout_size=size, said_by=actor[:80], at=clock.now(),
    )  # fmt: skip
    made.seal_in("sealed_words", text, keys)
    preview_of(words=text, layout=layout, subject=subject)
    made.save()
    return made


@transaction.atomic
def take_back(template: LetterTemplate, *, actor: str) -> None:
    """The version holds no more: letters are drafted by the one before. Conflict when that was done before."""
    held = LetterTemplate.objects.select_for_update().get(pk=template.pk)
    if held.taken_back_at is not None:
        raise Conflict("taken_back", "this version was taken back before")
    held.taken_back_by, held.taken_back_at = actor[:80], clock.now()
    held.save(update_fields=["taken_back_by", "taken_back_at"])


@transaction.atomic
def put_back(template: LetterTemplate) -> None:
    """A version that was taken back holds again. Conflict when it holds."""
    held = LetterTemplate.objects.select_for_update().get(pk=template.pk)
    if held.taken_back_at is None:
        raise Conflict("holds", "this version holds")
    held.taken_back_by, held.taken_back_at = "", None
    held.save(update_fields=["taken_back_by", "taken_back_at"])


def words_of(template: LetterTemplate) -> str:
    """Its paragraphs with fields."""
    return str(template.opened("sealed_words", tenant_keys()))


def layout_of(template: LetterTemplate | None, paper: str) -> bytes:
    """Its Word document, or the shipped one; Unreadable when the kept file is gone."""
    if template is None or not template.layout_sha256:
        return shipped_layout(paper)
    return storage.read_whole(KEPT_AS, template.layout_sha256, tenant_keys())


def preview_of(*, words: str, layout: bytes, subject: str) -> Preview:
    """How a letter would read; Invalid for a document that cannot be filled in."""
    values = {**invented(), "kind": kind_of(subject)}
    values[PARAGRAPHS] = paragraphs_of(filled(words, values))
    try:
        document = fill(layout or shipped_layout(bound_organization().paper), values)
        return Preview(page_of(document), document)
    except (ValueError, KeyError, AttributeError, TypeError) as exc:
        raise Invalid("not_word", "the Word document cannot be filled in: save it anew") from exc


def _check_words(text: str) -> None:
    if len(text) > LONGEST:
        raise Invalid("words", f"a template's text has at most {LONGEST:,} characters")
    check(text)
    paragraphs_of(filled(text, {**invented(), PARAGRAPHS: []}))
