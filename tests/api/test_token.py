"""The token endpoint: what it gives, to whom, and how often it may be guessed at."""

import base64
import json

import pytest
from django.test import Client
from django.utils import timezone

from tests import factories
from tests.api.conftest import Caller, ask_token, asked_of_database, told
from upstream.core import tenancy
from upstream.tenants import services

URL = "/api/v1/auth/token/"
FORM = "application/x-www-form-urlencoded"
UNKNOWN = {
    "type": "urn:upstream:problem:invalid_client",
    "title": "unknown client or wrong secret",
    "status": 401,
    "code": "invalid_client",
}


def test_a_token_is_given_for_id_and_secret(us: Caller) -> None:
    answer = json.loads(ask_token(us.client.client_id, us.secret).content)
    token = answer.pop("access_token")
    assert answer == {
        "token_type": "Bearer",
        "expires_in": 600,
        "scope": "audit payers query read read_phi report route upload work",
    }
    assert token.count(".") == 2


def test_its_use_is_noted_on_the_client(us: Caller) -> None:
    with tenancy.bind(us.practice.pk):
        us.client.refresh_from_db()
    assert us.client.last_used_at is not None


def test_credentials_may_come_as_form_or_basic(us: Caller) -> None:
    pair = base64.b64encode(f"{us.client.client_id}:{us.secret}".encode()).decode()
    sent = {"content_type": FORM, "headers": {"Authorization": f"Basic {pair}"}}
    body = f"client_id={us.client.client_id}&client_secret={us.secret}"
    form = Client().post(URL, body, content_type=FORM)
    basic = Client().post(URL, "grant_type=client_credentials", **sent)
    bare = Client().post(URL, "", **sent)
    assert [form.status_code, basic.status_code, bare.status_code] == [200, 200, 200]


def test_a_token_may_be_asked_for_fewer_scopes(us: Caller) -> None:
    answer = json.loads(ask_token(us.client.client_id, us.secret, scope="read").content)
    assert answer["scope"] == "read"
    us.token = answer["access_token"]
    assert us.get("claims/").status_code == 200
    assert us.post("uploads/", b"x").status_code == 403


def test_a_scope_that_the_client_lacks_is_refused(us: Caller) -> None:
    problem = told(ask_token(us.client.client_id, us.secret, scope="read administer"))
    assert (problem["status"], problem["code"]) == (400, "invalid_scope")


def test_unknown_client_wrong_secret_and_ended_client_get_one_answer(us: Caller) -> None:
    unknown_org = "0" * 32 + ".abc"
    unknown_client = us.client.client_id[:-1] + "x"
    for client_id in (unknown_org, unknown_client, "no dots", us.client.client_id):
        assert told(ask_token(client_id, "wrong")) == UNKNOWN
    with tenancy.bind(us.practice.pk):
        services.revoke_api_client(us.client.client_id)
    assert told(ask_token(us.client.client_id, us.secret)) == UNKNOWN


def test_the_unknown_and_the_known_cost_the_same_questions(us: Caller) -> None:
    costs = []
    for client_id in ("0" * 32 + ".abc", us.client.client_id[:-1] + "x", us.client.client_id):
        with asked_of_database() as asked:
            assert ask_token(client_id, "wrong").status_code == 401
        costs.append(len(asked))
    assert costs == [2, 2, 2]


def test_an_expired_client_gets_no_token(us: Caller) -> None:
    with tenancy.bind(us.practice.pk):
        us.client.expires_at = timezone.now()
        us.client.save()
    assert told(ask_token(us.client.client_id, us.secret)) == UNKNOWN


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"client_id": "a", "client_secret": "b", "grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"client_id": "a", "client_secret": "b", "tenant": 1}, 400, "invalid"),
        ({"client_id": "a\x00", "client_secret": "b"}, 400, "invalid"),
        ({"client_id": {"$ne": ""}, "client_secret": "b"}, 400, "invalid"),
        ([], 400, "invalid"),
        ("text", 400, "invalid"),
        (None, 400, "invalid"),
    ],
)
def test_what_is_no_request_for_a_token_is_refused(db: None, body: object, status: int, code: str) -> None:
    problem = told(Client().post(URL, json.dumps(body), content_type="application/json"))
    assert (problem["status"], problem["code"]) == (status, code)


@pytest.mark.parametrize("header", ["Basic", "Basic !", "Basic AAA=", "Basic //79", "Basic OgA6", "Bearer x"])
def test_broken_basic_headers_are_no_credentials(db: None, header: str) -> None:
    response = Client().post(URL, headers={"Authorization": header}, content_type=FORM, data="")
    assert response.status_code in {400, 401}


def test_the_tenth_failure_closes_the_door_to_the_client_from_everywhere(us: Caller) -> None:
    for n in range(10):
        from_elsewhere = Client(REMOTE_ADDR=f"10.0.0.{n}", headers={"X-Forwarded-For": f"9.9.9.{n}"})
        body = {"client_id": us.client.client_id, "client_secret": "wrong"}
        assert from_elsewhere.post(URL, body, content_type="application/json").status_code == 401
    locked = ask_token(us.client.client_id, us.secret)
    assert told(locked)["code"] == "locked"
    assert (locked.status_code, locked.headers["Retry-After"]) == (429, "900")
    assert us.get("claims/").status_code == 200


def test_one_source_may_not_spray_over_clients(us: Caller) -> None:
    answers = [ask_token(f"{n:032x}.x", "wrong").status_code for n in range(31)]
    assert answers == [401] * 30 + [429]
    assert ask_token(us.client.client_id, us.secret).status_code == 429
    elsewhere = Client(REMOTE_ADDR="10.0.0.1")
    body = {"client_id": us.client.client_id, "client_secret": us.secret}
    assert elsewhere.post(URL, body, content_type="application/json").status_code == 200


def test_a_forged_forwarding_header_is_no_new_source(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("upstream.api.throttles.SOURCE_FAILURES", 3)
    answers = []
    for n in range(4):
        body = {"client_id": f"{n:032x}.x", "client_secret": "wrong"}
        headers = {"X-Forwarded-For": f"9.9.9.{n}"}
        answers.append(Client().post(URL, body, content_type="application/json", headers=headers).status_code)
    assert answers == [401, 401, 401, 429]


def test_good_tries_are_not_counted_against_anyone(us: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("upstream.api.throttles.SOURCE_FAILURES", 3)
    monkeypatch.setattr("upstream.api.throttles.CLIENT_FAILURES", 2)
    assert {ask_token(us.client.client_id, us.secret).status_code for _ in range(5)} == {200}


def test_a_session_of_another_practice_gets_no_token(us: Caller) -> None:
    browser = Client()
    with tenancy.bind(factories.organization().pk):
        member = factories.member()
    browser.force_login(member.user, backend="django.contrib.auth.backends.ModelBackend")
    body = {"client_id": us.client.client_id, "client_secret": us.secret}
    assert told(browser.post(URL, body, content_type="application/json")) == UNKNOWN
    with_token = browser.get("/api/v1/claims/", headers={"Authorization": f"Bearer {us.token}"})
    assert (with_token.status_code, told(with_token)["code"]) == (401, "bad_token")


def test_a_session_alone_opens_nothing(us: Caller) -> None:
    browser = Client()
    with tenancy.bind(us.practice.pk):
        member = factories.member()
    browser.force_login(member.user, backend="django.contrib.auth.backends.ModelBackend")
    assert told(browser.get("/api/v1/claims/"))["code"] == "not_authenticated"
