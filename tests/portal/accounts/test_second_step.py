"""Password, then a code: by TOTP as an app computes it, and by recovery codes."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.test import Client
from pytest_django import Settings

from tests.factories import PASSWORD, doors
from tests.portal.conftest import Practice, words_of
from upstream.audit.models import AccountEvent, PHIAccess
from upstream.core.phi import keyring
from upstream.tenants.accounts import factors

STEP = "/portal/sign-in/code/"


def sign_in(practice: Practice, client: Client | None = None) -> Client:
    client = client or Client()
    email = practice.manager.user.email
    assert client.post("/portal/sign-in/", {"username": email, "password": PASSWORD}).status_code == 302
    return client


def test_password_alone_opens_nothing_where_there_is_an_app(practice: Practice) -> None:
    doors.app_of(practice.manager.user)
    client = sign_in(practice)
    assert client.get("/portal/", follow=True).redirect_chain[-1][0] == "/portal/sign-in/?next=/portal/"
    assert "_auth_user_id" not in client.session


def test_the_apps_code_opens_once(practice: Practice) -> None:
    doors.app_of(practice.manager.user)
    first, second, code = sign_in(practice), sign_in(practice), doors.code()
    assert first.post(STEP, {"code": f"{code[:3]} {code[3:]}"})["Location"] == "/portal/"
    assert "Lakeside Orthopedics" in words_of(first, "/portal/")
    assert "wrong, or was used already" in second.post(STEP, {"code": code}).content.decode()
    assert second.post(STEP, {"code": doors.code(steps=1)}).status_code == 302


@pytest.mark.parametrize("steps", [-3, 3])
def test_codes_of_other_minutes_open_nothing(steps: int, practice: Practice) -> None:
    doors.app_of(practice.manager.user)
    assert sign_in(practice).post(STEP, {"code": doors.code(steps=steps)}).status_code == 200


def test_five_wrong_codes_lock_whatever_browser(practice: Practice) -> None:
    doors.app_of(practice.manager.user)
    for _ in range(5):
        sign_in(practice).post(STEP, {"code": "000000"})
    said = sign_in(practice).post(STEP, {"code": doors.code()}).content.decode()
    assert "too many wrong codes" in said


def test_second_step_cannot_be_entered_from_outside(practice: Practice) -> None:
    assert Client().get(STEP)["Location"] == "/portal/sign-in/"
    assert Client().post(STEP, {"code": doors.code()})["Location"] == "/portal/sign-in/"


def _with_app(practice: Practice) -> tuple[Client, list[str]]:
    """A person who has added an app by the pages, and the recovery codes that they were shown."""
    client = sign_in(practice)
    page = client.get("/portal/account/app/").content.decode()
    found = re.search(r"<code class=\"wrap\">([A-Z2-7 ]+)</code>", page)
    assert found
    seed = found[1].replace(" ", "")
    added = client.post("/portal/account/app/", {"code": doors.code(seed=seed)})
    assert added["Location"] == "/portal/account/recovery-codes/"
    shown = client.get("/portal/account/recovery-codes/").content.decode()
    return client, re.findall(r"<li><code>(\d+)</code></li>", shown)


def test_an_app_is_added_by_its_first_code_and_its_codes_are_shown_once(practice: Practice) -> None:
    client, codes = _with_app(practice)
    assert len(set(codes)) == 10
    assert "10 codes left" in words_of(client, "/portal/account/recovery-codes/")
    assert "Authenticator app" in words_of(client, "/portal/account/")
    assert "An authenticator app was added" in str(mail.outbox[-1].body)


def test_a_recovery_code_opens_once(practice: Practice) -> None:
    _, codes = _with_app(practice)
    assert sign_in(practice).post(STEP, {"code": codes[0]}).status_code == 302
    assert sign_in(practice).post(STEP, {"code": codes[0]}).status_code == 200
    assert sign_in(practice).post(STEP, {"code": codes[1]}).status_code == 302


def test_seeds_and_codes_stand_sealed_and_move_to_a_new_key(practice: Practice, settings: Settings) -> None:
    _, codes = _with_app(practice)
    stored = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert not [code for code in codes if code in stored]
    settings.PHI_KEYS = {"k9": b"9" * 32, **settings.PHI_KEYS}
    assert factors.reseal_all() == 2
    assert factors.reseal_all() == 0
    settings.PHI_KEYS = {"k9": b"9" * 32}
    keyring._cached_cipher.cache_clear()
    assert sign_in(practice).post(STEP, {"code": codes[0]}).status_code == 302


def test_each_step_is_in_the_history_and_in_the_access_log(practice: Practice) -> None:
    doors.app_of(practice.manager.user)
    Client().post("/portal/sign-in/", {"username": practice.manager.user.email, "password": "wrong"})
    client = sign_in(practice)
    client.post(STEP, {"code": "000000"})
    client.post(STEP, {"code": doors.code()}, HTTP_USER_AGENT="Mozilla/5.0 (Windows NT 10.0) Firefox/130.0")
    client.post("/portal/sign-out/")
    with practice.bound():
        log = list(PHIAccess.objects.order_by("number").values_list("action", "purpose", "outcome"))
    assert log == [
        ("sign_in_refused", "password", "refused"),
        ("sign_in_refused", "second factor", "refused"),
        ("sign_in", "second factor", "granted"),
        ("sign_out", "", "granted"),
    ]
    assert AccountEvent.objects.get(act="sign_in").device == "Firefox on Windows"


def test_unknown_addresses_are_counted_without_their_text(practice: Practice) -> None:
    Client().post("/portal/sign-in/", {"username": "nobody@example.test", "password": "wrong"})
    assert list(AccountEvent.objects.values_list("person", "act")) == [(None, "sign_in_refused")]


def test_a_browser_never_used_before_is_told_by_mail(practice: Practice) -> None:
    first = sign_in(practice)
    assert mail.outbox == []
    first.post("/portal/sign-out/")
    sign_in(practice, first)
    assert mail.outbox == []
    sign_in(practice)
    assert "from a browser that was not used before" in str(mail.outbox[-1].body)


def test_an_address_with_far_too_many_wrong_ones_waits(practice: Practice, settings: Settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"sign_in_failed": "3/10m/ip"}
    client = Client(REMOTE_ADDR="203.0.113.77")
    for number in range(3):
        client.post("/portal/sign-in/", {"username": f"{number}@example.test", "password": "wrong"})
    right = {"username": practice.manager.user.email, "password": PASSWORD}
    assert client.post("/portal/sign-in/", right).status_code == 429
    assert client.post("/portal/sign-in/", right, HTTP_X_FORWARDED_FOR="198.51.100.1").status_code == 429
    assert Client(REMOTE_ADDR="203.0.113.78").post("/portal/sign-in/", right).status_code == 302
