"""What people do with incidents, and how they take it back."""

from collections.abc import Iterator

import pytest

from tests.factories import findings, member, organization, payer
from upstream.alerts import queries, services
from upstream.alerts.models import Incident, Transition
from upstream.core import tenancy
from upstream.core.errors import Conflict, Invalid, NotAllowed
from upstream.tenants.choices import Role
from upstream.tenants.services import tenant_keys

ANA, BEN = "user:ana", "user:ben"


@pytest.fixture
def incident(db: None) -> Iterator[Incident]:
    made = organization()
    with tenancy.bind(made.pk):
        yield findings.incident(payer(), findings.run())


def states(incident: Incident) -> list[str]:
    return [step.to_state for step in queries.history_of(incident)]


def test_a_move_is_written_down(incident: Incident) -> None:
    step = services.move(incident, to_state="acknowledged", actor=ANA, note=" looking ")
    assert (step.from_state, step.to_state, step.actor, step.note(tenant_keys())) == (
        "new",
        "acknowledged",
        ANA,
        "looking",
    )
    incident.refresh_from_db()
    assert (incident.state, states(incident)) == ("acknowledged", ["new", "acknowledged"])


def test_closing_keeps_what_it_turned_out_to_be(incident: Incident) -> None:
    services.move(incident, to_state="resolved", outcome="our_process", actor=ANA)
    incident.refresh_from_db()
    assert (incident.state, incident.outcome, incident.is_open) == ("resolved", "our_process", False)


def test_a_close_wakes_those_who_tell_of_it(incident: Incident, django_capture_on_commit_callbacks) -> None:
    with django_capture_on_commit_callbacks() as woken:
        services.move(incident, to_state="working", actor=ANA)
    assert not woken
    with django_capture_on_commit_callbacks() as woken:
        services.move(incident, to_state="resolved", outcome="our_process", actor=ANA)
    assert len(woken) == 1


def test_a_false_alarm_is_noise(incident: Incident) -> None:
    services.move(incident, to_state="false", actor=ANA)
    assert incident.outcome == "noise"


def test_an_illegal_move_changes_nothing(incident: Incident) -> None:
    with pytest.raises(Conflict, match="new cannot become new"):
        services.move(incident, to_state="new", actor=ANA)
    assert states(incident) == ["new"]


def test_the_second_of_two_editors_is_refused(incident: Incident) -> None:
    mine, theirs = Incident.objects.get(), Incident.objects.get()
    services.move(theirs, to_state="working", actor=BEN)
    with pytest.raises(Conflict, match="somebody else"):
        services.move(mine, to_state="acknowledged", actor=ANA)
    assert states(incident) == ["new", "working"]


def test_undo_is_a_step_that_names_what_it_takes_back(incident: Incident) -> None:
    step = services.move(incident, to_state="working", actor=ANA)
    back = services.undo(incident, actor=ANA)
    assert (back.undoes, back.from_state, back.to_state) == (step, "working", "new")
    assert (Incident.objects.get().state, states(incident)) == ("new", ["new", "working", "new"])


def test_undo_goes_back_step_by_step_and_ends(incident: Incident) -> None:
    services.move(incident, to_state="acknowledged", actor=ANA)
    services.move(incident, to_state="working", actor=ANA)
    assert [services.undo(incident, actor=ANA).to_state for _ in range(2)] == ["acknowledged", "new"]
    with pytest.raises(Conflict, match="no step"):
        services.undo(incident, actor=ANA)


def test_nobody_takes_back_anothers_step(incident: Incident) -> None:
    services.move(incident, to_state="working", actor=BEN)
    with pytest.raises(NotAllowed, match="somebody else's"):
        services.undo(incident, actor=ANA)


def test_an_own_step_that_was_followed_stands(incident: Incident) -> None:
    services.move(incident, to_state="acknowledged", actor=ANA)
    services.move(incident, to_state="working", actor=BEN)
    with pytest.raises(NotAllowed):
        services.undo(incident, actor=ANA)


def test_undoing_a_reopening_brings_the_outcome_back(incident: Incident) -> None:
    services.move(incident, to_state="resolved", outcome="payer_change", actor=ANA)
    services.move(incident, to_state="working", actor=ANA)
    assert incident.outcome == ""
    services.undo(incident, actor=ANA)
    assert (incident.state, incident.outcome) == ("resolved", "payer_change")


def test_undo_can_be_followed_by_the_same_move(incident: Incident) -> None:
    services.move(incident, to_state="working", actor=ANA)
    services.undo(incident, actor=ANA)
    services.move(incident, to_state="working", actor=ANA)
    assert services.undo(incident, actor=ANA).to_state == "new"


def test_an_owner_is_given_changed_and_taken_back(incident: Incident) -> None:
    first, second = member(Role.BILLER), member(Role.MANAGER)
    services.assign(incident, member=first, actor=ANA)
    services.assign(incident, member=second, actor=ANA)
    services.undo(incident, actor=ANA)
    assert Incident.objects.get().assigned_to == first
    services.assign(incident, member=None, actor=ANA)
    assert Incident.objects.get().assigned_to is None
    assert Transition.objects.filter(incident=incident, from_state="new", to_state="new").count() == 4


def test_a_move_after_an_assignment_keeps_the_owner(incident: Incident) -> None:
    owner = member(Role.BILLER)
    services.assign(incident, member=owner, actor=ANA)
    services.move(incident, to_state="working", actor=ANA)
    services.undo(incident, actor=ANA)
    assert Incident.objects.get().assigned_to == owner


def test_who_does_not_work_incidents_owns_none(incident: Incident) -> None:
    with pytest.raises(Invalid, match="does not work"):
        services.assign(incident, member=member(Role.AUDITOR), actor=ANA)
