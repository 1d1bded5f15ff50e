import time

import pytest
from django.template.loader import get_template
from django.test import Client
from pytest_django import Settings

from tests.factories import PASSWORD
from tests.portal.conftest import Practice, open_practice, words_of
from upstream.core import tenancy
from upstream.tenants.models import Membership, User


def _sign_in(client: Client, email: str, password: str = PASSWORD, **more: str) -> int:
    return client.post("/portal/sign-in/", {"username": email, "password": password, **more}).status_code


def test_root_leads_to_the_portal_and_from_there_to_sign_in(db: None) -> None:
    answer = Client().get("/", follow=True)
    assert [step[0] for step in answer.redirect_chain] == ["/portal/", "/portal/sign-in/?next=/portal/"]
    assert (
        "Demonstration mode: what identifies patients is dropped at the door; claim numbers are kept, sealed."
        in answer.content.decode()
    )


def test_banner_is_gone_with_real_data(db: None, settings: Settings) -> None:
    settings.REAL_DATA_MODE = True
    assert "Demonstration mode" not in Client().get("/portal/sign-in/").content.decode()


def test_email_in_any_case_and_password_open_today(practice: Practice) -> None:
    client = Client()
    assert _sign_in(client, practice.manager.user.email.upper()) == 302
    assert "Lakeside Orthopedics" in words_of(client, "/portal/")


def test_wrong_password_says_so_without_saying_which(practice: Practice) -> None:
    answer = Client().post("/portal/sign-in/", {"username": practice.manager.user.email, "password": "wrong"})
    assert "do not go together" in answer.content.decode()


def test_ten_wrong_passwords_lock_the_account(practice: Practice) -> None:
    client = Client()
    for _ in range(10):
        _sign_in(client, practice.manager.user.email, "wrong")
    answer = client.post("/portal/sign-in/", {"username": practice.manager.user.email, "password": PASSWORD})
    assert "Locked for a while" in answer.content.decode()
    assert answer.status_code in {403, 429}


def test_sign_in_leads_to_no_other_site(practice: Practice) -> None:
    client = Client()
    values = {"username": practice.manager.user.email, "password": PASSWORD, "next": "https://elsewhere.test/"}
    assert client.post("/portal/sign-in/", values)["Location"] == "/portal/"


def test_sign_out_ends_the_session(manager: Client) -> None:
    assert manager.post("/portal/sign-out/")["Location"] == "/portal/sign-in/"
    assert manager.get("/portal/").status_code == 302


def test_staff_without_a_practice_land_in_the_admin(db: None) -> None:
    User.objects.create_user("staff@example.test", PASSWORD, is_staff=True)
    client = Client()
    answer = client.post("/portal/sign-in/", {"username": "staff@example.test", "password": PASSWORD})
    assert answer["Location"] == "/admin/"


@pytest.fixture
def second(practice: Practice) -> Practice:
    """Another practice to which the manager belongs too."""
    other = open_practice("Quietwater Family Medicine")
    with other.bound():
        Membership.objects.create(user=practice.manager.user, role="biller")
    return other


def test_person_of_two_practices_switches(manager: Client, second: Practice) -> None:
    assert "Quietwater Family Medicine</b>" in words_of(manager, "/portal/practices/")
    manager.post("/portal/practices/switch/", {"practice": str(second.organization.public_id)})
    said = words_of(manager, "/portal/settings/")
    assert "Quietwater Family Medicine" in said
    assert "Biller" in said


def test_nobody_switches_to_a_practice_of_others(stranger: Client, practice: Practice) -> None:
    answer = stranger.post("/portal/practices/switch/", {"practice": str(practice.organization.public_id)})
    assert answer.status_code == 404


def test_mail_is_a_choice_per_practice(manager: Client, practice: Practice) -> None:
    assert "Saved." in manager.post("/portal/settings/", {}, follow=True).content.decode()
    with tenancy.bind(practice.organization.pk):
        assert Membership.objects.get(pk=practice.manager.pk).wants_mail is False


def _left_alone(client: Client, seconds: int) -> int:
    """Sets the last activity of the browser's session back; the moment it then stands at."""
    session = client.session
    session["seen_at"] = int(time.time()) - seconds
    session.save()
    return int(session["seen_at"])


def test_a_page_that_asks_again_by_itself_is_no_activity(manager: Client) -> None:
    seen = _left_alone(manager, 600)
    assert manager.get("/portal/data/?poll=3", HTTP_HX_REQUEST="true").status_code == 200
    assert manager.session["seen_at"] == seen
    assert manager.get("/portal/data/").status_code == 200
    assert manager.session["seen_at"] > seen


def test_a_poll_after_the_idle_time_ends_the_session(manager: Client) -> None:
    _left_alone(manager, 1000)
    assert manager.get("/portal/data/?poll=3").status_code == 302
    assert manager.get("/portal/").status_code == 302


@pytest.mark.parametrize(("template", "words"), [("404.html", "Not found"), ("500.html", "Something went wrong")])
def test_error_pages_stand_without_a_request(template: str, words: str) -> None:
    said = get_template(template).render()
    assert words in said
    assert "Demonstration mode" not in said
