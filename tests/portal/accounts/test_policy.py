"""Who is led to a second factor before anything opens, how long sessions last, and what they leave behind."""

import re
import time

import pytest
from auditlog.models import LogEntry
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from tests.factories import PASSWORD, doors, member
from tests.portal.accounts.test_second_step import sign_in
from tests.portal.conftest import Practice, SignedIn, words_of
from upstream.tenants.accounts import drafts
from upstream.tenants.choices import Role
from upstream.tenants.models import Draft, Organization

POLICY = "/portal/settings/sign-in/"


def _ask_for(practice: Practice, policy: str, **more: object) -> None:
    with practice.bound():
        Organization.objects.filter(pk=practice.organization.pk).update(second_factor=policy, **more)


def test_who_sees_patients_is_led_to_a_factor_before_any_page(practice: Practice) -> None:
    _ask_for(practice, "phi")
    client = sign_in(practice)
    for path in ("/portal/", "/portal/claims/rejected/", "/portal/settings/"):
        assert client.get(path)["Location"].startswith("/portal/account/second-factor/?next=")
    page = client.get("/portal/account/second-factor/?next=/portal/data/").content.decode()
    assert "Your practice asks for something besides the password" in page
    seed = re.search(r"<code class=\"wrap\">([A-Z2-7 ]+)</code>", client.get("/portal/account/app/").content.decode())
    assert seed
    client.post("/portal/account/app/", {"code": doors.code(seed=seed[1].replace(" ", ""))})
    assert 'href="/portal/data/">Go on' in client.get("/portal/account/recovery-codes/").content.decode()
    assert client.get("/portal/").status_code == 200


def test_roles_without_patients_are_asked_only_when_everybody_is(practice: Practice, signed_in: SignedIn) -> None:
    _ask_for(practice, "phi")
    clinician = signed_in(Role.CLINICIAN)
    assert clinician.get("/portal/").status_code == 200
    _ask_for(practice, "all")
    assert clinician.get("/portal/").status_code == 302


def test_session_of_before_the_factor_confirms_it(practice: Practice, manager: Client) -> None:
    _ask_for(practice, "phi")
    doors.app_of(practice.manager.user)
    assert manager.get("/portal/data/")["Location"] == "/portal/account/confirm/?next=%2Fportal%2Fdata%2F"
    answer = manager.post("/portal/account/confirm/", {"code": doors.code(), "next": "/portal/data/"})
    assert answer["Location"] == "/portal/data/"
    assert manager.get("/portal/data/").status_code == 200


def test_fragment_is_led_there_as_a_whole_page(practice: Practice, manager: Client) -> None:
    _ask_for(practice, "phi")
    answer = manager.get("/portal/data/", headers={"HX-Request": "true"})
    assert answer["HX-Redirect"].startswith("/portal/account/second-factor/")


def test_installation_with_real_data_asks_whatever_the_practice_says(practice: Practice, settings: Settings) -> None:
    settings.SECOND_FACTOR = "phi"
    assert sign_in(practice).get("/portal/").status_code == 302


def _owner(practice: Practice) -> Client:
    """An owner who has just signed in by password."""
    client = Client()
    with practice.bound():
        email = member(Role.OWNER).user.email
    client.post("/portal/sign-in/", {"username": email, "password": PASSWORD})
    return client


def test_owner_sets_the_policy_and_it_is_written_down(practice: Practice) -> None:
    client = _owner(practice)
    assert client.post(POLICY, {"second_factor": "phi", "idle_minutes": "5"})["Location"] == POLICY
    with practice.bound():
        assert Organization.objects.values_list("second_factor", "idle_minutes").get() == ("phi", 5)
        changes = LogEntry.objects.get_for_object(practice.organization).latest("pk").changes_dict
    assert changes == {"second_factor": ["optional", "phi"], "idle_minutes": ["None", "5"]}


def test_policy_is_never_looser_than_the_installations(practice: Practice, settings: Settings) -> None:
    client = _owner(practice)
    settings.SECOND_FACTOR = "phi"
    assert client.get(POLICY)["Location"].startswith("/portal/account/second-factor/")
    settings.SECOND_FACTOR = "optional"
    assert client.post(POLICY, {"second_factor": "none"}).status_code == 422
    assert client.post(POLICY, {"second_factor": "all", "idle_minutes": "60"}).status_code == 422


def test_session_that_nobody_confirmed_changes_no_policy(signed_in: SignedIn) -> None:
    owner = signed_in(Role.OWNER)
    assert owner.post(POLICY, {"second_factor": "all"})["Location"].startswith("/portal/account/confirm/")
    refused = owner.post("/portal/account/confirm/", {"password": "not it", "next": POLICY})
    assert "not your password" in refused.content.decode()
    assert owner.post("/portal/account/confirm/", {"password": PASSWORD, "next": POLICY})["Location"] == POLICY
    assert owner.post(POLICY, {"second_factor": "all"})["Location"] == POLICY


@pytest.mark.parametrize("role", [Role.MANAGER, Role.AUDITOR])
def test_policy_is_for_owners(role: str, signed_in: SignedIn) -> None:
    assert signed_in(role).get(POLICY).status_code == 403


def _back(client: Client, key: str, seconds: int) -> None:
    session = client.session
    session[key] = int(time.time()) - seconds
    session.save()


def test_practice_says_how_long_a_page_may_rest(practice: Practice, manager: Client) -> None:
    manager.get("/portal/")
    _back(manager, "seen_at", 200)
    assert manager.get("/portal/").status_code == 200
    _ask_for(practice, "optional", idle_minutes=3)
    assert 'data-idle="180"' in words_of(manager, "/portal/")
    _back(manager, "seen_at", 200)
    assert manager.get("/portal/").status_code == 302


def test_no_session_lasts_longer_than_twelve_hours(manager: Client) -> None:
    manager.get("/portal/")
    _back(manager, "began_at", 12 * 3600 - 60)
    assert manager.get("/portal/").status_code == 200
    _back(manager, "began_at", 12 * 3600 + 60)
    assert manager.get("/portal/").status_code == 302


def test_form_that_comes_too_late_is_kept_sealed_for_its_writer_alone(practice: Practice, signed_in: SignedIn) -> None:
    client = sign_in(practice)
    client.get("/portal/")
    _back(client, "seen_at", 1000)
    typed = {"note": "They call back on Friday.", "password": "a secret of words", "to_state": "waiting"}
    late = client.post(
        "/portal/incidents/bulk/", "&".join(f"{key}={value}" for key, value in typed.items()).replace(" ", "+"),
        content_type="application/x-www-form-urlencoded", HTTP_REFERER="http://testserver/portal/incidents/",
    )  # fmt: skip
    assert late["Location"] == "/portal/sign-in/?next=/portal/account/drafts/"
    sign_in(practice, client)
    page = words_of(client, "/portal/account/drafts/")
    assert "They call back on Friday." in page
    assert 'href="/portal/incidents/">Back to the page' in page
    assert "a secret of words" not in page
    assert "There is no draft." in words_of(signed_in(Role.BILLER), "/portal/account/drafts/")
    with practice.bound(), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM tenants_draft d WHERE strpos(d::text, 'Friday') > 0")
        assert cursor.fetchone() == (0,)


def test_draft_of_a_page_about_to_end_is_kept_and_discarded(practice: Practice, manager: Client) -> None:
    body = {"comment": "Half a sentence that", "drafted_on": "/portal/data/"}
    assert manager.post("/portal/account/drafts/?poll=1", body).status_code == 201
    assert manager.post("/portal/account/drafts/?poll=1", {"drafted_on": "/portal/data/"}).status_code == 204
    with practice.bound():
        public_id = Draft.objects.get().public_id
    manager.post(f"/portal/account/drafts/{public_id}/discard/")
    assert "There is no draft." in words_of(manager, "/portal/account/drafts/")


def test_drafts_are_words_and_few() -> None:
    typed = {"a": "two words", "b": "one", "password1": "two words", **{f"f{n}": "x " * 20_000 for n in range(300)}}
    kept = drafts.worth_keeping(typed)
    assert "b" not in kept
    assert "password1" not in kept
    assert (len(kept), len(kept["f0"])) == (40, 20_000)


@pytest.mark.parametrize("rows", [1, 3])
def test_account_page_asks_the_same_few_questions(
    rows: int, practice: Practice, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    clients = [sign_in(practice) for _ in range(rows)]
    clients[0].get("/portal/account/")
    with django_assert_num_queries(22):
        clients[0].get("/portal/account/")
