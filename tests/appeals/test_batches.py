"""Batches of one cause: killed at any point and gone on with, no letter twice, and taken together as files."""

import zipfile
from io import BytesIO

import pytest
from django.db import transaction

from tests.factories import findings, letters, organization, payer
from tests.faults.commands import KILLED, begin, ended
from upstream.alerts.models import Incident, IncidentClaim
from upstream.appeals import batches, services
from upstream.appeals.models import Letter, LetterBatch, LetterEvent, Packet
from upstream.appeals.packets import ask
from upstream.appeals.rules import Sent
from upstream.audit.models import PHIAccess
from upstream.claims.models import Claim, Payer
from upstream.core import clock, tenancy
from upstream.core.errors import Conflict, Invalid
from upstream.tenants.models import Organization

BY = letters.BY
NOW = "2026-03-09T15:00:00+00:00"


def of_cause(summit: Payer, claims: int = 3) -> Incident:
    incident = findings.incident(summit, findings.run())
    findings.behind(incident, *(letters.denied(summit, f"LK-{number}") for number in range(claims)))
    return incident


def test_letters_are_drafted_for_claims_that_call_for_one(summit: Payer) -> None:
    incident = of_cause(summit)
    paid = letters.denied(summit, "P", outcome=1, denial_category="", denial_carc="", denial_group="")
    back = letters.denied(summit, "B")
    findings.behind(incident, paid, back)
    IncidentClaim.objects.filter(claim=back).update(paid_on=clock.now().date())
    batch = batches.start(actor=BY, incident=incident)
    assert batches.start(actor=BY, incident=incident).pk == batch.pk
    assert batches.take(batch.pk)
    assert not batches.take(batch.pk)
    batch.refresh_from_db()
    assert (batch.state, batch.made, len(batch.letters), len(batch.claims)) == ("done", 3, 3, 3)
    assert set(Letter.objects.values_list("incident", "batch")) == {(incident.pk, batch.pk)}


def test_a_second_batch_takes_what_is_there(summit: Payer) -> None:
    incident = of_cause(summit)
    for made in (3, 0):
        batch = batches.start(actor=BY, incident=incident)
        batches.take(batch.pk)
        batch.refresh_from_db()
        assert (batch.made, len(batch.letters), batch.kept) == (made, 3, 3 - made)


def test_nothing_to_write_about_and_too_much_are_refused(summit: Payer, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Invalid, match="no claim here calls"):
        batches.start(actor=BY, incident=findings.incident(summit, findings.run()))
    monkeypatch.setattr(batches, "MOST_CLAIMS", 1)
    with pytest.raises(Invalid, match="at most 1"):
        batches.start(actor=BY, claims=[letters.denied(summit, "A"), letters.denied(summit, "B")])


def test_all_letters_in_one_archive_and_one_pdf(summit: Payer) -> None:
    batch = batches.start(actor=BY, incident=of_cause(summit))
    with pytest.raises(Conflict, match="still being drafted"):
        batches.ask_files(batch)
    batches.take(batch.pk)
    batch.refresh_from_db()
    batches.ask_files(batch)
    assert batches.make_files(batch.pk)
    assert not batches.make_files(batch.pk)
    batch.refresh_from_db()
    archive = zipfile.ZipFile(BytesIO(batches.open_files(batch, "zip", actor=BY)))
    assert len(archive.namelist()) == 3
    assert all(name.startswith("appeal-") and "LK" not in name for name in archive.namelist())
    look = PHIAccess.objects.latest("number")
    assert (look.action, look.records) == ("download_letters_zip", 3)


def test_letters_are_moved_and_taken_back_together_but_for_those_that_need_a_reader(summit: Payer) -> None:
    incident = of_cause(summit, 2)
    dear = letters.denied(summit, "DEAR", billed_cents=500_000)
    findings.behind(incident, dear)
    services.set_review_limit(amount_cents=100_000, actor=BY)
    batch = batches.start(actor=BY, incident=incident)
    batches.take(batch.pk)
    batch.refresh_from_db()
    assert batches.move_all(batch, to_state="ready", actor=BY) == batches.Moved(2, 1)
    sent = Sent("mail", clock.now().date())
    assert batches.move_all(batch, to_state="sent", actor=BY, sent=sent) == batches.Moved(2, 0)
    assert batches.undo_all(batch, actor=BY) == batches.Moved(2, 1)
    assert sorted(Letter.objects.values_list("state", flat=True)) == ["draft", "ready", "ready"]


@pytest.fixture
def practice(transactional_db: None) -> Organization:
    """Not bound, with a batch of 50 claims and a packet that wait; its rows are committed."""
    made = organization("hillside", "Hillside")
    with tenancy.bind(made.pk), transaction.atomic():
        incident = of_cause(payer("Summit Mutual"), 50)
        batches.start(actor=BY, incident=incident)
        ask(incident, actor=BY)
    return made


def work(practice: Organization, *expected: int, **changes: str) -> None:
    ended(begin("work", "--once", "--tenant", practice.slug, UPSTREAM_NOW=NOW, **changes), *expected)


def left(practice: Organization) -> tuple[object, ...]:
    with tenancy.bind(practice.pk), transaction.atomic():
        batch = LetterBatch.objects.get()
        return batch.state, batch.position, batch.made, Letter.objects.count(), LetterEvent.objects.count()


@pytest.mark.parametrize(
    ("point", "then"),
    [
        ("after_claim", ("due", 0, 0, 0, 0)),
        ("before_letters_commit:2", ("due", 20, 20, 20, 20)),
        ("after_letters:2", ("due", 40, 40, 40, 40)),
    ],
)
def test_a_killed_worker_is_followed_by_one_that_goes_on(
    point: str, then: tuple[object, ...], practice: Organization
) -> None:
    work(practice, KILLED, UPSTREAM_CRASH_AT=point)
    assert left(practice) == then
    work(practice)
    assert left(practice) == ("done", 50, 50, 50, 50)
    with tenancy.bind(practice.pk), transaction.atomic():
        assert Letter.objects.values("claim").distinct().count() == Claim.objects.count() == 50
        assert Packet.objects.get().state == "done"
