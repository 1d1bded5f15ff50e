from datetime import timedelta
from ipaddress import ip_network

import pytest
from auditlog.models import LogEntry
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.factories import endpoint
from tests.portal.conftest import NOW, Practice, SignedIn, words_of
from upstream.audit.models import PHIAccess
from upstream.delivery.choices import OutboxState
from upstream.delivery.endpoints import secret_of, send_test
from upstream.delivery.models import Endpoint, Outbox
from upstream.tenants.choices import Role

TOLD = {"name": "Warehouse", "url": "https://127.0.0.1/in?token=abc", "events": ["incident.opened", "report.ready"]}


def test_a_channel_is_added_shown_and_changed(manager: Client, practice: Practice, settings) -> None:
    settings.OUTBOUND_ALLOW = [ip_network("127.0.0.0/8")]
    assert 'name="url"' in words_of(manager, "/portal/channels/add/?kind=webhook")
    answer = manager.post("/portal/channels/add/?kind=webhook", TOLD)
    with practice.bound():
        made = Endpoint.objects.get()
    assert answer["Location"] == f"/portal/channels/{made.public_id}/"
    said = words_of(manager, answer["Location"])
    assert "An incident opens, or opens again<br>A report is ready" in said
    assert "127.0.0.1" in said
    assert "token=abc" not in said
    manager.post(f"/portal/channels/{made.public_id}/edit/", {**TOLD, "name": "Data lake", "url": ""})
    with practice.bound():
        assert Endpoint.objects.get().name == "Data lake"
        entry = LogEntry.objects.get_for_object(made).latest("pk")
    assert entry.changes_dict == {"name": ["Warehouse", "Data lake"]}


def test_what_will_not_do_is_said_at_the_form(manager: Client) -> None:
    answer = manager.post("/portal/channels/add/?kind=slack", {**TOLD, "url": "https://169.254.169.254/"})
    assert answer.status_code == 422
    assert "this address is in a private network" in answer.content.decode()
    assert manager.get("/portal/channels/add/?kind=pigeon")["Location"] == "/portal/channels/"


def test_health_and_what_waits_are_told_in_words(manager: Client, practice: Practice) -> None:
    with practice.bound():
        endpoint("Fine", last_sent_at=NOW)
        send_test(endpoint("Flaky", failures=1))
        endpoint("Tired", failures=5, resting_until=NOW + timedelta(minutes=4))
        endpoint("Off", state="paused")
        endpoint("Old", state="stopped", stopped_because="gone")
    said = words_of(manager, "/portal/channels/")
    assert ">Working<" in said
    assert 'Trouble</span><span class="under wrap">The last try has failed; it is tried again soon.' in said
    assert '<td class="number">1</td>' in said
    assert "5 tries in a row have failed" in said
    assert "Paused</span>" in said
    assert "Stopped because the receiver says that it is gone for good." in said


def test_the_secret_is_shown_on_demand_and_written_down(manager: Client, practice: Practice) -> None:
    with practice.bound():
        one = endpoint("Warehouse")
        secret = secret_of(one)
    page = f"/portal/channels/{one.public_id}/"
    assert secret not in words_of(manager, page)
    assert secret in manager.post(f"{page}secret/").content.decode()
    renewed = manager.post(f"{page}secret/", {"new": "1"}).content.decode()
    with practice.bound():
        now = secret_of(Endpoint.objects.get())
        written = list(PHIAccess.objects.order_by("pk").values_list("action", "subject"))
    assert now in renewed
    assert now != secret
    assert written == [("show_secret", f"channel:{one.public_id}"), ("new_secret", f"channel:{one.public_id}")]


def test_a_chat_room_has_no_secret(manager: Client, practice: Practice) -> None:
    with practice.bound():
        one = endpoint("Room", kind="slack")
    assert "Signing secret" not in words_of(manager, f"/portal/channels/{one.public_id}/")
    assert manager.post(f"/portal/channels/{one.public_id}/secret/").status_code == 404


def test_a_test_is_queued_and_a_failed_message_is_sent_again(manager: Client, practice: Practice) -> None:
    with practice.bound():
        one = endpoint("Warehouse")
    page = f"/portal/channels/{one.public_id}/"
    assert "A test is on its way" in manager.post(f"{page}test/", follow=True).content.decode()
    with practice.bound():
        kept = Outbox.objects.get()
    again = f"{page}messages/{kept.pk}/again/"
    assert "only a message that failed" in manager.post(again, follow=True).content.decode()
    with practice.bound():
        Outbox.objects.update(state=OutboxState.FAILED, error_code="http_500")
    assert "Send again" in words_of(manager, page)
    assert "The message is queued again." in manager.post(again, follow=True).content.decode()
    with practice.bound():
        assert Outbox.objects.get().state == OutboxState.QUEUED


def test_a_paused_channel_offers_to_go_on(manager: Client, practice: Practice) -> None:
    with practice.bound():
        one = endpoint("Warehouse")
    page = f"/portal/channels/{one.public_id}/"
    said = manager.post(f"{page}switch/", follow=True).content.decode()
    assert "Warehouse is paused: messages wait." in said
    assert "Switch on" in said
    assert "Send a test" not in said
    assert "Warehouse is switched on." in manager.post(f"{page}switch/", {"on": "1"}, follow=True).content.decode()


@pytest.mark.parametrize("role", [Role.BILLER, Role.CLINICIAN, Role.AUDITOR])
def test_only_owners_and_managers_keep_channels(role: str, signed_in: SignedIn, practice: Practice) -> None:
    with practice.bound():
        one = endpoint("In")
    client = signed_in(role)
    assert client.get("/portal/channels/").status_code == 403
    assert client.post(f"/portal/channels/{one.public_id}/secret/").status_code == 403
    assert client.post(f"/portal/channels/{one.public_id}/test/").status_code == 403
    assert ">Channels<" not in words_of(client, "/portal/")


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_do_not_grow_with_rows(
    rows: int, manager: Client, practice: Practice, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with practice.bound():
        for _row in range(rows):
            one = endpoint()
            for _message in range(rows):
                send_test(one)
    manager.get("/portal/channels/")
    with django_assert_num_queries(20):
        manager.get("/portal/channels/")
    with django_assert_num_queries(22):
        manager.get(f"/portal/channels/{one.public_id}/")
