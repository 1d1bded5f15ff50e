from datetime import timedelta

import pytest

from upstream.core import clock
from upstream.core.errors import Conflict
from upstream.delivery import queries, services, stage
from upstream.delivery.choices import Kind, OutboxState
from upstream.delivery.models import Outbox
from upstream.delivery.rules import most_attempts
from upstream.delivery.services import queue_mail, retry_message, send

MOST = most_attempts(Kind.MAIL)


def state_of(message: Outbox) -> tuple[str, str]:
    message.refresh_from_db()
    return message.state, message.error_code


def put(message: Outbox, state: OutboxState, **values) -> None:
    Outbox.objects.filter(pk=message.pk).update(state=state, **values)


def tries_of(message: Outbox) -> list[tuple[str, str]]:
    return list(message.tries.order_by("pk").values_list("result", "detail"))


def test_a_message_is_queued_once_and_keeps_its_first_words(message, manager):
    again = queue_mail("note", about="note:1", recipient=manager, context={"line": "other words"})
    assert again.pk == message.pk
    assert Outbox.objects.get().context == {"line": "3 < 4 claims"}


def test_the_message_id_is_that_of_the_thing_and_the_recipient(message, manager, practice):
    other = queue_mail("note", about="note:2", recipient=manager, context={})
    first_id = message.message_id
    message.delete()
    again = queue_mail("note", about="note:1", recipient=manager, context={})
    assert again.message_id == first_id != other.message_id
    assert first_id.endswith("@localhost>")
    assert practice.slug not in first_id


def test_a_queued_message_is_sent_once(message, mailoutbox):
    assert list(stage.STAGE.ready()) == [message.pk]
    assert stage.STAGE.take(message.pk) is True
    assert stage.STAGE.take(message.pk) is False
    assert state_of(message) == (OutboxState.SENT, "")
    assert [mail.to for mail in mailoutbox] == [["dana@hillside.example"]]
    assert tries_of(message) == [("sent", "")]
    assert list(stage.STAGE.ready()) == []


def test_a_message_waits_for_its_time(message, mailoutbox):
    put(message, OutboxState.QUEUED, not_before=clock.now() + timedelta(minutes=5))
    assert list(stage.STAGE.ready()) == []
    assert send(message.pk) is False
    assert mailoutbox == []


def test_a_message_left_while_it_was_written_goes_on(message, mailoutbox):
    put(message, OutboxState.PREPARING, attempts=1)
    assert send(message.pk) is True
    assert state_of(message) == (OutboxState.SENT, "")
    assert len(mailoutbox) == 1


def test_a_message_left_while_it_was_handed_over_is_parked_and_never_sent(message, mailoutbox):
    put(message, OutboxState.SUBMITTING, attempts=1)
    assert send(message.pk) is True
    assert send(message.pk) is False
    assert state_of(message) == (OutboxState.UNKNOWN, "worker_lost")
    assert mailoutbox == []
    assert list(queries.parked()) == [message]
    assert tries_of(message) == [("unknown", "worker_lost")]


def test_a_message_that_kills_its_worker_again_and_again_is_given_up(message, mailoutbox):
    put(message, OutboxState.PREPARING, attempts=MOST)
    send(message.pk)
    assert state_of(message) == (OutboxState.FAILED, "too_many_attempts")
    assert mailoutbox == []


@pytest.mark.parametrize("whose", ["membership", "person"])
def test_who_has_left_gets_no_mail(message, manager, mailoutbox, whose):
    manager.active = whose != "membership"
    manager.save()
    manager.user.is_active = whose != "person"
    manager.user.save()
    send(message.pk)
    assert state_of(message) == (OutboxState.FAILED, "not_a_member")
    assert mailoutbox == []


def test_a_missing_attachment_fails_the_message_alone(message):
    put(message, OutboxState.QUEUED, attachment_sha256="0" * 64, attachment_name="report.pdf")
    send(message.pk)
    assert state_of(message) == (OutboxState.FAILED, "file_missing")


@pytest.mark.parametrize("state", [OutboxState.UNKNOWN, OutboxState.FAILED])
def test_an_operator_sends_a_parked_message_again(message, mailoutbox, state):
    put(message, state, attempts=MOST, error_code="smtp_550")
    retry_message(message, actor="user:1")
    assert state_of(message) == (OutboxState.QUEUED, "")
    send(message.pk)
    assert len(mailoutbox) == 1
    assert tries_of(message) == [("requeued", "user:1"), ("sent", "")]


def test_a_message_on_its_way_is_not_sent_again(message):
    with pytest.raises(Conflict, match="only a message that failed"):
        retry_message(message, actor="user:1")


def test_two_messages_are_taken_in_the_order_of_their_time(message, manager):
    earlier = queue_mail(
        "note", about="note:0", recipient=manager, context={}, not_before=clock.now() - timedelta(hours=1)
    )
    assert list(stage.STAGE.ready()) == [earlier.pk, message.pk]


def test_the_ending_of_a_live_try_beats_the_guess_that_it_was_lost(message):
    put(message, OutboxState.UNKNOWN, error_code="worker_lost")
    services._finish(message, services.Ending(OutboxState.SENT))
    assert state_of(message) == (OutboxState.SENT, "")
