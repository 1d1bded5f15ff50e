"""Comments, snoozes, merges, splits and many at once, by the portal's forms."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from tests.factories import claim, findings, member
from tests.portal.conftest import Practice, words_of
from upstream.alerts import joining, services
from upstream.alerts.models import Incident, Transition
from upstream.delivery.models import Outbox


@pytest.fixture
def incident(practice: Practice, settings: Settings) -> Incident:
    """Three claims of two procedures behind it; it is 2 March 2026."""
    settings.FIXED_NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)
    with practice.bound():
        made = findings.incident(practice.payer, practice.run)
        codes = ("73721", "73721", "72148")
        findings.behind(made, *(claim(practice.payer, procedure_code=code) for code in codes), cents=10_000)
    return made


def page_of(incident: Incident, act: str = "") -> str:
    return f"/portal/incidents/{incident.public_id}/{act}"


def found(practice: Practice, incident: Incident) -> Incident:
    with practice.bound():
        made: Incident = Incident.objects.get(pk=incident.pk)
        return made


def test_a_comment_is_shown_and_taken_back(manager: Client, practice: Practice, incident: Incident) -> None:
    with practice.bound():
        member(email="ben.ito@lakeside.test")
    manager.post(page_of(incident, "comment/"), {"text": "@ben.ito and @nobody: their rule is new"})
    said = words_of(manager, page_of(incident))
    assert "“@ben.ito and @nobody: their rule is new”" in said
    assert "No mail went to @nobody." in said
    with practice.bound():
        assert Outbox.objects.get().template == "incident_mention"
        step = Transition.objects.get(kind="commented")
    manager.post(page_of(incident, "undo/"), {"step": str(step.public_id)})
    said = words_of(manager, page_of(incident))
    assert "their rule is new" not in said
    assert "took back: commented" in said
    assert manager.post(page_of(incident, "comment/"), {"text": " "}).status_code == 422


def test_what_sleeps_is_in_no_list_but_its_own(manager: Client, practice: Practice, incident: Incident) -> None:
    manager.post(page_of(incident, "snooze/"), {"until": "2026-04-01", "money": "20000", "rate": "60"})
    asleep = found(practice, incident)
    assert (str(asleep.snoozed_until), asleep.snooze_money_cents, asleep.snooze_rate) == ("2026-04-01", 2_000_000, 0.6)
    title = "started denying knee MRI"
    assert title not in words_of(manager, "/portal/")
    assert title not in words_of(manager, "/portal/incidents/")
    assert title in words_of(manager, "/portal/incidents/?state=snoozed")
    said = words_of(manager, page_of(incident))
    assert "Snoozed until 1 April 2026 or more than $20,000 are lost or the rate passes 60.0%." in said
    manager.post(page_of(incident, "wake/"))
    assert title in words_of(manager, "/portal/incidents/")


def test_a_snooze_without_an_end_shows_its_form_again(manager: Client, incident: Incident) -> None:
    answer = manager.post(page_of(incident, "snooze/"), {"note": "later"})
    assert answer.status_code == 422
    assert "say until when" in answer.content.decode()


def test_the_second_editor_sees_who_did_what_and_nothing_is_overwritten(
    manager: Client, practice: Practice, incident: Incident
) -> None:
    with practice.bound():
        services.move(incident, to_state="working", note="I have it.", actor="client:nightly")
    answer = manager.post(page_of(incident, "assign/"), {"version": 1, "member": practice.manager.pk})
    said = " ".join(answer.content.decode().split())
    assert answer.status_code == 409
    assert "<b>API client nightly</b> moved it to working: “I have it.”" in said
    assert found(practice, incident).assigned_to is None
    assert manager.post(page_of(incident, "assign/"), {"version": 2, "member": practice.manager.pk}).status_code == 302


def test_closing_shows_what_was_said_and_when_it_comes_back(
    manager: Client, practice: Practice, incident: Incident
) -> None:
    close = {"to_state": "resolved", "outcome": "payer_change", "said": "1234.5"}
    assert manager.post(page_of(incident, "move/"), close).status_code == 302
    said = words_of(manager, page_of(incident))
    assert "Said on closing to have come back: $1,234.50." in said
    assert "Comes back only when the rate surely passes 58.0%, or a year of it costs more than $98,000." in said


def test_a_watch_says_its_day(manager: Client, practice: Practice, incident: Incident) -> None:
    manager.post(page_of(incident, "move/"), {"to_state": "monitoring", "return_by": "2026-04-05"})
    assert "Should be as usual by 5 April 2026." in words_of(manager, page_of(incident))
    answer = manager.post(page_of(incident, "move/"), {"to_state": "working", "return_by": "2026-04-05"})
    assert answer.status_code == 422


def test_another_incident_is_taken_in_and_given_back(manager: Client, practice: Practice, incident: Incident) -> None:
    with practice.bound():
        other = findings.incident(practice.payer, practice.run, title="Another matter")
        findings.behind(other, claim(practice.payer), cents=500)
    manager.post(page_of(incident, "merge/"), {"part": str(other.public_id), "note": "one rule"})
    assert "The 4 claims behind it add up to <b>$305.00</b>, the incident's own sum to the cent." in words_of(
        manager, page_of(incident)
    )
    part = words_of(manager, page_of(other))
    assert "This is part of" in part
    assert "Next step" not in part
    with practice.bound():
        step = Transition.objects.get(incident=incident, kind="merged")
    manager.post(page_of(incident, "undo/"), {"step": str(step.public_id)})
    assert found(practice, other).is_open
    assert manager.post(page_of(incident, "merge/"), {"part": str(uuid4())}).status_code == 422


def test_a_part_is_split_off_by_what_its_claims_have(manager: Client, practice: Practice, incident: Incident) -> None:
    assert "Procedure 72148: 1 claim" in words_of(manager, page_of(incident))
    answer = manager.post(page_of(incident, "split/"), {"chosen": "procedure:72148"}, follow=True)
    assert "Split off as a new incident with 1 claim." in answer.content.decode()
    with practice.bound():
        part = Incident.objects.get(split_from=incident)
        assert (part.claims_cents, part.split_axis, part.split_key) == (10_000, "procedure", "72148")
        joining.merge(Incident.objects.get(pk=incident.pk), part=part, actor="user:x")
        assert Incident.objects.get(pk=incident.pk).claims_cents == 30_000


def test_many_are_assigned_at_once_but_for_what_others_changed(
    manager: Client, practice: Practice, incident: Incident
) -> None:
    with practice.bound():
        others = [findings.incident(practice.payer, practice.run, title=f"Number {n}") for n in range(2)]
        services.move(others[1], to_state="working", actor="client:nightly")
    picks = [f"{one.public_id}:1" for one in (incident, *others)]
    told = {"act": "assign", "member": practice.manager.pk, "pick": [*picks, "nonsense:1", f"{uuid4()}:1"]}
    answer = manager.post("/portal/incidents/bulk/", told, follow=True)
    said = answer.content.decode()
    assert "2 incidents changed." in said
    assert "Number 1 Somebody else has changed this incident; look again." in said
    with practice.bound():
        assert Incident.objects.filter(assigned_to=practice.manager).count() == 2
        act = Transition.objects.filter(kind="assigned").values_list("bulk", flat=True)[0]
    manager.post("/portal/incidents/bulk/undo/", {"bulk": str(act)})
    with practice.bound():
        assert not Incident.objects.filter(assigned_to=practice.manager).exists()


@pytest.mark.parametrize("told", [{}, {"act": "assign"}, {"act": "burn", "pick": "x:1"}, {"act": "snooze"}])
def test_nothing_ticked_does_nothing(told: dict[str, str], manager: Client, incident: Incident) -> None:
    answer = manager.post("/portal/incidents/bulk/", told, follow=True)
    assert "Tick incidents, and say what to do with them." in answer.content.decode()


@pytest.mark.parametrize("sent", ["", "nonsense", "00000000-0000-4000-8000-000000000000"])
def test_there_is_nothing_to_take_back(sent: str, manager: Client, incident: Incident) -> None:
    answer = manager.post("/portal/incidents/bulk/undo/", {"bulk": sent}, follow=True)
    assert "there is no step to take back" in answer.content.decode()
    answer = manager.post(page_of(incident, "undo/"), {"step": sent}, follow=True)
    assert "there is no step to take back" in answer.content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_what_changed_meanwhile_is_told_by_a_fixed_number_of_queries(
    rows: int,
    manager: Client,
    practice: Practice,
    incident: Incident,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with practice.bound():
        for n in range(rows):
            services.comment(incident, text=f"Number {n}", actor="client:nightly")
    with django_assert_num_queries(47):
        manager.post(page_of(incident, "wake/"), {"version": 1})
