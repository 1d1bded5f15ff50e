"""Letters on pages: listed without people, opened with a log entry, edited by version, sent by a person, taken back."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from docx import Document
from pypdf import PdfReader
from pytest_django import DjangoAssertNumQueries

from tests.factories import denials, findings, letters, payer
from tests.portal.conftest import Practice, SignedIn, words_of
from upstream.appeals.models import Letter, LetterBatch, Packet
from upstream.appeals.word import shipped_layout
from upstream.audit.models import PHIAccess
from upstream.claims.models import Claim
from upstream.core import tenancy
from upstream.pipeline import run_to_end
from upstream.tenants.choices import Role


def drafted(practice: Practice, number: str = "LK-1") -> Letter:
    with practice.bound():
        return letters.letter(letters.denied(practice.payer, number), actor=f"user:{practice.manager.user.public_id}")


def test_a_claim_gets_its_letter_once(manager: Client, practice: Practice) -> None:
    with practice.bound():
        claim = letters.denied(practice.payer)
    said = words_of(manager, f"/portal/claims/{claim.public_id}/")
    assert "Draft a letter" in said
    for words in ("The letter is drafted.", "There is a letter on this already."):
        answer = manager.post("/portal/letters/draft/", {"claim": claim.public_id}, follow=True)
        assert words in answer.content.decode()
    with practice.bound():
        assert Letter.objects.count() == 1


def test_the_list_names_nobody_and_narrows_down(manager: Client, practice: Practice) -> None:
    letter = drafted(practice)
    said = words_of(manager, "/portal/letters/")
    assert "Missing authorization" in said
    assert "Robin" not in said
    assert "LK-1" not in said
    assert str(letter.public_id) in words_of(manager, f"/portal/letters/?payer={practice.payer.public_id}&subject=AUTH")
    for query in ("state=sent", "subject=DUP", "claim=nonsense", "incident=00000000-0000-0000-0000-000000000000"):
        assert "No letter here." in words_of(manager, f"/portal/letters/?{query}")


def test_opening_a_letter_shows_it_and_is_written_down(manager: Client, practice: Practice) -> None:
    letter = drafted(practice)
    said = words_of(manager, f"/portal/letters/{letter.public_id}/")
    assert "Robin Example" in said
    with practice.bound():
        looked = PHIAccess.objects.get(action="open_letter")
        assert looked.subject == f"letter:{letter.public_id}"


@pytest.mark.parametrize("role", [Role.CLINICIAN, Role.AUDITOR, Role.STAFF])
def test_others_see_where_it_stands_and_not_what_it_says(role: str, signed_in: SignedIn, practice: Practice) -> None:
    letter = drafted(practice)
    page, client = f"/portal/letters/{letter.public_id}/", signed_in(role)
    said = words_of(client, page)
    assert "Robin" not in said
    assert "Your role does not show what letters say" in said
    assert client.get(f"{page}pdf/").status_code == 403
    assert client.post(f"{page}edit/", {"text": "x", "version": 1}).status_code == 403
    with practice.bound():
        assert not PHIAccess.objects.filter(action="open_letter").exists()


def test_the_files_say_what_the_page_says(manager: Client, practice: Practice) -> None:
    page = f"/portal/letters/{drafted(practice).public_id}/"
    pdf, word = manager.get(f"{page}pdf/"), manager.get(f"{page}docx/")
    assert pdf["Content-Type"] == "application/pdf"
    assert "no-store" in pdf["Cache-Control"]
    assert "Robin Example" in PdfReader(BytesIO(pdf.content)).pages[0].extract_text()
    assert Document(BytesIO(word.content)).paragraphs[0].text == "Lakeside Orthopedics"
    assert manager.get(f"{page}exe/").status_code == 404


def test_the_second_editor_is_shown_what_changed_and_keeps_what_was_typed(manager: Client, practice: Practice) -> None:
    page = f"/portal/letters/{drafted(practice).public_id}/"
    assert (
        "The text is changed."
        in manager.post(f"{page}edit/", {"text": "Mine.", "version": 1}, follow=True).content.decode()
    )
    answer = manager.post(f"{page}edit/", {"text": "Theirs.", "version": 1})
    said = " ".join(answer.content.decode().split())
    assert answer.status_code == 409
    assert "Changed meanwhile" in said
    assert "<p>Mine.</p>" in said
    assert "Theirs.</textarea>" in said
    assert 'name="version" value="2"' in said


def test_a_letter_goes_its_way(manager: Client, practice: Practice) -> None:
    page = f"/portal/letters/{drafted(practice).public_id}/"
    manager.post(f"{page}move/", {"to_state": "ready", "version": 1})
    sent = {"way": "fax", "on": "2026-03-02", "tracking": "FX-77", "version": 2}
    assert "The letter is sent." in manager.post(f"{page}sent/", sent, follow=True).content.decode()
    said = words_of(manager, page)
    assert "FX-77" in said
    assert manager.post(f"{page}sent/", {**sent, "version": 3}, follow=True).status_code == 409
    answer = {"to_state": "overturned", "answered_on": "2026-03-02", "recovered": "980.00", "version": 3}
    assert "The letter is overturned." in manager.post(f"{page}answer/", answer, follow=True).content.decode()
    assert "100%" in words_of(manager, "/portal/letters/outcomes/")
    undone = manager.post(f"{page}undo/", {"version": 4}, follow=True).content.decode()
    assert "Your last step is taken back." in undone
    with practice.bound():
        assert Letter.objects.get().state == "sent"


def test_a_day_to_come_is_refused_beside_the_letter(manager: Client, practice: Practice) -> None:
    page = f"/portal/letters/{drafted(practice).public_id}/"
    manager.post(f"{page}move/", {"to_state": "ready", "version": 1})
    answer = manager.post(f"{page}sent/", {"way": "fax", "on": "2026-03-03", "version": 2})
    assert answer.status_code == 422
    assert "not on a day to come" in answer.content.decode()


def test_letters_of_one_cause_are_drafted_put_together_and_sent(manager: Client, practice: Practice) -> None:
    with practice.bound():
        incident = findings.incident(practice.payer, practice.run)
        findings.behind(incident, *(letters.denied(practice.payer, f"LK-{n}") for n in range(3)))
    asked = manager.post("/portal/letters/start/", {"incident": incident.public_id}, follow=True)
    page = asked.redirect_chain[-1][0]
    assert "0 of 3" in asked.content.decode()
    with tenancy.bind(practice.organization.pk):
        run_to_end()
    manager.post(f"{page}files/")
    with tenancy.bind(practice.organization.pk):
        run_to_end()
    assert "One PDF" in words_of(manager, page)
    pdf = PdfReader(BytesIO(manager.get(f"{page}pdf/").content))
    assert sum("To whom it may concern" in one.extract_text() for one in pdf.pages) == 3
    assert "3 letters were moved." in manager.post(f"{page}move/", {"act": "ready"}, follow=True).content.decode()
    sent = {"act": "sent", "way": "mail", "on": "2026-03-02"}
    assert "3 letters were moved." in manager.post(f"{page}move/", sent, follow=True).content.decode()
    assert "3 letters were moved." in manager.post(f"{page}move/", {"act": "undo"}, follow=True).content.decode()
    with practice.bound():
        assert set(Letter.objects.values_list("state", flat=True)) == {"ready"}
        assert LetterBatch.objects.get().made == 3


def test_chosen_claims_make_a_batch(manager: Client, practice: Practice) -> None:
    with practice.bound():
        ids = [letters.denied(practice.payer, f"LK-{n}").public_id for n in range(2)]
    answer = manager.post("/portal/letters/start/", {"claim": ids}, follow=True)
    assert "of 2</progress>" in answer.content.decode()
    with practice.bound():
        work = denials.item(practice.payer, claim=letters.denied(practice.payer, "LK-9"))
    ticked = manager.post("/portal/letters/start/", {"item": [f"{work.public_id}.1"]}, follow=True)
    assert "of 1</progress>" in ticked.content.decode()
    given = {"whole": "on", "filters": f"payer={practice.payer.public_id}", "item": [f"{work.public_id}.1"]}
    with practice.bound():
        denials.item(practice.payer, claim=letters.denied(practice.payer, "LK-10"))
        elsewhere = payer("Civic Care")
        denials.item(elsewhere, claim=letters.denied(elsewhere, "LK-11"))
    whole = manager.post("/portal/letters/start/", given, follow=True)
    assert "of 2</progress>" in whole.content.decode()
    empty = manager.post("/portal/letters/start/", {"claim": ["x"]}, follow=True)
    assert "no claim here calls for a letter" in empty.content.decode()


def test_a_template_is_put_in_previewed_and_taken_back(manager: Client, practice: Practice) -> None:
    layout = SimpleUploadedFile("own.docx", shipped_layout("Letter"))
    values = {
        "subject": "AUTH",
        "payer": practice.payer.public_id,
        "words": "Dear {{ payer_name }}, pay.",
        "layout": layout,
    }
    answer = manager.post("/portal/letters/templates/add/", values, follow=True)
    assert "Dear Summit Mutual, pay." in answer.content.decode()
    page = answer.redirect_chain[-1][0]
    assert manager.get(f"{page}word/").content == shipped_layout("Letter")
    with practice.bound():
        made = letters.letter(letters.denied(practice.payer))
    assert "Dear Summit Mutual, pay." in words_of(manager, f"/portal/letters/{made.public_id}/")
    assert "It is taken back." in manager.post(f"{page}take-back/", follow=True).content.decode()
    assert "It holds again." in manager.post(f"{page}put-back/", follow=True).content.decode()


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"words": "Dear {{ patient_nmae }}"}, "there is no field patient_nmae; did you mean patient_name?"),
        ({"words": "{{ ''.__class__ }}"}, "there is no field __class__"),
        ({"layout": SimpleUploadedFile("a.docx", b"no document")}, "this is no Word document"),
        ({"valid_from": "2026-03-01"}, "from today or a later day on"),
    ],
)
def test_a_template_that_cannot_be_is_refused_beside_its_field(
    values: dict[str, object], said: str, manager: Client
) -> None:
    answer = manager.post("/portal/letters/templates/add/", {"subject": "AUTH", **values})
    assert answer.status_code == 422
    assert said in answer.content.decode().replace("&#x27;", "'")


def test_the_limit_for_a_second_reader_is_set_by_those_who_may(manager: Client, signed_in: SignedIn) -> None:
    assert "$500.00" in manager.post("/portal/letters/review/", {"above": "500"}, follow=True).content.decode()
    assert "No letter needs" in manager.post("/portal/letters/review/", {"above": ""}, follow=True).content.decode()
    assert signed_in(Role.BILLER).post("/portal/letters/review/", {"above": "1"}).status_code == 403


def test_a_packet_is_asked_for_made_and_taken(manager: Client, practice: Practice) -> None:
    with practice.bound():
        incident = findings.incident(practice.payer, practice.run)
        findings.behind(incident, letters.denied(practice.payer), cents=36_000)
    page = f"/portal/incidents/{incident.public_id}/packet/"
    assert "Summit Mutual started denying knee MRI" in words_of(manager, page)
    values = {"statement": "You changed.", "clause": "30 days.", "clause_source": "Contract 4.2", "rate": "NY"}
    asked = manager.post(page, values, follow=True)
    with tenancy.bind(practice.organization.pk):
        run_to_end()
    packet = asked.redirect_chain[-1][0]
    assert "$360.00" in words_of(manager, packet)
    for kind in ("pdf", "docx", "xlsx"):
        assert manager.get(f"{packet}{kind}/").status_code == 200
    with practice.bound():
        assert Packet.objects.get().total_cents == 36_000
        assert PHIAccess.objects.filter(action__startswith="download_packet").count() == 3
    assert manager.post(page, {**values, "clause_source": ""}).status_code == 422
    assert manager.post(page, {**values, "rate": "own"}).status_code == 422


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_do_not_grow_with_rows(
    rows: int, manager: Client, practice: Practice, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(rows):
        letter = drafted(practice, f"LK-{number}")
    with practice.bound():
        batch = LetterBatch.objects.create(
            fingerprint="x", state="done", claims=list(Claim.objects.values_list("pk", flat=True)),
            letters=list(Letter.objects.values_list("pk", flat=True)), requested_by="command:x",
            requested_at=letter.drafted_at,
        )  # fmt: skip
        for _ in range(rows):
            letters.put_in(subject="AUTH", words="Words.", actor="command:x")
    manager.get("/portal/letters/")
    with django_assert_num_queries(21):
        manager.get("/portal/letters/")
    with django_assert_num_queries(21):
        manager.get(f"/portal/letters/sets/{batch.public_id}/")
    with django_assert_num_queries(21):
        manager.get("/portal/letters/templates/")
    with django_assert_num_queries(19):
        manager.get("/portal/letters/outcomes/")
    with django_assert_num_queries(30):
        manager.get(f"/portal/letters/{letter.public_id}/")
