import re

import pytest
from auditlog.models import LogEntry
from django.core import mail
from django.test import Client

from tests.factories import PASSWORD
from tests.portal.conftest import Practice, SignedIn, browser_of, words_of
from upstream.tenants.choices import Role
from upstream.tenants.models import Membership, User

NEW = "a wholly other long sentence"


@pytest.fixture
def owner(signed_in: SignedIn) -> Client:
    return signed_in(Role.OWNER)


@pytest.fixture(autouse=True)
def mailbox(settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


def _link(number: int = -1) -> str:
    found = re.search(r"http://127\.0\.0\.1:8000(/portal/password/\?\S+)", str(mail.outbox[number].body))
    assert found
    return found[1]


def _sign_in(client: Client, email: str, password: str) -> bool:
    return client.post("/portal/sign-in/", {"username": email, "password": password}).status_code == 302


def test_new_person_sets_a_password_by_the_mailed_link_once(owner: Client, django_capture_on_commit_callbacks) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        owner.post("/portal/people/add/", {"email": "New@Lakeside.example", "role": "biller"})
    client, link = Client(), _link()
    page = client.get(link, follow=True)
    assert page.redirect_chain == [("/portal/password/", 302)]
    assert "Set a password" in page.content.decode()
    short = client.post("/portal/password/", {"new_password1": "short", "new_password2": "short"})
    assert "at least 15 characters" in short.content.decode()
    client.post("/portal/password/", {"new_password1": NEW, "new_password2": NEW})
    assert _sign_in(client, "new@lakeside.example", NEW)
    assert "holds no longer" in Client().get(link, follow=True).content.decode()


def test_person_with_a_password_is_told_to_sign_in(
    owner: Client, stranger: Client, django_capture_on_commit_callbacks
) -> None:
    email = stranger.get("/portal/").wsgi_request.user.email
    with django_capture_on_commit_callbacks(execute=True):
        owner.post("/portal/people/add/", {"email": email, "role": "manager"})
    assert "http://127.0.0.1:8000/portal/sign-in/" in str(mail.outbox[-1].body)
    assert "/portal/password/" not in str(mail.outbox[-1].body)


def test_new_password_ends_old_sessions(manager: Client, practice: Practice) -> None:
    client = Client()
    client.post("/portal/forgot/", {"email": practice.manager.user.email})
    client.get(_link(), follow=True)
    client.post("/portal/password/", {"new_password1": NEW, "new_password2": NEW})
    assert manager.get("/portal/").status_code == 302
    assert not _sign_in(client, practice.manager.user.email, PASSWORD)
    assert _sign_in(client, practice.manager.user.email, NEW)


def test_known_and_unknown_addresses_get_the_same_answer(practice: Practice) -> None:
    answers = []
    for email in (practice.manager.user.email, "nobody@example.test"):
        answer = Client().post("/portal/forgot/", {"email": email}, follow=True)
        answers.append(re.sub(r'value="[^"]{64}"', "", answer.content.decode()))
    assert answers[0] == answers[1]
    assert [message.to for message in mail.outbox] == [[practice.manager.user.email]]


def test_links_are_mailed_once_in_five_minutes(practice: Practice) -> None:
    for _ in range(3):
        Client().post("/portal/forgot/", {"email": practice.manager.user.email.upper()})
    assert len(mail.outbox) == 1


def test_link_is_in_no_log(practice: Practice, caplog: pytest.LogCaptureFixture) -> None:
    Client().post("/portal/forgot/", {"email": practice.manager.user.email})
    Client().get(_link(), follow=True)
    key = _link().rpartition("key=")[2]
    assert len(key) > 30
    assert key not in caplog.text


@pytest.mark.parametrize("query", ["", "?who=&key=", "?who=MQ&key=set-password", "?who=%00&key=x"])
def test_made_up_links_open_nothing(query: str, practice: Practice) -> None:
    assert "holds no longer" in Client().get(f"/portal/password/{query}", follow=True).content.decode()


def test_role_is_changed_and_written_down(owner: Client, practice: Practice) -> None:
    person = str(practice.manager.user.public_id)
    owner.post("/portal/people/change/", {"person": person, "role": "auditor"})
    with practice.bound():
        assert Membership.objects.get(pk=practice.manager.pk).role == "auditor"
        entry = LogEntry.objects.get_for_object(practice.manager).latest("pk")
    assert entry.changes_dict == {"role": ["manager", "auditor"]}
    assert entry.actor == owner.get("/portal/").wsgi_request.user


def test_ended_membership_ends_what_is_open(owner: Client, manager: Client, practice: Practice) -> None:
    assert manager.get("/portal/").status_code == 200
    owner.post("/portal/people/change/", {"person": str(practice.manager.user.public_id), "end": "1"})
    assert manager.get("/portal/")["Location"] == "/portal/no-practice/"
    assert "no member any more" in words_of(owner, "/portal/people/")


def test_own_membership_is_for_another_owner(owner: Client, practice: Practice) -> None:
    me = owner.get("/portal/").wsgi_request.user
    for values in ({"end": "1"}, {"role": "biller"}):
        said = owner.post("/portal/people/change/", {"person": str(me.public_id), **values}, follow=True)
        assert "another owner changes your own membership" in said.content.decode()


def test_nobody_is_made_staff_or_added_twice(owner: Client, practice: Practice) -> None:
    assert owner.post("/portal/people/add/", {"email": "x@example.test", "role": "staff"}).status_code == 422
    assert not User.objects.filter(email="x@example.test").exists()
    person = str(practice.manager.user.public_id)
    said = owner.post("/portal/people/change/", {"person": person, "role": "staff"}, follow=True)
    assert "no role that a practice gives" in said.content.decode()
    again = {"email": practice.manager.user.email, "role": "biller"}
    assert "is a member already" in owner.post("/portal/people/add/", again, follow=True).content.decode()


def test_people_of_another_practice_are_out_of_reach(owner: Client, stranger: Client) -> None:
    other = stranger.get("/portal/").wsgi_request.user
    assert owner.post("/portal/people/change/", {"person": str(other.public_id), "end": "1"}).status_code == 404
    assert other.email not in words_of(owner, "/portal/people/")


@pytest.mark.parametrize("role", [Role.MANAGER, Role.BILLER, Role.CLINICIAN, Role.AUDITOR])
def test_only_owners_manage_people(role: str, signed_in: SignedIn) -> None:
    client = signed_in(role)
    assert client.get("/portal/people/").status_code == 403
    assert client.post("/portal/people/add/", {"email": "x@example.test", "role": "owner"}).status_code == 403
    assert ">People<" not in words_of(client, "/portal/")


def test_former_member_comes_back(owner: Client, practice: Practice) -> None:
    with practice.bound():
        practice.manager.active = False
        practice.manager.save()
    owner.post("/portal/people/add/", {"email": practice.manager.user.email, "role": "biller"})
    assert "Biller" in words_of(browser_of(practice.manager), "/portal/settings/")
