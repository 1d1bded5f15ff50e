"""Acts upon denied claims: written down, taken back whole, and never over somebody else's."""

from datetime import date

import pytest

from tests.factories import member
from tests.factories.denials import item
from tests.worklist.conftest import Office, actor
from upstream.audit.models import PHIAccess
from upstream.core.errors import Conflict, Invalid, NotAllowed
from upstream.tenants.services import tenant_keys
from upstream.worklist import queries, services
from upstream.worklist.choices import ActKind, Step
from upstream.worklist.models import Act, Event, Item
from upstream.worklist.rules import CLOSED, MOVES, OPEN

TODAY = date(2026, 3, 2)


def standing(of: Item) -> tuple[str, int | None, date | None, int]:
    now = Item.objects.get(pk=of.pk)
    return now.step, now.owner_id, now.snoozed_until, now.version


def test_every_step_is_open_or_closed_and_every_one_has_its_moves():
    assert {*OPEN, *CLOSED} == set(Step) == set(MOVES)
    assert not set(OPEN) & CLOSED
    assert all(step not in MOVES[step] for step in Step)


def test_the_whole_table_of_moves():
    assert {step.value: " ".join(sorted(to)) for step, to in MOVES.items()} == {
        "todo": "drafted lost sent waiting won working written_off",
        "working": "drafted lost sent todo waiting won written_off",
        "drafted": "lost sent todo working written_off",
        "sent": "drafted lost waiting won working written_off",
        "waiting": "drafted lost sent won working written_off",
        "won": "todo working",
        "lost": "todo working",
        "written_off": "todo working",
        "settled": "todo working",
    }


def test_many_are_given_at_once_and_taken_back_at_once(office: Office):
    rows = [item(office.payer) for _ in range(3)]
    act = services.assign(rows, member=office.ada, actor=actor(office.ben))
    assert act is not None
    assert (act.kind, act.items) == (ActKind.ASSIGN, 3)
    assert [standing(row) for row in rows] == [("todo", office.ada.pk, None, 2)] * 3
    undone = services.undo(act, actor=actor(office.ben))
    assert (undone.kind, undone.undoes, undone.items) == (ActKind.UNDO, act, 3)
    assert [standing(row) for row in rows] == [("todo", None, None, 3)] * 3


def test_each_act_is_in_the_access_log(office: Office):
    act = services.assign([item(office.payer), item(office.payer)], member=office.ada, actor=actor(office.ben))
    logged = PHIAccess.objects.get()
    assert (logged.actor, logged.action, logged.records) == (actor(office.ben), "worklist.assign", 2)
    assert act is not None
    assert logged.subject == f"act:{act.public_id}"


def test_who_does_not_work_claims_gets_none(office: Office):
    with pytest.raises(Invalid, match="does not work claims"):
        services.assign([item(office.payer)], member=member("auditor"), actor=actor(office.ada))
    assert not Act.objects.exists()


def test_giving_it_to_who_has_it_is_no_act(office: Office):
    row = item(office.payer, owner=office.ada)
    assert services.assign([row], member=office.ada, actor=actor(office.ada)) is None
    assert standing(row) == ("todo", office.ada.pk, None, 1)


def test_a_step_closes_and_another_opens_again(office: Office):
    row = item(office.payer, snoozed_until=date(2026, 3, 9))
    services.step([row], to_step=Step.WRITTEN_OFF, actor=actor(office.ada))
    row.refresh_from_db()
    assert (row.is_open, row.closed_for, row.snoozed_until) == (False, "Written off", None)
    services.step([row], to_step=Step.WORKING, actor=actor(office.ada))
    row.refresh_from_db()
    assert (row.is_open, row.closed_for, row.version) == (True, "", 3)


def test_one_that_cannot_follow_stops_the_whole_act(office: Office):
    rows = [item(office.payer), item(office.payer, step=Step.WAITING)]
    with pytest.raises(Conflict, match="waiting for payer cannot become to do"):
        services.step(rows, to_step=Step.UNTOUCHED, actor=actor(office.ada))
    assert [standing(row)[3] for row in rows] == [1, 1]


def test_there_is_no_such_step(office: Office):
    with pytest.raises(Invalid, match="no such step"):
        services.step([item(office.payer)], to_step="elsewhere", actor=actor(office.ada))


def test_the_second_editor_is_told_and_nothing_is_overwritten(office: Office):
    rows = [item(office.payer), item(office.payer)]
    seen = {row.public_id: row.version for row in rows}
    services.step(rows[:1], to_step=Step.WORKING, actor=actor(office.ada), seen=seen)
    with pytest.raises(services.Changed) as told:
        services.assign(rows, member=office.ben, actor=actor(office.ben), seen=seen)
    assert told.value.items == [rows[0].public_id]
    assert [standing(row) for row in rows] == [("working", None, None, 2), ("todo", None, None, 1)]


def test_undo_leaves_alone_what_somebody_changed_since(office: Office):
    rows = [item(office.payer), item(office.payer)]
    act = services.assign(rows, member=office.ada, actor=actor(office.ada))
    assert act is not None
    services.assign(rows[:1], member=office.ben, actor=actor(office.ben))
    undone = services.undo(act, actor=actor(office.ada))
    assert undone.items == 1
    assert [standing(row)[1] for row in rows] == [office.ben.pk, None]


def test_nothing_is_taken_back_twice_nor_for_others(office: Office):
    act = services.assign([item(office.payer)], member=office.ada, actor=actor(office.ada))
    assert act is not None
    with pytest.raises(NotAllowed, match="somebody else"):
        services.undo(act, actor=actor(office.ben))
    undone = services.undo(act, actor=actor(office.ada))
    for taken in (act, undone):
        with pytest.raises(Conflict, match="taken back already"):
            services.undo(taken, actor=actor(office.ada))


def test_what_is_changed_in_all_its_items_is_not_taken_back(office: Office):
    row = item(office.payer)
    act = services.assign([row], member=office.ada, actor=actor(office.ada))
    assert act is not None
    services.step([row], to_step=Step.WORKING, actor=actor(office.ben))
    with pytest.raises(Conflict, match="everything of it was changed since"):
        services.undo(act, actor=actor(office.ada))


def test_a_note_is_sealed_and_conflicts_with_nothing(office: Office):
    row = item(office.payer)
    services.step([row], to_step=Step.WORKING, actor=actor(office.ada))
    services.write_note(row, text="  Called; they ask for the order.  ", actor=actor(office.ben))
    written = Event.objects.get(act__kind=ActKind.NOTE)
    assert written.note(tenant_keys()) == "Called; they ask for the order."
    assert b"order" not in bytes(written.sealed_note)
    assert [(event.version, event.to_step) for event in queries.events_of(row)] == [(2, "working"), (3, "working")]


def test_an_empty_note_is_none(office: Office):
    with pytest.raises(Invalid, match="empty"):
        services.write_note(item(office.payer), text=" \n", actor=actor(office.ada))


def test_put_aside_until_a_day_and_fetched_back(office: Office):
    row = item(office.payer)
    services.snooze([row], until=date(2026, 3, 9), today=TODAY, actor=actor(office.ada))
    assert standing(row) == ("todo", None, date(2026, 3, 9), 2)
    services.snooze([row], until=None, today=TODAY, actor=actor(office.ada))
    assert standing(row) == ("todo", None, None, 3)


@pytest.mark.parametrize(
    ("until", "words"),
    [(TODAY, "a day to come"), (date(2026, 4, 22), "deadline of one of these claims lies before")],
)
def test_not_put_aside_into_the_past_nor_beyond_the_deadline(office: Office, until: date, words: str):
    with pytest.raises(Invalid, match=words):
        services.snooze([item(office.payer)], until=until, today=TODAY, actor=actor(office.ada))
