"""A letter's life: drafted once, edited by version, read by a second person, sent by a person, taken back."""

from datetime import date
from io import BytesIO

import pytest
from docx import Document
from pypdf import PdfReader

from tests.factories import denials, findings, letters
from upstream.appeals import documents, queries, services
from upstream.appeals.choices import LetterState, Subject
from upstream.appeals.drafting import draft
from upstream.appeals.models import Letter
from upstream.appeals.rules import MOVES, Sent
from upstream.audit.models import PHIAccess
from upstream.claims.models import Payer
from upstream.core.errors import Conflict, Invalid, NotAllowed

BY, OTHER = letters.BY, "user:00000000-0000-0000-0000-000000000002"
MAILED = Sent(way="certified", on=date(2026, 3, 1), tracking="9407 1000 0000")


def words_in(document: bytes) -> str:
    opened = Document(BytesIO(document))
    cells = [cell.text for table in opened.tables for row in table.rows for cell in row.cells]
    return "\n".join([paragraph.text for paragraph in opened.paragraphs] + cells)


def sent(letter: Letter, actor: str = BY) -> Letter:
    services.move(letter, to_state="ready", version=letter.version, actor=actor)
    services.move(letter, to_state="sent", version=letter.version, actor=actor, sent=MAILED)
    return letter


def test_a_draft_names_claim_and_patient_and_what_the_payer_did(summit: Payer) -> None:
    made = letters.letter(letters.denied(summit, "LK-204417"))
    assert (made.subject, made.state, made.version, made.amount_cents) == ("AUTH", "draft", 1, 98_000)
    said = words_in(documents.word_of(made))
    for word in (
        "Lakeside Orthopedics", "March 2, 2026", "Summit Mutual", "Appeal: claim ICNLK-204417", "LK-204417",
        "Robin Example", "April 9, 1971", "SMX000123456", "January 12, 2026", "73721", "M23.51", "$980.00", "CO-197",
        "missing authorization", "February 3, 2026", "RT",
    ):  # fmt: skip
        assert word in said


def test_without_a_known_person_places_stand_where_names_would(summit: Payer) -> None:
    made = letters.letter(letters.denied(summit, known=False))
    said = words_in(documents.word_of(made))
    assert "[patient name]" in said
    assert "[member number]" in said
    assert "claim [payer's claim number]" in said


def test_a_doubled_post_makes_one_draft(summit: Payer) -> None:
    claim = letters.denied(summit)
    first, new = draft(claim, actor=BY)
    second, again = draft(claim, actor=OTHER)
    assert (first.pk, new, again, Letter.objects.count()) == (second.pk, True, False, 1)


def test_a_second_level_begins_only_once_the_first_was_answered(summit: Payer) -> None:
    claim = letters.denied(summit)
    first = letters.letter(claim)
    assert draft(claim, actor=BY, again=True)[0].pk == first.pk
    sent(first)
    services.move(first, to_state="upheld", version=first.version, actor=BY, answered_on=date(2026, 3, 2))
    second, new = draft(claim, actor=BY, again=True)
    assert (new, second.level) == (True, 2)


def test_a_claim_that_was_not_denied_needs_a_subject(summit: Payer) -> None:
    paid = letters.denied(summit, outcome=1, denial_category="", denial_carc="", denial_group="")
    with pytest.raises(Invalid, match="say what the letter is about"):
        draft(paid, actor=BY)
    assert draft(paid, actor=BY, subject=Subject.UNDERPAID)[0].kind == "Dispute of an amount"


def test_the_deadline_is_the_payers_clock(summit: Payer) -> None:
    made = letters.letter(letters.denied(summit))
    assert made.deadline is not None
    assert made.deadline > date(2026, 2, 3)


def test_a_second_editor_loses_nothing_and_overwrites_nothing(summit: Payer) -> None:
    made = letters.letter(letters.denied(summit))
    services.edit(made, text="First words.\n\nMore.", version=1, actor=BY)
    stale = Letter.objects.get(pk=made.pk)
    with pytest.raises(Conflict, match="somebody else has changed"):
        services.edit(stale, text="Other words.", version=1, actor=OTHER)
    assert documents.paragraphs_of(Letter.objects.get(pk=made.pk)) == ["First words.", "More."]


def test_an_edit_is_taken_back_by_its_author_alone(summit: Payer) -> None:
    made = letters.letter(letters.denied(summit))
    before = documents.paragraphs_of(made)
    services.edit(made, text="New words.", version=1, actor=BY)
    with pytest.raises(NotAllowed, match="somebody else's"):
        services.undo(made, version=2, actor=OTHER)
    services.undo(made, version=2, actor=BY)
    assert documents.paragraphs_of(Letter.objects.get(pk=made.pk)) == before
    steps = list(queries.events_of(made).values_list("number", "edited", "undoes__number"))
    assert steps == [(1, False, None), (2, True, None), (3, True, 2)]


@pytest.mark.parametrize("text", ["", "  \n\n ", "a" * 4001, "\n\n".join("p" * 61)])
def test_text_that_no_letter_has_is_refused(text: str, summit: Payer) -> None:
    made = letters.letter(letters.denied(summit))
    with pytest.raises(Invalid):
        services.edit(made, text=text, version=1, actor=BY)


def test_a_large_amount_is_read_by_a_second_person(summit: Payer) -> None:
    services.set_review_limit(amount_cents=50_000, actor=OTHER)
    made = letters.letter(letters.denied(summit))
    with pytest.raises(Invalid, match="second person first"):
        services.move(made, to_state="ready", version=1, actor=BY)
    services.move(made, to_state="review", version=1, actor=BY)
    for actor in (BY, "client:script"):
        with pytest.raises(NotAllowed, match="second person approves"):
            services.move(made, to_state="ready", version=2, actor=actor)
    services.move(made, to_state="ready", version=2, actor=OTHER)
    assert made.state == LetterState.READY


def test_whoever_edits_in_review_does_not_approve(summit: Payer) -> None:
    services.set_review_limit(amount_cents=0, actor=OTHER)
    made = letters.letter(letters.denied(summit))
    services.move(made, to_state="review", version=1, actor=BY)
    services.edit(made, text="Changed by the second.", version=2, actor=OTHER)
    assert made.state == LetterState.DRAFT
    services.move(made, to_state="review", version=3, actor=OTHER)
    with pytest.raises(NotAllowed):
        services.move(made, to_state="ready", version=4, actor=OTHER)


def test_a_letter_below_the_limit_goes_straight_to_ready(summit: Payer) -> None:
    services.set_review_limit(amount_cents=98_000, actor=OTHER)
    made = letters.letter(letters.denied(summit))
    services.move(made, to_state="ready", version=1, actor=BY)
    assert made.state == LetterState.READY


def test_sending_says_how_and_when_and_keeps_what_was_sent(summit: Payer) -> None:
    made = sent(letters.letter(letters.denied(summit)))
    assert (made.state, made.way, made.sent_on) == ("sent", "certified", date(2026, 3, 1))
    assert documents.keep_files(made.pk)
    assert not documents.keep_files(made.pk)
    kept = queries.letter(made.public_id)
    assert kept is not None
    pdf = documents.file_of(kept, "pdf", actor=BY)
    assert "Robin Example" in " ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)
    assert documents.text_of(kept, actor=BY).tracking == "9407 1000 0000"
    with pytest.raises(Conflict, match="not changed any more"):
        services.edit(kept, text="Later.", version=kept.version, actor=BY)
    actions = list(PHIAccess.objects.order_by("number").values_list("action", flat=True))
    assert actions[-2:] == ["download_letter_pdf", "open_letter"]


@pytest.mark.parametrize(
    ("how", "said"),
    [
        (None, "how it was sent"),
        (Sent("pigeon", date(2026, 3, 1)), "how it was sent"),
        (Sent("mail", date(2026, 3, 3)), "a day to come"),
        (Sent("mail", date(2026, 1, 1)), "after the claim"),
        (Sent("mail", date(2026, 3, 1), "9" * 61), "at most 60"),
    ],
)
def test_sending_that_cannot_be_is_refused(how: Sent | None, said: str, summit: Payer) -> None:
    made = letters.letter(letters.denied(summit))
    services.move(made, to_state="ready", version=1, actor=BY)
    with pytest.raises(Invalid, match=said):
        services.move(made, to_state="sent", version=2, actor=BY, sent=how)


def test_undoing_a_sending_brings_all_back(summit: Payer) -> None:
    made = sent(letters.letter(letters.denied(summit)))
    documents.keep_files(made.pk)
    services.undo(made, version=made.version, actor=BY)
    kept = Letter.objects.get(pk=made.pk)
    assert (kept.state, kept.way, kept.sent_on, kept.sealed_tracking, kept.pdf_sha256) == ("ready", "", None, None, "")


def test_a_withdrawn_letter_makes_room_and_comes_back_only_into_room(summit: Payer) -> None:
    claim = letters.denied(summit)
    first = letters.letter(claim)
    services.move(first, to_state="withdrawn", version=1, actor=BY)
    second = letters.letter(claim)
    assert second.pk != first.pk
    with pytest.raises(Conflict, match="taken its place"):
        services.undo(first, version=2, actor=BY)


@pytest.mark.parametrize("state", LetterState.values)
def test_moves_that_are_not_in_the_table_are_refused(state: str, summit: Payer) -> None:
    made = letters.letter(letters.denied(summit))
    Letter.objects.filter(pk=made.pk).update(state=state)
    made.refresh_from_db()
    for target in set(LetterState) - MOVES[LetterState(state)]:
        with pytest.raises(Conflict):
            services.move(made, to_state=target, version=1, actor=BY, sent=MAILED)


def test_the_worklist_follows(summit: Payer) -> None:
    claim = letters.denied(summit)
    work = denials.item(summit, claim=claim)
    made = letters.letter(claim)
    work.refresh_from_db()
    assert work.step == "drafted"
    sent(made)
    work.refresh_from_db()
    assert work.step == "sent"
    services.undo(made, version=made.version, actor=BY)
    work.refresh_from_db()
    assert work.step == "drafted"
    services.move(made, to_state="withdrawn", version=made.version, actor=BY)
    work.refresh_from_db()
    assert work.step == "working"


def test_letters_of_an_incident_carry_its_expected_amount(summit: Payer) -> None:
    incident = findings.incident(summit, findings.run(), metric="underpayment")
    paid = letters.denied(
        summit, outcome=1, denial_category="", denial_carc="", denial_group="", allowed_cents=30_000, paid_cents=30_000
    )
    findings.behind(incident, paid, cents=36_000)
    made = letters.letter(paid, incident=incident)
    assert (made.subject, made.amount_cents, made.incident_id) == ("UNDERPAID", 6_000, incident.pk)
