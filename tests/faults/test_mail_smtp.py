"""Faults 16: a mail server that refuses, waits, or hangs up at each verb."""

import email
from email import policy

import pytest

from tests.faults.smtp_sink import HANG_UP, sink
from upstream.core import tenancy
from upstream.delivery.choices import OutboxState
from upstream.delivery.models import Outbox
from upstream.delivery.services import queue_mail, send
from upstream.tenants.choices import Role
from upstream.tenants.services import add_member, create_organization

TEMPLATE = {f"email/note/{part}": "{{ line }}" for part in ("subject.txt", "body.txt", "body.html")}


@pytest.fixture
def message(db, settings):
    loaders = [("django.template.loaders.locmem.Loader", TEMPLATE)]
    settings.TEMPLATES = [
        {"BACKEND": "django.template.backends.django.DjangoTemplates", "OPTIONS": {"loaders": loaders}}
    ]
    settings.EMAIL_BACKEND = "upstream.delivery.backends.SmtpBackend"
    settings.EMAIL_HOST, settings.EMAIL_TIMEOUT = "127.0.0.1", 5
    organization = create_organization(slug="hillside", name="Hillside")
    with tenancy.bind(organization.pk):
        member = add_member(email="dana@hillside.example", role=Role.MANAGER)
        yield queue_mail("note", about="note:1", recipient=member, context={"line": "four claims"})


def sent_to(server, message: Outbox, settings) -> tuple[str, str]:
    settings.EMAIL_PORT = server.port
    send(message.pk)
    message.refresh_from_db()
    return message.state, message.error_code


def test_an_accepted_mail_arrives_once(message, settings):
    with sink() as server:
        assert sent_to(server, message, settings) == (OutboxState.SENT, "")
        assert send(message.pk) is False
    (text,) = server.accepted
    arrived = email.message_from_bytes(text, policy=policy.default)
    assert (arrived["To"], arrived["Subject"]) == ("dana@hillside.example", "four claims")
    assert arrived["Message-ID"] == message.message_id


@pytest.mark.parametrize("verb", ["MAIL", "RCPT", "DATA", "END"])
@pytest.mark.parametrize(("code", "state"), [(451, OutboxState.QUEUED), (554, OutboxState.FAILED)])
def test_4yz_waits_and_5yz_ends_at_every_verb(message, settings, verb, code, state):
    with sink(**{verb: f"{code} no"}) as server:
        assert sent_to(server, message, settings) == (state, f"smtp_{code}")
    assert server.accepted == []


@pytest.mark.parametrize("verb", ["GREETING", "EHLO", "MAIL", "RCPT"])
def test_a_line_cut_before_the_text_waits(message, settings, verb):
    answers = {verb: HANG_UP, "HELO": HANG_UP} if verb == "EHLO" else {verb: HANG_UP}
    with sink(**answers) as server:
        state, code = sent_to(server, message, settings)
    assert state == OutboxState.QUEUED
    assert code in {"no_connection", "cut_before_sending"}
    assert message.not_before > message.queued_at


@pytest.mark.parametrize("verb", ["DATA", "END"])
def test_a_line_cut_while_the_text_is_handed_over_is_parked(message, settings, verb):
    with sink(**{verb: HANG_UP}) as server:
        assert sent_to(server, message, settings) == (OutboxState.UNKNOWN, "cut_while_sending")
    with sink() as server:
        assert sent_to(server, message, settings) == (OutboxState.UNKNOWN, "cut_while_sending")
    assert server.received == []


def test_an_answer_that_is_none_is_parked(message, settings):
    with sink(END="hello?") as server:
        assert sent_to(server, message, settings)[0] == OutboxState.UNKNOWN


def test_no_server_at_all_waits(message, settings):
    with sink() as server:
        pass
    assert sent_to(server, message, settings) == (OutboxState.QUEUED, "no_connection")
