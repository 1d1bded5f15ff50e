import re
from datetime import timedelta
from uuid import UUID

import pytest
from auditlog.models import LogEntry
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.factories import NOON, batch, source
from tests.portal.conftest import NOW, Practice, SignedIn, words_of
from upstream.ingestion.models import Source, SourceObject, SourceRun
from upstream.ingestion.sources.choices import Circuit
from upstream.tenants.choices import Role
from upstream.tenants.services import tenant_keys

TOLD = {"name": "Summit remittances", "of_folder": "summit", "of_complete": "stable", "of_afterwards": "leave",
        "schedule": "daily 06:15", "time_zone": "America/Chicago"}  # fmt: skip


def seen(of: Source, name: str, **fields: object) -> SourceObject:
    keys, index = tenant_keys(), name.encode().ljust(16)[:16]
    sealed = keys.seal(name.encode(), SourceObject.TABLE, "sealed_name", index)
    return SourceObject.objects.create(
        source=of, name_bidx=index, sealed_name=sealed, version="1", seen_at=NOON, size=10, **fields
    )


def test_a_source_is_added_shown_and_changed(manager: Client, practice: Practice) -> None:
    assert 'name="of_folder"' in words_of(manager, "/portal/sources/add/?kind=folder")
    answer = manager.post("/portal/sources/add/?kind=folder", TOLD)
    with practice.bound():
        made = Source.objects.get()
    assert answer["Location"] == f"/portal/sources/{made.public_id}/"
    said = words_of(manager, answer["Location"])
    assert "daily 06:15 (America/Chicago)" in said
    assert "Not asked yet" in said
    manager.post(f"/portal/sources/{made.public_id}/edit/", {**TOLD, "schedule": "hourly"})
    with practice.bound():
        assert Source.objects.get().schedule == "hourly"
        entry = LogEntry.objects.get_for_object(made).latest("pk")
    assert entry.changes_dict == {"schedule": ["daily 06:15", "hourly"]}


def test_what_will_not_do_is_said_at_the_form(manager: Client, practice: Practice) -> None:
    answer = manager.post("/portal/sources/add/?kind=folder", {**TOLD, "schedule": "soon"})
    assert answer.status_code == 422
    assert "a schedule is five fields" in answer.content.decode()
    assert 'value="summit"' in answer.content.decode()
    assert manager.get("/portal/sources/add/?kind=pigeon")["Location"] == "/portal/sources/"


def test_health_is_told_in_words(manager: Client, practice: Practice) -> None:
    with practice.bound():
        source("Fine", time_zone="UTC")
        Source.objects.update(last_success_at=NOW, last_file_at=NOW)
        for name, fields in {
            "Flaky": {"failures": 2, "error_message": "the server does not answer"},
            "Tired": {"failures": 5, "circuit": Circuit.OPEN, "error_message": "the password is not taken"},
            "Off": {"enabled": False},
        }.items():
            Source.objects.filter(pk=source(name).pk).update(**fields)
    said = words_of(manager, "/portal/sources/")
    assert ">Working<" in said
    assert 'Failing</span><span class="under wrap">It failed 2 times in a row: the server does not answer.' in said
    assert 'Resting</span><span class="under wrap">It failed 5 times in a row: the password is not taken.' in said
    assert ">Switched off<" in said
    assert "2 March 2026, 09:00" in said


def test_files_and_pulls_are_shown_with_their_names(manager: Client, practice: Practice) -> None:
    with practice.bound():
        one = source("In")
        file = batch()
        seen(one, "out/may.835", batch=file, state="acknowledged", landed_at=NOON)
        seen(one, "half.835")
        SourceRun.objects.create(source=one, started_at=NOON, state="failed", error_message="the folder is gone")
    said = words_of(manager, f"/portal/sources/{one.public_id}/")
    assert f'<a href="/portal/data/{file.public_id}/">may.835</a>' in said
    assert "half.835</th> <td>Seen, not fetched yet" in said
    assert "the folder is gone" in said


def test_pull_now_moves_the_next_time_and_the_page_asks_again(manager: Client, practice: Practice) -> None:
    with practice.bound():
        one = source("In")
    said = manager.post(f"/portal/sources/{one.public_id}/pull/", follow=True).content.decode()
    assert "In is asked now." in said
    assert 'hx-trigger="every 2s"' in said
    with practice.bound():
        assert Source.objects.get().next_run_at == NOW
    manager.post(f"/portal/sources/{one.public_id}/switch/")
    said = manager.post(f"/portal/sources/{one.public_id}/pull/", follow=True).content.decode()
    assert "switched off: switch it on first" in said


@pytest.mark.django_db(transaction=True)
def test_a_connection_is_tried_and_told(manager: Client, practice: Practice, settings, tmp_path) -> None:
    with practice.bound():
        one = source("In")
    address = f"/portal/sources/{one.public_id}/test/"
    assert "the operator has opened no folder" in manager.post(address, follow=True).content.decode()
    settings.WATCHED_FOLDERS = [str(tmp_path)]
    (tmp_path / practice.organization.slug / "inbox").mkdir(parents=True)
    assert "It works: no file lies there now." in manager.post(address, follow=True).content.decode()


def test_the_sender_of_a_file_is_the_sources_name(manager: Client, practice: Practice) -> None:
    with practice.bound():
        file = batch(received_from=source("Summit by SFTP").sender)
    assert "Summit by SFTP" in words_of(manager, f"/portal/data/{file.public_id}/")


@pytest.mark.parametrize("role", [Role.BILLER, Role.CLINICIAN, Role.AUDITOR])
def test_only_owners_and_managers_keep_sources(role: str, signed_in: SignedIn, practice: Practice) -> None:
    with practice.bound():
        one = source("In")
    client = signed_in(role)
    assert client.get("/portal/sources/").status_code == 403
    assert client.post("/portal/sources/add/?kind=folder", TOLD).status_code == 403
    assert client.post(f"/portal/sources/{one.public_id}/pull/").status_code == 403
    assert ">Sources<" not in words_of(client, "/portal/")


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_do_not_grow_with_rows(
    rows: int, manager: Client, practice: Practice, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with practice.bound():
        one: Source | None = None
        for number in range(rows):
            one = source(f"In {number}")
        assert one is not None
        for number in range(rows):
            seen(one, f"{number}.835", batch=batch(), landed_at=NOON + timedelta(hours=number))
            SourceRun.objects.create(source=one, started_at=NOON)
    manager.get("/portal/sources/")
    with django_assert_num_queries(19):
        manager.get("/portal/sources/")
    with django_assert_num_queries(23):
        manager.get(f"/portal/sources/{one.public_id}/")


def test_ids_in_addresses_are_public(manager: Client, practice: Practice) -> None:
    with practice.bound():
        source("In")
    found = re.findall(r"/portal/sources/([0-9a-f-]{36})/", words_of(manager, "/portal/sources/"))
    assert [UUID(each).version for each in found] == [4]


def test_a_source_that_is_switched_off_can_be_ended(manager: Client, practice: Practice) -> None:
    with practice.bound():
        one = source("Old clearinghouse")
    page = f"/portal/sources/{one.public_id}/"
    assert "End it for good" not in words_of(manager, page)
    manager.post(f"{page}switch/")
    assert "End it for good" in words_of(manager, page)
    said = manager.post(f"{page}switch/", {"end": "1"}, follow=True).content.decode()
    assert "The source is ended. What it brought stays; its place and its password are forgotten." in said
    assert manager.get(page).status_code == 404
    assert "Old clearinghouse" not in words_of(manager, "/portal/sources/")
