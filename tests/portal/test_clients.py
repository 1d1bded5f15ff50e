"""Programs' ways in, made and ended on a page."""

import re

import pytest
from auditlog.models import LogEntry
from django.test import Client

from tests.portal.conftest import Practice, SignedIn, words_of
from upstream.tenants.choices import Role
from upstream.tenants.models import ApiClient

PAGE = "/portal/settings/clients/"
NEW = {"name": "Nightly upload", "scopes": ["read", "upload"], "days": "90"}


@pytest.fixture
def owner(signed_in: SignedIn) -> Client:
    return signed_in(Role.OWNER)


def test_a_client_is_made_and_its_secret_opens_the_api_once_shown(owner: Client) -> None:
    said = " ".join(owner.post(PAGE, NEW).content.decode().split())
    client_id, secret = re.findall(r'<dd class="mono">([^<]+)</dd>', said)
    told = {"client_id": client_id, "client_secret": secret, "grant_type": "client_credentials"}
    assert Client().post("/api/v1/auth/token/", told, content_type="application/json").status_code == 200
    again = words_of(owner, PAGE)
    assert secret not in again
    assert "Nightly upload" in again
    assert "read, upload" in again


def test_an_ended_client_has_no_way_in(owner: Client, practice: Practice) -> None:
    owner.post(PAGE, NEW)
    with practice.bound():
        made = ApiClient.objects.get()
    owner.post(f"{PAGE}end/", {"client": made.client_id})
    assert '<span class="badge">ended</span>' in words_of(owner, PAGE)
    with practice.bound():
        assert ApiClient.objects.get().revoked_at is not None
        assert LogEntry.objects.filter(object_repr=str(made)).count() == 2


def test_another_practices_client_is_not_ended(owner: Client, stranger: Client, practice: Practice) -> None:
    owner.post(PAGE, NEW)
    with practice.bound():
        made = ApiClient.objects.get()
    answer = stranger.post(f"{PAGE}end/", {"client": made.client_id})
    assert answer.status_code == 403
    with practice.bound():
        assert ApiClient.objects.get().revoked_at is None


@pytest.mark.parametrize("wrong", [{"scopes": ["administer"]}, {"name": ""}, {"days": "9999"}])
def test_what_is_no_client_is_said(wrong: dict[str, object], owner: Client, practice: Practice) -> None:
    assert owner.post(PAGE, {**NEW, **wrong}).status_code == 422
    with practice.bound():
        assert not ApiClient.objects.exists()


def test_who_does_not_administer_makes_none(manager: Client) -> None:
    assert manager.get(PAGE).status_code == 403
    assert manager.post(PAGE, NEW).status_code == 403


def test_settings_say_how_the_practice_is_set_up(owner: Client) -> None:
    owner.post(PAGE, NEW)
    said = words_of(owner, "/portal/settings/")
    assert "1 program with a way in" in said
    assert "1 owner" in said
    assert "<dt>Access log</dt><dd>6 years</dd>" in said
